import DAMM
import Foundation

// Many threads on one pool, under the thread sanitizer, which ends the program at the first race that it
// sees. With `--planted-race` the pool is one that is not quite guarded: then it must.

/// A pool as somebody in a hurry would share it: whoever acts or copies takes the lock, but before that the
/// time is looked at without it. Nothing comes of this race but the report.
final class CarelessPool: ThreadedPool, @unchecked Sendable {
  private let lock = NSLock()
  private var pool: Pool

  init(_ pool: Pool) { self.pool = pool }

  var snapshot: Pool {
    let seen = pool.time
    lock.lock()
    defer { lock.unlock() }
    precondition(pool.time >= seen)
    return pool
  }

  func withPool<Result: Sendable>(
    _ action: (inout Pool) throws(PoolError) -> Result
  ) throws(PoolError) -> Result {
    lock.lock()
    defer { lock.unlock() }
    return try action(&pool)
  }

  func swap(_ order: LotOrder, at now: UTCTime) throws(PoolError) -> LotQuote {
    try withPool { pool throws(PoolError) in try pool.swap(order, at: now) }
  }

  func quote(_ order: LotOrder, at now: UTCTime) throws(PoolError) -> LotQuote {
    try snapshot.quote(order, at: now)
  }
}

let traffic = PoolTraffic(rounds: RandomCurves.runs(400), seed: RandomCurves.seed("threads", 11))
let pool = try PoolTraffic.pool()
// room for less than the seven smallest of the tables that are asked for
let cache = TableCache(ticks: 2000)
let books =
  CommandLine.arguments.contains("--planted-race")
  ? traffic.run(on: CarelessPool(pool), cache: cache)
  : traffic.run(on: GuardedPool(pool), cache: cache)
print(books.done.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", "))
for fault in books.faults { print(fault) }
for name in PoolTraffic.deeds where books.done[name, default: 0] == 0 {
  print("no \(name): the test says nothing of them")
  exit(1)
}
exit(books.faults.isEmpty ? 0 : 1)
