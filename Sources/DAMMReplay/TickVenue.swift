import DAMMKernel
import DAMMModel
import DAMMPool

/// A venue whose markets trade on tick curves in lots, and whose pool has owners.
protocol TickVenue: ReplayVenue {
  var units: LotUnits { get }
  /// The curve of a market.
  func lotCurve(_ market: Int) -> LotCurve?
  /// What it is formed around, A per B.
  func oraclePrice(_ market: Int) -> Double
  /// What the smallest trades meet there.
  func marginal(_ market: Int, at now: UTCTime) -> TickMaker.Marginal?
  /// What the pool has, with what its markets have not settled.
  var reserves: LotPair { get }
  var shares: Int { get }
  /// Settlements of each market.
  var markets: [MarketReplayFigures] { get }
  func owed(to id: PositionID) -> Int
  func shares(of id: PositionID) -> Int
  mutating func add(shares: Int, lock: Lock?, at now: UTCTime) throws(ReplayError)
    -> LiquidityAdded
  mutating func remove(_ id: PositionID, at now: UTCTime) throws(ReplayError) -> LiquidityRemoved
  mutating func leaveEarly(_ id: PositionID, at now: UTCTime) throws(ReplayError) -> LeftEarly
}

extension TickVenue {
  func state(_ market: Int, at now: UTCTime) -> MarketState {
    guard let marginal = marginal(market, at: now) else {
      return MarketState(density: 0, fee: 0, price: oraclePrice(market))
    }
    return MarketState(
      density: marginal.density * units.b, fee: marginal.fee, price: marginal.price)
  }

  /// Worth of what all markets offer over that of all reserves.
  private func offered(at price: Double) -> Double {
    let held = (a: Double(reserves.a) * units.a, b: Double(reserves.b) * units.b)
    let worth = held.a + held.b * price
    guard worth > 0 else { return 0 }
    var offered = 0.0
    for market in 0..<marketCount {
      guard let lots = lotCurve(market)?.offered else { continue }
      offered += min(Double(lots.a) * units.a, held.a)
      offered += min(Double(lots.b) * units.b, held.b) * price
    }
    return offered / worth
  }

  /// A position's part of reserves and fees: A, B, and fees in A.
  func holding(of id: PositionID) -> (a: Double, b: Double, fees: Double) {
    let part = Double(shares(of: id)) / Double(max(shares, 1))
    return (
      part * Double(reserves.a) * units.a, part * Double(reserves.b) * units.b,
      Double(owed(to: id)) * units.a
    )
  }

  func standing(at price: Double) -> ReplayStanding {
    let mine = holding(of: Pool.founder)
    let prices = (0..<marketCount).map(marginalPrice)
    return ReplayStanding(
      value: mine.a + mine.b * price + mine.fees, fees: mine.fees,
      price: prices.reduce(0, +) / Double(marketCount), offered: offered(at: price),
      health: health)
  }

  /// The liquidity of a curve over prices, `intervals` of them, as far from what it is formed around as it has much.
  func shape(_ market: Int, intervals: Int, _ step: ReplayStep) -> LiquidityShape? {
    guard let curve = lotCurve(market)?.current else { return nil }
    let (table, oracle) = (curve.table, curve.oraclePrice)
    let reach = min(table.halfWidth, 3.5) * table.relativeSigma
    let (low, high) = (
      max(curve.priceRange.lowerBound, oracle * (1 - reach)),
      min(curve.priceRange.upperBound, oracle * (1 + reach))
    )
    let interval = (high - low) / Double(intervals)
    guard interval > 0, low > 0 else { return nil }
    let here = curve.price
    /// What lies between the position and a price: B above, A below.
    func between(_ price: Double) -> (a: Double, b: Double) {
      if price > here, let order = try? Order(.buy, .toPrice(price)) {
        return (0, curve.quote(order).amountOut)
      }
      if price < here, let order = try? Order(.sell, .toPrice(price)) {
        let quote = curve.quote(order)
        return (quote.amountOut + quote.fee, 0)
      }
      return (0, 0)
    }
    let scale = oraclePrice(market) / oracle
    var values: [Double] = []
    var last = between(low)
    for index in 1...intervals {
      let edge = low + interval * Double(index)
      let next = between(edge)
      let middle = (edge - interval / 2) * scale
      values.append(
        max(0, (last.a - next.a) * units.a + (next.b - last.b) * units.b * middle))
      last = next
    }
    return LiquidityShape(
      time: step.time, price: step.price, lowestPrice: low * scale, interval: interval * scale,
      values: values)
  }
}
