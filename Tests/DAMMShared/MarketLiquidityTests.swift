import DAMMModel
import DAMMPool
import Testing
import TestSupport

import DAMMShared

/// Liquidity that was asked for in a market and is not settled yet.
@Suite struct MarketLiquidityTests {
  private static let deposit = LotPair(a: 3_000_000_007, b: 1_000_000_009)

  private static func market(
    on pool: inout SharedPool
  ) throws -> Market<TickPricing> {
    try SharedFixture.ticks(
      "m", on: &pool,
      PoolTerms(a: SharedFixture.lots, b: SharedFixture.lots, tickWidthBps: 100),
      OracleReading(price: 3, relativeSigma: 0.1))
  }

  /// Who is alone is told what it expected: several adds and removes cost what they cost the pool, one after
  /// another.
  @Test func aLoneMarketExpectsWhatThePoolDoes() throws {
    var pool = try SharedFixture.pool(Self.deposit)
    var market = try Self.market(on: &pool)
    for round in 1...3 {
      try market.swap(LotOrder(.buy, .amount(1_000_000 * round)), at: SharedFixture.noon)
      for part in [1, 2, 7] {
        try market.add(upTo: LotPair(a: Self.deposit.a / part, b: Self.deposit.b))
      }
      if let id = market.positions.keys.min() { try market.remove(shares: 12_345, from: id) }
      let expected = market.pricing.maker.curve.liquidity
      try market.settle(with: &pool)
      #expect(market.pricing.maker.curve.liquidity == expected)
      #expect(expected == pool.account.liquidity)
    }
  }

  /// However much is asked for.
  @Test func expectingIsBounded() throws {
    var pool = try SharedFixture.pool(LotPair(a: 1000, b: 1000))
    var market = try SharedFixture.product("m", on: &pool)
    let most = Domain.reserveLots.upperBound
    for _ in 0..<40 { try market.add(upTo: LotPair(a: most, b: most)) }
    try market.settle(with: &pool)
    #expect(pool.reserves.a <= most && pool.reserves.b <= most)
  }

  /// What was paid in for shares is not given back while a copy of what was posted may be applied.
  @Test func whatWasPostedKeepsItsAdds() throws {
    var pool = try SharedFixture.pool(Self.deposit)
    var market = try Self.market(on: &pool)
    let lots = LotPair(a: 3_000, b: 1_000)
    try market.add(upTo: lots)
    #expect(try market.cancelRequests() == [.add(upTo: lots, into: nil)])
    try market.add(upTo: LotPair(a: 3_000_000, b: 1_000_000))
    try market.settle(with: &pool)
    let own = try #require(market.positions.keys.first)
    try market.add(upTo: lots)
    try market.remove(shares: 5, from: own)
    let first = try market.post()
    try market.refused(SharedPoolError.malformed("a test"))
    #expect(try market.cancelRequests() == [.remove(shares: 5, from: own)])
    #expect(market.book.requests == [.add(upTo: lots, into: nil)])
    #expect(try market.post().revision == 1)
    // the copy comes first: its removal counts, and its add once
    let receipt = try pool.settle(first, at: SharedFixture.noon)
    try market.applied(receipt)
    #expect(market.book.isEmpty)
    #expect(market.positions.count == 2)
    #expect(market.pricing.maker.curve.liquidity == pool.account.liquidity)
  }
}
