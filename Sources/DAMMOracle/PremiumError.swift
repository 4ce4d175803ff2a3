import DAMMModel

/// Why a premium implies no volatility.
public enum PremiumError: Error, Equatable, Sendable {
  /// A number is not finite or outside its domain.
  case outOfRange(DAMMError)
  /// Less than exercise would pay at the forward: no volatility gives it. Both in the premium's units.
  case belowIntrinsic(premium: Double, intrinsic: Double)
  /// What exercise would pay at the forward and no more (nothing, out of the money): the volatility is 0, or
  /// as small as one likes.
  case atIntrinsic(premium: Double)
  /// What a volatility without end gives and none that has one.
  case atMaximum(premium: Double)
  /// More than any volatility gives: a call is worth less than the forward, a put less than the strike.
  case aboveMaximum(premium: Double, maximum: Double)
  /// The last digit of the premium moves the volatility by more than 2^-10, or it has lost digits because it is
  /// below the smallest normal number: it says next to nothing. The condition number is
  /// `d ln(volatility) / d ln(premium)`, 0 where it was not worked out.
  case noInformation(premium: Double, condition: Double)

  /// A short name, for counting.
  public var reason: String {
    switch self {
    case .outOfRange: "out of range"
    case .belowIntrinsic: "below intrinsic"
    case .atIntrinsic: "at intrinsic"
    case .atMaximum: "at maximum"
    case .aboveMaximum: "above maximum"
    case .noInformation: "no information"
    }
  }
}

extension PremiumError: CustomStringConvertible {
  /// One sentence: what was given and what is allowed.
  public var description: String {
    switch self {
    case .outOfRange(let error):
      return error.description
    case .belowIntrinsic(let premium, let intrinsic):
      return "the premium is \(premium), but it must be more than the intrinsic value \(intrinsic)."
    case .atIntrinsic(let premium):
      return
        "the premium is \(premium), just the intrinsic value, which any small volatility gives: "
        + "it must be more."
    case .atMaximum(let premium):
      return "the premium is \(premium), which no volatility reaches: it must be less."
    case .aboveMaximum(let premium, let maximum):
      return "the premium is \(premium), but it must be less than \(maximum), "
        + "which no volatility reaches."
    case .noInformation(let premium, _) where abs(premium) < .leastNormalMagnitude:
      return "the premium is \(premium), where numbers lose their digits: "
        + "it must be at least \(Double.leastNormalMagnitude)."
    case .noInformation(let premium, let condition):
      return "the premium is \(premium), so close to where it ends that its last digit moves the "
        + "volatility by more than 2^-10 (condition number \(condition)): "
        + "it must be further from the intrinsic value and the maximum."
    }
  }
}
