import DAMMModel

/// A pool shared between threads: a lock around the value, the one way to share it.
///
/// Whoever reads more than one figure, or quotes much, takes a `snapshot` and asks that without the lock: a
/// copy of the value, made in well under a microsecond. Whoever trades does so inside `withPool`, whole or
/// not at all.
public final class GuardedPool: Sendable {
  private let pool: Guarded<Pool>

  /// Guards a pool; the caller's own copy is another pool from here on.
  public init(_ pool: Pool) { self.pool = Guarded(pool) }

  /// The pool as it stands, a value of the caller's own.
  public var snapshot: Pool { pool.withLock { $0 } }

  /// Acts on the pool while no other thread does. If `action` throws, what it did before stays done, as
  /// with a pool that is not shared: actions of `Pool` change nothing when they throw.
  ///
  /// - Parameter action: must not call this pool's `withPool` or `snapshot` itself.
  /// - Throws: what `action` throws, as the type that it throws.
  public func withPool<Result: Sendable, Failure>(
    _ action: (inout Pool) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try pool.withLock(action)
  }

  /// Carries an order out.
  ///
  /// - Throws: as `Pool.swap`.
  @discardableResult
  public func swap(_ order: LotOrder, at now: UTCTime) throws(PoolError) -> LotQuote {
    try withPool { pool throws(PoolError) in try pool.swap(order, at: now) }
  }

  /// What an order would do now.
  ///
  /// - Throws: as `Pool.quote`.
  public func quote(_ order: LotOrder, at now: UTCTime) throws(PoolError) -> LotQuote {
    try snapshot.quote(order, at: now)
  }
}
