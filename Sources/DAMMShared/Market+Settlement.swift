import DAMMKernel
import DAMMModel
import DAMMPool

extension Market {
  /// The settlement of all that is in the book; from now on the market waits for the answer.
  ///
  /// - Parameter isLast: whether the market closes with it.
  /// - Returns: what is to be posted; until it is answered always the same, whatever is asked.
  /// - Throws: `SharedPoolError.noSuchMarket` for a market that has closed.
  public mutating func post(isLast: Bool = false) throws(SharedPoolError) -> Settlement {
    var revision = 0
    switch phase {
    case .posted(let settlement): return settlement
    case .stopped(let settlement, _):
      guard !book.isWhatPosts(settlement) else {
        phase = .posted(settlement)
        return settlement
      }
      revision = settlement.revision + 1
      book.refused.append(settlement)
    case .trading: break
    case .closed: throw .noSuchMarket(id)
    }
    let settlement = Settlement(
      market: id, key: key, sequence: book.sequence, revision: revision, flow: book.flow,
      fee: book.fee, requests: book.requests, isLast: isLast)
    phase = .posted(settlement)
    return settlement
  }

  /// Takes the answer that a settlement was applied: the book begins anew, and the market's liquidity is that of
  /// the pool.
  ///
  /// Of an earlier revision, what has come into the book since stays there.
  ///
  /// - Throws: `SharedPoolError.notMyReceipt` for another settlement's; `.pool` where the prices cannot have the
  ///   pool's liquidity. Nothing is changed then.
  public mutating func applied(_ receipt: SettlementReceipt) throws(SharedPoolError) {
    guard case .posted(let posted) = phase, receipt.market == id,
      receipt.sequence == posted.sequence,
      let settlement = (book.refused + [posted]).first(where: { $0.revision == receipt.revision }),
      receipt.outcomes.count == settlement.requests.count
    else { throw .notMyReceipt(id, sequence: receipt.sequence) }
    try asShared { () throws(PoolError) in try receipt.snapshot.check() }
    var next = self
    try next.scale(to: receipt.snapshot.liquidity)
    for (request, outcome) in zip(settlement.requests, receipt.outcomes) {
      switch (request, outcome) {
      case (.add, .added(let position?, let shares, _)) where shares > 0:
        next.positions[position, default: 0] += shares
      case (.remove(_, let position), .removed(let shares, _, _)):
        let left = (next.positions[position] ?? 0) - shares
        next.positions[position] = left > 0 ? left : nil
      default: break
      }
    }
    next.snapshot = receipt.snapshot
    next.book = MarketBook(sequence: settlement.sequence + 1)
    next.book.flow = book.flow - settlement.flow
    next.book.fee = book.fee - settlement.fee
    next.phase = settlement.isLast ? .closed : .trading
    next.rooms = RoomCache()
    self = next
  }

  /// Takes the answer that a settlement was refused: it stays in the book, and the market stops.
  ///
  /// - Throws: `SharedPoolError.malformed` if none was posted.
  public mutating func refused(_ reason: some Error) throws(SharedPoolError) {
    guard case .posted(let settlement) = phase else {
      throw .malformed("no settlement of \(id) was posted")
    }
    phase = .stopped(settlement, reason: "\(reason)")
  }

  /// Takes lots into the book as a gift to the pool, so that a settlement may pass that would be refused, or
  /// was.
  ///
  /// - Parameter lots: not negative.
  /// - Throws: `SharedPoolError.awaitsAnswer`, `.pool` for another number; nothing is changed then.
  public mutating func payIn(_ lots: LotPair) throws(SharedPoolError) {
    try checkNotPosted()
    let most = Domain.reserveLots.upperBound
    let flow = try asShared { () throws(PoolError) in
      try Domain.check(lots.a, "lots of A to pay in", in: 0...most)
      try Domain.check(lots.b, "lots of B to pay in", in: 0...most)
      let flow = book.flow + lots
      try Domain.check(flow.a, "flow of A in lots", in: -most...most)
      try Domain.check(flow.b, "flow of B in lots", in: -most...most)
      return flow
    }
    book.flow = flow
    rooms = RoomCache()
  }

  // MARK: Liquidity

