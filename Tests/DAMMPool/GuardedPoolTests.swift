import DAMMKernel
import DAMMModel
import DAMMOracle
import DAMMPool
import Testing
import TestSupport

/// A pool and a cache that threads share. `Tests/Threads` runs the same traffic under the thread sanitizer.
@Suite struct GuardedPoolTests {
  /// Eleven threads quote, trade, reform, provide liquidity and ask for tables; each quote is the swap on the
  /// snapshot's copy, and at the end no lot and no share is missing.
  @Test func trafficKeepsItsBooks() throws {
    let seed = RandomCurves.seed("trafficKeepsItsBooks", 7)
    let traffic = PoolTraffic(rounds: RandomCurves.runs(2000), seed: seed)
    let shared = GuardedPool(try PoolTraffic.pool())
    let books = traffic.run(on: shared, cache: TableCache(ticks: 2000))
    #expect(books.faults.isEmpty, "\(books.faults.joined(separator: "\n"))")
    for name in PoolTraffic.deeds {
      #expect(books.done[name, default: 0] > 0, "no \(name)")
    }
    // all leave, and nothing stays behind
    let end = UTCTime(secondsSince1970: 1_900_000_000)
    let out = try shared.withPool { (pool: inout Pool) throws(PoolError) -> LotPair in
      var out = LotPair.zero
      for id in pool.book.positionIDs {
        let shares = try pool.book.position(id).shares
        let removed = try pool.remove(shares: shares, from: id, at: end)
        out = out + removed.paidOut + LotPair(a: removed.fees, b: 0)
      }
      return out
    }
    let empty = shared.snapshot
    #expect(empty.isEmpty && empty.reserves == .zero)
    #expect(empty.book.collected == empty.book.paid)
    #expect(out == PoolTraffic.deposit + books.paid)
  }

  /// A snapshot is a value: what happens to the pool afterwards does not reach it.
  @Test func aSnapshotStays() throws {
    let shared = GuardedPool(try PoolTraffic.pool())
    let before = shared.snapshot
    let order = try LotOrder(.buy, .amount(1_000_000))
    let quote = try before.quote(order, at: before.time)
    #expect(try shared.swap(order, at: before.time) == quote)
    #expect(try before.quote(order, at: before.time) == quote)
    #expect(try shared.quote(order, at: before.time) != quote)
    let same = try PoolTraffic.pool()
    #expect(shared.snapshot != before && before == same)
  }

  /// An action that throws leaves what it did before, and gives the lock back.
  @Test func anActionThatThrows() throws {
    let shared = GuardedPool(try PoolTraffic.pool())
    let order = try LotOrder(.sell, .amount(1_000_000))
    var expected = shared.snapshot
    try expected.swap(order, at: expected.time)
    #expect(throws: PoolError.noSuchPosition(PositionID(7))) {
      try shared.withPool { (pool: inout Pool) throws(PoolError) in
        try pool.swap(order, at: pool.time)
        try pool.remove(shares: 1, from: PositionID(7), at: pool.time)
      }
    }
    #expect(shared.snapshot == expected)
    try shared.swap(order, at: expected.time)
  }

  /// What an action throws comes out as the type that it throws: a reading that cannot be made, another
  /// error of the caller's own, or none.
  @Test func errorsKeepTheirType() throws {
    struct Stopped: Error, Equatable {}
    let shared = GuardedPool(try PoolTraffic.pool())
    let before = shared.snapshot
    do throws(Stopped) {
      try shared.withPool { (_: inout Pool) throws(Stopped) -> Void in throw Stopped() }
      Issue.record("nothing was thrown")
    } catch { #expect(error == Stopped()) }
    #expect(throws: DAMMError.outOfRange(name: "price", value: 0, allowed: Domain.price)) {
      try shared.withPool { pool in
        try pool.reform(OracleReading(price: 0, relativeSigma: 0.01), at: pool.time)
      }
    }
    #expect(shared.snapshot == before)
    let shares = shared.withPool { $0.shares }
    #expect(shares == before.shares)
    let reformed = try shared.withPool { pool in
      try pool.reform(OracleReading(price: 3100, relativeSigma: 0.01), at: pool.time)
    }
    #expect(reformed && shared.snapshot.reading.price == 3100)
  }

  /// Whoever takes the lock twice is stopped with a reason instead of waiting for ever.
  @Test func theLockIsNotTakenTwice() async throws {
    await #expect(processExitsWith: .failure) {
      let shared = GuardedPool(try PoolTraffic.pool())
      try shared.withPool { (_: inout Pool) throws(PoolError) in _ = shared.snapshot }
    }
  }
}
