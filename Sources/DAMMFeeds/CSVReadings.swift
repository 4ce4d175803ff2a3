import DAMMModel
import DAMMOracle
import Foundation

/// Readings from files of comma-separated text: prices and volatilities joined in time, or both in one
/// file.
public struct CSVReadings: ReadingSeries {
  /// What to call the source: the names of its files.
  public let name: String
  /// All readings, at least one; each later than the one before.
  public let readings: [MarketReading]
  /// How many prices gave no reading because the last volatility was missing or too old.
  public let pricesWithoutVolatility: Int

  /// Joins files of prices with files of volatilities; see `JoinedReadings` for how.
  ///
  /// - Parameters:
  ///   - prices: files in a format of `SeriesFormat.known`, in any order; their times must not overlap.
  ///   - volatilities: the same.
  ///   - volatilityAgeLimitSeconds: how old a volatility may be when its price was known, in
  ///     `Domain.ageLimitSeconds`.
  /// - Throws: `ReadingError`; of a row that is wrong it names file and line.
  public init(
    prices: [URL], volatilities: [URL],
    volatilityAgeLimitSeconds: Double = JoinedReadings.defaultVolatilityAgeLimitSeconds
  ) throws(ReadingError) {
    let joined = try JoinedReadings(
      prices: Self.series(prices, .price), volatilities: Self.series(volatilities, .volatility),
      volatilityAgeLimitSeconds: volatilityAgeLimitSeconds)
    name = joined.name
    readings = joined.readings
    pricesWithoutVolatility = joined.pricesTooEarly + joined.pricesWithOldVolatility
  }

  /// Joins files of prices with one volatility for all of them.
  ///
  /// - Parameters:
  ///   - prices: files in a format of `SeriesFormat.known`, in any order; their times must not overlap.
  ///   - impliedVolatility: a year, as a decimal, in `Domain.impliedVolatility`.
  /// - Throws: `ReadingError`; of a row that is wrong it names file and line.
  public init(prices: [URL], impliedVolatility: Double) throws(ReadingError) {
    let series = try Self.series(prices, .price)
    do throws(DAMMError) {
      var readings: [MarketReading] = []
      for point in series.points {
        readings.append(
          try MarketReading(
            price: point.value, impliedVolatility: impliedVolatility, time: point.time,
            source: series.name))
      }
      self.readings = readings
    } catch {
      throw .invalid(source: series.name, error: error)
    }
    name = series.name
    pricesWithoutVolatility = 0
  }

  /// Reads a file with the header `time,price,volatility`: A per B, and a decimal, both known at that
  /// time.
  ///
  /// - Parameter url: the file; rows stand in the order of time or newest first.
  /// - Throws: `ReadingError`; of a row that is wrong it names file and line.
  public init(contentsOf url: URL) throws(ReadingError) {
    // The two columns are two series of the same times, which the join puts together again.
    try self.init(prices: [url], volatilities: [url], volatilityAgeLimitSeconds: 1)
  }

  private static func series(
    _ urls: [URL], _ quantity: SeriesFormat.Quantity
  ) throws(ReadingError) -> TimeSeries {
    var parts: [TimeSeries] = []
    for url in urls {
      do throws(TableError) {
        parts.append(try TimeSeries(contentsOf: url, quantity))
      } catch {
        throw .refused(
          source: OneLine.of(url.lastPathComponent, most: 200), reason: error.description)
      }
    }
    let names = parts.map(\.name)
    let name =
      names.count > 2 ? "\(names[0]) and \(names.count - 1) more" : names.joined(separator: ", ")
    return try TimeSeries(
      joining: parts, name: parts.isEmpty ? "the list of files for \(quantity.rawValue)" : name)
  }
}
