import DAMMModel

/// The volatility at the money at a horizon, and the expiries that it came from.
public struct HorizonVolatility: Sendable, Hashable {
  /// Where a horizon lies among the expiries.
  public enum Place: String, Sendable, Hashable, CaseIterable, Codable {
    /// Before the first expiry: the volatility of the first.
    case beforeFirst = "before the first expiry"
    /// At an expiry: the volatility of that one.
    case atExpiry = "at an expiry"
    /// Between two: total variance linear in time.
    case between = "between two expiries"
    /// Beyond the last: the volatility of the last.
    case afterLast = "beyond the last expiry"
  }

  /// The horizon in days; a year has 365.
  public let horizonDays: Double
  /// Implied volatility at the money, a year, as a decimal.
  public let volatility: Double
  /// Total variance, `iv^2 T`.
  public let totalVariance: Double
  /// Where the horizon lies.
  public let place: Place
  /// The expiries that it came from, one or two, by time; their strikes hold the quotes that were used.
  public let expiries: [AtTheMoney]
}

extension VolatilityTermStructure {
  /// The volatility at the money at a horizon.
  ///
  /// - Parameter horizonDays: in days, in `Domain.horizonDays`.
  /// - Throws: `DAMMError.outOfRange` that names the value.
  /// - Complexity: logarithmic in the number of expiries.
  public func volatility(horizonDays: Double) throws(DAMMError) -> HorizonVolatility {
    try Domain.check(horizonDays, "horizon in days", in: Domain.horizonDays)
    let years = horizonDays / 365
    let place = expiries.firstPlace { $0.days >= horizonDays }
    guard place < expiries.count else {
      return flat(horizonDays, expiries[expiries.count - 1], .afterLast)
    }
    let late = expiries[place]
    if late.days == horizonDays { return flat(horizonDays, late, .atExpiry) }
    guard place > 0 else { return flat(horizonDays, late, .beforeFirst) }
    let early = expiries[place - 1]
    let part = (years - early.years) / (late.years - early.years)
    // Weights that are positive and add up to one: variance lies between both, and is positive.
    let variance = early.totalVariance * (1 - part) + late.totalVariance * part
    return HorizonVolatility(
      horizonDays: horizonDays, volatility: (variance / years).squareRoot(),
      totalVariance: variance, place: .between, expiries: [early, late])
  }

  private func flat(
    _ horizonDays: Double, _ expiry: AtTheMoney, _ place: HorizonVolatility.Place
  ) -> HorizonVolatility {
    let volatility = expiry.volatility
    return HorizonVolatility(
      horizonDays: horizonDays, volatility: volatility,
      totalVariance: volatility * volatility * (horizonDays / 365), place: place,
      expiries: [expiry])
  }
}
