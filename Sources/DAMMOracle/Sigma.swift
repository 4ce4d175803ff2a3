import DAMMModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

extension OracleReading {
  /// A reading from an annual implied volatility and a horizon.
  ///
  /// `T = horizonDays / 365`, then `s` by `convention`. The conventions differ by 1 % at
  /// `IV sqrt(T) = 0.2`.
  ///
  /// - Parameters:
  ///   - price: oracle price `mu`, A per B, in `Domain.price`.
  ///   - impliedVolatility: a year, as a decimal, in `Domain.impliedVolatility`.
  ///   - horizonDays: in days, in `Domain.horizonDays`.
  ///   - convention: how sigma follows.
  /// - Throws: `DAMMError.outOfRange` that names the value.
  public init(
    price: Double, impliedVolatility: Double, horizonDays: Double,
    convention: SigmaConvention = .proportional
  ) throws(DAMMError) {
    try Domain.check(impliedVolatility, "implied volatility", in: Domain.impliedVolatility)
    try Domain.check(horizonDays, "horizon in days", in: Domain.horizonDays)
    let deviation = impliedVolatility * (horizonDays / 365).squareRoot()
    let relativeSigma =
      switch convention {
      case .proportional: deviation
      case .lognormalMoment: expm1(deviation * deviation).squareRoot()
      }
    try self.init(
      price: price, relativeSigma: relativeSigma,
      basis: SigmaBasis(
        impliedVolatility: impliedVolatility, horizonDays: horizonDays, convention: convention))
  }

  /// A reading from what a source says and a horizon; its `basis` names the convention.
  ///
  /// - Parameters:
  ///   - market: price and annual implied volatility.
  ///   - horizonDays: in days, in `Domain.horizonDays`.
  ///   - convention: how sigma follows.
  /// - Throws: `DAMMError.outOfRange` that names the value.
  public init(
    _ market: MarketReading, horizonDays: Double, convention: SigmaConvention = .proportional
  ) throws(DAMMError) {
    try self.init(
      price: market.price, impliedVolatility: market.impliedVolatility, horizonDays: horizonDays,
      convention: convention)
  }
}
