import DAMMModel
import DAMMPool

/// Everything that may be done to a shared pool after its founding, as a ledger writes it down.
public enum LedgerAction: Sendable, Hashable, Codable {
  /// Opens a market.
  case open(market: MarketID, key: MarketKey)
  /// Applies what a market has done.
  case settle(Settlement)
  /// A fair add at the pool itself.
  case add(shares: Int, to: PositionID?, lock: Lock?, tokens: Int)
  /// A remove at the pool itself.
  case remove(shares: Int, from: PositionID)
  /// An exit before the end of a lock.
  case leaveEarly(PositionID)
  /// Pays fees out.
  case claimFees(PositionID)
  /// A gift to all shares.
  case payIn(LotPair)
  /// A credit in place of the one that a market has.
  case grant(LotPair, to: MarketID)
  /// What the outside pool is now.
  case observe(outside: LotPair, supply: Int)
  /// Redeems LP tokens.
  case redeem(Int)

  // names in JSON of what has none here
  enum SettleCodingKeys: String, CodingKey { case _0 = "settlement" }
  enum LeaveEarlyCodingKeys: String, CodingKey { case _0 = "position" }
  enum ClaimFeesCodingKeys: String, CodingKey { case _0 = "position" }
  enum PayInCodingKeys: String, CodingKey { case _0 = "lots" }
  enum GrantCodingKeys: String, CodingKey { case _0 = "credit", to }
  enum RedeemCodingKeys: String, CodingKey { case _0 = "tokens" }

  /// The markets whose accounts it reads or writes.
  public var markets: [MarketID] {
    switch self {
    case .open(let id, _), .grant(_, let id): return [id]
    case .settle(let settlement): return [settlement.market]
    default: return []
    }
  }

  /// Whether it reads or writes shares.
  public var touchesOwners: Bool {
    switch self {
    case .settle(let settlement): return !settlement.requests.isEmpty
    case .add, .remove, .leaveEarly, .claimFees: return true
    case .open, .payIn, .grant, .observe, .redeem: return false
    }
  }
}

/// What an action did.
public struct LedgerReceipt: Sendable, Hashable, Codable {
  /// When, in seconds since 1970, as the pool counted it.
  public let secondsSince1970: Int64
  /// Lots that came into the pool's hands, fees included; those that left are negative. What LP tokens
  /// brought is not among them.
  public let moved: LotPair
  /// The answer to a settlement.
  public let settlement: SettlementReceipt?
  /// What a market that was opened trades from.
  public let snapshot: PoolSnapshot?
  /// The position whose shares were made or burned.
  public let position: PositionID?
  /// Shares made; burned ones are negative.
  public let shares: Int
  /// Lots that LP tokens brought.
  public let redeemed: LotPair
  /// The health factor after it.
  public let health: Health

  /// The same with another answer to a settlement, or other lots.
  package func with(
    settlement: SettlementReceipt? = nil, moved: LotPair? = nil
  ) -> LedgerReceipt {
    LedgerReceipt(
      secondsSince1970: secondsSince1970, moved: moved ?? self.moved,
      settlement: settlement ?? self.settlement, snapshot: snapshot, position: position,
      shares: shares, redeemed: redeemed, health: health)
  }
}

extension SharedPool {
  /// What the founding of the pool did; of a pool that has just been founded.
  public var foundingReceipt: LedgerReceipt {
    LedgerReceipt(
      secondsSince1970: founding.secondsSince1970, moved: founding.deposit, settlement: nil,
      snapshot: nil, position: Self.founder, shares: account.shares, redeemed: .zero,
      health: health)
  }

  /// Does an action.
  ///
  /// - Throws: as the action's own method; nothing is changed then.
  public mutating func apply(
    _ action: LedgerAction, at now: UTCTime
  ) throws(SharedPoolError) -> LedgerReceipt {
    let before = account
    var (settled, opened): (SettlementReceipt?, PoolSnapshot?)
    var position: PositionID?
    var fees = 0
    switch action {
    case .open(let id, let key): opened = try open(id, key: key, at: now)
    case .settle(let settlement):
      settled = try settle(settlement, at: now)
      fees = settlement.fee
      for case .removed(_, _, let paid) in settled?.outcomes ?? [] { fees -= paid }
    case .add(let shares, let id, let lock, let tokens):
      position = try add(shares: shares, to: id, lock: lock, tokens: tokens, at: now).position
    case .remove(let shares, let id):
      fees = -(try remove(shares: shares, from: id, at: now).fees)
      position = id
    case .leaveEarly(let id):
      fees = -(try leaveEarly(id, at: now).fees)
      position = id
    case .claimFees(let id):
      fees = -(try claimFees(of: id, at: now))
      position = id
    case .payIn(let lots): try payIn(lots, at: now)
    case .grant(let credit, let id): try grant(credit, to: id, at: now)
    case .observe(let reserves, let supply):
      try observe(outside: reserves, supply: supply, at: now)
    case .redeem(let tokens): try redeem(tokens, at: now)
    }
    let redeemed = redeemedLots(since: before, by: action)
    return LedgerReceipt(
      secondsSince1970: account.secondsSince1970,
      moved: account.plain - before.plain - redeemed + LotPair(a: fees, b: 0),
      settlement: settled, snapshot: opened, position: position,
      shares: account.shares - before.shares, redeemed: redeemed, health: health)
  }

  /// Lots that left the outside pool with its LP tokens.
  private func redeemedLots(since before: PoolAccount, by action: LedgerAction) -> LotPair {
    if case .observe = action { return .zero }
    guard let was = before.outside, let outside = account.outside else { return .zero }
    return was.reserves - outside.reserves
  }
}
