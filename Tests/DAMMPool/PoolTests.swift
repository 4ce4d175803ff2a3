import DAMMKernel
import DAMMModel
import DAMMOracle
import DAMMPool
import Foundation
import Testing

/// A pool by hand: what each action does, in numbers that can be checked on paper.
@Suite struct PoolTests {
  static let start = UTCTime(secondsSince1970: 1_700_000_000)

  static func later(_ seconds: Int64) -> UTCTime {
    UTCTime(secondsSince1970: start.secondsSince1970 + seconds)
  }

  /// 1000 A and 10 B at a price of 100: the worked example, in lots of 1e-6 A and 1e-9 B.
  static func pool(
    fees: FeeSchedule = .none, funding: Funding = .geometricMean, policy: ReformPolicy = .manual,
    lock: Lock? = nil
  ) throws -> Pool {
    let terms = try PoolTerms(
      a: LotSize(decimals: 6, exponent: 0), b: LotSize(decimals: 18, exponent: 9), fees: fees,
      funding: funding, policy: policy)
    return try Pool(
      terms, reading: OracleReading(price: 100, sigma: 1), at: start,
      deposit: LotPair(a: 1_000_000_000, b: 10_000_000_000), lock: lock)
  }

  @Test func theWorkedExampleInLots() throws {
    var pool = try Self.pool()
    #expect(pool.shares == 3_162_277_660)
    let quote = try pool.swap(LotOrder(.buy, .amount(1_000_000_000)), at: Self.start)
    // 1 B costs 100.12109282770146 A
    #expect(quote.amountIn == 100_121_093)
    #expect(quote.ticksCrossed == 26 && quote.stop == .complete && quote.fee == 0)
    #expect(quote.positionAfter.tick == 25)
    #expect((quote.averagePrice! - 100.121093).magnitude < 1e-9)
    #expect(pool.reserves == LotPair(a: 1_100_121_093, b: 9_000_000_000))
    // and back: a lot of B is worth a tenth of a lot of A here, and what the buyer paid beyond the exact
    // price moved the pool on by some of them
    let back = try pool.swap(LotOrder(.sell, .amount(1_000_000_000)), at: Self.start)
    #expect(back.amountOut == 100_121_092)
    #expect(pool.reserves == LotPair(a: 1_000_000_001, b: 10_000_000_000))
  }

  @Test func exactAmountsOfA() throws {
    let pool = try Self.pool()
    let buy = try pool.quote(LotOrder(.buy, .notional(100_121_093)), at: Self.start)
    #expect(buy.amountIn + buy.left! == 100_121_093 && buy.stop == .complete)
    #expect(buy.amountOut >= 1_000_000_000 && buy.amountOut < 1_000_000_010)
    let sell = try pool.quote(LotOrder(.sell, .notional(50_000_000)), at: Self.start)
    #expect(sell.amountOut == 50_000_000 && sell.left == 0 && sell.stop == .complete)
    let less = try pool.quote(LotOrder(.sell, .amount(sell.amountIn - 1)), at: Self.start)
    #expect(less.amountOut < 50_000_000)
  }

  @Test func endsAndLimits() throws {
    var pool = try Self.pool()
    let limited = try pool.quote(
      LotOrder(.buy, .amount(2_000_000_000), limit: 100.2), at: Self.start)
    #expect(limited.stop == .priceLimit && limited.priceAfter <= 100.2)
    #expect(limited.left! > 0 && limited.amountOut + limited.left! == 2_000_000_000)
    let target = try pool.quote(LotOrder(.buy, .toPrice(100.2)), at: Self.start)
    #expect(target.stop == .complete && target.left == nil && target.amountOut == limited.amountOut)
    let passed = try pool.quote(LotOrder(.buy, .toPrice(99)), at: Self.start)
    #expect(passed.stop == .complete && passed.amountOut == 0 && passed.amountIn == 0)
    let offered = pool.offered.b
    let all = try pool.swap(LotOrder(.buy, .amount(1 << 40)), at: Self.start)
    #expect(all.stop == .exhausted && all.amountOut == offered && offered > 4_900_000_000)
    #expect(all.left == (1 << 40) - offered && pool.reserves.b == 10_000_000_000 - offered)
    #expect(pool.offered.b == 0)
    let nothing = try pool.swap(LotOrder(.buy, .amount(1)), at: Self.start)
    #expect(nothing.stop == .exhausted && nothing.amountOut == 0)
    let (sold, before) = (pool.offered.a, pool.reserves.a)
    let down = try pool.swap(LotOrder(.sell, .toPrice(1e-9)), at: Self.start)
    #expect(down.stop == .exhausted && pool.offered.a == 0 && down.amountOut == sold)
    #expect(pool.reserves.a == before - sold)
  }

  @Test func aStateIsJSON() throws {
    var pool = try Self.pool()
    try pool.swap(LotOrder(.sell, .notional(123_456_789)), at: Self.later(1))
    try pool.add(shares: 12345, at: Self.later(2))
    try pool.swap(LotOrder(.buy, .amount(987_654_321)), at: Self.later(3))
    try pool.reform(OracleReading(price: 101, relativeSigma: 0.0123), at: Self.later(4))
    try pool.swap(LotOrder(.buy, .amount(87_654_321)), at: Self.later(5))
    let data = try JSONEncoder().encode(pool)
    var back = try JSONDecoder().decode(Pool.self, from: data)
    #expect(back == pool)
    let order = try LotOrder(.sell, .amount(7_777_777))
    #expect(try back.swap(order, at: Self.later(6)) == pool.swap(order, at: Self.later(6)))
    #expect(back == pool)
  }

  @Test func liquidity() throws {
    var pool = try Self.pool()
    let founder = pool.book.positionIDs[0]
    try pool.swap(LotOrder(.buy, .amount(1_000_000_000)), at: Self.start)
    let price = pool.price!
    let offered = pool.offered
    let added = try pool.add(shares: pool.shares, at: Self.start)
    #expect(pool.price == price)
    #expect(pool.offered.b == 2 * offered.b || pool.offered.b == 2 * offered.b + 1)
    #expect(pool.reserves == LotPair(a: 2_200_242_186, b: 18_000_000_000))
    let removed = try pool.remove(
      shares: added.shares, from: added.position, at: Self.start)
    #expect(removed.paidOut == added.paidIn)
    #expect(pool.offered.b == offered.b || pool.offered.b == offered.b - 1)
    let single = try pool.addSingleSided(.a, lots: 50_000_000, at: Self.start)
    #expect(
      single.left.a >= 0 && single.left.b >= 0 && single.left.a < 10 && single.left.b < 10,
      "\(single)")
    try pool.remove(shares: single.added.shares, from: single.added.position, at: Self.start)
    let singleB = try pool.addSingleSided(.b, lots: 500_000_000, at: Self.start)
    #expect(singleB.left.a < 10 && singleB.left.b < 10, "\(singleB)")
    try pool.remove(shares: singleB.added.shares, from: singleB.added.position, at: Self.start)
    try pool.remove(shares: pool.shares, from: founder, at: Self.start)
    #expect(pool.isEmpty && pool.reserves == .zero)
    #expect(throws: PoolError.empty) {
      try pool.swap(LotOrder(.buy, .amount(1)), at: Self.start)
    }
    try pool.found(LotPair(a: 1_000_000_000, b: 10_000_000_000), at: Self.start)
    #expect(
      try pool.quote(LotOrder(.buy, .amount(1_000_000_000)), at: Self.start).amountIn == 100_121_093
    )
  }
}
