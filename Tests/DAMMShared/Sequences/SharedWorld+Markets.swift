import DAMMKernel
import DAMMModel
import DAMMPrices
import TestSupport

import DAMMShared

extension SharedWorld {
  mutating func trade(
    _ place: Int, _ side: Side, _ kind: SharedAction.Kind, _ size: Double
  ) throws(SharedViolation) -> Bool {
    let market = markets[place]
    let reserves = pool.reserves
    let order: LotOrder?
    switch kind {
    case .amount: order = try? LotOrder(side, .amount(lots(size, of: reserves.b)))
    case .notional: order = try? LotOrder(side, .notional(lots(size, of: reserves.a)))
    case .toPrice:
      order = try? LotOrder(
        side, .toPrice(market.price * (side == .buy ? 1 + size : 1 / (1 + size))))
    }
    guard let order else { return false }
    let quoted = attempt { () throws(SharedPoolError) in try market.quote(order, at: now) }
    let done = attempt { () throws(SharedPoolError) in try markets[place].swap(order, at: now) }
    try demand(.quoteIsSwap, quoted == done, "\(order): \(quoted), but \(done)")
    guard case .success(let quote) = done else {
      try demand(.refusalsChangeNothing, markets[place].isLike(market), "\(order): \(done)")
      return false
    }
    let fill = quote.fill
    paid = paid + fill.flow + LotPair(a: fill.fee, b: 0)
    try demand(
      .answers,
      fill.amountIn >= 0 && fill.amountOut >= 0 && fill.fee >= 0
        && (side == .buy ? fill.fee <= fill.amountIn : true),
      "\(order): \(fill)")
    if fill.lots > 0 { try checkRoom(place) }
    return fill.lots > 0
  }

  /// If nothing has happened since the market's last settlement, what it has traded settles.
  private func checkRoom(_ place: Int) throws(SharedViolation) {
    var market = markets[place]
    guard market.keepsRoom, seen[market.id] == version, market.book.requests.isEmpty else { return }
    var copy = ledger
    do throws(SharedPoolError) {
      _ = try copy.apply(.settle(market.post(isLast: false)), at: now)
    } catch {
      try demand(.room, false, "\(market.book): \(error)")
    }
  }

  mutating func changeMarket(_ action: SharedAction) throws(SharedViolation) -> Bool {
    let reserves = pool.reserves
    let before: any PoolMarket
    let done: Result<Bool, SharedPoolError>
    let number: Int
    switch action {
    case .addInMarket(let market, let size, let same):
      number = place(market)
      before = markets[number]
      let maxima = LotPair(a: lots(size, of: reserves.a), b: lots(size, of: reserves.b))
      let position = same ? before.positions.keys.min() : nil
      done = attempt { () throws(SharedPoolError) in
        try markets[number].add(upTo: maxima, into: position)
        return true
      }
    case .removeInMarket(let market, let size):
      number = place(market)
      before = markets[number]
      guard let position = before.positions.keys.min() else { return false }
      let shares = lots(size, of: before.positions[position]!)
      done = attempt { () throws(SharedPoolError) in
        try markets[number].remove(shares: shares, from: position)
        return true
      }
    case .cancel(let market):
      number = place(market)
      before = markets[number]
      done = attempt { () throws(SharedPoolError) in try !markets[number].cancelRequests().isEmpty }
    case .payInMarket(let market, let size):
      number = place(market)
      before = markets[number]
      let gift = LotPair(a: lots(size, of: reserves.a), b: lots(size, of: reserves.b))
      done = attempt { () throws(SharedPoolError) in
        try markets[number].payIn(gift)
        return true
      }
      if case .success = done { paid = paid + gift }
    case .reform(let market, let part):
      number = place(market)
      before = markets[number]
      guard let ticks = before as? Market<TickPricing>,
        let reading = try? OracleReading(
          price: setup.price * part, relativeSigma: ticks.pricing.reading.relativeSigma)
      else { return false }
      done = attempt { () throws(SharedPoolError) in try markets[number].take(reading, at: now) }
    default: return false
    }
    guard case .success(let did) = done else {
      try demand(.refusalsChangeNothing, markets[number].isLike(before), "\(action): \(done)")
      return false
    }
    return did
  }

  /// Behind the answer to a settlement.
  func checkLiquidity(_ market: any PoolMarket, _ receipt: SettlementReceipt)
    throws(SharedViolation)
  {
    let its = receipt.snapshot.liquidity
    if let ticks = market as? Market<TickPricing> {
      try demand(
        .liquidity, ticks.pricing.maker.curve.liquidity == its, "\(market.id) has another")
    } else if let apart = market as? Market<FunctionPricing<FeeHeldApart<ConstantProduct>>> {
      try checkLiquidity(apart.pricing.pool.reserves, its, market, feeBps: 0)
    } else if let inside = market as? Market<FunctionPricing<ConstantProduct>> {
      try checkLiquidity(
        inside.pricing.pool.reserves, its, market, feeBps: inside.pricing.pool.prices.feeBps)
    }
  }

  /// `sqrt(NA NB)`; fees in the reserves make it more.
  private func checkLiquidity(
    _ reserves: Reserves, _ its: LotLiquidity, _ market: any PoolMarket, feeBps: Double
  ) throws(SharedViolation) {
    let lot = setup.terms.a.tokens(1)
    let own = (reserves.a * reserves.b).squareRoot() / lot
    let slack = Tolerance.priceAmount.relative * Double(1000)
    try demand(
      .liquidity,
      own >= its.value * (1 - slack) && (feeBps > 0 || own <= its.value * (1 + slack)),
      "\(market.id) has \(own), the pool \(its.value)")
  }
}

extension PoolMarket {
  /// Whether all that can be seen of another is the same.
  func isLike(_ other: any PoolMarket) -> Bool {
    id == other.id && price == other.price && book == other.book && snapshot == other.snapshot
      && phase == other.phase && positions == other.positions
  }
}

/// An answer or a refusal, to compare.
func attempt<Answer>(
  _ action: () throws(SharedPoolError) -> Answer
) -> Result<Answer, SharedPoolError> {
  do throws(SharedPoolError) { return .success(try action()) } catch { return .failure(error) }
}
