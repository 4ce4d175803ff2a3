import DAMMModel
import DAMMPool
import DAMMPrices
import TestSupport

import DAMMShared

/// A shared pool as it is founded, and the kinds of its first markets.
struct SharedSetup: CustomStringConvertible {
  enum Kind: Equatable {
    case ticks(grid: Int, fees: FeeSchedule, funding: Funding, price: Double)
    /// A constant product, with the fee apart or in the reserves.
    case product(feeBps: Double, apart: Bool, ratio: Double)
  }
  var terms: SharedPoolTerms
  var deposit: LotPair
  var kinds: [Kind]
  var number: UInt64

  static let start = UTCTime(secondsSince1970: 1_700_000_000)
  static let grids: [(s: Double, k: Double, bps: Double)] = [
    (0.01, 6, 10), (0.1, 6, 100), (0.3, 6, 100), (0.05, 6, 25), (0.002, 0.01, 1),
  ]
  static let fees: [FeeSchedule] = [
    .none, .none, try! FeeSchedule(baseBps: 30),
    try! FeeSchedule(
      baseBps: 5, volatility: 0.01, skew: 0.3, minimumBps: 1, maximumBps: 400, surgeBps: 50,
      surgeHalfLifeSeconds: 6000),
  ]

  var description: String {
    "\(terms.reference.name), floor \(terms.limits.floor), "
      + "allowance \(terms.limits.dailyAllowance.map { "\($0)" } ?? "none"), "
      + "deposit \(deposit.a) A, \(deposit.b) B, \(kinds)"
  }

  /// Lots of A a lot of B that make both sides worth as much.
  var price: Double { Double(deposit.a) / Double(deposit.b) }

  func tickTerms(_ grid: Int, _ fees: FeeSchedule, _ funding: Funding) throws -> PoolTerms {
    let grid = Self.grids[grid]
    return try PoolTerms(
      a: terms.a, b: terms.b, halfWidth: grid.k, tickWidthBps: grid.bps, fees: fees,
      funding: funding, allowsThinSpread: true)
  }

  static func kind(_ random: inout SplitMix64) -> Kind {
    random.oneIn(2)
      ? .ticks(
        grid: grids.indices.randomElement(using: &random)!,
        fees: fees.randomElement(using: &random)!,
        funding: random.oneIn(2) ? .full : .geometricMean,
        price: random.oneIn(3) ? 1 : random.uniform(0.9...1.1))
      : .product(
        feeBps: [0, 0, 5, 30].randomElement(using: &random)!, apart: !random.oneIn(3),
        ratio: random.oneIn(2) ? 1 : random.uniform(0.95...1.05))
  }

  /// A market on a snapshot; `nil` where its prices are refused, as too coarse for instance.
  func market(
    _ kind: Kind, _ id: MarketID, _ key: MarketKey, of founding: SharedPoolFounding,
    _ snapshot: PoolSnapshot, at now: UTCTime
  ) -> (any PoolMarket)? {
    switch kind {
    case .ticks(let grid, let fees, let funding, let part):
      guard
        let pricing = try? TickPricing(
          tickTerms(grid, fees, funding),
          OracleReading(price: price * part, relativeSigma: Self.grids[grid].s), on: snapshot,
          at: now)
      else { return nil }
      return try? Market(id, key: key, of: founding, snapshot, pricing: pricing)
    case .product(let fee, true, let part):
      guard
        let pricing = try? FunctionPricing(
          FeeHeldApart(ConstantProduct.withoutFee, feeBps: fee), ratio: price * part, terms: terms,
          on: snapshot, retraces: true)
      else { return nil }
      return try? Market(id, key: key, of: founding, snapshot, pricing: pricing)
    case .product(let fee, false, let part):
      guard
        let pricing = try? FunctionPricing(
          ConstantProduct(feeBps: fee), ratio: price * part, terms: terms, on: snapshot,
          retraces: fee == 0)
      else { return nil }
      return try? Market(id, key: key, of: founding, snapshot, pricing: pricing)
    }
  }

  func pool() throws -> SharedPool { try SharedPool(terms, deposit: deposit, at: Self.start) }

  /// A setup with which a pool can be founded.
  static func random(_ random: inout SplitMix64) throws -> SharedSetup {
    while true {
      let size = random.logUniform(30...1e12)
      let ratio = random.oneIn(2) ? 1 : random.logUniform(1e-3...1e3).squareRoot()
      let deposit = LotPair(a: Int(size * ratio) + 1, b: Int(size / ratio) + 1)
      let lots = try LotSize(decimals: 6, exponent: 0)
      let limits = try HealthLimits(
        floor: [0, 0.5, 0.9, 0.9, 0.99].randomElement(using: &random)!,
        dailyAllowance: [nil, 0, 0.001, 0.01, 0.01, 0.2].randomElement(using: &random)!)
      var setup = SharedSetup(
        terms: try SharedPoolTerms(a: lots, b: lots, limits: limits), deposit: deposit,
        kinds: (0..<Int.random(in: 1...6, using: &random)).map { _ in kind(&random) },
        number: random.next())
      if random.oneIn(2) {
        let grid = grids.indices.randomElement(using: &random)!
        let reading = try OracleReading(
          price: setup.price * (random.oneIn(2) ? 1 : random.uniform(0.95...1.05)),
          relativeSigma: grids[grid].s)
        setup.terms = try SharedPoolTerms(
          a: lots, b: lots,
          reference: .ticks(
            setup.tickTerms(grid, .none, random.oneIn(2) ? .full : .geometricMean), reading),
          limits: limits)
      }
      if (try? setup.pool()) != nil { return setup }
    }
  }
}
