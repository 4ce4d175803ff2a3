/// The answer to an order. A partial fill is an answer, not an error.
///
/// Error of the amounts: `Tolerance.amount`. The side that the caller fixed is the order's own value,
/// to the bit, when the order is filled.
public struct Quote: Sendable, Hashable {
  /// Direction of the trade.
  public let side: Side
  /// What the trader pays: A when buying (fee included), B when selling.
  public let amountIn: Double
  /// What the trader receives: B when buying, A when selling (net of the fee).
  public let amountOut: Double
  /// Fee in A: part of what a buyer pays, kept back from what a seller receives. Error: `Tolerance.fee`.
  public let fee: Double
  /// Amount of A over amount of B, fee included; none when nothing was filled.
  public let averagePrice: Double?
  /// Price coordinate of the position after the trade, `P_i + f mu w`.
  public let priceAfter: Double
  /// Position after the trade.
  public let positionAfter: Position
  /// How many ticks gave something.
  public let ticksCrossed: Int
  /// Why the trade stopped.
  public let stop: Stop
  /// What is left of the amount that the caller fixed; none for a swap to a price.
  public let left: Double?

  /// An answer; made by the modules that trade.
  package init(
    side: Side, amountIn: Double, amountOut: Double, fee: Double, priceAfter: Double,
    positionAfter: Position, ticksCrossed: Int, stop: Stop, left: Double?
  ) {
    self.side = side
    self.amountIn = amountIn
    self.amountOut = amountOut
    self.fee = fee
    let (a, b) = side == .buy ? (amountIn, amountOut) : (amountOut, amountIn)
    // A dust order may round its other amount to zero: then no price is defined.
    self.averagePrice = a > 0 && b > 0 ? a / b : nil
    self.priceAfter = priceAfter
    self.positionAfter = positionAfter
    self.ticksCrossed = ticksCrossed
    self.stop = stop
    self.left = left
  }
}

/// What one tick of a curve offers.
public struct TickDepth: Sendable, Hashable, Encodable {
  /// Index of the tick.
  public let tick: Int
  /// Its price in both directions: its lower edge, A per B.
  public let price: Double
  /// `L_i = l m_i`, times the scale of its side.
  public let liquidity: Double
  /// A that it holds when it holds A only.
  public let a: Double
  /// B that it holds when it holds B only.
  public let b: Double

  /// A row of a depth list; made by the modules that hold curves.
  package init(tick: Int, price: Double, liquidity: Double, a: Double, b: Double) {
    self.tick = tick
    self.price = price
    self.liquidity = liquidity
    self.a = a
    self.b = b
  }
}
