import DAMMKernel
import DAMMModel

extension Tape.Swap {
  /// The order that pays in what the log says was paid in: A buys, B sells.
  ///
  /// - Throws: `DAMMError.outOfRange` for an amount outside `Domain.amount`.
  public func order() throws(DAMMError) -> Order {
    a > 0 ? try Order.exactIn(a, .buy) : try Order.exactIn(b, .sell)
  }
}

extension Curve {
  /// The price of the tick where the pool stands, A per B: what the smallest trade pays.
  var marginalPrice: Double { oraclePrice * table.relativePrice(ofTick: position.tick) }
}

/// Mean distance of average prices from the prices before, weighted by amounts of A.
struct WeightedMean {
  private var sum = 0.0
  private var weights = 0.0

  /// Adds a trade, if it has an average price.
  mutating func add(average: Double?, before: Double, weight: Double) {
    guard let average else { return }
    sum += abs(average / before - 1) * weight
    weights += weight
  }

  /// In basis points; `nil` where nothing was added.
  var bps: Double? { weights > 0 ? sum / weights * 1e4 : nil }
}
