import DAMMKernel
import DAMMModel
import DAMMOracle
import DAMMPool

/// A tick pool of its own.
struct PoolVenue: ReplayVenue, TickVenue {
  private(set) var pool: Pool
  let units: LotUnits
  private let horizonDays: Double

  init(_ setup: ReplaySetup, at first: ReplayStep) throws(ReplayError) {
    units = LotUnits(setup.terms.a, setup.terms.b)
    horizonDays = setup.horizonDays
    let deposit = try setup.deposit(at: first.price)
    let reading = try setup.reading(first)
    pool = try asReplay { () throws(PoolError) in
      try Pool(setup.terms, reading: reading, at: first.time, deposit: deposit)
    }
  }

  var marketCount: Int { 1 }
  var markets: [MarketReplayFigures] { [MarketReplayFigures()] }

  func marginalPrice(_ market: Int) -> Double { pool.marginalPrice ?? pool.reading.price }
  func lotCurve(_ market: Int) -> LotCurve? { pool.lotCurve }
  func oraclePrice(_ market: Int) -> Double { pool.reading.price }
  func marginal(_ market: Int, at now: UTCTime) -> TickMaker.Marginal? { pool.marginal(at: now) }

  mutating func trade(
    _ order: Order, _ market: Int, at now: UTCTime
  ) throws(ReplayError) -> VenueFill? {
    try asReplay { () throws(PoolError) in
      guard let order = try units.order(order) else { return nil }
      return try take(order, at: now)
    }
  }

  mutating func arbitrage(
    to price: Double, cost: Double, _ market: Int, at now: UTCTime
  ) throws(ReplayError) -> VenueFill? {
    try asReplay { () throws(PoolError) in
      guard let order = try pool.arbitrage(against: price, at: now) else { return nil }
      guard cost > 0 else { return try take(order, at: now) }
      var copy = self
      guard let fill = try copy.take(order, at: now), fill.taken(at: price) - fill.fee > cost else {
        return nil
      }
      self = copy
      return fill
    }
  }

  private mutating func take(_ order: LotOrder, at now: UTCTime) throws(PoolError) -> VenueFill? {
    let quote = try pool.swap(order, at: now)
    return units.fill(
      order, amountIn: quote.amountIn, amountOut: quote.amountOut, fee: quote.fee,
      stop: quote.stop, left: quote.left)
  }

  mutating func read(_ step: ReplayStep) throws(ReplayError) -> Int {
    guard pool.terms.policy != .manual else { return 0 }
    let reading = try step.reading(horizonDays: horizonDays)
    return try asReplay { () throws(PoolError) in
      try pool.update(reading, at: step.time) == nil ? 0 : 1
    }
  }

  mutating func end(step: Int, isLast: Bool, at now: UTCTime) {}

  var reserves: LotPair { pool.reserves }
  var shares: Int { pool.shares }
  var health: Double { 1 }
  func owed(to id: PositionID) -> Int { (try? pool.book.owed(to: id)) ?? 0 }
  func shares(of id: PositionID) -> Int { (try? pool.book.position(id).shares) ?? 0 }

  // MARK: Providers

  mutating func add(shares: Int, lock: Lock?, at now: UTCTime) throws(ReplayError)
    -> LiquidityAdded
  {
    try asReplay { () throws(PoolError) in try pool.add(shares: shares, lock: lock, at: now) }
  }

  mutating func remove(_ id: PositionID, at now: UTCTime) throws(ReplayError) -> LiquidityRemoved {
    try asReplay { () throws(PoolError) in
      try pool.remove(shares: pool.book.position(id).shares, from: id, at: now)
    }
  }

  mutating func leaveEarly(_ id: PositionID, at now: UTCTime) throws(ReplayError) -> LeftEarly {
    try asReplay { () throws(PoolError) in try pool.leaveEarly(id, at: now) }
  }
}

extension ReplaySetup {
  /// What the founder pays in: half of the capital each, at a price.
  func deposit(at price: Double) throws(ReplayError) -> LotPair {
    let deposit = LotPair(
      a: terms.a.wholeLots(capital / 2), b: terms.b.wholeLots(capital / 2 / price))
    try asReplay { () throws(PoolError) in
      try Domain.check(deposit.a, "capital in lots of A", in: Domain.orderLots)
      try Domain.check(deposit.b, "capital in lots of B", in: Domain.orderLots)
    }
    return deposit
  }

  /// The reading of a step.
  func reading(_ step: ReplayStep) throws(ReplayError) -> OracleReading {
    try step.reading(horizonDays: horizonDays)
  }
}

extension ReplayStep {
  /// What an oracle says then.
  func reading(horizonDays: Double) throws(ReplayError) -> OracleReading {
    try asReplay { () throws(DAMMError) in
      try OracleReading(
        price: price, impliedVolatility: impliedVolatility, horizonDays: horizonDays)
    }
  }
}
