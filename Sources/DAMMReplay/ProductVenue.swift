import DAMMModel
import DAMMPrices

/// A constant product over all prices, which traders meet as they do the tick pool. Its fee is held apart.
struct ProductVenue: ReplayVenue {
  private var pool: PricePool<FeeHeldApart<ConstantProduct>>
  private let fee: Double
  private let time: UTCTime

  /// A pool with the same deposit.
  init(feeBps: Double, a: Double, b: Double, at time: UTCTime) throws(ReplayError) {
    pool = try asReplay { () throws(DAMMError) in
      try PricePool(
        FeeHeldApart(.withoutFee, feeBps: feeBps), reserves: Reserves(a: a, b: b))
    }
    fee = feeBps / 1e4
    self.time = time
  }

  var marketCount: Int { 1 }
  func marginalPrice(_ market: Int) -> Double { pool.ratio }

  mutating func trade(
    _ order: Order, _ market: Int, at now: UTCTime
  ) throws(ReplayError) -> VenueFill? {
    try asReplay { () throws(DAMMError) in try take(order) }
  }

  mutating func arbitrage(
    to price: Double, cost: Double, _ market: Int, at now: UTCTime
  ) throws(ReplayError) -> VenueFill? {
    try asReplay { () throws(DAMMError) in
      let order: Order
      if pool.ratio * (1 + fee) < price {
        order = try Order(.buy, .toPrice(price))
      } else if pool.ratio * (1 - fee) > price {
        order = try Order(.sell, .toPrice(price))
      } else {
        return nil
      }
      var copy = self
      guard let fill = try copy.take(order), fill.a != 0,
        cost == 0 || fill.taken(at: price) - fill.fee > cost
      else { return nil }
      self = copy
      return fill
    }
  }

  private mutating func take(_ order: Order) throws(DAMMError) -> VenueFill? {
    let before = pool.reserves
    let quote = try pool.swap(order, at: time)
    var fill = VenueFill(
      a: pool.reserves.a - before.a, b: pool.reserves.b - before.b, fee: quote.fee,
      averagePrice: quote.averagePrice)
    if quote.stop != .complete, let left = quote.left {
      if case .notional = order.size { fill.left.a = left } else { fill.left.b = left }
    }
    return fill
  }

  func read(_ step: ReplayStep) -> Int { 0 }
  mutating func end(step: Int, isLast: Bool, at now: UTCTime) {}

  /// `NB = l / sqrt(p)`, so `|dB/dp| = NB / 2p`.
  func state(_ market: Int, at now: UTCTime) -> MarketState {
    MarketState(density: pool.reserves.b / (2 * pool.ratio), fee: fee, price: pool.ratio)
  }

  var health: Double { 1 }

  func standing(at price: Double) -> ReplayStanding {
    ReplayStanding(
      value: pool.reserves.a + pool.reserves.b * price + pool.fees, fees: pool.fees,
      price: pool.ratio, offered: 1, health: 1)
  }
}
