import DAMMKernel
import DAMMModel
import DAMMOracle
import DAMMPool
import DAMMShared

/// Markets on a shared pool, each with a tick curve of its own, which settle in turn. One whose settlement is refused stands
/// still, and tries again when its turn comes.
struct SharedVenue: TickVenue {
  private var pool: SharedPool
  private var makers: [Market<TickPricing>]
  private(set) var markets: [MarketReplayFigures]
  let units: LotUnits
  private let settleEvery: Int
  private let horizonDays: Double

  init(
    _ setup: ReplaySetup, _ markets: ReplayMarkets, at first: ReplayStep
  ) throws(ReplayError) {
    units = LotUnits(setup.terms.a, setup.terms.b)
    settleEvery = markets.settleEvery
    horizonDays = setup.horizonDays
    let reading = try setup.reading(first)
    let deposit = try setup.deposit(at: first.price)
    self.markets = Array(repeating: MarketReplayFigures(), count: markets.count)
    let reference = try asReplay { () throws(PoolError) in
      Reference.ticks(try setup.terms.withoutFees(), reading)
    }
    (pool, makers) = try asReplay { () throws(SharedPoolError) in
      let terms = try asShared { () throws(PoolError) in
        try SharedPoolTerms(
          a: setup.terms.a, b: setup.terms.b, reference: reference, limits: markets.limits)
      }
      var pool = try SharedPool(terms, deposit: deposit, at: first.time)
      var keys = SplitMix(seed: setup.seed)
      var makers: [Market<TickPricing>] = []
      for number in 1...markets.count {
        let (id, key) = (try MarketID("market-\(number)"), MarketKey.random(using: &keys))
        try pool.open(id, key: key, at: first.time)
        let snapshot = try pool.snapshot(for: id)
        let pricing = try asShared { () throws(PoolError) in
          try TickPricing(setup.terms, reading, on: snapshot, at: first.time)
        }
        makers.append(try Market(id, key: key, of: pool.founding, snapshot, pricing: pricing))
      }
      return (pool, makers)
    }
  }

  var marketCount: Int { makers.count }
  func marginalPrice(_ market: Int) -> Double { makers[market].pricing.maker.marginalPrice }
  func curve(_ market: Int) -> Curve? { makers[market].pricing.maker.curve.current }
  func oraclePrice(_ market: Int) -> Double { makers[market].pricing.reading.price }
  func surge(_ market: Int, at now: UTCTime) -> Double {
    makers[market].pricing.maker.surgeRate(at: now)
  }

  // MARK: Trading

  mutating func trade(
    _ order: Order, _ market: Int, at now: UTCTime
  ) throws(ReplayError) -> VenueFill? {
    guard isTrading(market),
      let order = try asReplay({ () throws(PoolError) in try units.order(order) })
    else { return nil }
    return try asReplay { () throws(SharedPoolError) in try take(order, market, at: now) }
  }

  mutating func arbitrage(
    to price: Double, cost: Double, _ market: Int, at now: UTCTime
  ) throws(ReplayError) -> VenueFill? {
    guard isTrading(market) else { return nil }
    return try asReplay { () throws(SharedPoolError) in
      let order = try asShared { () throws(PoolError) in
        try makers[market].pricing.arbitrage(against: price, at: now)
      }
      guard let order else { return nil }
      guard cost > 0 else { return try take(order, market, at: now) }
      let before = (makers[market], markets[market])
      guard let fill = try take(order, market, at: now), fill.taken(at: price) - fill.fee > cost
      else {
        (makers[market], markets[market]) = before
        return nil
      }
      return fill
    }
  }

  private func isTrading(_ market: Int) -> Bool {
    if case .trading = makers[market].phase { true } else { false }
  }

  private mutating func take(
    _ order: LotOrder, _ market: Int, at now: UTCTime
  ) throws(SharedPoolError) -> VenueFill? {
    let done = try makers[market].fill(order, at: now)
    let fill = units.fill(
      order, amountIn: done.amountIn, amountOut: done.amountOut, fee: done.fee, stop: done.stop,
      left: done.left)
    markets[market].volume += fill.map { abs($0.a) } ?? 0
    markets[market].fees += fill?.fee ?? 0
    return fill
  }

  // MARK: Readings and settlements

  mutating func read(_ step: ReplayStep) throws(ReplayError) -> Int {
    guard makers[0].pricing.terms.policy != .manual else { return 0 }
    let reading = try step.reading(horizonDays: horizonDays)
    var reforms = 0
    for market in makers.indices where isTrading(market) {
      let reason = try asReplay { () throws(SharedPoolError) in
        try makers[market].update(reading, at: step.time)
      }
      reforms += reason == nil ? 0 : 1
    }
    return reforms
  }

  mutating func end(step: Int, isLast: Bool, at now: UTCTime) throws(ReplayError) {
    for market in makers.indices {
      if !isTrading(market) { markets[market].stoppedSteps += 1 }
      guard isLast || (step + market).isMultiple(of: settleEvery) else { continue }
      try asReplay { () throws(SharedPoolError) in try settle(market, at: now) }
    }
    for market in makers.indices { markets[market].price = marginalPrice(market) }
  }

  private mutating func settle(_ market: Int, at now: UTCTime) throws(SharedPoolError) {
    let settlement = try makers[market].post()
    let receipt: SettlementReceipt
    do throws(SharedPoolError) {
      receipt = try pool.settle(settlement, at: now)
    } catch {
      markets[market].refused += 1
      try makers[market].refused(error)
      return
    }
    try makers[market].applied(receipt)
    markets[market].applied += 1
  }

  // MARK: The pool

  /// As if all had settled: who values the pool counts what its markets have traded.
  var reserves: LotPair { makers.reduce(pool.reserves) { $0 + $1.book.flow } }
  var shares: Int { pool.account.shares }
  var health: Double { pool.health.value }
  /// With its part of the fees that markets have not settled.
  func owed(to id: PositionID) -> Int {
    let open = makers.reduce(0) { $0 + $1.book.fee }
    return ((try? pool.owed(to: id)) ?? 0)
      + Int(Double(open) * Double(shares(of: id)) / Double(max(shares, 1)))
  }
  func shares(of id: PositionID) -> Int { (try? pool.owners?.book.position(id).shares) ?? 0 }

  mutating func add(
    shares: Int, lock: Lock?, at now: UTCTime
  ) throws(ReplayError) -> LiquidityAdded {
    try asReplay { () throws(SharedPoolError) in
      try pool.add(shares: shares, lock: lock, at: now)
    }
  }

  mutating func remove(_ id: PositionID, at now: UTCTime) throws(ReplayError) -> LiquidityRemoved {
    let all = shares(of: id)
    return try asReplay { () throws(SharedPoolError) in
      try pool.remove(shares: all, from: id, at: now)
    }
  }

  mutating func leaveEarly(_ id: PositionID, at now: UTCTime) throws(ReplayError) -> LeftEarly {
    try asReplay { () throws(SharedPoolError) in try pool.leaveEarly(id, at: now) }
  }
}
