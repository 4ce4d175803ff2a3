import DAMMModel

/// Something that keeps a shared pool and does to it what `LedgerAction` has: the pool itself, or what stands
/// between it and those who act on it.
public protocol SharedLedger: Sendable {
  /// The pool as it stands.
  var pool: SharedPool { get }

  /// Does an action.
  ///
  /// - Throws: as the action's own method of `SharedPool`; nothing is changed then.
  mutating func apply(
    _ action: LedgerAction, at now: UTCTime
  ) throws(SharedPoolError) -> LedgerReceipt
}

extension SharedPool: SharedLedger {
  /// Itself.
  public var pool: SharedPool { self }
}