  /// Takes lots for shares of the pool: how many, the settlement tells, which makes as many as they pay for and
  /// gives the rest back. Until then the market's own liquidity grows as it would at the reserves that it
  /// knows of.
  ///
  /// - Parameters:
  ///   - maxima: lots that may be paid in.
  ///   - id: a position that was made here; a new one by default.
  /// - Throws: `SharedPoolError.awaitsAnswer`, `.stopped`, `.positionElsewhere`, `.pool` for a number outside its domain;
  ///   nothing is changed then.
  public mutating func add(upTo maxima: LotPair, into id: PositionID? = nil) throws(SharedPoolError)
  {
    if let id, positions[id] == nil { throw .positionElsewhere(id, home: nil) }
    try ask(.add(upTo: maxima, into: id))
  }

  /// Asks for shares to be burned; the settlement pays for them. Until then the market's own liquidity falls by
  /// their part.
  ///
  /// - Throws: `SharedPoolError.awaitsAnswer`, `.stopped`, `.positionElsewhere`, `.pool` for more shares than the position has;
  ///   nothing is changed then.
  public mutating func remove(shares: Int, from position: PositionID) throws(SharedPoolError) {
    guard let own = positions[position] else { throw .positionElsewhere(position, home: nil) }
    var asked = 0
    for case .remove(let shares, position) in book.requests { asked += shares }
    try asShared { () throws(PoolError) in
      try Domain.check(shares, "shares to burn", in: 1...max(1, own - asked))
      guard own > asked else { throw .noSuchPosition(position) }
    }
    try ask(.remove(shares: shares, from: position))
  }

  /// Takes back what was asked of liquidity and has not been settled; once it was posted, removals alone.
  ///
  /// - Returns: the requests that were taken back.
  /// - Throws: `SharedPoolError.awaitsAnswer`; nothing is changed then.
  @discardableResult
  public mutating func cancelRequests() throws(SharedPoolError) -> [LiquidityRequest] {
    try checkNotPosted()
    var next = self
    next.book.requests = book.requests.filter { request in
      // a copy of what was posted may still be applied, and then takes what was paid in for shares
      if case .stopped = phase, case .add = request { return true }
      return false
    }
    try next.scale(to: next.expectedLiquidity())
    next.rooms = RoomCache()
    let requests = book.requests.filter { !next.book.requests.contains($0) }
    self = next
    return requests
  }

  private mutating func ask(_ request: LiquidityRequest) throws(SharedPoolError) {
    try checkTrading()
    try request.check()
    try asShared { () throws(PoolError) in
      try Domain.check(
        book.requests.count + 1, "requests of a settlement", in: Domain.settlementRequests)
    }
    var next = self
    next.book.requests.append(request)
    try next.scale(to: next.expectedLiquidity())
    next.rooms = RoomCache()
    self = next
  }

  /// The pool's liquidity as it was known, with the own requests done as the pool would, at the reserves that
  /// are known.
  private func expectedLiquidity() -> LotLiquidity {
    var (liquidity, shares) = (snapshot.liquidity, snapshot.shares)
    var reserves = snapshot.reserves + book.flow
    for request in book.requests {
      let (change, after): (LotPair, Int)
      switch request {
      case .add(let maxima, _):
        guard
          let made = try? ShareAmounts.affordable(with: maxima, reserves: reserves, shares: shares),
          let cost = try? ShareAmounts.addCost(of: made, reserves: reserves, shares: shares)
        else { continue }
        (change, after) = (cost, shares + made)
      case .remove(let burned, _):
        guard burned < shares,
          let paid = try? ShareAmounts.removePay(of: burned, reserves: reserves, shares: shares)
        else { continue }
        (change, after) = (.zero - paid, shares - burned)
      }
      liquidity = liquidity.scaled(by: UInt128(after), over: UInt128(shares))
      (shares, reserves) = (after, reserves + change)
    }
    return liquidity
  }

  private mutating func scale(to other: LotLiquidity) throws(SharedPoolError) {
    guard other != liquidity else { return }
    let before = liquidity
    var pricing = pricing
    try asShared { () throws(PoolError) in try pricing.scale(to: other, from: before) }
    self.pricing = pricing
    liquidity = other
  }
}

extension MarketBook {
  /// Whether a settlement says what is in the book.
  func isWhatPosts(_ settlement: Settlement) -> Bool {
    settlement.flow == flow && settlement.fee == fee && settlement.requests == requests
  }
}
