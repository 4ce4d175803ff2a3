/// Why an input was refused. Each case carries the value that was given and what is allowed, and
/// `description` says both in one sentence. Nothing is changed when an error is thrown.
public enum DAMMError: Error, Equatable, Sendable {
  /// A number is not finite or lies outside its domain (both ends of `allowed` are included).
  case outOfRange(name: String, value: Double, allowed: ClosedRange<Double>)
  /// The curve would need more ticks than a table may have.
  case tooManyTicks(needed: Double, allowed: Int)
  /// The curve is narrower than a billionth of a tick, or no tick of it has a positive price.
  case noTicks(relativeSigma: Double, halfWidth: Double, tickWidthBps: Double)
  /// A density passed by the caller gave a value that is negative or not finite at `z`.
  case invalidDensity(z: Double, value: Double)
  /// A density passed by the caller is zero on every tick.
  case emptyDensity
  /// A position lies outside the curve; prices are those of its two ends.
  case positionOutside(price: Double, lowest: Double, highest: Double)
  /// A tick index lies outside the curve.
  case tickOutside(tick: Int, lowest: Int, highest: Int)
  /// A price function gave a price that is not in `Domain.marginalPrice`, or a price of the reserves on the wrong
  /// side of it.
  case invalidPrice(Side, ratio: Double, value: Double)
  /// An integral of a price function between two ratios is known no better than to `error`, relative.
  case notIntegrable(Side, from: Double, to: Double, error: Double, allowed: Double)
  /// GSL reported an error.
  case gsl(code: Int, message: String)
}

extension DAMMError: CustomStringConvertible {
  /// One sentence: what was given and what is allowed.
  public var description: String {
    switch self {
    case .outOfRange(let name, let value, let allowed):
      return "\(name) is \(value), but it must be a number from \(allowed.lowerBound) "
        + "to \(allowed.upperBound)."
    case .tooManyTicks(let needed, let allowed):
      let count = needed.isFinite ? "\(needed)" : "far too many"
      return "the curve needs \(count) ticks, but at most \(allowed) are allowed: "
        + "widen the ticks, or lower sigma or k."
    case .noTicks(let relativeSigma, let halfWidth, let tickWidthBps):
      return "no tick of \(tickWidthBps) basis points lies within \(halfWidth) standard "
        + "deviations of \(relativeSigma): narrow the ticks, or raise sigma or k."
    case .invalidDensity(let z, let value):
      return "the density is \(value) at z = \(z), but it must be finite and not negative."
    case .emptyDensity:
      return "the density is zero on every tick, but some tick must hold liquidity."
    case .positionOutside(let price, let lowest, let highest):
      return "the position \(price) lies outside the curve, which spans \(lowest) to \(highest)."
    case .tickOutside(let tick, let lowest, let highest):
      return "tick \(tick) lies outside the curve, whose ticks are \(lowest) to \(highest)."
    case .invalidPrice(let side, let ratio, let value):
      let allowed = Domain.marginalPrice
      return
        "the price to \(side.rawValue) at the ratio \(ratio) is \(value), but it must be a number from "
        + "\(allowed.lowerBound) to \(allowed.upperBound), and no fee may be negative."
    case .notIntegrable(let side, let from, let to, let error, let allowed):
      return
        "the prices to \(side.rawValue) between the ratios \(from) and \(to) are too irregular: their integral "
        + "is known to \(error), but \(allowed) is asked for. Tell where they jump."
    case .gsl(let code, let message):
      return "GSL reported error \(code): \(message)."
    }
  }
}
