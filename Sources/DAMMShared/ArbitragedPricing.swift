import DAMMKernel
import DAMMModel
import DAMMPool
import DAMMPrices

/// Prices of a market of which it can be told what somebody takes who can trade elsewhere at a market price.
public protocol ArbitragedPricing: MarketPricing {
  /// The order of an arbitrageur: it buys all that costs less than the market price, fees included, or sells into all
  /// that brings more; `nil` where there is neither.
  ///
  /// - Parameters:
  ///   - market: the price elsewhere, A per B in tokens, in `Domain.price`.
  ///   - now: the time, for fees that depend on it.
  /// - Throws: `PoolError` that names the value.
  func arbitrage(against market: Double, at now: UTCTime) throws(PoolError) -> LotOrder?
}

extension FunctionPricing: ArbitragedPricing {
  /// To the ratio where `ask`, or `bid`, is the market price.
  public func arbitrage(
    against market: Double, at now: UTCTime
  ) throws(PoolError) -> LotOrder? {
    try Domain.checkPool(market, "market price", in: Domain.price)
    do throws(DAMMError) {
      if try pool.ask(at: now) < market { return try? LotOrder(.buy, .toPrice(market)) }
      if try pool.bid(at: now) > market { return try? LotOrder(.sell, .toPrice(market)) }
    } catch {
      throw .parameter(error)
    }
    return nil
  }
}

extension TickPricing: ArbitragedPricing {
  /// To the edge behind the last tick with `ask_i` below the market price, or with `bid_i` above it.
  public func arbitrage(
    against market: Double, at now: UTCTime
  ) throws(PoolError) -> LotOrder? {
    try maker.arbitrage(against: market, at: now)
  }
}
