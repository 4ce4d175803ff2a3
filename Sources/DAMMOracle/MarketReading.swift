import DAMMModel

/// What a source says about a market: a price, its implied volatility, when both were known, and who
/// says so.
public struct MarketReading: Sendable, Hashable {
  /// Price, A per B.
  public let price: Double
  /// Implied volatility, a year, as a decimal (0.8 is 80 %).
  public let impliedVolatility: Double
  /// When the price was known. A price that closes an interval has the end of that interval.
  public let time: UTCTime
  /// The name of the source, for people. It holds no secrets.
  public let source: String

  /// A reading.
  ///
  /// - Parameters:
  ///   - price: A per B, in `Domain.price`.
  ///   - impliedVolatility: a year, as a decimal, in `Domain.impliedVolatility`.
  ///   - time: when both were known, in `Domain.secondsSince1970`.
  ///   - source: a name for people.
  /// - Throws: `DAMMError.outOfRange` that names the value.
  public init(
    price: Double, impliedVolatility: Double, time: UTCTime, source: String
  ) throws(DAMMError) {
    try Domain.check(price, "price", in: Domain.price)
    try Domain.check(impliedVolatility, "implied volatility", in: Domain.impliedVolatility)
    try Domain.check(
      Double(time.secondsSince1970), "time in seconds since 1970", in: Domain.secondsSince1970)
    self.price = price
    self.impliedVolatility = impliedVolatility
    self.time = time
    self.source = source
  }

  /// Whether two readings say the same, whoever says it.
  func agrees(with other: MarketReading) -> Bool {
    price == other.price && impliedVolatility == other.impliedVolatility && time == other.time
  }
}
