import DAMMModel

/// One moment of a replay: what traders asked since the last one, and what the market price is then.
public struct ReplayStep: Sendable, Hashable {
  /// When; not before the step before.
  public let time: UTCTime
  /// The market price, A per B: what arbitrageurs trade to, and what everything is worth.
  public let price: Double
  /// Implied volatility, a year, as a decimal, as it was known then.
  public let impliedVolatility: Double
  /// Orders since the step before, in token units, in their order.
  public let orders: [Order]
  /// What the recorded pool shows then; `nil` where none is known, or nothing happened there.
  public let recorded: RecordedPool?

  /// A step.
  public init(
    time: UTCTime, price: Double, impliedVolatility: Double, orders: [Order] = [],
    recorded: RecordedPool? = nil
  ) {
    self.time = time
    self.price = price
    self.impliedVolatility = impliedVolatility
    self.orders = orders
    self.recorded = recorded
  }
}

/// What a real concentrated-liquidity pool traded in a step, and where it stood behind it. In token units.
public struct RecordedPool: Sendable, Hashable {
  /// Its price, A per B.
  public let price: Double
  /// Its liquidity there, `sqrt(A B)`; `nil` where the log does not say.
  public let liquidity: Double?
  /// A that was paid in, its fee included.
  public let inA: Double
  /// B that was paid in, its fee included.
  public let inB: Double
  /// What the trader paid over what the trader received, A per B, the fee included; `nil` where the step is not one
  /// swap.
  public let averagePrice: Double?

  /// What a pool showed.
  public init(
    price: Double, liquidity: Double?, inA: Double, inB: Double, averagePrice: Double? = nil
  ) {
    self.price = price
    self.liquidity = liquidity
    self.inA = inA
    self.inB = inB
    self.averagePrice = averagePrice
  }
}
