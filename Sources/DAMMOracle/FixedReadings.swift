import DAMMModel

/// Readings that the caller fixes: one value, or a series for a test or a replay.
public struct FixedReadings: ReadingSeries {
  /// What to call the source.
  public let name: String
  /// All readings, at least one; each later than the one before.
  public let readings: [MarketReading]

  /// A series.
  ///
  /// - Parameters:
  ///   - readings: at least one, each later than the one before.
  ///   - name: what to call the source.
  /// - Throws: `ReadingError.empty` and `.timesNotRising`.
  public init(_ readings: [MarketReading], name: String = "fixed") throws(ReadingError) {
    guard !readings.isEmpty else { throw .empty(source: name) }
    for (last, next) in zip(readings, readings.dropFirst()) where next.time <= last.time {
      throw .timesNotRising(source: name, time: next.time, previous: last.time)
    }
    self.name = name
    self.readings = readings
  }

  /// One reading.
  ///
  /// - Parameters:
  ///   - price: A per B, in `Domain.price`.
  ///   - impliedVolatility: a year, as a decimal, in `Domain.impliedVolatility`.
  ///   - time: since when the values stand. Their age counts from here: a value that someone fixed
  ///     becomes stale like any other.
  ///   - name: what to call the source.
  /// - Throws: `ReadingError.invalid` that names the value.
  public init(
    price: Double, impliedVolatility: Double, time: UTCTime, name: String = "fixed"
  ) throws(ReadingError) {
    let reading: MarketReading
    do throws(DAMMError) {
      reading = try MarketReading(
        price: price, impliedVolatility: impliedVolatility, time: time, source: name)
    } catch {
      throw .invalid(source: name, error: error)
    }
    try self.init([reading], name: name)
  }
}
