import DAMMModel
import DAMMPool

/// Who owns a shared pool: shares, locks and fees, and through which market a position is changed.
public struct PoolOwners: Sendable, Equatable, Codable {
  /// Shares and the fees that belong to them.
  public internal(set) var book = ShareBook()
  /// The markets of positions that were made in one; the others are changed at the pool itself. So each has one
  /// place where it is changed, and no two can promise the same shares.
  public internal(set) var homes: [PositionID: MarketID] = [:]

  init(founding shares: Int, lock: Lock?, at now: UTCTime) throws(SharedPoolError) {
    try asShared { () throws(PoolError) in
      try lock?.checkAhead(of: now)
      _ = try book.mint(shares, lock: lock)
    }
  }

  /// Throws unless a position is changed here.
  func check(_ id: PositionID, home: MarketID?) throws(SharedPoolError) {
    guard homes[id] == home else { throw .positionElsewhere(id, home: homes[id]) }
    _ = try asShared { () throws(PoolError) in try book.position(id) }
  }

  /// Forgets the home of a position that is gone.
  mutating func forget(_ id: PositionID) {
    if (try? book.position(id)) == nil { homes[id] = nil }
  }
}
