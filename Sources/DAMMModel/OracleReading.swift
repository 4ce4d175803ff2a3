/// How a standard deviation of price follows from an implied volatility and a horizon.
public enum SigmaConvention: String, Sendable, Hashable, CaseIterable, Codable {
  /// `s = IV sqrt(T)`. The default.
  case proportional
  /// `s = sqrt(exp(IV^2 T) - 1)`: the relative standard deviation of a log-normal price.
  case lognormalMoment = "lognormal-moment"
}

/// What an oracle says: a price, and how widely the price is expected to spread.
public struct OracleReading: Sendable, Hashable {
  /// Oracle price `mu`, A per B.
  public let price: Double
  /// `s = sigma / mu`, rounded once.
  public let relativeSigma: Double

  /// A reading from a standard deviation in price units.
  ///
  /// - Throws: `DAMMError.outOfRange` that names the value.
  public init(price: Double, sigma: Double) throws(DAMMError) {
    try Domain.check(price, "price", in: Domain.price)
    try Domain.check(sigma, "sigma", in: Domain.sigma)
    try self.init(price: price, relativeSigma: sigma / price)
  }

  /// A reading from a relative standard deviation.
  ///
  /// - Throws: `DAMMError.outOfRange` that names the value.
  public init(price: Double, relativeSigma: Double) throws(DAMMError) {
    try Domain.check(price, "price", in: Domain.price)
    try Domain.check(relativeSigma, "sigma over price", in: Domain.relativeSigma)
    self.price = price
    self.relativeSigma = relativeSigma
  }
}
