import DAMMModel
import Testing
import TestSupport

import DAMMShared

/// Markets at the largest reserves that a pool may have.
@Suite struct MarketSizeTests {
  private static let most = Domain.reserveLots.upperBound

  /// Nearly all of B costs more lots of A than a pool may have: the room ends where they fit.
  @Test func purchasesEndWhereReservesFit() throws {
    var pool = try SharedFixture.pool(LotPair(a: 945_214_271, b: 11_241_207))
    var market = try SharedFixture.product("m", on: &pool)
    let room = market.room(at: SharedFixture.noon).buy
    #expect(room.bound == .size)
    try market.swap(LotOrder(.buy, .amount(11_241_206)), at: SharedFixture.noon)
    #expect(market.book.flow.b == -room.lots)
    try market.settle(with: &pool)
    #expect(pool.reserves.a <= Self.most)
    // the next lot would not fit
    #expect(market.room(at: SharedFixture.noon).buy.lots == 0)
  }

  /// A market that does not keep its room refuses what no book may have, whatever it asked for.
  @Test func noPurchaseIsCheaperThanItsPrice() throws {
    var pool = try SharedFixture.pool(LotPair(a: 945_214_271, b: 11_241_207))
    var market = try SharedFixture.product("m", on: &pool)
    market.keepsRoom = false
    let order = try LotOrder(.buy, .amount(11_241_205))
    #expect(throws: SharedPoolError.self) { try market.swap(order, at: SharedFixture.noon) }
    #expect(market.book.isEmpty)
  }

  /// What a sale leaves in the reserves beyond the A that it asked for takes room from purchases.
  @Test func excessOfSalesCounts() throws {
    var pool = try SharedFixture.pool(LotPair(a: 945_214_271, b: 11_241_207))
    var market = try SharedFixture.product("m", on: &pool)
    try market.swap(LotOrder(.buy, .amount(11_241_206)), at: SharedFixture.noon)
    try market.settle(with: &pool)
    for _ in 0..<3 {
      try market.swap(LotOrder(.sell, .notional(1)), at: SharedFixture.noon)
      try market.swap(LotOrder(.buy, .amount(1)), at: SharedFixture.noon)
    }
    #expect(pool.reserves.a + market.book.flow.a <= Self.most)
    try market.settle(with: &pool)
  }
}
