import DAMMModel
import DAMMPool
import DAMMPrices

import DAMMShared

/// What most tests begin with.
enum SharedFixture {
  static let noon = UTCTime(secondsSince1970: 1_700_006_400)
  static let lots = try! LotSize(decimals: 6, exponent: 0)
  static let key = try! MarketKey("0123456789abcdef0123456789abcdef")

  typealias Product = FunctionPricing<FeeHeldApart<ConstantProduct>>

  /// A pool on which health is measured by the constant product.
  static func pool(
    _ deposit: LotPair, limits: HealthLimits = .off, reference: Reference = .constantProduct
  ) throws -> SharedPool {
    try SharedPool(
      SharedPoolTerms(a: lots, b: lots, reference: reference, limits: limits), deposit: deposit,
      at: noon)
  }

  /// Opens a constant-product market at the ratio of the deposit.
  static func product(
    _ name: String, on pool: inout SharedPool, feeBps: Double = 0
  ) throws -> Market<Product> {
    let id = try MarketID(name)
    let snapshot = try pool.open(id, key: key, at: noon)
    let deposit = pool.founding.deposit
    let pricing = try Product(
      FeeHeldApart(ConstantProduct.withoutFee, feeBps: feeBps),
      ratio: lots.tokens(deposit.a) / lots.tokens(deposit.b), terms: pool.terms, on: snapshot,
      retraces: true)
    return try Market(id, key: key, of: pool.founding, snapshot, pricing: pricing)
  }

  /// Opens a tick market.
  static func ticks(
    _ name: String, on pool: inout SharedPool, _ terms: PoolTerms, _ reading: OracleReading,
    atPrice price: Double? = nil
  ) throws -> Market<TickPricing> {
    let id = try MarketID(name)
    let snapshot = try pool.open(id, key: key, at: noon)
    return try Market(
      id, key: key, of: pool.founding, snapshot,
      pricing: TickPricing(terms, reading, on: snapshot, at: noon, atPrice: price))
  }
}

extension Market {
  /// Trades until it stands at a price.
  mutating func go(to price: Double, at now: UTCTime = SharedFixture.noon) throws {
    let side: Side = price > self.pricing.price ? .buy : .sell
    try swap(LotOrder(side, .toPrice(price)), at: now)
  }

  /// Settles with a pool.
  mutating func settle(with pool: inout SharedPool, at now: UTCTime = SharedFixture.noon) throws {
    let settlement = try post()
    do {
      try applied(try pool.settle(settlement, at: now))
    } catch {
      try refused(error)
      throw error
    }
  }
}
