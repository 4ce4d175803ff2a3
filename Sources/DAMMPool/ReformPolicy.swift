import DAMMModel

/// When a pool forms its curve anew around a reading: whichever comes first. A reading that the curve was
/// formed with never causes a reform.
public struct ReformPolicy: Sendable, Hashable, Codable {
  /// Relative deviation of the reading's price from the oracle price of the curve, in basis points; `nil`
  /// for none.
  public let deviationBps: Double?
  /// Age of the curve in seconds; `nil` for none.
  public let ageSeconds: Double?
  /// Relative change of the reading's sigma over price, as a decimal; `nil` for none.
  public let volatilityChange: Double?

  /// A policy; without any of the three a pool reforms only when told.
  ///
  /// - Throws: `DAMMError.outOfRange` that names the value.
  public init(
    deviationBps: Double? = nil, ageSeconds: Double? = nil, volatilityChange: Double? = nil
  ) throws(DAMMError) {
    if let deviationBps {
      try Domain.check(
        deviationBps, "reform deviation in basis points", in: Domain.reformDeviationBps)
    }
    if let ageSeconds {
      try Domain.check(ageSeconds, "reform age in seconds", in: Domain.ageLimitSeconds)
    }
    if let volatilityChange {
      try Domain.check(volatilityChange, "volatility change", in: Domain.volatilityChange)
    }
    self.deviationBps = deviationBps
    self.ageSeconds = ageSeconds
    self.volatilityChange = volatilityChange
  }

  /// No policy: a pool reforms when told.
  public static let manual = ReformPolicy()

  private init() { (deviationBps, ageSeconds, volatilityChange) = (nil, nil, nil) }

  /// A policy as it was encoded, checked like any other.
  ///
  /// - Throws: `DecodingError`, or `DAMMError.outOfRange` that names the value.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    func number(_ key: CodingKeys) throws -> Double? {
      try fields.decodeIfPresent(Double.self, forKey: key)
    }
    try self.init(
      deviationBps: number(.deviationBps), ageSeconds: number(.ageSeconds),
      volatilityChange: number(.volatilityChange))
  }

  private enum CodingKeys: String, CodingKey {
    case deviationBps, ageSeconds, volatilityChange
  }

  /// Why a pool reforms.
  public enum Reason: String, Sendable, Hashable, CaseIterable {
    /// The price moved by more than the policy lets it.
    case deviation
    /// The curve is older than the policy lets it be.
    case age
    /// The volatility changed by more than the policy lets it.
    case volatility
  }

  /// Why a curve should be formed anew, if it should; the first of the list that applies.
  ///
  /// - Parameters:
  ///   - reading: what the oracle says now.
  ///   - formed: what the curve was formed with.
  ///   - seconds: the age of the curve.
  public func reason(
    for reading: OracleReading, after formed: OracleReading, seconds: Double
  ) -> Reason? {
    guard !reading.formsLike(formed) else { return nil }
    // as differences and products: quotients of extreme readings could overflow
    if let deviationBps,
      (reading.price - formed.price).magnitude >= deviationBps * 1e-4 * formed.price
    {
      return .deviation
    }
    if let ageSeconds, seconds >= ageSeconds { return .age }
    if let volatilityChange,
      (reading.relativeSigma - formed.relativeSigma).magnitude
        >= volatilityChange * formed.relativeSigma
    {
      return .volatility
    }
    return nil
  }
}
