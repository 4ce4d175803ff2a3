import DAMMModel

/// What an exit before the end of a lock does. The last position of a pool forfeits nothing: its `vested`
/// is the whole and its fees are paid.
public struct EarlyExit: Sendable, Hashable {
  /// Shares that burn: all of the position's.
  public let shares: Int
  /// The part of its reserves that is paid out; the rest stays with those who stay.
  public let vested: ExitFraction
  /// Fees that go to those who stay, in whole lots of A; a fraction of a lot beyond goes with them.
  public let forfeitedFees: Int
  /// Fees that are paid to the position, in lots of A: 0 unless it is the last.
  public let paidFees: Int
}

extension ShareBook {
  /// Makes shares in a new position.
  ///
  /// - Parameters:
  ///   - count: shares, at least 1; all shares together stay in `Domain.shares`.
  ///   - lock: a term for which they stay, or `nil`.
  /// - Returns: the position's name; names count up and are never used again.
  /// - Throws: `PoolError.countOutOfRange`; `PoolError.overflow` when names are used up.
  /// - Complexity: constant on average.
  public mutating func mint(_ count: Int, lock: Lock? = nil) throws(PoolError) -> PositionID {
    try checkMint(count)
    let (next, overflow) = nextNumber.addingReportingOverflow(1)
    guard !overflow else {
      throw .overflow(name: "number of a position", amount: "2^63", allowed: "\(Int.max)")
    }
    let id = PositionID(nextNumber)
    settleIndex()
    stakes[id] = Stake(shares: count, lock: lock, accrued: 0, entry: index)
    shares += count
    nextNumber = next
    return id
  }

  /// Makes shares in a position that is free: never locked, or its lock is over. They earn from now on.
  ///
  /// - Parameters:
  ///   - count: shares, at least 1; all shares together stay in `Domain.shares`.
  ///   - id: the position.
  ///   - now: the time.
  /// - Throws: `PoolError.countOutOfRange`, `PoolError.noSuchPosition`, `PoolError.locked`.
  /// - Complexity: constant.
  public mutating func mint(
    _ count: Int, into id: PositionID, at now: UTCTime
  ) throws(PoolError) {
    try checkMint(count)
    var stake = try freeStake(id, at: now)
    settleIndex()
    settle(&stake)
    stake.shares += count
    stakes[id] = stake
    shares += count
  }

  /// Burns shares of a free position, some or all. With the last of its shares the position goes and the
  /// fees that it is owed are paid; before, they stay its own, to be claimed.
  ///
  /// A fraction of a lot that a position leaves behind goes to those who stay.
  ///
  /// - Parameters:
  ///   - count: shares, from 1 to all that the position has.
  ///   - id: the position.
  ///   - now: the time.
  /// - Returns: fees paid, in lots of A: 0 while shares are left.
  /// - Throws: `PoolError.noSuchPosition`, `PoolError.locked`, `PoolError.countOutOfRange`.
  /// - Complexity: constant.
  public mutating func burn(
    _ count: Int, from id: PositionID, at now: UTCTime
  ) throws(PoolError) -> Int {
    _ = try feesPaid(burning: count, from: id, at: now)
    var stake = try stake(id)
    if count == stake.shares { return payOut(id, stake) }
    settleIndex()
    settle(&stake)
    stake.shares -= count
    stakes[id] = stake
    shares -= count
    settleIndex()
    return 0
  }

  /// What `burn` would pay in fees, or its refusal; changes nothing.
  public func feesPaid(
    burning count: Int, from id: PositionID, at now: UTCTime
  ) throws(PoolError) -> Int {
    let stake = try freeStake(id, at: now)
    try Domain.check(count, "shares to burn", in: 1...stake.shares)
    return count == stake.shares ? Int(unitsOnLeaving(stake) >> 64) : 0
  }

  /// Leaves a lock before its end. All shares of the position burn; its fees are forfeited to those who
  /// stay, pro rata to their shares, and it gets nothing of them.
  ///
  /// - Parameters:
  ///   - id: the position.
  ///   - now: the time.
  /// - Throws: `PoolError.noSuchPosition`; `PoolError.notLocked` for a free position, which is burned
  ///   instead.
  /// - Complexity: constant.
  public mutating func exitEarly(
    _ id: PositionID, at now: UTCTime
  ) throws(PoolError) -> EarlyExit {
    let exit = try earlyExit(of: id, at: now)
    var stake = try stake(id)
    if stake.shares == shares {
      _ = payOut(id, stake)
      return exit
    }
    settleIndex()
    settle(&stake)
    stakes[id] = nil
    shares -= stake.shares
    carry += stake.accrued
    settleIndex()
    return exit
  }

  /// What `exitEarly` would do, or its refusal; changes nothing.
  public func earlyExit(of id: PositionID, at now: UTCTime) throws(PoolError) -> EarlyExit {
    let stake = try stake(id)
    guard let lock = stake.lock, !lock.isOver(at: now) else { throw .notLocked(id) }
    let isLast = stake.shares == shares
    return EarlyExit(
      shares: stake.shares, vested: isLast ? .whole : lock.vested(at: now),
      forfeitedFees: isLast ? 0 : Int(earned(stake, upTo: settled().index).units >> 64),
      paidFees: isLast ? Int(unitsOnLeaving(stake) >> 64) : 0)
  }

  private func checkMint(_ count: Int) throws(PoolError) {
    // shares are at most 2^62, so that room for more may be none
    try Domain.check(count, "shares to make", in: 1...Int.max)
    guard count <= Domain.shares.upperBound - shares else {
      throw .overflow(
        name: "shares of the pool", amount: "\(shares) and \(count)",
        allowed: "\(Domain.shares.upperBound)")
    }
  }

  /// Units that a position takes along when it goes, of which whole lots are paid. The last one gets the carry
  /// too: with it, they are whole.
  private func unitsOnLeaving(_ stake: Stake) -> UInt128 {
    let (index, carry) = settled()
    return earned(stake, upTo: index).units + (stake.shares == shares ? carry : 0)
  }

  /// Removes a position, pays its fees and leaves the fraction of a lot to those who stay.
  private mutating func payOut(_ id: PositionID, _ stake: Stake) -> Int {
    var units = unitsOnLeaving(stake)
    settleIndex()
    if stake.shares == shares { carry = 0 }
    stakes[id] = nil
    shares -= stake.shares
    let lots = pay(&units)
    carry += units
    settleIndex()
    return lots
  }
}
