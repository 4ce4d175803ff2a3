import DAMMModel
import DAMMPool

/// What a walk asks of a book of fees: that of the pool, or one with a fault.
protocol FeeLedger: Equatable {
  var shares: Int { get }
  var lawHolds: Bool { get }
  var collected: Int { get }
  var paid: Int { get }
  mutating func collect(_ fee: Int) throws(PoolError)
  mutating func mint(_ count: Int, lock: Lock?) throws(PoolError) -> PositionID
  mutating func mint(_ count: Int, into id: PositionID, at now: UTCTime) throws(PoolError)
  mutating func burn(_ count: Int, from id: PositionID, at now: UTCTime) throws(PoolError) -> Int
  mutating func claim(from id: PositionID, at now: UTCTime) throws(PoolError) -> Int
  /// The fees that a position is paid by leaving early.
  mutating func leave(_ id: PositionID, at now: UTCTime) throws(PoolError) -> Int
  func owed(to id: PositionID) throws(PoolError) -> Int
}

extension ShareBook: FeeLedger {
  var lawHolds: Bool { fees.isExact && (try? check()) != nil }

  mutating func leave(_ id: PositionID, at now: UTCTime) throws(PoolError) -> Int {
    let foreseen = try earlyExit(of: id, at: now)
    let position = try position(id)
    let isLast = position.shares == shares
    let exit = try exitEarly(id, at: now)
    // what was foreseen or forfeited wrongly shows as a payment that no law knows
    let isRight =
      exit == foreseen && exit.shares == position.shares
      && exit.forfeitedFees == (isLast ? 0 : position.owed)
      && exit.vested == (isLast ? .whole : position.lock?.vested(at: now))
    return isRight ? exit.paidFees : .min
  }
}
