import DAMMModel

/// What a market has done since its last settlement: the only thing that it tells the pool.
public struct Settlement: Sendable, Hashable, Codable {
  /// Whose it is.
  public let market: MarketID
  /// That it is.
  public let key: MarketKey
  /// Its number in the market, from 1, without gaps.
  public let sequence: Int
  /// How often what is posted under this number was changed, after refusals.
  public let revision: Int
  /// Lots that the reserves get; those that they give are negative.
  public let flow: LotPair
  /// Lots of A in fees, for the shares.
  public let fee: Int
  /// Liquidity that was added or removed in the market, in its order.
  public let requests: [LiquidityRequest]
  /// Whether the market closes with it.
  public let isLast: Bool

  /// A settlement.
  public init(
    market: MarketID, key: MarketKey, sequence: Int, revision: Int = 0, flow: LotPair,
    fee: Int = 0, requests: [LiquidityRequest] = [], isLast: Bool = false
  ) {
    self.market = market
    self.key = key
    self.sequence = sequence
    self.revision = revision
    self.flow = flow
    self.fee = fee
    self.requests = requests
    self.isLast = isLast
  }

  /// Throws unless each number is one that a market may send; whether it is the right one, the pool knows.
  ///
  /// - Throws: `SharedPoolError.malformed` or `.pool`, that name the value.
  public func check() throws(SharedPoolError) {
    let most = Domain.reserveLots.upperBound
    try asShared { () throws(PoolError) in
      try Domain.check(sequence, "number of a settlement", in: 1...Int.max - 1)
      try Domain.check(revision, "revision of a settlement", in: 0...Int.max - 1)
      try Domain.check(flow.a, "flow of A in lots", in: -most...most)
      try Domain.check(flow.b, "flow of B in lots", in: -most...most)
      try Domain.check(fee, "fee in lots", in: 0...most)
      try Domain.check(
        requests.count, "requests of a settlement", in: Domain.settlementRequests)
    }
    for request in requests { try request.check() }
  }
}

/// Liquidity that is added or removed in a market; what comes of it, its settlement tells.
public enum LiquidityRequest: Sendable, Hashable, Codable {
  /// A fair add of as many shares as at most these lots pay for, into a new position or one of this market.
  case add(upTo: LotPair, into: PositionID?)
  /// A removal of shares from a position of this market.
  case remove(shares: Int, from: PositionID)

  /// Throws unless its numbers are possible.
  func check() throws(SharedPoolError) {
    try asShared { () throws(PoolError) in
      switch self {
      case .add(let maxima, _):
        try Domain.check(maxima.a, "most lots of A", in: Domain.reserveLots)
        try Domain.check(maxima.b, "most lots of B", in: Domain.reserveLots)
      case .remove(let shares, _):
        try Domain.check(shares, "shares to burn", in: Domain.shares)
      }
    }
  }
}

/// What came of a request for liquidity.
public enum LiquidityOutcome: Sendable, Hashable, Codable {
  /// Shares were made in a position for lots paid in; none of either where the lots did not pay for one.
  case added(position: PositionID?, shares: Int, paidIn: LotPair)
  /// Shares burned; lots of the reserves, and fees, paid out.
  case removed(shares: Int, paidOut: LotPair, fees: Int)
}

/// The pool's answer to a settlement: it was applied.
public struct SettlementReceipt: Sendable, Hashable, Codable {
  /// Whose.
  public let market: MarketID
  /// Which.
  public let sequence: Int
  /// In which revision.
  public let revision: Int
  /// What came of its requests, in their order.
  public let outcomes: [LiquidityOutcome]
  /// The health factor before it.
  public let healthBefore: Health
  /// And after.
  public let healthAfter: Health
  /// LP tokens of the outside pool that were redeemed for it.
  public let redeemed: Int
  /// What the market trades from until its next settlement.
  public let snapshot: PoolSnapshot

  package init(
    market: MarketID, sequence: Int, revision: Int = 0, outcomes: [LiquidityOutcome],
    healthBefore: Health,
    healthAfter: Health, redeemed: Int, snapshot: PoolSnapshot
  ) {
    self.market = market
    self.sequence = sequence
    self.revision = revision
    self.outcomes = outcomes
    self.healthBefore = healthBefore
    self.healthAfter = healthAfter
    self.redeemed = redeemed
    self.snapshot = snapshot
  }
}
