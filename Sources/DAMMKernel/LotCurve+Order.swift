import DAMMModel

extension LotCurve {
  /// A price coordinate in lots that an order does not pass.
  package struct Stop: Sendable {
    let price: Double
    let isTarget: Bool

    /// A limit, or the price that an order goes to.
    package init(price: Double, isTarget: Bool) {
      self.price = price
      self.isTarget = isTarget
    }
  }

  /// Carries an order out, and moves the reserves by what it comes to. Beside `swap` in one module, so that
  /// neither it nor the answer is copied.
  ///
  /// - Parameters:
  ///   - order: what the trader asks.
  ///   - stop: the nearer of its limit and its target, in lots.
  ///   - surge: a rate that is added to the fees of both directions.
  ///   - reserves: what the pool holds.
  ///   - priceOfLots: one lot of A a lot of B as a price in tokens.
  package mutating func settle(
    _ order: LotOrder, _ stop: Stop?, surge: Double, _ reserves: inout LotPair, priceOfLots: Double
  ) -> LotQuote {
    let buying = order.side == .buy
    let fixed: Fixed =
      switch order.size {
      case .amount(let lots): .amount(lots)
      case .notional(let lots): .notional(lots)
      case .toPrice: .nothing
      }
    let fill = swap(
      order.side, fixed, stop: stop?.price, surge: surge, within: reserves)
    var a = buying ? fill.moved + fill.fee : fill.moved - fill.fee
    let left: Int?
    switch order.size {
    case .amount(let lots): left = lots - fill.amount
    case .notional(let lots):
      // what the lots of B are worth beyond the A that was asked for stays in the pool
      if !buying { a = min(a, lots) }
      left = lots - a
    case .toPrice: left = nil
    }
    let whole = fill.filled || left == 0 || (fill.limited && stop?.isTarget == true)
    reserves.a += buying ? fill.moved : -(a + fill.fee)
    reserves.b += buying ? -fill.amount : fill.amount
    return LotQuote(
      side: order.side, amountIn: buying ? a : fill.amount,
      amountOut: buying ? fill.amount : a, fee: fill.fee, priceOfLots: priceOfLots,
      priceAfter: fill.priceAfter * priceOfLots,
      positionAfter: Position(unchecked: fill.tickAfter, fill.fractionAfter),
      ticksCrossed: fill.ticksCrossed,
      stop: whole ? .complete : fill.limited ? .priceLimit : .exhausted, left: left)
  }
}
