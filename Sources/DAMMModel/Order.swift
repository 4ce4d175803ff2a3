/// What a trader asks for: one of four ways to fix an amount, or a price to go to, with an optional
/// price limit.
///
/// | side | size | fixes |
/// |---|---|---|
/// | buy | amount | exact out, B |
/// | buy | notional | exact in, A |
/// | sell | amount | exact in, B |
/// | sell | notional | exact out, A |
public struct Order: Sendable, Hashable {
  /// Which quantity the caller fixes.
  public enum Size: Sendable, Hashable {
    /// An amount of B: received when buying, paid in when selling.
    case amount(Double)
    /// An amount of A: paid in when buying, received when selling.
    case notional(Double)
    /// No amount: trade until this price coordinate is reached.
    case toPrice(Double)
  }

  /// Which quantity all orders of a batch fix.
  public enum Fixed: String, Sendable, Hashable, CaseIterable {
    /// An amount of B: exact out when buying, exact in when selling.
    case amount
    /// An amount of A: exact in when buying, exact out when selling.
    case notional
  }

  /// Direction of the trade.
  public let side: Side
  /// The quantity that the caller fixes.
  public let size: Size
  /// A price coordinate that the position does not pass; none when `nil`.
  public let limit: Double?

  /// An order.
  ///
  /// - Parameters:
  ///   - side: direction of the trade.
  ///   - size: the quantity fixed, in token units (`Domain.amount`) or price (`Domain.target`).
  ///   - limit: a price coordinate in `Domain.target`. One that is already passed fills nothing.
  /// - Throws: `DAMMError.outOfRange` that names the value.
  public init(_ side: Side, _ size: Size, limit: Double? = nil) throws(DAMMError) {
    switch size {
    case .amount(let value): try Domain.check(value, "amount", in: Domain.amount)
    case .notional(let value): try Domain.check(value, "notional", in: Domain.amount)
    case .toPrice(let value): try Domain.check(value, "price to swap to", in: Domain.target)
    }
    if let limit { try Domain.check(limit, "limit", in: Domain.target) }
    self.side = side
    self.size = size
    self.limit = limit
  }

  /// An order that fixes what goes in: A when buying, B when selling.
  ///
  /// - Throws: `DAMMError.outOfRange` that names the value.
  public static func exactIn(
    _ amountIn: Double, _ side: Side, limit: Double? = nil
  ) throws(DAMMError) -> Order {
    try Order(side, side == .buy ? .notional(amountIn) : .amount(amountIn), limit: limit)
  }

  /// An order that fixes what comes out: B when buying, A when selling.
  ///
  /// - Throws: `DAMMError.outOfRange` that names the value.
  public static func exactOut(
    _ amountOut: Double, _ side: Side, limit: Double? = nil
  ) throws(DAMMError) -> Order {
    try Order(side, side == .buy ? .amount(amountOut) : .notional(amountOut), limit: limit)
  }
}
