import DAMMModel

/// The answer to an order against price functions. A partial fill is an answer, not an error.
///
/// Error of the amounts: `Tolerance.priceAmount`. The side that the caller fixed is the order's own value, to
/// the bit, when the order is filled.
public struct PriceQuote: Sendable, Hashable {
  /// Direction of the trade.
  public let side: Side
  /// What the trader pays: A when buying (fee included), B when selling.
  public let amountIn: Double
  /// What the trader receives: B when buying, A when selling (net of the fee).
  public let amountOut: Double
  /// Fee in A that is held apart from the reserves; 0 where fees stay in them.
  public let fee: Double
  /// Amount of A over amount of B, fee included; none when nothing was filled.
  public let averagePrice: Double?
  /// What the next bit of B would cost after a purchase, or bring after a sale.
  public let priceAfter: Double
  /// `r = NA/NB` after the trade.
  public let ratioAfter: Double
  /// Why the trade stopped.
  public let stop: Stop
  /// What is left of the amount that the caller fixed; none for a swap to a price.
  public let left: Double?
  /// How far the amounts may be off by the integrals behind them, relative: GSL's estimates, all taken
  /// together; 0 where all is in closed form.
  public let integrationError: Double

  init(
    side: Side, a: Double, b: Double, fee: Double, priceAfter: Double, ratioAfter: Double,
    stop: Stop, left: Double?, integrationError: Double
  ) {
    self.side = side
    (amountIn, amountOut) = side == .buy ? (a, b) : (b, a)
    self.fee = fee
    averagePrice = a > 0 && b > 0 ? a / b : nil
    self.priceAfter = priceAfter
    self.ratioAfter = ratioAfter
    self.stop = stop
    self.left = left
    self.integrationError = integrationError
  }

  /// A that the trader paid or received.
  public var a: Double { side == .buy ? amountIn : amountOut }
  /// B that the trader received or paid.
  public var b: Double { side == .buy ? amountOut : amountIn }
}
