import DAMMModel

/// Where the fees are, in lots of A: `collected = owed + paid + remainder`.
///
/// Each is counted where it is kept; the remainder is the sum of all fractions and carries, not a
/// difference, so that `isExact` can be false.
public struct FeeBalance: Sendable, Hashable {
  /// All that swaps have paid.
  public let collected: Int
  /// The sum over positions of the whole lots that each could claim.
  public let owed: Int
  /// What was paid out.
  public let paid: Int
  /// Whole lots that fractions of lots and carries add up to: not divisible yet, fewer than there are
  /// positions and one.
  public let remainder: Int
  /// What the fractions and carries add up to beyond whole lots, in 2^-64 lots: 0 by the law.
  public let stray: UInt64

  /// Whether the law holds, to the last 2^-64 of a lot.
  public var isExact: Bool {
    let (rest, tooMuch) = collected.subtractingReportingOverflow(paid)
    let (kept, alsoTooMuch) = owed.addingReportingOverflow(remainder)
    return stray == 0 && !tooMuch && !alsoTooMuch && rest == kept
  }
}

extension ShareBook {
  /// Whole lots of A that belong to a position and are not paid yet, the latest fees included. Throws
  /// `PoolError.noSuchPosition`. Complexity: constant.
  public func owed(to id: PositionID) throws(PoolError) -> Int {
    Int(earned(try stake(id), upTo: settled().index).units >> 64)
  }

  /// Pays what is owed to a position, whole lots; the fraction of a lot beyond stays its own.
  ///
  /// A position earns while it is locked and claims when the lock is over: fees that could be claimed
  /// before could not be forfeited by leaving early.
  ///
  /// - Parameters:
  ///   - id: the position.
  ///   - now: the time.
  /// - Returns: lots of A, perhaps 0.
  /// - Throws: `PoolError.noSuchPosition`, `PoolError.locked`.
  /// - Complexity: constant.
  public mutating func claim(from id: PositionID, at now: UTCTime) throws(PoolError) -> Int {
    var stake = try freeStake(id, at: now)
    settleIndex()
    settle(&stake)
    let lots = pay(&stake.accrued)
    stakes[id] = stake
    return lots
  }

  /// Where the fees are. Complexity: the number of positions.
  public var fees: FeeBalance {
    let (index, carry) = settled()
    var owed = 0
    var rest = carry
    for stake in stakes.values {
      let units = earned(stake, upTo: index).units
      owed += Int(units >> 64)
      rest += units & UInt128(UInt64.max)
    }
    return FeeBalance(
      collected: collected, owed: owed, paid: paid, remainder: Int(rest >> 64),
      stray: UInt64(truncatingIfNeeded: rest))
  }

  /// Divides what is pending among all shares.
  mutating func settleIndex() {
    (index, carry) = settled()
    // without shares nothing is pending
    pending = 0
  }

  /// Index and carry with nothing pending: the index rises by the quotient of all units at hand and the
  /// shares, the carry is the remainder.
  func settled() -> (index: UInt128, carry: UInt128) {
    guard pending > 0 || carry >= UInt128(shares), shares > 0 else { return (index, carry) }
    // both parts are lots that were collected: below 2^126 units
    let units = UInt128(pending) << 64 + carry
    let (quotient, rest) = units.quotientAndRemainder(dividingBy: UInt128(shares))
    return (index &+ quotient, rest)
  }

  /// Units that a position has earned and that are not paid. There is no overflow but in a stored state
  /// that contradicts itself, because earnings are a part of what was collected.
  func earned(_ stake: Stake, upTo index: UInt128) -> (units: UInt128, overflow: Bool) {
    let (product, tooMuch) = (index &- stake.entry).multipliedReportingOverflow(
      by: UInt128(stake.shares))
    let (sum, alsoTooMuch) = product.addingReportingOverflow(stake.accrued)
    return (sum, tooMuch || alsoTooMuch)
  }

  /// Counts a position's earnings up to the index.
  func settle(_ stake: inout Stake) {
    stake.accrued = earned(stake, upTo: index).units
    stake.entry = index
  }

  /// Takes the whole lots out of units, as paid.
  mutating func pay(_ units: inout UInt128) -> Int {
    let lots = Int(units >> 64)
    units &= UInt128(UInt64.max)
    paid += lots
    return lots
  }
}
