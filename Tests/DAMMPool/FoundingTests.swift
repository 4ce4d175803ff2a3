import DAMMModel
import DAMMPool
import Testing

@Suite struct FoundingTests {
  static let deposit = LotPair(a: 1_000_000_000, b: 10_000_000_000)

  static func pool(
    atPrice price: Double? = nil, lock: Lock? = nil, funding: Funding = .geometricMean
  ) throws -> Pool {
    let terms = try PoolTerms(
      a: LotSize(decimals: 6, exponent: 0), b: LotSize(decimals: 18, exponent: 9),
      fees: FeeSchedule(surgeBps: 10, surgeHalfLifeSeconds: 100), funding: funding)
    return try Pool(
      terms, reading: OracleReading(price: 100, sigma: 1), at: PoolTests.start, deposit: deposit,
      atPrice: price, lock: lock)
  }

  /// A pool that its founder has left.
  static func empty() throws -> Pool {
    var pool = try pool()
    try pool.remove(shares: pool.shares, from: Pool.founder, at: PoolTests.start)
    return pool
  }

  @Test func theFounderHasAName() throws {
    var pool = try Self.pool()
    #expect(pool.book.positionIDs == [Pool.founder])
    #expect(try pool.add(shares: 5, at: PoolTests.start).position != Pool.founder)
    pool = try Self.empty()
    let again = try pool.found(Self.deposit, at: PoolTests.later(1))
    #expect(again.position != Pool.founder && pool.book.positionIDs == [again.position])
    #expect(again.shares == 3_162_277_660 && again.paidIn == Self.deposit)
  }

  @Test func aPoolIsFoundedOnce() throws {
    let pool = try Self.pool()
    expectRefusal(.alreadyFunded(shares: 3_162_277_660), pool) {
      try $0.found(Self.deposit, at: PoolTests.start)
    }
  }

  /// At a price inside a tick, and clamped to both ends of the curve, where one side is not on offer.
  @Test func atAPrice() throws {
    let inside = try Self.pool(atPrice: 100.505)
    #expect(abs(try #require(inside.price) / 100.505 - 1) <= Tolerance.priceAfter.relative)
    #expect(inside.position?.tick == 50)
    #expect(abs(try #require(inside.position).fraction - 0.5) < 1e-9)
    let oracle = try Self.pool()
    #expect(oracle.price == 100 && oracle.position == .oracle)
    #expect(inside.offered.a > oracle.offered.a && inside.offered.b < oracle.offered.b)
    let low = try Self.pool(atPrice: 1e-9)
    #expect(low.position?.tick == low.table?.lowestTick && low.offered.a == 0)
    let high = try Self.pool(atPrice: 1e9)
    #expect(high.position?.tick == high.table?.upperTick && high.offered.b == 0)
    #expect(low.offered.b > 0 && high.offered.a > 0)
    for pool in [inside, low, high] { #expect(pool.reserves == Self.deposit) }
  }

  @Test func refusals() throws {
    let empty = try Self.empty()
    for price in [0, -1, Double.infinity] {
      let error = PoolError.parameter(
        .outOfRange(name: "position", value: price, allowed: Domain.target))
      expectRefusal(error, empty) {
        try $0.found(Self.deposit, at: PoolTests.start, atPrice: price)
      }
      #expect(throws: error) { try Self.pool(atPrice: price) }
    }
    #expect(throws: PoolError.self) { try Self.pool(atPrice: .nan) }
    let none = PoolError.countOutOfRange(
      name: "lots of B", value: 0, allowed: 1...Domain.reserveLots.upperBound)
    expectRefusal(none, empty) { try $0.found(LotPair(a: 1, b: 0), at: PoolTests.start) }
    let late = PoolTests.later(-1)
    expectRefusal(.timeGoesBack(late, last: PoolTests.start), empty) {
      try $0.found(Self.deposit, at: late)
    }
  }

  /// A reform of the empty pool begins a surge, and founding ends it: as at first.
  @Test func foundingAgainBeginsWithoutASurge() throws {
    var pool = try Self.empty()
    #expect(pool.surgeRate(at: PoolTests.start) == 0)
    try pool.reform(OracleReading(price: 101, relativeSigma: 0.01), at: PoolTests.later(1))
    #expect(pool.surgeRate(at: PoolTests.later(1)) == 10e-4)
    try pool.found(Self.deposit, at: PoolTests.later(2))
    #expect(pool.surgeRate(at: PoolTests.later(2)) == 0)
    let order = try LotOrder(.buy, .amount(1_000_000_000))
    #expect(try pool.quote(order, at: PoolTests.later(2)).fee == 0)
    try pool.reform(OracleReading(price: 102, relativeSigma: 0.01), at: PoolTests.later(3))
    #expect(pool.surgeRate(at: PoolTests.later(3)) == 10e-4)
    #expect(try pool.quote(order, at: PoolTests.later(3)).fee > 0)
  }
}
