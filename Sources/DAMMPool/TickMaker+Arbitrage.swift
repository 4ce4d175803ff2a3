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
    let (table, oracle, surge) = (curve.table, reading.price, surgeRate(at: now))
    let stand = curve.standing
    let (here, tick) = (stand.price * priceOfLots, stand.position.tick)
    func price(_ tick: Int) -> Double { oracle * table.relativePrice(ofTick: tick) }
    /// The price of the first tick that is too dear, or whose bid is high enough, for one side.
    func edge(_ side: Side, _ isPast: (Double) -> Bool) -> Double {
      let sign = side == .buy ? 1.0 : -1
      func factor(_ tick: Int) -> Double { 1 + sign * (table.feeRate(side, ofTick: tick) + surge) }
      // about there, if the fee is what it is here
      let near = (market / (oracle * factor(tick)) - 1) / (table.tickWidthBps / 1e4)
      // bids and asks rise with the tick, as the skew of fees is not negative
      return price(table.firstTick(near: near) { isPast(price($0) * factor($0)) })
    }
    let up = edge(.buy) { $0 >= market }
    if up > here { return try LotOrder(.buy, .toPrice(up)) }
    let down = edge(.sell) { $0 > market }
    return down < here ? try LotOrder(.sell, .toPrice(down)) : nil
  }

  /// The price of the tick where the curve stands, A per B in tokens: what the smallest trade pays without a fee.
  package var marginalPrice: Double {
    reading.price * curve.table.relativePrice(ofTick: curve.standing.position.tick)
  }
}

extension TickTable {
  /// The first tick for which something holds that holds for all above; the upper end if for none. Looked for around a
  /// guess, so that a good one costs a few looks.
  fileprivate func firstTick(near guess: Double, where holds: (Int) -> Bool) -> Int {
    var (low, high) = (lowestTick, upperTick)
    let start =
      guess < Double(low) ? low : guess >= Double(high) ? high - 1 : Int(guess.rounded(.down))
    var step = 1
    if holds(start) {
      high = start
      while high - step > low, holds(high - step) {
        high -= step
        step *= 2
      }
      low = max(low, high - step)
    } else {
      low = start + 1
      while low + step < high, !holds(low + step - 1) {
        low += step
        step *= 2
      }
      high = min(high, low + step)
    }
    while low < high {
      let middle = low + (high - low) / 2
      if holds(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
