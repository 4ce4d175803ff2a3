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
    switch convention {
    case .proportional:
      try self.init(price: price, relativeSigma: deviation)
    case .lognormalMoment:
      try self.init(price: price, relativeSigma: expm1(deviation * deviation).squareRoot())
    }
  }
}
