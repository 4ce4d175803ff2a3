import DAMMModel

/// What an outsider may do to a shared pool; markets by their place.
enum SharedAuditKind: Sendable, Equatable {
  /// An order that fixes a token, and whether the market settles at once.
  case trade(Int, Side, Token, settles: Bool)
  case settle(Int)
  case addTo(Int)
  /// Takes all liquidity out that was added in a market.
  case leave(Int)
  case reading(Int, Double)
  case add, remove, payIn, replay, wait

  /// Those of a scope.
  static func all(_ scope: SharedAuditScope, markets: Int) -> [SharedAuditKind] {
    var kinds: [SharedAuditKind] = []
    for market in 0..<markets {
      for side in Side.allCases {
        for token in [Token.b, .a] {
          kinds.append(.trade(market, side, token, settles: true))
          if token == .b { kinds.append(.trade(market, side, token, settles: false)) }
        }
      }
      kinds.append(.settle(market))
      if scope.liquidity != .none { kinds += [.addTo(market), .leave(market)] }
    }
    if scope.liquidity != .none { kinds += [.add, .remove] }
    if scope.gifts { kinds.append(.payIn) }
    if scope.replays { kinds.append(.replay) }
    if scope.waits { kinds.append(.wait) }
    return kinds + scope.readings.map { .reading(0, $0) }
  }

  /// How the auditor names it.
  var action: AuditAction {
    func lots(_ name: String) -> AuditAction.Amount {
      AuditAction.Amount("lots of \(name)", grain: 1)
    }
    func at(_ market: Int) -> String { "on market \(market + 1)" }
    let shares = AuditAction.Amount("shares", grain: 1)
    switch self {
    case .trade(let market, let side, let token, let settles):
      let name =
        "\(side), exact \((side == .buy) == (token == .b) ? "out" : "in"), \(at(market))"
        + (settles ? ", settled" : "")
      return AuditAction(
        name, settles ? .trade : .other, lots(token == .a ? "A" : "B"))
    case .settle(let market): return AuditAction("settle market \(market + 1)", .other)
    case .addTo(let market): return AuditAction("add \(at(market))", .deposit, lots("A"))
    case .leave(let market):
      return AuditAction("remove all \(at(market)), settled", .withdrawal)
    case .reading(let market, let change):
      return AuditAction("reading \(at(market)): price times \(1 + change)", .other)
    case .add: return AuditAction("add", .deposit, shares)
    case .remove: return AuditAction("remove", .withdrawal, shares)
    case .payIn: return AuditAction("pay in", .other, lots("A"), lots("B"))
    case .replay: return AuditAction("send the last settlement again", .other)
    case .wait:
      return AuditAction(
        "wait", .other, AuditAction.Amount("seconds", grain: 1, isExtensive: false))
    }
  }
}

extension AuditedSharedPool {
  /// Does an action; `SharedPoolError` as pool and markets throw it, and nothing has changed then.
  public mutating func perform(
    _ action: Int, _ amounts: AuditAmounts
  ) throws(SharedPoolError) {
    var next = self
    try next.act(kinds[action], amounts)
    next.hasBegun = true
    self = next
  }

