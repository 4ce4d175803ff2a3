import DAMMModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Prices without drift that diffuse at a volatility which changes between levels, and jump (Merton
/// 1976): `ln(p_{k+1}/p_k) = sigma sqrt(dt) z - (sigma^2 / 2 + lambda kappa) dt + Y_1 + ... + Y_N`, with `N`
/// jumps, Poisson of mean `lambda dt`, each `Y` normal, and `kappa = exp(mean + deviation^2 / 2) - 1`,
/// `dt` in years of 365 days.
///
/// The volatility is a Markov chain: a level stays on average for its time and then gives way to one of
/// the others, each as likely. With one level and no jumps it is a geometric Brownian motion. The
/// volatility that a path tells is that of the whole move, `sqrt(sigma^2 + lambda (mean^2 + deviation^2))`.
///
/// The same seed gives the same path, to the last bits of the system's logarithm.
public struct JumpDiffusion: Sendable, Hashable {
  /// Jumps of a price.
  public struct Jumps: Sendable, Hashable {
    /// `lambda`: how many a year, on average.
    public let perYear: Double
    /// Mean of the logarithm of a jump.
    public let mean: Double
    /// Deviation of the logarithm of a jump.
    public let deviation: Double

    /// Jumps.
    ///
    /// - Parameters:
    ///   - perYear: in `Domain.jumpsPerYear`.
    ///   - mean: in `Domain.jumpMean`.
    ///   - deviation: in `Domain.jumpDeviation`.
    /// - Throws: `PoolError.parameter`.
    public init(perYear: Double, mean: Double, deviation: Double) throws(PoolError) {
      do throws(DAMMError) {
        try Domain.check(perYear, "jumps a year", in: Domain.jumpsPerYear)
        try Domain.check(mean, "mean of a jump", in: Domain.jumpMean)
        try Domain.check(deviation, "deviation of a jump", in: Domain.jumpDeviation)
      } catch {
        throw .parameter(error)
      }
      (self.perYear, self.mean, self.deviation) = (perYear, mean, deviation)
    }

    /// No jumps.
    public static let none = Jumps()
    private init() { (perYear, mean, deviation) = (0, 0, 0) }
  }

  /// A level of volatility.
  public struct Regime: Sendable, Hashable {
    /// `sigma`, a year, as a decimal.
    public let volatility: Double
    /// How long it stays on average, in days.
    public let meanDays: Double

    /// A level.
    ///
    /// - Parameters:
    ///   - volatility: in `Domain.impliedVolatility`.
    ///   - meanDays: in `Domain.regimeDays`.
    /// - Throws: `PoolError.parameter`.
    public init(volatility: Double, meanDays: Double) throws(PoolError) {
      do throws(DAMMError) {
        try Domain.check(volatility, "volatility", in: Domain.impliedVolatility)
        try Domain.check(meanDays, "days of a level of volatility", in: Domain.regimeDays)
      } catch {
        throw .parameter(error)
      }
      (self.volatility, self.meanDays) = (volatility, meanDays)
    }
  }

  /// The first price, A per B.
  public let price: Double
  /// The levels of volatility; a path begins in the first.
  public let regimes: [Regime]
  /// The jumps.
  public let jumps: Jumps
  /// How many steps a path has.
  public let steps: Int
  /// How long a step takes.
  public let secondsPerStep: Int
  /// When paths begin.
  public let start: UTCTime

  /// A model.
  ///
  /// - Parameters:
  ///   - price: the first, in `Domain.price`.
  ///   - regimes: in `Domain.volatilityRegimes` of them.
  ///   - jumps: none by default; on average in `Domain.jumpsPerStep` a step.
  ///   - steps: in `Domain.pathSteps`.
  ///   - secondsPerStep: in `Domain.pathStepSeconds`.
  ///   - start: in `Domain.secondsSince1970`; the year 2026 by default.
  /// - Throws: `PoolError.countOutOfRange`, `.parameter`.
  public init(
    price: Double, regimes: [Regime], jumps: Jumps = .none, steps: Int, secondsPerStep: Int,
    start: UTCTime = UTCTime(secondsSince1970: 1_767_225_600)
  ) throws(PoolError) {
    try Domain.check(regimes.count, "levels of volatility", in: Domain.volatilityRegimes)
    try Domain.check(steps, "steps of a path", in: Domain.pathSteps)
    try Domain.check(secondsPerStep, "seconds of a step", in: Domain.pathStepSeconds)
    do throws(DAMMError) {
      try Domain.check(price, "price", in: Domain.price)
      try Domain.check(
        jumps.perYear * Self.years(secondsPerStep), "jumps a step", in: Domain.jumpsPerStep)
      try Domain.check(
        Double(start.secondsSince1970), "time in seconds since 1970", in: Domain.secondsSince1970)
    } catch {
      throw .parameter(error)
    }
    self.price = price
    self.regimes = regimes
    self.jumps = jumps
    self.steps = steps
    self.secondsPerStep = secondsPerStep
    self.start = start
  }

  /// One path.
  ///
  /// - Parameter seed: the same seed, the same path.
  /// - Throws: `PoolError.parameter` for a price or a volatility that leaves its domain.
  /// - Complexity: the steps, and the jumps.
  public func path(seed: UInt64) throws(PoolError) -> PricePath {
    // each thing draws from numbers of its own: without jumps the rest stays as it was
    var seeds = SplitMix(seed: seed)
    var normal = NormalNumbers(seed: seeds.next())
    var sizes = NormalNumbers(seed: seeds.next())
    var (counts, changes) = (SplitMix(seed: seeds.next()), SplitMix(seed: seeds.next()))
    let years = Self.years(secondsPerStep)
    let none = exp(-jumps.perYear * years)
    let kappa = expm1(jumps.mean + jumps.deviation * jumps.deviation / 2)
    let jumpVariance =
      jumps.perYear * (jumps.mean * jumps.mean + jumps.deviation * jumps.deviation)
    let stays = regimes.map { exp(-Double(secondsPerStep) / 86_400 / $0.meanDays) }
    var (logarithm, level) = (0.0, 0)
    var points: [PricePath.Point] = []
    points.reserveCapacity(steps + 1)
    for step in 0...steps {
      let sigma = regimes[level].volatility
      points.append(
        .init(
          time: UTCTime(
            secondsSince1970: start.secondsSince1970 + Int64(step) * Int64(secondsPerStep)),
          price: price * exp(logarithm),
          impliedVolatility: (sigma * sigma + jumpVariance).squareRoot()))
      guard step < steps else { break }
      logarithm +=
        sigma * years.squareRoot() * normal.next()
        - (sigma * sigma / 2 + jumps.perYear * kappa) * years
      // Poisson by products of uniform numbers (Knuth)
      var product = counts.uniform()
      while product > none {
        logarithm += jumps.mean + jumps.deviation * sizes.next()
        product *= counts.uniform()
      }
      if regimes.count > 1, changes.uniform() >= stays[level] {
        let other = Int.random(in: 0..<(regimes.count - 1), using: &changes)
        level = other < level ? other : other + 1
      }
    }
    return try PricePath(points)
  }

  private static func years(_ seconds: Int) -> Double { Double(seconds) / UTCTime.secondsAYear }
}
