import DAMMModel

/// A European option on a forward: what a premium is paid for.
///
/// Premiums are undiscounted: what is paid today over the discount factor to expiry.
public struct OptionContract: Sendable, Hashable {
  /// The right to buy, or to sell.
  public enum Kind: String, Sendable, Hashable, CaseIterable, Codable {
    case call, put
  }

  /// What the price of the underlying does until expiry.
  public enum Model: String, Sendable, Hashable, CaseIterable, Codable {
    /// Log-normal around the forward (Black 1976). The deviation is a pure number.
    case black
    /// Normal around the forward (Bachelier). The deviation is in price units.
    case normal
  }

  /// In what a premium is counted.
  public enum Quotation: String, Sendable, Hashable, CaseIterable, Codable {
    /// In the currency of forward and strike.
    case cash
    /// In coins of the underlying: the cash premium over the forward, as inverse options are quoted.
    case coin
  }

  /// Call or put.
  public let kind: Kind
  /// Forward price of the underlying at expiry.
  public let forward: Double
  /// Strike price, in the units of the forward.
  public let strike: Double

  /// - Parameters:
  ///   - kind: call or put.
  ///   - forward: in `Domain.optionPrice`, positive in Black's model.
  ///   - strike: likewise.
  /// - Throws: `DAMMError.outOfRange` that names the value.
  public init(_ kind: Kind, forward: Double, strike: Double) throws(DAMMError) {
    try Domain.check(forward, "forward", in: Domain.optionPrice)
    try Domain.check(strike, "strike", in: Domain.optionPrice)
    self.kind = kind
    self.forward = forward
    self.strike = strike
  }

  /// What exercise would pay with the price at the forward, in cash: 0 where that is nothing.
  public var intrinsicValue: Double {
    max(kind == .call ? forward - strike : strike - forward, 0)
  }
}
