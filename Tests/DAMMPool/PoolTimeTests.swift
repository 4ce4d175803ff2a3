import DAMMModel
import DAMMPool
import Testing

/// The times that a pool takes: one wrong clock must not leave a pool that nobody can leave.
@Suite struct PoolTimeTests {
  typealias Act = @Sendable (inout Pool, UTCTime) throws -> Void

  static let actions: [(name: String, act: Act)] = [
    ("quote", { _ = try $0.quote(LotOrder(.buy, .amount(5)), at: $1) }),
    ("swap", { try $0.swap(LotOrder(.buy, .amount(5)), at: $1) }),
    ("add", { try $0.add(shares: 5, at: $1) }),
    ("add up to", { try $0.add(upTo: LotPair(a: 50, b: 500), at: $1) }),
    ("add A alone", { try $0.addSingleSided(.a, lots: 5000, at: $1) }),
    ("remove", { try $0.remove(shares: 5, from: LiquidityLimitsTests.free, at: $1) }),
    ("leave early", { try $0.leaveEarly(LiquidityLimitsTests.locked, at: $1) }),
    ("claim", { try $0.claimFees(of: LiquidityLimitsTests.free, at: $1) }),
    ("reform", { try $0.reform(OracleReading(price: 101, relativeSigma: 0.01), at: $1) }),
    ("update", { try $0.update(OracleReading(price: 101, relativeSigma: 0.01), at: $1) }),
    ("reparameterise", { try $0.reparameterise($0.terms, at: $1) }),
  ]

  static let outside: [Int64] = [
    Domain.lastSecond + 1, 1_700_000_000_000, .max, -1, .min,
  ]

  static func refusal(_ seconds: Int64) -> PoolError {
    .parameter(
      .outOfRange(
        name: "time in seconds since 1970", value: Double(seconds),
        allowed: Domain.secondsSince1970))
  }

  @Test func noActionTakesATimeOutsideTheCalendar() throws {
    let (pool, empty) = (try LiquidityLimitsTests.pool(), try FoundingTests.empty())
    for seconds in Self.outside {
      let (now, error) = (UTCTime(secondsSince1970: seconds), Self.refusal(seconds))
      for (_, act) in Self.actions { expectRefusal(error, pool) { try act(&$0, now) } }
      expectRefusal(error, empty) { try $0.found(FoundingTests.deposit, at: now) }
      #expect(throws: error) {
        try Pool(pool.terms, reading: pool.reading, at: now, deposit: FoundingTests.deposit)
      }
    }
  }

  @Test func timesDoNotGoBack() throws {
    let (pool, empty) = (try LiquidityLimitsTests.pool(), try FoundingTests.empty())
    let before = PoolTests.later(-1)
    let error = PoolError.timeGoesBack(before, last: PoolTests.start)
    for (_, act) in Self.actions { expectRefusal(error, pool) { try act(&$0, before) } }
    expectRefusal(error, empty) { try $0.found(FoundingTests.deposit, at: before) }
  }

  /// The ends of the calendar are times, and the time that an action was told is known behind it.
  @Test func theEndsAreTimes() throws {
    let end = UTCTime(secondsSince1970: Domain.lastSecond)
    #expect("\(end)" == "9999-12-31 23:59:59")
    let pool = try LiquidityLimitsTests.pool()
    for (name, act) in Self.actions where name != "leave early" {
      var copy = pool
      try act(&copy, end)
      #expect(
        copy.time == (["quote", "update", "reparameterise"].contains(name) ? pool.time : end))
    }
    let first = UTCTime(secondsSince1970: 0)
    let earliest = try Pool(
      pool.terms, reading: pool.reading, at: first, deposit: FoundingTests.deposit)
    #expect(earliest.time == first && earliest.formedAt == first)
  }
}
