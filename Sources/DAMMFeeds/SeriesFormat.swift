import DAMMModel

/// How a table holds one number over time: which columns, in which unit, and when a value was known.
///
/// A row about an interval, such as a candle, carries the time when the interval began. Its close is
/// known only when the interval ends, so the series has it there; whoever takes the time of the row
/// looks into the future by one interval. That the interval is as long as the format says is checked:
/// the nearest two rows must be that far apart.
public struct SeriesFormat: Sendable, Hashable {
  /// What the numbers are.
  public enum Quantity: String, Sendable, Hashable {
    /// A price, A per B.
    case price
    /// An implied volatility, a year.
    case volatility
  }

  /// How a number is written.
  public enum Unit: Sendable, Hashable {
    /// As it is.
    case decimal
    /// A hundred times as large.
    case percent
    /// The index of a pool's tick: the price is `10^(decimals1 - decimals0) / 1.0001^tick`, token 0
    /// per token 1.
    case tick(decimals0: Int, decimals1: Int)
  }

  /// A name for messages and options.
  public let name: String
  /// What the numbers are.
  public let quantity: Quantity
  /// The column of times.
  public let timeColumn: String
  /// The column of numbers.
  public let valueColumn: String
  /// Other columns by which the format is known; their values are not read.
  public let otherColumns: [String]
  /// How the numbers are written.
  public let unit: Unit
  /// How long after its time a value is known, the length of an interval; 0 where the time is that of
  /// the value itself.
  public let intervalSeconds: Int64

  /// A format.
  ///
  /// - Parameters:
  ///   - name: for messages and options.
  ///   - quantity: what the numbers are.
  ///   - timeColumn: the column of times; what it may hold is `UTCTime.iso8601Forms`.
  ///   - valueColumn: the column of numbers.
  ///   - otherColumns: others by which the format is known.
  ///   - unit: how the numbers are written. The decimals of a tick are in `Domain.tokenDecimals`.
  ///   - intervalSeconds: how long after its time a value is known, at most `Domain.ageLimitSeconds`.
  /// - Throws: `DAMMError.outOfRange` that names the value.
  public init(
    name: String, quantity: Quantity, timeColumn: String, valueColumn: String,
    otherColumns: [String] = [], unit: Unit = .decimal, intervalSeconds: Int64 = 0
  ) throws(DAMMError) {
    try Domain.check(
      Double(intervalSeconds), "interval in seconds",
      in: 0...Domain.ageLimitSeconds.upperBound)
    if case .tick(let decimals0, let decimals1) = unit {
      let allowed = Domain.tokenDecimals
      for decimals in [decimals0, decimals1] {
        try Domain.check(
          Double(decimals), "decimals of a token",
          in: Double(allowed.lowerBound)...Double(allowed.upperBound))
      }
    }
    self.init(
      known: name, quantity, timeColumn, valueColumn, otherColumns, unit, intervalSeconds)
  }

  private init(
    known name: String, _ quantity: Quantity, _ timeColumn: String, _ valueColumn: String,
    _ otherColumns: [String], _ unit: Unit, _ intervalSeconds: Int64
  ) {
    self.name = name
    self.quantity = quantity
    self.timeColumn = timeColumn
    self.valueColumn = valueColumn
    self.otherColumns = otherColumns
    self.unit = unit
    self.intervalSeconds = intervalSeconds
  }

  /// The columns that a header must have.
  var columns: [String] { [timeColumn, valueColumn] + otherColumns }

  /// Prices with the time when each was known: `time,price`.
  public static let prices = SeriesFormat(
    known: "prices", .price, "time", "price", [], .decimal, 0)
  /// Volatilities, as decimals, with the time when each was known: `time,volatility`.
  public static let volatilities = SeriesFormat(
    known: "volatilities", .volatility, "time", "volatility", [], .decimal, 0)
  /// Candles of an hour by the time when each began: `timestamp,open,high,low,close`.
  public static let hourlyCandles = SeriesFormat(
    known: "hourly candles", .price, "timestamp", "close", ["open", "high", "low"], .decimal, 3600)
  /// The minutes of a pool of USDC (token 0) and WETH, by the time when each began:
  /// `timestamp,closeTick`.
  public static let poolMinutes = SeriesFormat(
    known: "pool minutes", .price, "timestamp", "closeTick", [],
    .tick(decimals0: 6, decimals1: 18), 60)
  /// A volatility index by the hour, in percent, by the time when each hour began:
  /// `timestamp,iv_dvol`. The last hour of a day has the close of that day, so these are closes.
  public static let hourlyVolatility = SeriesFormat(
    known: "hourly volatility index", .volatility, "timestamp", "iv_dvol", [], .percent, 3600)
  /// A volatility index by the day, in percent: `date,open,high,low,close`.
  public static let dailyVolatility = SeriesFormat(
    known: "daily volatility index", .volatility, "date", "close", ["open", "high", "low"],
    .percent,
    86_400)

  /// The formats that are found by their headers.
  public static let known = [
    prices, hourlyCandles, poolMinutes, volatilities, hourlyVolatility, dailyVolatility,
  ]
}
