import DAMMKernel
import DAMMModel

extension Pool {
  /// The order of an arbitrageur who can trade elsewhere at a market price: it buys every tick with `ask_i` below that, or
  /// sells into every tick with `bid_i` above it; `nil` where there is neither. Both fees and surge are part of the prices.
  ///
  /// - Parameters:
  ///   - market: the price elsewhere, A per B in tokens, in `Domain.price`.
  ///   - now: the time, for the surge.
  /// - Throws: `PoolError.empty`, `.parameter` that names the value.
  /// - Complexity: logarithmic in the ticks.
  public func arbitrage(
    against market: Double, at now: UTCTime
  ) throws(PoolError) -> LotOrder? {
    guard !isEmpty else { throw .empty }
    return try maker.arbitrage(against: market, at: now)
  }
}

extension TickMaker {
  /// To the edge behind the last tick with `ask_i` below the market price, or with `bid_i` above it.
  package func arbitrage(
    against market: Double, at now: UTCTime
  ) throws(PoolError) -> LotOrder? {
    try Domain.checkPool(market, "market price", in: Domain.price)
    let (ticks, oracle, surge) = (curve.ticks, reading.price, surgeRate(at: now))
    let stand = curve.standing
    let here = stand.price * priceOfLots
    // the upper end of the curve is behind its last tick
    let tick = min(stand.position.tick, ticks.upper - 1)
    func price(_ tick: Int) -> Double { oracle * ticks.relativePrice(tick) }
    for side in Side.allCases {
      let sign = side == .buy ? 1.0 : -1
      func factor(_ tick: Int) -> Double { 1 + sign * (ticks.feeRate(side, tick) + surge) }
      /// Whether a tick is too dear to buy, or its bid is high enough to sell into.
      func isPast(_ tick: Int) -> Bool {
        let price = price(tick) * factor(tick)
        return side == .buy ? price >= market : price > market
      }
      // bids and asks rise with the tick, as the skew of fees is not negative: where this tick is not worth
      // it, none is
      guard isPast(tick) == (side == .sell) else { continue }
      // about there, if the fee is what it is here
      let near = (market / (oracle * factor(tick)) - 1) / (ticks.widthBps / 1e4)
      let edge = price(ticks.firstTick(near: near, where: isPast))
      guard side == .buy ? edge > here : edge < here else { continue }
      return try LotOrder(side, .toPrice(edge))
    }
    return nil
  }

  /// What the smallest trades meet: figures of where the curve stands.
  package struct Marginal: Sendable {
    /// `|dB/dp|`, the mean of both sides, lots of B per unit of the price in tokens.
    package let density: Double
    /// Mean of the fee rates of both directions, surge included.
    package let fee: Double
    /// The price of the tick, A per B in tokens.
    package let price: Double
  }

  /// What the smallest trades meet.
  package func marginal(at now: UTCTime) -> Marginal {
    let (ticks, density) = (curve.ticks, curve.density)
    // the upper end of the curve is behind its last tick
    let inside = min(max(density.tick, ticks.lowest), ticks.upper - 1)
    let fee = (ticks.feeRate(.buy, inside) + ticks.feeRate(.sell, inside)) / 2
    return Marginal(
      density: (density.above + density.below) / 2 / (reading.price / curve.oraclePrice),
      fee: fee + surgeRate(at: now),
      price: reading.price * ticks.relativePrice(density.tick)
    )
  }

  /// The price of the tick where the curve stands, A per B in tokens: what the smallest trade pays without a fee.
  package var marginalPrice: Double {
    reading.price * curve.ticks.relativePrice(curve.standing.position.tick)
  }
}

extension Ticks {
  /// The first tick for which something holds that holds for all above; the upper end if for none. Looked for around a
  /// guess, so that a good one costs a few looks.
  fileprivate func firstTick(near guess: Double, where holds: (Int) -> Bool) -> Int {
    var (low, high) = (lowest, upper)
    let start =
      guess < Double(low) ? low : guess >= Double(high) ? high - 1 : Int(guess.rounded(.down))
    // steps that double, until the place is between two looks
    var step = 1
    if holds(start) {
      high = start
      while low < high {
        let look = max(high - step, low)
        guard holds(look) else {
          low = look + 1
          break
        }
        high = look
        step *= 2
      }
    } else {
      low = start + 1
      while low < high {
        let look = min(low + step - 1, high - 1)
        if holds(look) {
          high = look
          break
        }
        low = look + 1
        step *= 2
      }
    }
    while low < high {
      let middle = low + (high - low) / 2
      if holds(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
