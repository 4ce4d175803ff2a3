import DAMMModel

/// Who owns which part of a pool, and the fees that belong to them: integers alone.
///
/// Shares are integers; `S` is their sum. Fees are lots of A and belong to the shares that exist when they
/// are collected, pro rata. The law, exact after every action:
///
///     collected = owed + paid + remainder
///
/// where `owed` sums the whole lots that each position could claim, and the remainder is what is not
/// divisible yet. Fees per share are an index in units of 2^-64 lots; what a division leaves, less than
/// `S` units, is carried to the next one, and so is the fraction of a lot of a position that leaves. A
/// position is therefore never credited more than its exact pro-rata share but for parts of those carries:
/// less than `S * 2^-64` lots each time that shares change, 2^-16 of a lot for the shares of a pool that
/// was just founded. It is short of its share by no more than those and the carry of the moment: where its
/// share is whole lots, the last of them may wait for a later fee, or for the last one to leave.
///
/// A book is a value. Reserves are not in it: `ShareAmounts` says what shares cost and pay. Nothing is
/// changed when an action throws.
public struct ShareBook: Sendable, Equatable {
  /// All shares, `S`; 0 for a pool that nobody has funded, or that all have left.
  public internal(set) var shares = 0
  /// Lots of A collected in the life of the pool, in `Domain.collectedFees`.
  public internal(set) var collected = 0
  /// Lots of A paid out of these.
  public internal(set) var paid = 0

  /// Collected, and not yet in the index: lots. It waits for somebody to need the index, because a swap
  /// should not divide.
  var pending = 0
  /// Fees a share has earned since the beginning, in units of 2^-64 lots, modulo 2^128. Only differences
  /// are read; those that a share of today has earned stay below `collected * 2^64 < 2^127`, whatever
  /// forfeited fees have passed through the index more than once.
  var index: UInt128 = 0
  /// Units that the index could not divide, fewer than `S`; 0 without shares.
  var carry: UInt128 = 0
  /// The next position's number.
  var nextNumber = 1
  var stakes: [PositionID: Stake] = [:]

  /// What the book knows of a position.
  struct Stake: Sendable, Equatable {
    /// At least 1.
    var shares: Int
    var lock: Lock?
    /// Units earned and not paid, up to `entry`.
    var accrued: UInt128
    /// The index up to which `accrued` counts.
    var entry: UInt128
  }

  /// A book without shares.
  public init() {}

  /// Adds fees that a swap has paid, for all shares of this moment.
  ///
  /// - Parameter fee: lots of A, not negative.
  /// - Throws: `PoolError.countOutOfRange` for a negative fee, `PoolError.empty` without shares,
  ///   `PoolError.overflow` beyond `Domain.collectedFees`.
  /// - Complexity: constant, two additions; neither a division nor memory.
  public mutating func collect(_ fee: Int) throws(PoolError) {
    try check(fee: fee)
    take(fee)
  }

  /// Throws unless a fee can be collected, as `collect` does.
  @inline(__always)
  func check(fee: Int) throws(PoolError) {
    let (sum, overflow) = collected.addingReportingOverflow(fee)
    guard fee >= 0, !overflow, sum <= Domain.collectedFees.upperBound, shares > 0 else {
      throw refusal(ofFee: fee)
    }
  }

  /// Adds a fee that has been checked.
  @inline(__always)
  mutating func take(_ fee: Int) {
    collected += fee
    pending += fee
  }

  @inline(never)
  private func refusal(ofFee fee: Int) -> PoolError {
    if fee < 0 { return .countOutOfRange(name: "fee in lots", value: fee, allowed: 0...Int.max) }
    if shares == 0 { return .empty }
    return .overflow(
      name: "fees collected in lots", amount: "\(collected) and \(fee)",
      allowed: "\(Domain.collectedFees.upperBound)")
  }
}

extension ShareBook {
  /// What anybody may know of a position.
  public struct Position: Sendable, Hashable {
    /// Its name.
    public let id: PositionID
    /// Its shares, at least 1.
    public let shares: Int
    /// Its lock; `nil` for a position that was never locked.
    public let lock: Lock?
    /// Whole lots of A in fees that belong to it and are not paid yet.
    public let owed: Int
  }

  /// How many positions there are.
  public var positionCount: Int { stakes.count }

  /// All names, the earliest first. Complexity: `n log n`.
  public var positionIDs: [PositionID] { stakes.keys.sorted() }

  /// A position. Throws `PoolError.noSuchPosition`.
  public func position(_ id: PositionID) throws(PoolError) -> Position {
    let stake = try stake(id)
    return Position(
      id: id, shares: stake.shares, lock: stake.lock, owed: try owed(to: id))
  }

  func stake(_ id: PositionID) throws(PoolError) -> Stake {
    guard let stake = stakes[id] else { throw .noSuchPosition(id) }
    return stake
  }

  /// The position, if it is free at that moment: never locked, or its lock is over.
  func freeStake(_ id: PositionID, at now: UTCTime) throws(PoolError) -> Stake {
    let stake = try stake(id)
    if let lock = stake.lock, !lock.isOver(at: now) { throw .locked(id, until: lock.end) }
    return stake
  }
}
