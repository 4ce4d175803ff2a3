import DAMMModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Prices without drift, whose logarithms move by independent normal steps:
/// `ln(p_{k+1}/p_k) = sigma sqrt(dt) z - sigma^2 dt / 2`, `dt` in years of 365 days.
///
/// The same seed gives the same paths, to the last bits of the system's logarithm.
public struct GeometricBrownianMotion: Sendable, Hashable {
  /// The first price, A per B.
  public let price: Double
  /// `sigma`, a year, as a decimal.
  public let volatility: Double
  /// How many steps a path has.
  public let steps: Int
  /// How long a step takes.
  public let secondsPerStep: Int
  /// When paths begin.
  public let start: UTCTime

  /// A motion.
  ///
  /// - Parameters:
  ///   - price: the first, in `Domain.price`.
  ///   - volatility: in `Domain.impliedVolatility`.
  ///   - steps: in `Domain.pathSteps`.
  ///   - secondsPerStep: in `Domain.pathStepSeconds`.
  ///   - start: in `Domain.secondsSince1970`; the year 2026 by default.
  /// - Throws: `PoolError.countOutOfRange`, `.parameter`.
  public init(
    price: Double, volatility: Double, steps: Int, secondsPerStep: Int,
    start: UTCTime = UTCTime(secondsSince1970: 1_767_225_600)
  ) throws(PoolError) {
    try Domain.check(steps, "steps of a path", in: Domain.pathSteps)
    try Domain.check(secondsPerStep, "seconds of a step", in: Domain.pathStepSeconds)
    do throws(DAMMError) {
      try Domain.check(price, "price", in: Domain.price)
      try Domain.check(volatility, "volatility", in: Domain.impliedVolatility)
      try Domain.check(
        Double(start.secondsSince1970), "time in seconds since 1970", in: Domain.secondsSince1970)
    } catch {
      throw .parameter(error)
    }
    self.price = price
    self.volatility = volatility
    self.steps = steps
    self.secondsPerStep = secondsPerStep
    self.start = start
  }

  /// Several paths at once, each two of which move with a correlation.
  ///
  /// - Parameters:
  ///   - count: in `Domain.movingMarkets`.
  ///   - correlation: of the steps of two paths, from 0 to 1; with 1 all are the same.
  ///   - seed: the same seed, the same paths; the first is the same for every count.
  /// - Throws: `PoolError.countOutOfRange`, `.parameter` also for a price that leaves its domain.
  /// - Complexity: `count` times the steps.
  public func paths(
    _ count: Int, correlation: Double = 1, seed: UInt64
  ) throws(PoolError) -> [PricePath] {
    try Domain.check(count, "number of paths", in: Domain.movingMarkets)
    do throws(DAMMError) {
      try Domain.check(correlation, "correlation of paths", in: Domain.correlation)
    } catch {
      throw .parameter(error)
    }
    var shared = NormalNumbers(seed: seed)
    let common = (0..<steps).map { _ in shared.next() }
    // seeds drawn, not counted up: the states of SplitMix64 are, so that counted ones would overlap
    var seeds = SplitMix(seed: ~seed)
    var paths: [PricePath] = []
    for number in 0..<count {
      guard correlation < 1 || number == 0 else {
        paths.append(paths[0])
        continue
      }
      var own = NormalNumbers(seed: seeds.next())
      let weight = (1 - correlation).squareRoot()
      paths.append(
        try path(
          common.map { correlation.squareRoot() * $0 + (weight > 0 ? weight * own.next() : 0) }))
    }
    return paths
  }

  private func path(_ numbers: [Double]) throws(PoolError) -> PricePath {
    let deviation = volatility * (Double(secondsPerStep) / UTCTime.secondsAYear).squareRoot()
    var logarithm = 0.0
    var points = [PricePath.Point(time: start, price: price, impliedVolatility: volatility)]
    points.reserveCapacity(steps + 1)
    for (step, number) in numbers.enumerated() {
      logarithm += deviation * number - deviation * deviation / 2
      let seconds = start.secondsSince1970 + Int64((step + 1) * secondsPerStep)
      points.append(
        .init(
          time: UTCTime(secondsSince1970: seconds), price: price * exp(logarithm),
          impliedVolatility: volatility))
    }
    return try PricePath(points)
  }
}

/// Normal numbers by the polar method of Marsaglia, from SplitMix64.
struct NormalNumbers {
  private var bits: SplitMix
  private var spare: Double?

  init(seed: UInt64) { bits = SplitMix(seed: seed) }

  mutating func next() -> Double {
    if let spare {
      self.spare = nil
      return spare
    }
    while true {
      let (x, y) = (2 * bits.uniform() - 1, 2 * bits.uniform() - 1)
      let square = x * x + y * y
      guard square > 0, square < 1 else { continue }
      let factor = (-2 * log(square) / square).squareRoot()
      spare = y * factor
      return x * factor
    }
  }
}

/// SplitMix64, so that a seed gives the same numbers anywhere.
package struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  /// Numbers of a seed.
  package init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Uniform in [0, 1), in steps of 2^-53.
  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }
}
