import DAMMModel

/// Prices and volatilities that come apart, joined in time.
///
/// Each price gives one reading, at the time when the price was known, with the last volatility that
/// was known by then (equal times count as known). Nothing from the future is ever used: a volatility
/// that came after a price waits for the next price. A price gives no reading where there is no
/// volatility yet or the last one is older than the age limit; such prices are counted.
public struct JoinedReadings: ReadingSeries {
  /// What to call the source.
  public let name: String
  /// All readings, at least one; each later than the one before.
  public let readings: [MarketReading]
  /// How many prices came before the first volatility.
  public let pricesTooEarly: Int
  /// How many prices had a last volatility older than the age limit.
  public let pricesWithOldVolatility: Int

  /// Joins two series.
  ///
  /// - Parameters:
  ///   - prices: A per B, in `Domain.price`.
  ///   - volatilities: a year, as decimals, in `Domain.impliedVolatility`.
  ///   - volatilityAgeLimitSeconds: how old a volatility may be when its price was known, in
  ///     `Domain.ageLimitSeconds`. By default two days: enough for daily values, one of them missing.
  ///   - name: what to call the source; by default the names of both.
  /// - Throws: `ReadingError.invalid` for a value outside its domain, `.noVolatility` where no price
  ///   gives a reading.
  /// - Complexity: linear in the lengths of both.
  public init(
    prices: TimeSeries, volatilities: TimeSeries,
    volatilityAgeLimitSeconds: Double = JoinedReadings.defaultVolatilityAgeLimitSeconds,
    name: String? = nil
  ) throws(ReadingError) {
    let both = prices.name == volatilities.name ? [prices.name] : [prices.name, volatilities.name]
    let name = name ?? both.joined(separator: ", ")
    var readings: [MarketReading] = []
    var (known, tooEarly, tooOld) = (0, 0, 0)
    do throws(DAMMError) {
      try Domain.check(
        volatilityAgeLimitSeconds, "age limit of the volatility in seconds",
        in: Domain.ageLimitSeconds)
      for price in prices.points {
        while known < volatilities.points.count, volatilities.points[known].time <= price.time {
          known += 1
        }
        guard known > 0 else {
          tooEarly += 1
          continue
        }
        let volatility = volatilities.points[known - 1]
        guard price.time.seconds(since: volatility.time) <= volatilityAgeLimitSeconds else {
          tooOld += 1
          continue
        }
        readings.append(
          try MarketReading(
            price: price.value, impliedVolatility: volatility.value, time: price.time,
            source: name))
      }
    } catch {
      throw .invalid(source: name, error: error)
    }
    guard !readings.isEmpty else {
      throw .noVolatility(
        source: name, prices: prices.points.count, tooEarly: tooEarly, tooOld: tooOld,
        ageLimitSeconds: volatilityAgeLimitSeconds)
    }
    self.name = name
    self.readings = readings
    pricesTooEarly = tooEarly
    pricesWithOldVolatility = tooOld
  }

  /// Two days.
  public static let defaultVolatilityAgeLimitSeconds = 172_800.0
}
