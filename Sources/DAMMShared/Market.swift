import DAMMKernel
import DAMMModel

/// A market of a shared pool: it quotes and trades from what it knew of the pool at its last settlement, without
/// any call to it, and settles what came of that.
///
///     trading -> post -> (applied: trading | refused: stopped -> post ...)
///
/// From `post` to the answer nothing trades, and the same settlement may be posted as often as it takes: the pool
/// applies it once. A refused one stays in the book, and the market stops until it settles: when prices have come back, when
/// others have healed the pool, by paying in, or by cancelling what was asked of liquidity. What is posted then is
/// another revision under the same number; if a copy of an earlier one turns up late and is applied, its receipt says so,
/// and what has come since stays in the book.
///
/// A value; it knows no clock. Its state can be stored, `state`.
public struct Market<Pricing: MarketPricing>: Sendable {
  /// Its name.
  public let id: MarketID
  /// Its prices.
  public internal(set) var pricing: Pricing
  /// What it has done since its last settlement.
  public internal(set) var book: MarketBook
  /// What it knows of the pool.
  public internal(set) var snapshot: PoolSnapshot
  /// Whether it trades.
  public internal(set) var phase = MarketPhase.trading
  /// Shares of the positions that were made in it.
  public internal(set) var positions: [PositionID: Int] = [:]
  /// Whether orders end where a settlement would be refused, as far as the market knows; `true` by default.
  /// Without it a market may promise more than the pool will settle.
  public var keepsRoom = true
  let key: MarketKey
  let rules: PoolRules
  /// Liquidity with the own changes that are not settled.
  var liquidity: LotLiquidity
  var rooms = RoomCache()

  /// A market that was opened.
  ///
  /// - Parameters:
  ///   - id: its name.
  ///   - key: as it was opened with.
  ///   - founding: how the pool began.
  ///   - snapshot: the pool's answer.
  ///   - pricing: formed on the snapshot.
  /// - Throws: `SharedPoolError.pool` for a reference that cannot be formed.
  public init(
    _ id: MarketID, key: MarketKey, of founding: SharedPoolFounding, _ snapshot: PoolSnapshot,
    pricing: Pricing
  ) throws(SharedPoolError) {
    try asShared { () throws(PoolError) in try snapshot.check() }
    self.init(id, key: key, snapshot, pricing: pricing, rules: try SharedPool.rules(founding))
  }

  init(
    _ id: MarketID, key: MarketKey, _ snapshot: PoolSnapshot, pricing: Pricing, rules: PoolRules
  ) {
    self.id = id
    self.key = key
    self.rules = rules
    self.snapshot = snapshot
    self.pricing = pricing
    liquidity = snapshot.liquidity
    book = MarketBook(sequence: 1)
  }

  // MARK: Trading

  /// How much may still be traded before a settlement would be refused, as far as the market knows.
  ///
  /// - Complexity: constant after the first time since a settlement, and on the same UTC day, for prices that
  ///   retrace; else a search of some hundred quotes.
  public func room(at now: UTCTime) -> MarketRoom {
    if let known = rooms.room(on: now.day) { return known }
    return searchedRoom(at: now)
  }

  private func searchedRoom(at now: UTCTime) -> MarketRoom {
    MarketRoom(
      buy: .init(.buy, pricing, from: book.flow, snapshot, rules, at: now),
      sell: .init(.sell, pricing, from: book.flow, snapshot, rules, at: now))
  }

  /// What an order would do now: `swap` on a copy, the same numbers and refusals.
  ///
  /// - Throws: as `swap`.
  public func quote(_ order: LotOrder, at now: UTCTime) throws(SharedPoolError) -> MarketQuote {
    var copy = self
    return try copy.swap(order, at: now)
  }

  /// Carries an order out; what moved is settled later.
  ///
  /// - Returns: what moved, and how much more may.
  /// - Throws: `SharedPoolError.awaitsAnswer`, `.stopped`, `.pool` with the reason; nothing is changed then.
  @discardableResult
  public mutating func swap(
    _ order: LotOrder, at now: UTCTime
  ) throws(SharedPoolError) -> MarketQuote {
    let fill = try fill(order, at: now)
    let room = room(at: now)
    rooms = RoomCache(room, day: now.day)
    return MarketQuote(fill: fill, room: room)
  }

