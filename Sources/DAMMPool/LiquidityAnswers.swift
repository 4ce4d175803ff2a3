import DAMMModel

/// What a caller accepts of an add or a remove; without one of these, everything. Any numbers may be set: those
/// that nothing could meet refuse everything.
public struct LiquidityLimits: Sendable, Hashable {
  /// The fewest shares that an add must make; below 1 the same as 1.
  public let minimumShares: Int
  /// The most lots that an add may take from the caller. Of a single-sided add it counts the lots given less
  /// those that are left, not what the fair add behind the swap takes.
  public let maximumPaidIn: LotPair
  /// The least lots that a remove or an exit must pay out of the reserves; fees are not counted.
  public let minimumPaidOut: LotPair
  /// The last moment at which the action may be done; `nil` for none.
  public let deadline: UTCTime?

  /// Limits.
  public init(
    minimumShares: Int = 1,
    maximumPaidIn: LotPair = LotPair(a: .max, b: .max), minimumPaidOut: LotPair = .zero,
    deadline: UTCTime? = nil
  ) {
    self.minimumShares = minimumShares
    self.maximumPaidIn = maximumPaidIn
    self.minimumPaidOut = minimumPaidOut
    self.deadline = deadline
  }

  /// Everything is accepted.
  public static let none = LiquidityLimits()

  package func check(_ now: UTCTime) throws(PoolError) {
    if let deadline, now > deadline { throw .deadlinePassed(deadline, now: now) }
  }

  package func checkMade(_ shares: Int) throws(PoolError) {
    guard shares >= max(1, minimumShares) else {
      throw .tooFewShares(made: shares, minimum: max(1, minimumShares))
    }
  }

  package func checkPaidIn(_ lots: LotPair) throws(PoolError) {
    guard lots.a <= maximumPaidIn.a, lots.b <= maximumPaidIn.b else {
      throw .tooMuchAsked(lots, maximum: maximumPaidIn)
    }
  }

  package func checkPaidOut(_ lots: LotPair) throws(PoolError) {
    guard lots.a >= minimumPaidOut.a, lots.b >= minimumPaidOut.b else {
      throw .tooLittlePaid(lots, minimum: minimumPaidOut)
    }
  }
}

/// What an add did.
public struct LiquidityAdded: Sendable, Hashable {
  /// The position that holds the shares.
  public let position: PositionID
  /// Shares made.
  public let shares: Int
  /// Lots paid in.
  public let paidIn: LotPair

  /// An answer; made by the pools.
  package init(position: PositionID, shares: Int, paidIn: LotPair) {
    (self.position, self.shares, self.paidIn) = (position, shares, paidIn)
  }
}

/// What an add of one token did: a swap, then a fair add.
public struct SingleSidedAdded: Sendable, Hashable {
  /// The swap; none where the reserves needed none.
  public let swap: LotQuote?
  /// The fair add behind it.
  public let added: LiquidityAdded
  /// Lots that left the caller: those given less what is left of them, and none of the other token.
  public let paidIn: LotPair
  /// Lots of both tokens that are left of what was given and bought, for the caller: dust.
  public let left: LotPair
}

/// What a remove did.
public struct LiquidityRemoved: Sendable, Hashable {
  /// Lots of the reserves paid out.
  public let paidOut: LotPair
  /// Fees paid out with the last of the position's shares, in lots of A.
  public let fees: Int

  /// An answer; made by the pools.
  package init(paidOut: LotPair, fees: Int) { (self.paidOut, self.fees) = (paidOut, fees) }
}

/// What an exit before the end of a lock did.
public struct LeftEarly: Sendable, Hashable {
  /// Shares that burned: all of the position's.
  public let shares: Int
  /// Lots paid out of the reserves.
  public let refund: LotPair
  /// Lots that stay for those who stay; refund and penalty add up to what a remove would have paid.
  public let penalty: LotPair
  /// Fees that go to those who stay, in lots of A.
  public let forfeitedFees: Int
  /// Fees paid out, in lots of A: none unless nobody stays.
  public let fees: Int

  /// An answer; made by the pools.
  package init(shares: Int, refund: LotPair, penalty: LotPair, forfeitedFees: Int, fees: Int) {
    self.shares = shares
    self.refund = refund
    self.penalty = penalty
    self.forfeitedFees = forfeitedFees
    self.fees = fees
  }
}
