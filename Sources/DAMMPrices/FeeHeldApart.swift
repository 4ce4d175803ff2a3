import DAMMModel

/// Price functions with a fee on top that is held apart from the reserves: `ask = (1 + kappa) ask0`,
/// `bid = (1 - kappa) bid0`, while the reserves trade at `ask0` and `bid0`.
///
/// So what the reserves hold follows from the ratio alone if that is so without the fee.
public struct FeeHeldApart<Prices: PriceFunctions>: PriceFunctions {
  /// The price functions without the fee.
  public let prices: Prices
  /// `kappa` in basis points.
  public let feeBps: Double
  private let askToll: Double
  private let bidToll: Double

  /// Price functions with a fee.
  ///
  /// - Parameters:
  ///   - prices: their own fees, if any, stay where they are.
  ///   - feeBps: in basis points, in `Domain.markUpBps`.
  /// - Throws: `DAMMError.outOfRange`.
  public init(_ prices: Prices, feeBps: Double) throws(DAMMError) {
    try Domain.check(feeBps, "fee in basis points", in: Domain.markUpBps)
    self.prices = prices
    self.feeBps = feeBps
    askToll = (1e4 + feeBps) / 1e4
    bidToll = (1e4 - feeBps) / 1e4
  }

  private func toll(_ side: Side) -> Double { side == .buy ? askToll : bidToll }

  /// `(1 + kappa) ask0(r)`.
  public func ask(_ ratio: Double, at time: UTCTime) -> Double {
    prices.ask(ratio, at: time) * askToll
  }

  /// `(1 - kappa) bid0(r)`.
  public func bid(_ ratio: Double, at time: UTCTime) -> Double {
    prices.bid(ratio, at: time) * bidToll
  }

  /// What the reserves trade at without the fee.
  public func reservePrice(_ side: Side, _ ratio: Double, at time: UTCTime) -> Double {
    prices.reservePrice(side, ratio, at: time)
  }

  /// Those of the price functions without the fee.
  public var ratios: ClosedRange<Double> { prices.ratios }

  /// The same breaks.
  public func nextBreak(_ side: Side, after ratio: Double, at time: UTCTime) -> Double? {
    prices.nextBreak(side, after: ratio, at: time)
  }

  /// The same form with another toll; `nil` where that form says nothing of a toll.
  public func closedForm(_ side: Side, at ratio: Double, time: UTCTime) -> ClosedForm? {
    switch prices.closedForm(side, at: ratio, time: time) {
    case .affine(let constant, let slope, let toll)?:
      return .affine(constant: constant, slope: slope, toll: toll * self.toll(side))
    case .invariant(let change)? where feeBps == 0: return .invariant(change)
    default: return nil
    }
  }
}

extension FeeHeldApart: Equatable where Prices: Equatable {}
extension FeeHeldApart: Hashable where Prices: Hashable {}

extension FeeHeldApart: Codable where Prices: Codable {
  private enum Key: String, CodingKey { case prices, feeBps }

  /// Reads the price functions and the fee, checked like any other.
  ///
  /// - Throws: `DecodingError`, `DAMMError.outOfRange`.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    try self.init(
      fields.decode(Prices.self, forKey: .prices),
      feeBps: fields.decode(Double.self, forKey: .feeBps))
  }

  /// Writes the price functions and the fee.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Key.self)
    try fields.encode(prices, forKey: .prices)
    try fields.encode(feeBps, forKey: .feeBps)
  }
}
