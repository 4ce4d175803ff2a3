import CKernels
import DAMMModel

/// The total deviation that a premium implies.
public struct ImpliedDeviation: Sendable, Hashable {
  /// `sigma sqrt(T)` with `T` in years: a pure number in Black's model, price units in the normal one.
  public let deviation: Double
  /// By how many relative units the deviation moves for one of the premium, `d ln(deviation) / d ln(premium)`.
  /// Below 1 deep out of the money; large in the money and near the maximum, where the premium says little.
  public let condition: Double

  /// The volatility a year, `deviation / sqrt(T)`.
  ///
  /// - Parameter years: until expiry, positive.
  public func volatility(years: Double) -> Double { deviation / years.squareRoot() }
}

extension OptionContract {
  /// The total deviation at which a model gives a premium.
  ///
  /// Householder's method of third order on the logarithm of the price, or of its complement where that is
  /// the smaller part, in two steps as a rule and at most three, from Mills ratios: no difference of
  /// probabilities is taken. The same bits on every processor.
  ///
  /// Domain: forward and strike within `Domain.moneyness` of each other, `|ln(F / K)| <= 10`, in Black's model;
  /// deviations from 1e-4 to 10 are tested. Error:
  /// `Tolerance.impliedDeviation` times the larger of 1 and the condition number.
  ///
  /// - Parameters:
  ///   - premium: undiscounted, in the units of `quotation`.
  ///   - model: Black's or the normal one.
  ///   - quotation: cash or coin.
  /// - Throws: `PremiumError`.
  public func implied(
    premium: Double, model: Model = .black, quotation: Quotation = .cash
  ) throws(PremiumError) -> ImpliedDeviation {
    try check(model, quotation)
    try Self.check(premium, "premium", in: Domain.premium)
    var (deviation, condition) = (0.0, 0.0)
    let status = volatilityKernels.pointee.implied(
      ck_option_terms(kind, model, quotation), forward, strike, premium, &deviation, &condition)
    let implied = ImpliedDeviation(deviation: deviation, condition: condition)
    return try answer(implied, status, premium, quotation)
  }

  /// The premium at a total deviation, undiscounted.
  ///
  /// Error: `Tolerance.premium`, relative to the whole premium, times the larger of 1 and the inverse of the
  /// condition number. In the money most of it is the intrinsic value.
  ///
  /// - Parameters:
  ///   - deviation: `sigma sqrt(T)`, in `Domain.deviation`; in the normal model in units of the
  ///     forward, in `Domain.normalDeviation`.
  ///   - model: Black's or the normal one.
  ///   - quotation: cash or coin.
  /// - Returns: 0 where it is too small for a normal number.
  /// - Throws: `PremiumError.outOfRange`.
  public func premium(
    deviation: Double, model: Model = .black, quotation: Quotation = .cash
  ) throws(PremiumError) -> Double {
    try check(model, quotation)
    try Self.check(
      deviation, "deviation", in: model == .black ? Domain.deviation : Domain.normalDeviation)
    return volatilityKernels.pointee.premium(
      ck_option_terms(kind, model, quotation), forward, strike, deviation)
  }

  static func check(
    _ value: Double, _ name: String, in allowed: ClosedRange<Double>
  ) throws(PremiumError) {
    do { try Domain.check(value, name, in: allowed) } catch { throw .outOfRange(error) }
  }

  /// Whether this contract may be had in a model.
  func check(_ model: Model, _ quotation: Quotation) throws(PremiumError) {
    if model == .black || quotation == .coin {
      try Self.check(forward, "forward", in: Domain.price)
    }
    guard model == .black else { return }
    try Self.check(strike, "strike", in: Domain.price)
    let ratio = max(forward, strike) / min(forward, strike)
    try Self.check(ratio, "the larger of forward and strike over the smaller", in: Domain.moneyness)
  }

  /// What the kernel found, or why it found nothing.
  func answer(
    _ implied: ImpliedDeviation, _ status: Int32, _ premium: Double, _ quotation: Quotation
  ) throws(PremiumError) -> ImpliedDeviation {
    let unit = quotation == .coin ? forward : 1
    switch Int(status) {
    case CK_IMPLIED: return implied
    case CK_BELOW_INTRINSIC:
      throw .belowIntrinsic(premium: premium, intrinsic: intrinsicValue / unit)
    case CK_AT_INTRINSIC: throw .atIntrinsic(premium: premium)
    case CK_AT_MAXIMUM: throw .atMaximum(premium: premium)
    case CK_ABOVE_MAXIMUM:
      throw .aboveMaximum(premium: premium, maximum: (kind == .call ? forward : strike) / unit)
    default: throw .noInformation(premium: premium, condition: implied.condition)
    }
  }
}
