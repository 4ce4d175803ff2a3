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
    func price(_ tick: Int) -> Double { oracle * table.relativePrice(ofTick: tick) }
    // asks and bids rise with the tick, as the skew of fees is not negative
    let up = price(
      table.firstTick { price($0) * (1 + (table.feeRate(.buy, ofTick: $0) + surge)) >= market })
    if up > self.price { return try LotOrder(.buy, .toPrice(up)) }
    let down = price(
      table.firstTick { price($0) * (1 - (table.feeRate(.sell, ofTick: $0) + surge)) > market })
    return down < self.price ? try LotOrder(.sell, .toPrice(down)) : nil
  }
}

extension TickTable {
  /// The first tick for which something holds that holds for all above; the upper end if for none.
  fileprivate func firstTick(where holds: (Int) -> Bool) -> Int {
    var (low, high) = (lowestTick, upperTick)
    while low < high {
      let middle = low + (high - low) / 2
      if holds(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