  private mutating func act(
    _ kind: SharedAuditKind, _ amounts: AuditAmounts
  ) throws(SharedPoolError) {
    func lots(_ amount: Double) -> Int { Int(exactly: amount.rounded()) ?? .max }
    switch kind {
    case .trade(let place, let side, let token, let settles):
      let count = lots(amounts.first)
      let order = try asShared { () throws(PoolError) in
        try LotOrder(
          side, token == .b ? .amount(count) : .notional(count), limit: limit(place, side))
      }
      let now = now
      try change(place) { (market) throws(SharedPoolError) in try market.fill(order, at: now) }
      if settles { try settle(place) }
    case .settle(let place): try settle(place)
    case .addTo(let place):
      try settleAll()
      let reserves = ledger.pool.reserves
      let (a, most) = (lots(amounts.first), Domain.reserveLots.upperBound)
      // as much of B as belongs to it, rounded up
      let b = Double(a) * Double(reserves.b) / Double(max(1, reserves.a))
      let maxima = LotPair(a: a, b: Int(min(b.rounded(.up) + 1, Double(most))))
      try change(place) { (market) throws(SharedPoolError) in
        try market.add(upTo: maxima, into: nil)
      }
      if scope.liquidity == .settled { try settle(place) }
      try settleAll()
    case .leave(let place):
      try settleAll()
      try leave(place)
      try settleAll()
    case .reading(let place, let part): try read(place, part)
    case .add:
      try settleAll()
      let receipt = try ledger.apply(
        .add(shares: lots(amounts.first), to: nil, lock: nil, tokens: 0), at: now)
      if let id = receipt.position { positions.append(id) }
      try settleAll()
    case .remove:
      guard let id = positions.first else { throw .pool(.empty) }
      try settleAll()
      _ = try ledger.apply(.remove(shares: lots(amounts.first), from: id), at: now)
      if (try? ledger.pool.owners?.book.position(id)) == nil { positions.removeFirst() }
      try settleAll()
    case .payIn:
      _ = try ledger.apply(
        .payIn(LotPair(a: lots(amounts.first), b: lots(amounts.second))), at: now)
    case .replay:
      guard let settled else { throw .malformed("no settlement yet") }
      _ = try ledger.apply(.settle(settled), at: now)
    case .wait:
      now = UTCTime(secondsSince1970: now.secondsSince1970 + Int64(min(amounts.first, 1e9)))
    }
  }

  /// Where trades of a market end.
  private func limit(_ place: Int, _ side: Side) -> Double? {
    scope.priceMove.map { firstPrices[place] * (side == .buy ? 1 + $0 : 1 / (1 + $0)) }
  }

  private mutating func change<Answer>(
    _ place: Int, _ body: (inout any PoolMarket) throws(SharedPoolError) -> Answer
  ) throws(SharedPoolError) {
    var market = markets[place]
    _ = try body(&market)
    markets[place] = market
  }

  private mutating func settle(_ place: Int) throws(SharedPoolError) {
    var market = markets[place]
    let settlement = try market.post(isLast: false)
    let receipt = try ledger.apply(.settle(settlement), at: now)
    guard let answer = receipt.settlement else { throw .malformed("no answer to a settlement") }
    try market.applied(answer)
    markets[place] = market
    if settlement.flow != .zero { settled = settlement }
  }

  /// Where liquidity changes only so: all markets settle.
  private mutating func settleAll() throws(SharedPoolError) {
    guard scope.liquidity == .settled else { return }
    for place in markets.indices { try settle(place) }
  }

  private mutating func leave(_ place: Int) throws(SharedPoolError) {
    if !markets[place].book.requests.isEmpty { try settle(place) }
    let own = markets[place].positions
    guard !own.isEmpty else { throw .pool(.empty) }
    for id in own.keys.sorted() {
      try change(place) { (market) throws(SharedPoolError) in
        try market.remove(shares: own[id] ?? 0, from: id)
      }
    }
    try settle(place)
  }

  private mutating func read(_ place: Int, _ part: Double) throws(SharedPoolError) {
    guard readingsLeft > 0, let ticks = markets[place] as? Market<TickPricing> else {
      throw .malformed("no more readings")
    }
    let last = ticks.pricing.reading
    let reading = try asShared { () throws(PoolError) in
      do throws(DAMMError) {
        return try OracleReading(price: last.price * (1 + part), relativeSigma: last.relativeSigma)
      } catch {
        throw .parameter(error)
      }
    }
    let now = now
    try change(place) { (market) throws(SharedPoolError) in try market.take(reading, at: now) }
    readingsLeft -= 1
  }
}
