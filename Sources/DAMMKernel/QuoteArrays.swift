import DAMMModel

/// Where the fields of a batch of quotes go: an array a field, of as many elements as there are
/// orders, or `nil` for a field that nobody needs. The caller owns the memory, whose arrays must not
/// overlap, neither each other nor the values of the orders.
public struct QuoteArrays {
  /// What the trader pays: A when buying (fee included), B when selling.
  public var amountIn: UnsafeMutablePointer<Double>?
  /// What the trader receives: B when buying, A when selling.
  public var amountOut: UnsafeMutablePointer<Double>?
  /// Fee in A: part of what a buyer pays, kept back from what a seller receives.
  public var fee: UnsafeMutablePointer<Double>?
  /// Amount of A over amount of B; 0 where either is 0.
  public var averagePrice: UnsafeMutablePointer<Double>?
  /// Price coordinate of the position after the trade.
  public var priceAfter: UnsafeMutablePointer<Double>?
  /// Tick of the position after the trade.
  public var tickAfter: UnsafeMutablePointer<Int64>?
  /// Sold fraction of that tick.
  public var fractionAfter: UnsafeMutablePointer<Double>?
  /// How many ticks gave something.
  public var ticksCrossed: UnsafeMutablePointer<Int64>?
  /// Why the trade stopped: 0 complete, 1 price limit, 2 exhausted.
  public var stop: UnsafeMutablePointer<Int32>?
  /// What is left of the amount that the caller fixed.
  public var left: UnsafeMutablePointer<Double>?

  /// No arrays.
  public init() {}
}
