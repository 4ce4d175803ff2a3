import DAMMModel
import DAMMPool
import Testing

/// Locks as a pool takes them.
@Suite struct PoolLockTests {
  typealias Act = @Sendable (inout Pool, PositionID?, Lock) throws -> PositionID

  static let now = PoolTests.later(1000)

  static let adds: [Act] = [
    { pool, id, lock in try pool.add(shares: 1000, to: id, lock: lock, at: now).position },
    { pool, id, lock in
      let most = LotPair(a: 10_000, b: 100_000)
      return try pool.add(upTo: most, to: id, lock: lock, at: now).position
    },
    { pool, id, lock in
      try pool.addSingleSided(.a, lots: 100_000, to: id, lock: lock, at: now).added.position
    },
    { pool, id, lock in
      try pool.addSingleSided(.b, lots: 1_000_000, to: id, lock: lock, at: now).added.position
    },
  ]

  static func found(_ pool: inout Pool, _ lock: Lock) throws -> PositionID {
    try pool.found(FoundingTests.deposit, at: now, lock: lock).position
  }

  /// A term that began before, if by a second, or is over, is refused by all that make positions.
  @Test func aTermDoesNotBeginInThePast() throws {
    let terms: [(Int64, Int64)] = [(-1, 1), (-1_000_000, 1), (-1020, -10), (-1, 0)]
    let (pool, empty) = (try PoolTests.pool(), try FoundingTests.empty())
    for (start, end) in terms {
      let begins = PoolTests.later(1000 + start)
      let lock = try Lock(start: begins, end: PoolTests.later(1000 + end))
      let error = PoolError.lockStartsInThePast(begins, now: Self.now)
      for add in Self.adds { expectRefusal(error, pool) { try add(&$0, nil, lock) } }
      expectRefusal(error, empty) { try Self.found(&$0, lock) }
    }
    let past = try Lock(start: PoolTests.later(-1), end: PoolTests.later(9))
    #expect(throws: PoolError.lockStartsInThePast(PoolTests.later(-1), now: PoolTests.start)) {
      try PoolTests.pool(lock: past)
    }
  }

  /// One that begins now or later locks, and nothing is served when it begins.
  @Test(arguments: [0, 1, 500])
  func aTermAheadLocks(_ start: Int64) throws {
    let (pool, empty) = (try PoolTests.pool(), try FoundingTests.empty())
    let lock = try Lock(
      start: PoolTests.later(1000 + start), end: PoolTests.later(1001 + start))
    func check(_ before: Pool, _ make: (inout Pool) throws -> PositionID) throws {
      var pool = before
      let id = try make(&pool)
      #expect(try pool.book.position(id).lock == lock)
      expectRefusal(.locked(id, until: lock.end), pool) {
        try $0.remove(shares: 1, from: id, at: Self.now)
      }
    }
    for add in Self.adds { try check(pool) { try add(&$0, nil, lock) } }
    try check(empty) { try Self.found(&$0, lock) }
  }

  /// A position that is there is not locked, and a locked one does not grow.
  @Test func locksAreForNewPositions() throws {
    var pool = try PoolTests.pool()
    let own = try pool.add(shares: 1000, at: PoolTests.start).position
    let lock = try Lock(start: Self.now, end: PoolTests.later(2000))
    for add in Self.adds {
      expectRefusal(.locksAreForNewPositions(own), pool) { try add(&$0, own, lock) }
    }
    let locked = try pool.add(shares: 1000, lock: lock, at: Self.now).position
    expectRefusal(.locked(locked, until: lock.end), pool) {
      try $0.add(shares: 1, to: locked, at: Self.now)
    }
  }
}
