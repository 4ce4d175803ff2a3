import DAMMKernel
import DAMMModel
import DAMMPool

extension Market where Pricing: Codable {
  /// All that a market is, but for what follows from how its pool began: to be stored.
  public struct State: Codable, Sendable {
    let id: MarketID
    let key: MarketKey
    let pricing: Pricing
    let book: MarketBook
    let snapshot: PoolSnapshot
    let phase: MarketPhase
    let positions: [PositionID: Int]
    let keepsRoom: Bool
    let liquidity: LotLiquidity
  }

  /// What it is now.
  public var state: State {
    State(
      id: id, key: key, pricing: pricing, book: book, snapshot: snapshot, phase: phase,
      positions: positions, keepsRoom: keepsRoom, liquidity: liquidity)
  }

  /// A market as it was stored.
  ///
  /// - Throws: `SharedPoolError.malformed` for a state that contradicts itself, `.pool` for a reference that cannot
  ///   be formed.
  public init(_ state: State, of founding: SharedPoolFounding) throws(SharedPoolError) {
    try state.book.check()
    try asShared { () throws(PoolError) in
      try state.snapshot.check()
      for shares in state.positions.values {
        try Domain.check(shares, "shares of a position", in: Domain.shares)
      }
    }
    self.init(
      state.id, key: state.key, state.snapshot, pricing: state.pricing,
      rules: try SharedPool.rules(founding))
    switch state.phase {
    case .posted(let settlement):
      guard state.book.isWhatPosts(settlement) else {
        throw .malformed("the settlement that \(id) has posted is not what is in its book")
      }
      try checkOwn([settlement], state.book)
    case .stopped(let settlement, _): try checkOwn([settlement], state.book)
    case .trading, .closed: break
    }
    try checkOwn(state.book.refused, state.book)
    book = state.book
    phase = state.phase
    positions = state.positions
    keepsRoom = state.keepsRoom
    liquidity = state.liquidity
  }

  /// Throws unless settlements are of this market, under the number of its book.
  private func checkOwn(_ settlements: [Settlement], _ book: MarketBook) throws(SharedPoolError) {
    for settlement in settlements {
      try settlement.check()
      guard settlement.market == id, settlement.key == key, settlement.sequence == book.sequence
      else { throw .malformed("a settlement of \(settlement.market) in the book of \(id)") }
    }
  }
}

extension Market where Pricing == TickPricing {
  /// Forms the curve anew around a reading, with scales from the reserves that the market knows of.
  ///
  /// - Returns: whether the curve was formed anew: not with the reading that it has.
  /// - Throws: `SharedPoolError.awaitsAnswer`, `.pool` as a pool's reform; nothing is changed then.
  @discardableResult
  public mutating func reform(
    _ reading: OracleReading, at now: UTCTime
  ) throws(SharedPoolError) -> Bool {
    try checkNotPosted()
    guard !reading.formsLike(pricing.reading) else { return false }
    var maker = pricing.maker
    try asShared { () throws(PoolError) in
      try Domain.checkPool(now, "time")
      try maker.form(maker.terms, reading, reserves: knownReserves, at: now)
    }
    pricing.maker = maker
    rooms = RoomCache()
    return true
  }

  /// Forms the curve anew around a reading if the policy of the market says so.
  ///
  /// - Returns: why it reformed; `nil` if it did not, and then nothing has changed.
  /// - Throws: as `reform`.
  @discardableResult
  public mutating func update(
    _ reading: OracleReading, at now: UTCTime
  ) throws(SharedPoolError) -> ReformPolicy.Reason? {
    guard let reason = pricing.maker.reasonToReform(reading, at: now) else { return nil }
    return try reform(reading, at: now) ? reason : nil
  }

  /// The pool's reserves as they were known, with what this market has moved since.
  private var knownReserves: LotPair {
    let lots = snapshot.reserves + book.flow - snapshot.otherCredits
    return LotPair(a: max(0, lots.a), b: max(0, lots.b))
  }
}
