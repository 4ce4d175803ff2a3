import DAMMKernel
import DAMMModel
import DAMMPool

/// A pool that threads share, well or badly.
public protocol ThreadedPool: Sendable {
  /// The pool as it stands.
  var snapshot: Pool { get }
  /// Acts on the pool.
  func withPool<Result: Sendable>(
    _ action: (inout Pool) throws(PoolError) -> Result
  ) throws(PoolError) -> Result
  /// Carries an order out.
  func swap(_ order: LotOrder, at now: UTCTime) throws(PoolError) -> LotQuote
  /// What an order would do.
  func quote(_ order: LotOrder, at now: UTCTime) throws(PoolError) -> LotQuote
}

extension GuardedPool: ThreadedPool {}

/// Many threads on one pool: some quote on snapshots, one trades, others reform, add and remove liquidity or
/// ask a cache for tables. Each keeps books of its own; afterwards these must agree with the pool.
public struct PoolTraffic: Sendable {
  /// Rounds of each thread.
  public let rounds: Int
  /// Each thread draws from a generator of its own, all from this seed.
  public let seed: UInt64
  /// What the founder pays in.
  public static let deposit = LotPair(a: 3_000_000_000_000, b: 1_000_000_000)
  static let start = UTCTime(secondsSince1970: 1_700_000_000)
  /// A time that no thread lets the pool reach.
  static let end = UTCTime(secondsSince1970: 1_800_000_000)

  /// Traffic of so many rounds.
  public init(rounds: Int, seed: UInt64) {
    self.rounds = rounds
    self.seed = seed
  }

  /// Terms of the pool: with fees, a skew, a surge, and a policy.
  public static func terms(baseBps: Double = 5) throws -> PoolTerms {
    try PoolTerms(
      a: LotSize(decimals: 6, exponent: 0), b: LotSize(decimals: 18, exponent: 12),
      fees: FeeSchedule(
        baseBps: baseBps, skew: 0.05, minimumBps: 1, surgeBps: 20, surgeHalfLifeSeconds: 5),
      policy: ReformPolicy(deviationBps: 10, volatilityChange: 0.05))
  }

  /// A pool to share.
  public static func pool() throws -> Pool {
    try Pool(
      terms(), reading: OracleReading(price: 3000, relativeSigma: 0.01), at: start,
      deposit: deposit)
  }

  /// What must have happened for a run to say anything.
  public static let deeds = [
    "states seen", "quotes", "swaps", "reforms", "fair adds", "single-sided adds", "removes",
    "early exits", "claims", "tables",
  ]

  /// What one thread, or all of them, did and found.
  public struct Books: Sendable {
    /// Lots that went into the pool, less those that came out, fees included.
    public var paid = LotPair.zero
    /// Shares of the positions that are left.
    public var shares = 0
    /// How often something was done, by its name.
    public var done: [String: Int] = [:]
    /// What was wrong, in a sentence each.
    public var faults: [String] = []

    mutating func count(_ name: String) { done[name, default: 0] += 1 }
    mutating func demand(_ holds: Bool, _ what: @autoclosure () -> String) {
      if !holds, faults.count < 20 { faults.append(what()) }
    }
  }

  /// Lets all threads loose and says what they did; the last entries of `faults` compare their books with the
  /// pool.
  public func run(on shared: some ThreadedPool, cache: TableCache) -> Books {
    let before = shared.snapshot
    let roles: [@Sendable (inout Books, inout SplitMix64) throws -> Void] = [
      { try quote(shared, cache, &$0, &$1) }, { try quote(shared, cache, &$0, &$1) },
      { try quote(shared, cache, &$0, &$1) }, { try quote(shared, cache, &$0, &$1) },
      { try trade(shared, &$0, &$1) },
      { try reform(shared, &$0, &$1) }, { try reform(shared, &$0, &$1) },
      { try provide(shared, &$0, &$1) }, { try provide(shared, &$0, &$1) },
      { try askForTables(cache, &$0, &$1) }, { try askForTables(cache, &$0, &$1) },
    ]
    let all = onThreads(
      roles.enumerated().map { number, role in
        { @Sendable in
          var books = Books()
          var random = SplitMix64(seed: seed &+ UInt64(number) &* 0x1234_5678_9ABC_DEF1)
          do { try role(&books, &random) } catch {
            books.faults.append("thread \(number) ended with: \(error)")
          }
          return books
        }
      })
    var sum = Books()
    for books in all {
      sum.paid = sum.paid + books.paid
      sum.shares += books.shares
      sum.done.merge(books.done, uniquingKeysWith: +)
      sum.faults += books.faults
    }
    settle(sum.paid, sum.shares, before, shared.snapshot, &sum)
    return sum
  }

  /// The books against the pool, to the lot and the share.
  private func settle(
    _ paid: LotPair, _ shares: Int, _ before: Pool, _ after: Pool, _ books: inout Books
  ) {
    func held(_ pool: Pool) -> LotPair {
      pool.reserves + LotPair(a: pool.book.collected - pool.book.paid, b: 0)
    }
    books.demand(
      held(after) == held(before) + paid,
      "the pool holds \(held(after)), but \(held(before)) and \(paid) were paid in")
    books.demand(
      after.shares == before.shares + shares,
      "there are \(after.shares) shares, but \(before.shares) and \(shares) were made")
    books.demand(after.book.fees.isExact, "fees: \(after.book.fees)")
    do { try after.checkLaws() } catch { books.faults.append("the pool after all: \(error)") }
  }
}
