import DAMMModel
import DAMMPool
import DAMMPrices
import Foundation
import Testing
import TestSupport

import struct DAMMShared.SharedPool
import DAMMShared

/// States of markets and pools as they are stored: they come back to the bit, and those that somebody has changed are
/// refused or do no harm.
@Suite struct StoredSharedTests {
  private static let deposit = LotPair(a: 3_000_000_000, b: 1_000_000_000)
  private static let noon = SharedFixture.noon

  private static func world() throws -> (
    SharedPool, Market<SharedFixture.Product>, Market<TickPricing>
  ) {
    var pool = try SharedFixture.pool(deposit, limits: HealthLimits())
    var product = try SharedFixture.product("product", on: &pool, feeBps: 30)
    var ticks = try SharedFixture.ticks(
      "ticks", on: &pool, PoolTerms(a: SharedFixture.lots, b: SharedFixture.lots),
      OracleReading(price: 3, relativeSigma: 0.1))
    try pool.observe(outside: LotPair(a: 900_000, b: 300_000), supply: 500_000, at: noon)
    try product.swap(LotOrder(.buy, .amount(1_234_567)), at: noon)
    try product.add(upTo: LotPair(a: 300_000, b: 100_000))
    try product.settle(with: &pool)
    try pool.grant(LotPair(a: 1_000_000, b: 500_000), to: product.id, at: noon)
    try product.swap(LotOrder(.sell, .notional(777_777)), at: noon)
    try ticks.swap(LotOrder(.sell, .amount(7_654_321)), at: noon)
    _ = try ticks.post()
    return (pool, product, ticks)
  }

  private static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  private static func value<Value: Decodable>(_ text: String) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(text.utf8))
  }

  /// The market of a text, and the same text again of it.
  private static func again<Pricing: MarketPricing & Codable>(
    _ market: Market<Pricing>, _ pool: SharedPool
  ) throws -> Market<Pricing> {
    let stored = try text(market.state)
    let again = try Market<Pricing>(value(stored), of: pool.founding)
    #expect(try text(again.state) == stored)
    return again
  }

  @Test func comesBackToTheBit() throws {
    var (pool, product, ticks) = try Self.world()
    var other = try Self.again(product, pool)
    for size in [1, 1_000, 3_000_000] {
      let order = try LotOrder(size == 1_000 ? .sell : .buy, .amount(size))
      #expect(try other.swap(order, at: Self.noon) == product.swap(order, at: Self.noon))
    }
    var waiting = try Self.again(ticks, pool)
    #expect(try waiting.post() == ticks.post())
    let receipt = try pool.settle(ticks.post(), at: Self.noon)
    try ticks.applied(receipt)
    try waiting.applied(Self.value(Self.text(receipt)))
    #expect(try Self.text(waiting.state) == Self.text(ticks.state))

    let loaded = try SharedPool.Loader(Self.value(Self.text(pool.founding))).pool(
      Self.value(Self.text(pool.account)),
      pool.markets.values.map { try Self.value(Self.text($0)) },
      Self.value(Self.text(pool.owners)))
    #expect(loaded.account == pool.account && loaded.owners == pool.owners)
    #expect(loaded.markets == pool.markets && loaded.health == pool.health)
  }

  /// Numbers of a text exchanged for others: most are refused; what is taken trades and settles without stopping
  /// the process.
  @Test func changedStatesAreRefusedOrHarmless() throws {
    var random = SplitMix64(seed: RandomCurves.seed("changed states", 83))
    let (pool, product, ticks) = try Self.world()
    let texts = (
      product: try Self.text(product.state), ticks: try Self.text(ticks.state),
      account: try Self.text(pool.account), market: try Self.text(pool.markets[product.id]),
      owners: try Self.text(pool.owners)
    )
    var taken = [0, 0, 0]
    let runs = RandomCurves.runs(1_500)
    for _ in 0..<runs {
      if let market = try? Market<SharedFixture.Product>(
        Self.value(Self.changed(texts.product, &random)), of: pool.founding)
      {
        taken[0] += 1
        Self.use(market, pool, &random)
      }
      if let market = try? Market<TickPricing>(
        Self.value(Self.changed(texts.ticks, &random)), of: pool.founding)
      {
        taken[1] += 1
        Self.use(market, pool, &random)
      }
      let which = Int.random(in: 0..<3, using: &random)
      func text(_ i: Int, _ text: String) -> String {
        i == which ? Self.changed(text, &random) : text
      }
      if let account: PoolAccount = try? Self.value(text(0, texts.account)),
        let own: MarketAccount = try? Self.value(text(1, texts.market)),
        let owners: PoolOwners = try? Self.value(text(2, texts.owners)),
        let changed = try? SharedPool.Loader(pool.founding).pool(account, [own], owners)
      {
        taken[2] += 1
        Self.use(product, changed, &random)
      }
    }
    print("changed states taken of \(runs): \(taken)")
    #expect(taken.allSatisfy { $0 > 0 && $0 < runs })
  }

  private static func use<Pricing: MarketPricing>(
    _ market: Market<Pricing>, _ pool: SharedPool, _ random: inout SplitMix64
  ) {
    var (market, pool) = (market, pool)
    for _ in 0..<4 {
      let lots = Int(random.logUniform(1...1e13))
      let side: Side = Bool.random(using: &random) ? .buy : .sell
      if let order = try? LotOrder(side, .amount(lots)) { _ = try? market.swap(order, at: noon) }
      if let order = try? LotOrder(side, .notional(lots)) { _ = try? market.quote(order, at: noon) }
      try? market.add(upTo: LotPair(a: lots, b: lots))
      guard let settlement = try? market.post() else { continue }
      if let receipt = try? pool.settle(settlement, at: noon) {
        try? market.applied(receipt)
      } else {
        try? market.refused(SharedPoolError.malformed("a test"))
        try? market.payIn(LotPair(a: lots, b: lots))
      }
      _ = try? pool.add(shares: lots, at: noon)
      _ = try? pool.remove(shares: lots, from: SharedPool.founder, at: noon)
      try? pool.payIn(LotPair(a: lots, b: 1), at: noon)
      try? pool.grant(LotPair(a: lots, b: lots), to: market.id, at: noon)
    }
  }

  /// One or two of the numbers of a text exchanged.
  private static func changed(_ text: String, _ random: inout SplitMix64) -> String {
    var text = text
    for _ in 0..<Int.random(in: 1...2, using: &random) {
      let numbers = text.ranges(of: /-?[0-9]+(\.[0-9]+)?(e[-+]?[0-9]+)?/)
      let range = numbers.randomElement(using: &random)!
      let others = [
        "0", "-1", "1", "9223372036854775807", "-9223372036854775808", "281474976710655",
        "281474976710656", "4611686018427387904", "1e-300", "1e300", "0.5",
        "\(Int(random.logUniform(1...9e18)))", "-\(Int(random.logUniform(1...9e18)))",
      ]
      text.replaceSubrange(range, with: others.randomElement(using: &random)!)
    }
    return text
  }
}
