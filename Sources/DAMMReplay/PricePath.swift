import DAMMModel
import DAMMOracle

/// A price over time, with the volatility that was expected then.
public struct PricePath: Sendable, Hashable {
  /// A moment of it.
  public struct Point: Sendable, Hashable {
    /// When.
    public let time: UTCTime
    /// A per B.
    public let price: Double
    /// A year, as a decimal.
    public let impliedVolatility: Double

    /// A moment of a path.
    public init(time: UTCTime, price: Double, impliedVolatility: Double) {
      self.time = time
      self.price = price
      self.impliedVolatility = impliedVolatility
    }
  }

  /// The moments, each later than the one before.
  public let points: [Point]

  /// A path.
  ///
  /// - Parameter points: in `Domain.pathSteps` and one more, each later than the one before; prices in
  ///   `Domain.price`, volatilities in `Domain.impliedVolatility`.
  /// - Throws: `PoolError.countOutOfRange`, `.timeGoesBack`, `.parameter`.
  public init(_ points: [Point]) throws(PoolError) {
    try Domain.check(points.count - 1, "steps of a path", in: Domain.pathSteps)
    do throws(DAMMError) {
      for point in points {
        try Domain.check(point.price, "price of a path", in: Domain.price)
        try Domain.check(
          point.impliedVolatility, "volatility of a path", in: Domain.impliedVolatility)
        try Domain.check(
          Double(point.time.secondsSince1970), "time of a path in seconds since 1970",
          in: Domain.secondsSince1970)
      }
    } catch {
      throw .parameter(error)
    }
    for (last, next) in zip(points, points.dropFirst()) where next.time <= last.time {
      throw .timeGoesBack(next.time, last: last.time)
    }
    self.points = points
  }

  /// The path of readings.
  ///
  /// - Throws: as `init`.
  public init(_ readings: [MarketReading]) throws(PoolError) {
    try self.init(
      readings.map {
        Point(time: $0.time, price: $0.price, impliedVolatility: $0.impliedVolatility)
      })
  }

  /// How many steps it has.
  public var steps: Int { points.count - 1 }
}
