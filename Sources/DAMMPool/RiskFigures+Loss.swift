import DAMMKernel
import DAMMModel
import DAMMOracle

/// What a move of the market leaves of a pool that arbitrage keeps at the market.
public struct MarketMove: Sendable, Hashable {
  /// The price that the market moves to, A per B.
  public let price: Double
  /// Relative change from the marginal price, as a decimal.
  public let change: Double
  /// What the pool then holds of A.
  public let a: Double
  /// What the pool then holds of B.
  public let b: Double
  /// What the pool would be worth had nobody traded, in A.
  public let heldValue: Double
  /// What it is worth less than that, in A: negative, or zero.
  public let impermanentLoss: Double

  /// The loss as a part of what holding would be worth: negative, or zero.
  public var relativeLoss: Double { heldValue > 0 ? impermanentLoss / heldValue : 0 }
  /// What the pool is worth, in A.
  public var value: Double { heldValue + impermanentLoss }
}

extension RiskFigures {
  /// What a move of the market to a price does, whichever way it takes.
  ///
  /// `IL = -(sum over what arbitrage trades of quantity times |tick price - price|)`, from the
  /// cumulative sums. Error: `Tolerance.alignmentLoss` times the loss and `.alignmentPrices`
  /// times the A traded.
  ///
  /// - Parameter market: A per B, in `Domain.price`; for a pool, in lots as well.
  /// - Throws: `DAMMError.outOfRange`.
  /// - Complexity: independent of the number of ticks.
  public func move(to market: Double) throws(DAMMError) -> MarketMove {
    try Domain.check(market, "market price", in: Domain.price)
    // the rounded price of the tick that the pool stands in leaves it alone
    let trade = market == price ? nil : try curve.alignment(withMarket: market / unit.price)
    let (a, b) = ((trade?.a ?? 0) * unit.a, (trade?.b ?? 0) * unit.b)
    return MarketMove(
      price: market, change: (market - price) / price, a: max(0, reserves.a + a),
      b: max(0, reserves.b + b), heldValue: reserves.a + reserves.b * market,
      impermanentLoss: 0 - (trade?.loss ?? 0) * unit.a)
  }

  /// What a relative move of the market from the marginal price does.
  ///
  /// - Parameter change: as a decimal, in `Domain.priceChange`; the price must be in `Domain.price`.
  /// - Throws: `DAMMError.outOfRange`.
  public func move(by change: Double) throws(DAMMError) -> MarketMove {
    try Domain.check(change, "move of the price", in: Domain.priceChange)
    return try move(to: price + price * change)
  }

  /// What a move by so many standard deviations `mu s` of the curve does.
  ///
  /// - Parameter count: how many, upwards, in `Domain.deviationMove`.
  /// - Returns: none where the price would not be in `Domain.price`: a normal price may run into zero.
  /// - Throws: `DAMMError.outOfRange`.
  public func move(deviations count: Double) throws(DAMMError) -> MarketMove? {
    try Domain.check(count, "move in deviations", in: Domain.deviationMove)
    let market = price + count * (oraclePrice * curve.table.relativeSigma)
    return Domain.price.contains(market) ? try move(to: market) : nil
  }

  /// Loss versus rebalancing at the position, A a day: `sigma^2 p^2 / 2 |dB/dp|`, sigma that of a day.
  public var lossVersusRebalancing: Double {
    let moved = dailyVolatility * price
    return 0.5 * density * moved * moved
  }

  /// What arbitrage is expected to take from the pool within so many days, without fees, in A.
  ///
  /// The market follows `dR = sigma R dW` from `p`. What arbitrageurs gain by keeping the curve at the
  /// market is, in the mean, the impermanent loss at the end, however often they trade; and that is what
  /// an option out of the money for the content of each tick is worth, with the tick's price as strike:
  /// `sum b_i V(p, P_i, sigma sqrt(T))`, calls above the position and puts below.
  ///
  /// Error: `Tolerance.expectedLoss`. Ticks whose price is 22026 times as high or low as `p` are left out.
  ///
  /// - Parameter days: at most so many that `sigma sqrt(T)` is in `Domain.lossDeviation`.
  /// - Throws: `DAMMError.outOfRange`.
  /// - Complexity: linear in the number of ticks within some ten deviations.
  public func expectedLoss(days: Double = 1) throws(DAMMError) -> Double {
    try Domain.check(days, "days", in: Domain.horizonDays)
    let deviation = volatility * (days / 365).squareRoot()
    try Domain.check(
      deviation, "volatility times the root of the time", in: Domain.lossDeviation)
    let (table, here) = (curve.table, curve.position.tick)
    let start = table.relativePrice(ofTick: here)
    let offered = curve.offered
    var loss = 0.0
    /// Adds a tick, and says whether those further out could still be seen in the sum.
    func add(_ kind: OptionContract.Kind, _ tick: Int) throws(DAMMError) -> Bool {
      let depth = try curve.depth(ofTick: tick)
      let strike = table.relativePrice(ofTick: tick)
      guard
        let option = try? OptionContract(kind, forward: start, strike: strike),
        let premium = try? option.premium(deviation: deviation)
      else { return false }
      loss += depth.b * premium
      // no call further out is worth more, and no put a unit of A
      let most =
        kind == .call ? premium * offered.b : premium / strike * (offered.a / curve.oraclePrice)
      return most > loss * 0x1p-60
    }
    var tick = here
    while tick < table.upperTick, try add(.call, tick) { tick += 1 }
    tick = here - 1
    while tick >= table.lowestTick, try add(.put, tick) { tick -= 1 }
    return loss * curve.oraclePrice * unit.a
  }
}
