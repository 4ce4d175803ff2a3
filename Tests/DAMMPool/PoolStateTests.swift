import DAMMModel
import DAMMOracle
import DAMMPool
import Foundation
import Testing

/// A stored state of a pool: what its fields may say.
@Suite struct PoolStateTests {
  static func pool(_ convention: SigmaConvention? = .proportional) throws -> Pool {
    let terms = try PoolTests.pool().terms
    let reading =
      if let convention {
        try OracleReading(
          price: 100, impliedVolatility: 0.8, horizonDays: 0.3, convention: convention)
      } else { try OracleReading(price: 100, relativeSigma: 0.01) }
    var pool = try Pool(
      terms, reading: reading, at: PoolTests.start, deposit: FoundingTests.deposit)
    try pool.reform(
      OracleReading(price: 101, impliedVolatility: 0.8, horizonDays: 0.3), at: PoolTests.later(10))
    try pool.swap(LotOrder(.buy, .amount(123_456_789)), at: PoolTests.later(20))
    if convention != .proportional { try pool.reform(reading, at: PoolTests.later(30)) }
    return pool
  }

  @Test(arguments: [SigmaConvention.proportional, .lognormalMoment, nil])
  func itReadsBack(_ convention: SigmaConvention?) throws {
    let pool = try Self.pool(convention)
    #expect(pool.reading.basis?.convention == convention)
    #expect(try StoredPool(pool).pool() == pool)
  }

  /// What a sigma follows from is there as a whole or not at all, and leads to it.
  @Test func theBasisOfSigma() throws {
    let pool = try Self.pool()
    let keys = ["impliedVolatility", "horizonDays", "convention"]
    for some in 1..<7 {
      var stored = try StoredPool(pool)
      for (bit, key) in keys.enumerated() where some >> bit & 1 == 1 {
        stored["reading", key] = nil
      }
      expectCorrupt("without \(some)") { try stored.pool() }
    }
    var without = try StoredPool(pool)
    for key in keys { without["reading", key] = nil }
    #expect(try without.pool().reading.basis == nil)
    let sigma = pool.reading.relativeSigma
    for (key, value) in [
      ("impliedVolatility", 5 as Any), ("horizonDays", 30), ("convention", "lognormal-moment"),
      ("impliedVolatility", 0.8 * (1 + 1e-12)),
    ] {
      var stored = try StoredPool(pool)
      stored["reading", key] = value
      expectCorrupt("\(key) \(value)") { try stored.pool() }
    }
    // a last bit that another libm rounds otherwise is no contradiction; that sigma is kept
    var rounded = try StoredPool(pool)
    rounded["reading", "relativeSigma"] = sigma.nextUp
    #expect(try rounded.pool().reading.relativeSigma == sigma.nextUp)
    rounded["reading", "relativeSigma"] = sigma * (1 + 4 * Domain.basisAgreement)
    expectCorrupt("sigma") { try rounded.pool() }
  }

  /// Times are those of a calendar and in order.
  @Test func times() throws {
    let pool = try Self.pool()
    let far: [Int64] = [-1, .min, .max, Domain.lastSecond + 1, 1_700_000_000_000]
    for key in ["formedAt", "surgeFrom", "time"] {
      for seconds in far {
        var stored = try StoredPool(pool)
        // the last there is, so that only a time before 1970 is in order
        stored["time"] = Domain.lastSecond
        stored[key] = seconds
        expectCorrupt("\(key) \(seconds)") { try stored.pool() }
      }
      var stored = try StoredPool(pool)
      stored[key] = pool.time.secondsSince1970 + (key == "time" ? -11 : 1)
      expectCorrupt("\(key) out of order") { try stored.pool() }
    }
    var last = try StoredPool(pool)
    last["time"] = Domain.lastSecond
    #expect(try last.pool().time.secondsSince1970 == Domain.lastSecond)
    for key in ["formedAt", "surgeFrom"] { last[key] = 0 }
    #expect(try last.pool().formedAt.secondsSince1970 == 0)
  }
}
