import DAMMModel
import DAMMPool
import TestSupport

/// A pool as it is founded.
struct PoolSetup: Equatable, CustomStringConvertible {
  var terms: PoolTerms
  var reading: OracleReading
  var deposit: LotPair
  var term: Int64?

  static let start = UTCTime(secondsSince1970: 1_700_000_000)

  var lock: Lock? {
    term.flatMap {
      try? Lock(
        start: Self.start, end: UTCTime(secondsSince1970: Self.start.secondsSince1970 + $0))
    }
  }

  func pool() throws(PoolError) -> Pool {
    try Pool(terms, reading: reading, at: Self.start, deposit: deposit, lock: lock)
  }

  var description: String {
    "\(terms) \(reading) deposit \(deposit.a) A, \(deposit.b) B, term \(term.map { "\($0)" } ?? "none")"
  }
}

/// Pools with extreme parameters, drawn so that tables are few and can be kept.
struct RandomPools {
  /// Sigma over price, half width, tick width in basis points: from a tick to beyond the price.
  static let grids: [(s: Double, k: Double, bps: Double)] = [
    (1e-4, 6, 1), (1e-3, 6, 1), (0.01, 6, 1), (0.01, 6, 10), (0.1, 6, 10), (0.1, 6, 100),
    (0.5, 6, 100), (0.8, 12, 100), (2.5, 6, 2500), (0.25, 1, 2500), (1.5, 3, 100), (0.1, 6, 1),
    (0.002, 0.01, 1),
  ]

  static let fees: [FeeSchedule] = [
    .none, .none, try! FeeSchedule(baseBps: 30),
    try! FeeSchedule(
      baseBps: 5, volatility: 0.01, skew: 0.3, minimumBps: 1, maximumBps: 400, surgeBps: 50,
      surgeHalfLifeSeconds: 60),
    try! FeeSchedule(minimumBps: 3000, surgeBps: 2000, surgeHalfLifeSeconds: 1000),
  ]

  /// A setup, drawn again until a pool can be founded with it.
  static func setup(
    _ random: inout SplitMix64, largest: Double = Double(Domain.reserveLots.upperBound)
  ) throws -> PoolSetup {
    while true {
      let setup = try candidate(&random, largest)
      if (try? setup.pool()) != nil { return setup }
    }
  }

  private static func candidate(
    _ random: inout SplitMix64, _ largest: Double
  ) throws -> PoolSetup {
    // small tables mostly; those of 1200 ticks and more are the last but one
    let grid = grids.randomElement(using: &random)!
    let size = random.logUniform(1...largest)
    let ratio = random.oneIn(3) ? 1 : random.logUniform(1e-9...1e9).squareRoot()
    func lots(_ number: Double) -> Int { Int(min(max(number, 1), largest)) }
    let deposit = LotPair(a: lots(size * ratio), b: lots(size / ratio))
    // mostly near the price that makes both sides worth as much
    let fair = Double(deposit.a) / Double(deposit.b)
    let price = fair * (random.oneIn(3) ? random.logUniform(1e-9...1e9) : random.uniform(0.3...3))
    let lotsOfA = try LotSize(decimals: 6, exponent: 0)
    let lotsOfB = random.oneIn(3) ? try LotSize(decimals: 18, exponent: 9) : lotsOfA
    // a log-normal curve over many deviations has millions of ticks
    let shapes: [Shape] = [.normal, .normal, .uniform] + (grid.s * grid.k > 3 ? [] : [.logNormal])
    let shape = shapes.randomElement(using: &random)!
    let terms = try PoolTerms(
      a: lotsOfA, b: lotsOfB,
      shape: shape,
      halfWidth: grid.k, tickWidthBps: grid.bps, fees: fees.randomElement(using: &random)!,
      funding: random.oneIn(2) ? .full : .geometricMean,
      policy: random.oneIn(3)
        ? try ReformPolicy(deviationBps: 50, ageSeconds: 3000, volatilityChange: 0.5) : .manual,
      allowsThinSpread: true)
    let reading = try OracleReading(
      price: LotSize.tokenPrice(pricePerLot: price, a: lotsOfA, b: lotsOfB),
      relativeSigma: grid.s)
    return PoolSetup(
      terms: terms, reading: reading, deposit: deposit,
      term: random.oneIn(4) ? Int64.random(in: 1...5000, using: &random) : nil)
  }
}
