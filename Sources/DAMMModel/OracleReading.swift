/// How a standard deviation of price follows from an implied volatility and a horizon.
public enum SigmaConvention: String, Sendable, Hashable, CaseIterable, Codable {
  /// `s = IV sqrt(T)`. The default.
  case proportional
  /// `s = sqrt(exp(IV^2 T) - 1)`: the relative standard deviation of a log-normal price.
  case lognormalMoment = "lognormal-moment"
}

/// What a sigma followed from: an implied volatility, a horizon and a convention.
public struct SigmaBasis: Sendable, Hashable {
  /// Implied volatility, a year, as a decimal.
  public let impliedVolatility: Double
  /// Horizon in days; a year has 365.
  public let horizonDays: Double
  /// How sigma followed.
  public let convention: SigmaConvention

  /// Values that are known to be in their domains.
  package init(
    impliedVolatility: Double, horizonDays: Double, convention: SigmaConvention
  ) {
    self.impliedVolatility = impliedVolatility
    self.horizonDays = horizonDays
    self.convention = convention
  }
}

/// What an oracle says: a price, and how widely the price is expected to spread.
public struct OracleReading: Sendable, Hashable {
  /// Oracle price `mu`, A per B.
  public let price: Double
  /// `s = sigma / mu`, rounded once.
  public let relativeSigma: Double
  /// What sigma followed from, for outputs to name; `nil` where sigma itself was given.
  public let basis: SigmaBasis?

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
    try self.init(price: price, relativeSigma: relativeSigma, basis: nil)
  }

  /// A reading whose sigma followed from a basis; made by the module that knows the conventions.
  package init(price: Double, relativeSigma: Double, basis: SigmaBasis?) throws(DAMMError) {
    try Domain.check(price, "price", in: Domain.price)
    try Domain.check(relativeSigma, "sigma over price", in: Domain.relativeSigma)
    self.price = price
    self.relativeSigma = relativeSigma
    self.basis = basis
  }

  /// Whether both would form the same curve: the basis of a sigma does not enter.
  package func formsLike(_ other: OracleReading) -> Bool {
    price == other.price && relativeSigma == other.relativeSigma
  }
}