  /// Carries an order out without telling how much more may move, which takes longer than all else: for who
  /// asks only now and then.
  ///
  /// - Throws: as `swap`.
  @discardableResult
  public mutating func fill(
    _ order: LotOrder, at now: UTCTime
  ) throws(SharedPoolError) -> MarketFill {
    try checkTrading()
    try asShared { () throws(PoolError) in try Domain.checkPool(now, "time") }
    let before = keepsRoom ? room(at: now) : rooms.room(on: now.day)
    let most = keepsRoom ? before?[order.side].lots ?? 0 : Int.max
    var pricing = pricing
    let fill = try asShared { () throws(PoolError) in
      try pricing.trade(order, most: most, at: now)
    }
    var book = book
    try book.take(fill)
    let isAlong = pricing.retraces && !leavesExcess(order, fill, at: now)
    self.book = book
    self.pricing = pricing
    rooms = RoomCache()
    if isAlong, let before {
      // what a credit covers is another question behind a trade, and quickly answered
      let moved = before.moved(fill) { side in
        MarketRoom.Way.granted(side, pricing, from: book.flow, snapshot, at: now)
      }
      rooms = RoomCache(moved, day: now.day)
    }
    return fill
  }

  /// Whether the reserves keep more of A than the prices tell: what the last lot of B is worth beyond the A that
  /// was asked for.
  private func leavesExcess(_ order: LotOrder, _ fill: MarketFill, at now: UTCTime) -> Bool {
    guard order.side == .sell, case .notional = order.size else { return false }
    return fill.flow.a != -pricing.reach(.sell, fill.lots, at: now).moved
  }

  func checkTrading() throws(SharedPoolError) {
    switch phase {
    case .trading: return
    case .posted: throw .awaitsAnswer(id, sequence: book.sequence)
    case .stopped(_, let reason): throw .stopped(id, reason: reason)
    case .closed: throw .noSuchMarket(id)
    }
  }

  func checkNotPosted() throws(SharedPoolError) {
    switch phase {
    case .trading, .stopped: return
    case .posted: throw .awaitsAnswer(id, sequence: book.sequence)
    case .closed: throw .noSuchMarket(id)
    }
  }
}

/// What a market did for an order, and how much more it may.
public struct MarketQuote: Sendable, Hashable {
  /// What moved.
  public let fill: MarketFill
  /// How much more may move before a settlement would be refused.
  public let room: MarketRoom
}

/// Whether a market trades.
public enum MarketPhase: Sendable, Hashable, Codable {
  /// It does.
  case trading
  /// It waits for the answer to a settlement.
  case posted(Settlement)
  /// A settlement was refused, for this reason, and waits to be posted again.
  case stopped(Settlement, reason: String)
  /// It has settled for the last time.
  case closed
}

/// What a market has done since its last settlement, exact in lots.
public struct MarketBook: Sendable, Hashable, Codable {
  /// The number of its next settlement.
  public internal(set) var sequence: Int
  /// Lots that the reserves are to get; negative ones they are to give.
  public internal(set) var flow = LotPair.zero
  /// Fees in lots of A.
  public internal(set) var fee = 0
  /// How many orders moved something.
  public internal(set) var trades = 0
  /// Liquidity asked for, in its order.
  public internal(set) var requests: [LiquidityRequest] = []
  /// What was posted under this number and refused, before it was changed.
  public internal(set) var refused: [Settlement] = []

  init(sequence: Int) { self.sequence = sequence }

  /// Whether there is nothing to settle.
  public var isEmpty: Bool { flow == .zero && fee == 0 && requests.isEmpty }

  /// Adds what an order moved.
  mutating func take(_ fill: MarketFill) throws(SharedPoolError) {
    guard fill.lots > 0 || fill.fee > 0 else { return }
    let after = flow + fill.flow
    let most = Domain.reserveLots.upperBound
    try asShared { () throws(PoolError) in
      try Domain.check(after.a, "flow of A in lots", in: -most...most)
      try Domain.check(after.b, "flow of B in lots", in: -most...most)
      try Domain.check(fee + fill.fee, "fees of a market in lots", in: 0...most)
    }
    flow = after
    fee += fill.fee
    trades += 1
  }
}

/// The room that is known, and for which UTC day.
struct RoomCache: Sendable {
  private var known: MarketRoom?
  private var day = 0

  init() {}

  init(_ room: MarketRoom, day: Int) { (known, self.day) = (room, day) }

  func room(on day: Int) -> MarketRoom? { day == self.day ? known : nil }
}

extension MarketRoom {
  /// What is left of it behind a trade, of prices that retrace; never more than would be found.
  ///
  /// - Parameter granted: what the credit covers there.
  func moved(_ fill: MarketFill, granted: (Side) -> Int) -> MarketRoom {
    let lots = fill.side == .buy ? fill.lots : -fill.lots
    return MarketRoom(
      buy: buy.less(lots, granted: granted(.buy)), sell: sell.less(-lots, granted: granted(.sell)))
  }
}

extension MarketRoom.Way {
  fileprivate func less(_ lots: Int, granted: Int) -> Self {
    let left = max(0, self.lots - lots)
    return Self(lots: left, bound: bound, granted: min(left, granted))
  }
}
