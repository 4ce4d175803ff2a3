/// The answer of a pool to an order, in whole lots. A partial fill is an answer, not an error.
public struct LotQuote: Sendable, Hashable {
  /// Direction of the trade.
  public let side: Side
  /// Lots that the trader pays: of A when buying (fee included), of B when selling.
  public let amountIn: Int
  /// Lots that the trader receives: of B when buying, of A when selling (net of the fee).
  public let amountOut: Int
  /// Fee in lots of A, part of the amount of A above.
  public let fee: Int
  /// Price coordinate of the position after the trade, A per B in tokens, within 2^-50 of it.
  public let priceAfter: Double
  /// Position after the trade.
  public let positionAfter: Position
  /// How many ticks gave something.
  public let ticksCrossed: Int
  /// Why the trade stopped.
  public let stop: Stop
  /// Lots that are left of the amount that the caller fixed; none for a swap to a price.
  public let left: Int?
  /// One lot of A a lot of B as a price in tokens.
  @usableFromInline let priceOfLots: Double

  /// Amount of A over amount of B in tokens, fee included; none when nothing of either moved.
  public var averagePrice: Double? {
    let (a, b) = side == .buy ? (amountIn, amountOut) : (amountOut, amountIn)
    return a > 0 && b > 0 ? Double(a) / Double(b) * priceOfLots : nil
  }

  /// An answer; made by the modules that trade.
  @inlinable @inline(__always)
  package init(
    side: Side, amountIn: Int, amountOut: Int, fee: Int, priceOfLots: Double, priceAfter: Double,
    positionAfter: Position, ticksCrossed: Int, stop: Stop, left: Int?
  ) {
    self.side = side
    self.amountIn = amountIn
    self.amountOut = amountOut
    self.fee = fee
    self.priceOfLots = priceOfLots
    self.priceAfter = priceAfter
    self.positionAfter = positionAfter
    self.ticksCrossed = ticksCrossed
    self.stop = stop
    self.left = left
  }
}
