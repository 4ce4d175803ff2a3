import DAMMModel
import DAMMOracle

/// A reading as it is stored.
package struct StoredReading: Codable {
  let price, relativeSigma: Double
  let impliedVolatility, horizonDays: Double?
  let convention: SigmaConvention?

  /// A reading to be stored.
  package init(_ reading: OracleReading) {
    price = reading.price
    relativeSigma = reading.relativeSigma
    impliedVolatility = reading.basis?.impliedVolatility
    horizonDays = reading.basis?.horizonDays
    convention = reading.basis?.convention
  }

  /// The reading, if all of the basis of its sigma is there or none, and sigma follows from it to
  /// `Domain.basisAgreement`.
  package func checked() throws -> OracleReading {
    switch (impliedVolatility, horizonDays, convention) {
    case (nil, nil, nil): return try OracleReading(price: price, relativeSigma: relativeSigma)
    case (let volatility?, let days?, let convention?):
      let led = try OracleReading(
        price: price, impliedVolatility: volatility, horizonDays: days, convention: convention)
      let apart = (led.relativeSigma - relativeSigma).magnitude
      guard apart <= Domain.basisAgreement * led.relativeSigma else {
        throw PoolError.corruptState(
          "sigma over price is \(relativeSigma), but its volatility \(volatility) over \(days) days "
            + "leads to \(led.relativeSigma)")
      }
      return try OracleReading(price: price, relativeSigma: relativeSigma, basis: led.basis)
    default:
      throw PoolError.corruptState(
        "of volatility, horizon and convention, from which sigma follows, some are missing")
    }
  }
}
