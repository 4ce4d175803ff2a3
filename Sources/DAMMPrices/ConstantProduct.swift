import DAMMModel

/// What a fee in basis points means for the prices of a constant product.
public enum FeeConvention: String, Sendable, Hashable, CaseIterable, Codable {
  /// A symmetric mark-up on the price: `ask = r (1 + kappa)`, `bid = r (1 - kappa)`.
  case markUp
  /// A part of what is paid in, as in the usual pools: `ask = r / (1 - phi)`, `bid = r (1 - phi)` at the
  /// margin. A purchase costs `phi^2 / (1 - phi)` of the price more than by a mark-up of the same size.
  case onInput
}

/// The constant product as price functions: `p(r) = r`, with a fee that stays in the reserves.
///
/// With `ask = g r` what stays constant in a purchase is `NB r^(1/(1+g))`, that is `NA NB^g`; in a sale
/// the same with `bid = g r`. Without a fee `g = 1` and this is the product.
public struct ConstantProduct: PriceFunctions, Hashable {
  /// The fee in basis points.
  public let feeBps: Double
  /// What it means.
  public let convention: FeeConvention
  /// `ask / r`.
  public let askFactor: Double
  /// `bid / r`.
  public let bidFactor: Double

  /// A constant product without a fee.
  public static let withoutFee = ConstantProduct(unchecked: 0, .markUp)

  /// A constant product.
  ///
  /// - Parameters:
  ///   - feeBps: in basis points, in `Domain.markUpBps`.
  ///   - convention: what they are taken of.
  /// - Throws: `DAMMError.outOfRange`.
  public init(feeBps: Double, convention: FeeConvention = .markUp) throws(DAMMError) {
    try Domain.check(feeBps, "fee in basis points", in: Domain.markUpBps)
    self.init(unchecked: feeBps, convention)
  }

  private init(unchecked feeBps: Double, _ convention: FeeConvention) {
    self.feeBps = feeBps
    self.convention = convention
    bidFactor = (1e4 - feeBps) / 1e4
    askFactor = convention == .markUp ? (1e4 + feeBps) / 1e4 : 1e4 / (1e4 - feeBps)
  }

  /// `g r` with the factor of purchases.
  public func ask(_ ratio: Double, at time: UTCTime) -> Double { ratio * askFactor }

  /// `g r` with the factor of sales.
  public func bid(_ ratio: Double, at time: UTCTime) -> Double { ratio * bidFactor }

  /// Affine without a constant, everywhere.
  public func closedForm(_ side: Side, at ratio: Double, time: UTCTime) -> ClosedForm? {
    .affine(constant: 0, slope: side == .buy ? askFactor : bidFactor)
  }
}

/// A price that does not depend on the reserves, with a mark-up that stays in them: `ask = p (1 + kappa)`,
/// `bid = p (1 - kappa)`; `NB (r + ask)` is constant in a purchase, that is `NA + ask NB`.
public struct ConstantPrice: PriceFunctions, Hashable {
  /// The price without the mark-up, A per B.
  public let price: Double
  /// `kappa` in basis points.
  public let markUpBps: Double
  /// The price of a purchase.
  public let ask: Double
  /// The price of a sale.
  public let bid: Double

  /// A constant price.
  ///
  /// - Parameters:
  ///   - price: A per B, in `Domain.price`.
  ///   - markUpBps: in basis points, in `Domain.markUpBps`.
  /// - Throws: `DAMMError.outOfRange`.
  public init(_ price: Double, markUpBps: Double = 0) throws(DAMMError) {
    try Domain.check(price, "price", in: Domain.price)
    try Domain.check(markUpBps, "mark-up in basis points", in: Domain.markUpBps)
    self.price = price
    self.markUpBps = markUpBps
    ask = price * ((1e4 + markUpBps) / 1e4)
    bid = price * ((1e4 - markUpBps) / 1e4)
  }

  /// The price of a purchase, at any ratio.
  public func ask(_ ratio: Double, at time: UTCTime) -> Double { ask }

  /// The price of a sale, at any ratio.
  public func bid(_ ratio: Double, at time: UTCTime) -> Double { bid }

  /// A constant, everywhere.
  public func closedForm(_ side: Side, at ratio: Double, time: UTCTime) -> ClosedForm? {
    .affine(constant: side == .buy ? ask : bid, slope: 0)
  }
}

extension ConstantProduct: Codable {
  private enum Key: String, CodingKey { case feeBps, convention }

  /// Reads the fee and what it means, checked like any other.
  ///
  /// - Throws: `DecodingError`, `DAMMError.outOfRange`.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    try self.init(
      feeBps: fields.decode(Double.self, forKey: .feeBps),
      convention: fields.decode(FeeConvention.self, forKey: .convention))
  }

  /// Writes the fee and what it means.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Key.self)
    try fields.encode(feeBps, forKey: .feeBps)
    try fields.encode(convention, forKey: .convention)
  }
}
