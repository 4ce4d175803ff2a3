/// What a trader asks of a pool, in whole lots: one of four ways to fix an amount, or a price to go to,
/// with an optional price limit. `Order` says the same of a curve in token units.
public struct LotOrder: Sendable, Hashable {
  /// Which quantity the caller fixes.
  public enum Size: Sendable, Hashable {
    /// Lots of B: received when buying, paid in when selling.
    case amount(Int)
    /// Lots of A, fee included: paid in when buying, received when selling.
    case notional(Int)
    /// No amount: trade until this price coordinate is reached, A per B in tokens.
    case toPrice(Double)
  }

  /// Direction of the trade.
  public let side: Side
  /// The quantity that the caller fixes.
  public let size: Size
  /// A price coordinate, A per B in tokens, that the position does not pass; none when `nil`.
  public let limit: Double?

  /// An order.
  ///
  /// - Parameters:
  ///   - side: direction of the trade.
  ///   - size: the quantity fixed: lots in `Domain.orderLots`, or a price in `Domain.target`.
  ///   - limit: a price coordinate in `Domain.target`. One that is already passed fills nothing.
  /// - Throws: `PoolError.countOutOfRange` or `.parameter`, that name the value.
  public init(_ side: Side, _ size: Size, limit: Double? = nil) throws(PoolError) {
    switch size {
    case .amount(let lots): try Domain.check(lots, "amount in lots", in: Domain.orderLots)
    case .notional(let lots): try Domain.check(lots, "notional in lots", in: Domain.orderLots)
    case .toPrice(let price): try Domain.checkPool(price, "price to swap to", in: Domain.target)
    }
    if let limit { try Domain.checkPool(limit, "limit", in: Domain.target) }
    self.side = side
    self.size = size
    self.limit = limit
  }

  /// An order that fixes what goes in: A when buying, B when selling.
  ///
  /// - Throws: as `init`.
  public static func exactIn(
    _ lotsIn: Int, _ side: Side, limit: Double? = nil
  ) throws(PoolError) -> LotOrder {
    try LotOrder(side, side == .buy ? .notional(lotsIn) : .amount(lotsIn), limit: limit)
  }

  /// An order that fixes what comes out: B when buying, A when selling.
  ///
  /// - Throws: as `init`.
  public static func exactOut(
    _ lotsOut: Int, _ side: Side, limit: Double? = nil
  ) throws(PoolError) -> LotOrder {
    try LotOrder(side, side == .buy ? .amount(lotsOut) : .notional(lotsOut), limit: limit)
  }
}
