import DAMMKernel
import DAMMModel
import DAMMOracle
import DAMMPool
import DAMMShared

/// Markets on a shared pool, each with a tick curve of its own, which settle in turn.
struct SharedVenue: TickVenue {
  private var all: SettlingMarkets<TickPricing>
  private(set) var markets: [MarketReplayFigures]
  let units: LotUnits
  private let horizonDays: Double

  init(
    _ setup: ReplaySetup, _ markets: ReplayMarkets, at first: ReplayStep
  ) throws(ReplayError) {
    units = LotUnits(setup.terms.a, setup.terms.b)
    horizonDays = setup.horizonDays
    let reading = try setup.reading(first)
    let deposit = try setup.deposit(at: first.price)
    self.markets = Array(repeating: MarketReplayFigures(), count: markets.count)
    let reference = try asReplay { () throws(PoolError) in
      Reference.ticks(try setup.terms.withoutFees(), reading)
    }
    all = try asReplay { () throws(SharedPoolError) in
      let terms = try asShared { () throws(PoolError) in
        try SharedPoolTerms(
          a: setup.terms.a, b: setup.terms.b, reference: reference, limits: markets.limits)
      }
      return try SettlingMarkets(
        markets.count, on: SharedPool(terms, deposit: deposit, at: first.time), seed: setup.seed,
        settleEvery: markets.settleEvery, at: first.time
      ) { (snapshot, _) throws(PoolError) in
        try TickPricing(setup.terms, reading, on: snapshot, at: first.time)
      }
    }
  }

  var marketCount: Int { all.markets.count }
  func marginalPrice(_ market: Int) -> Double { all.markets[market].pricing.maker.marginalPrice }
  func lotCurve(_ market: Int) -> LotCurve? { all.markets[market].pricing.maker.curve }
  func oraclePrice(_ market: Int) -> Double { all.markets[market].pricing.reading.price }
  func marginal(_ market: Int, at now: UTCTime) -> TickMaker.Marginal? {
    all.markets[market].pricing.maker.marginal(at: now)
  }

  // MARK: Trading

  mutating func trade(
    _ order: Order, _ market: Int, at now: UTCTime
  ) throws(ReplayError) -> VenueFill? {
    guard all.isTrading(market),
      let order = try asReplay({ () throws(PoolError) in try units.order(order) })
    else { return nil }
    return try asReplay { () throws(SharedPoolError) in try take(order, market, at: now) }
  }

  mutating func arbitrage(
    to price: Double, cost: Double, _ market: Int, at now: UTCTime
  ) throws(ReplayError) -> VenueFill? {
    guard all.isTrading(market) else { return nil }
    return try asReplay { () throws(SharedPoolError) in
      let order = try asShared { () throws(PoolError) in
        try all.markets[market].pricing.arbitrage(against: price, at: now)
      }
      guard let order else { return nil }
      guard cost > 0 else { return try take(order, market, at: now) }
      let before = (all.markets[market], markets[market])
      guard let fill = try take(order, market, at: now), fill.taken(at: price) - fill.fee > cost
      else {
        (all.markets[market], markets[market]) = before
        return nil
      }
      return fill
    }
  }

  private mutating func take(
    _ order: LotOrder, _ market: Int, at now: UTCTime
  ) throws(SharedPoolError) -> VenueFill? {
    let done = try all.markets[market].fill(order, at: now)
    let fill = units.fill(
      order, amountIn: done.amountIn, amountOut: done.amountOut, fee: done.fee, stop: done.stop,
      left: done.left)
    markets[market].volume += fill.map { abs($0.a) } ?? 0
    markets[market].fees += fill?.fee ?? 0
    return fill
  }

  // MARK: Readings and settlements

  mutating func read(_ step: ReplayStep) throws(ReplayError) -> Int {
    guard all.markets[0].pricing.terms.policy != .manual else { return 0 }
    let reading = try step.reading(horizonDays: horizonDays)
    var reforms = 0
    for market in all.markets.indices where all.isTrading(market) {
      let reason = try asReplay { () throws(SharedPoolError) in
        try all.markets[market].update(reading, at: step.time)
      }
      reforms += reason == nil ? 0 : 1
    }
    return reforms
  }

  mutating func end(step: Int, isLast: Bool, at now: UTCTime) throws(ReplayError) {
    for market in all.markets.indices {
      if !all.isTrading(market) { markets[market].stoppedSteps += 1 }
      guard isLast || all.isDue(market, in: step) else { continue }
      let refusal = try asReplay { () throws(SharedPoolError) in
        try all.settle(market, at: now)
      }
      if refusal == nil { markets[market].applied += 1 } else { markets[market].refused += 1 }
    }
    for market in all.markets.indices { markets[market].price = marginalPrice(market) }
  }

  // MARK: The pool

  /// As if all had settled: who values the pool counts what its markets have traded.
  var reserves: LotPair { all.markets.reduce(all.pool.reserves) { $0 + $1.book.flow } }
  var shares: Int { all.pool.account.shares }
  var health: Double { all.pool.health.value }
  /// With its part of the fees that markets have not settled.
  func owed(to id: PositionID) -> Int {
    let open = all.markets.reduce(0) { $0 + $1.book.fee }
    return ((try? all.pool.owed(to: id)) ?? 0)
      + Int(Double(open) * Double(shares(of: id)) / Double(max(shares, 1)))
  }
  func shares(of id: PositionID) -> Int { (try? all.pool.owners?.book.position(id).shares) ?? 0 }

  mutating func add(
    shares: Int, lock: Lock?, at now: UTCTime
  ) throws(ReplayError) -> LiquidityAdded {
    try asReplay { () throws(SharedPoolError) in
      try all.pool.add(shares: shares, lock: lock, at: now)
    }
  }

  mutating func remove(_ id: PositionID, at now: UTCTime) throws(ReplayError) -> LiquidityRemoved {
    let shares = shares(of: id)
    return try asReplay { () throws(SharedPoolError) in
      try all.pool.remove(shares: shares, from: id, at: now)
    }
  }

  mutating func leaveEarly(_ id: PositionID, at now: UTCTime) throws(ReplayError) -> LeftEarly {
    try asReplay { () throws(SharedPoolError) in try all.pool.leaveEarly(id, at: now) }
  }
}
