import DAMMKernel
import DAMMModel

extension Pool {
  /// What an order would do now: `swap` on a copy, the same numbers.
  ///
  /// - Throws: as `swap`.
  public func quote(_ order: LotOrder, at now: UTCTime) throws(PoolError) -> LotQuote {
    try settle(order, at: now).answer
  }

  /// Carries an order out.
  ///
  /// Who fixes A to pay gets the most whole lots of B that it pays for, and the rest is left; who fixes A to
  /// receive gives the fewest lots of B that cover it, and what they are worth beyond that stays in
  /// the pool. Ends of the curve and limits stop at the last whole lot before them.
  ///
  /// - Parameters:
  ///   - order: what the trader asks; it has checked its own numbers.
  ///   - now: the time, for the surge; not before the last that the pool was told.
  /// - Throws: `PoolError.empty`, `.timeGoesBack`, `.overflow` where a reserve would grow too large; nothing is
  ///   changed then.
  /// - Complexity: logarithmic in the ticks crossed; allocates nothing.
  @discardableResult
  public mutating func swap(_ order: LotOrder, at now: UTCTime) throws(PoolError) -> LotQuote {
    let settled = try settle(order, at: now)
    try book.collect(settled.answer.fee)
    curve!.apply(settled.fill)
    reserves = settled.reserves
    time = now
    return settled.answer
  }

  /// What a trade comes to.
  struct Settled {
    let answer: LotQuote
    let fill: LotCurve.Fill
    let reserves: LotPair
  }

  @inline(__always)
  func settle(_ order: LotOrder, at now: UTCTime) throws(PoolError) -> Settled {
    try check(now)
    guard curve != nil else { throw .empty }
    let surge = surgeFrom == nil ? 0 : surgeRate(at: now)
    let buying = order.side == .buy
    let (stop, targetBinds) = self.stop(order)
    let fixed: LotCurve.Fixed =
      switch order.size {
      case .amount(let lots): .amount(lots)
      case .notional(let lots): .notional(lots)
      case .toPrice: .nothing
      }
    let fill = curve!.fill(order.side, fixed, stop: stop, surge: surge)
    var a = buying ? fill.moved + fill.fee : fill.moved - fill.fee
    // what the lots of B are worth beyond the A that was asked for stays in the pool
    if case .notional(let lots) = order.size, !buying, a > lots { a = lots }
    let left: Int? =
      switch order.size {
      case .amount(let lots): lots - fill.amount
      case .notional(let lots): lots - a
      case .toPrice: nil
      }
    let whole = fill.filled || left == 0 || (fill.limited && targetBinds)
    let after = LotPair(
      a: reserves.a + (buying ? fill.moved : -(a + fill.fee)),
      b: reserves.b + (buying ? -fill.amount : fill.amount))
    try Self.check(after)
    let answer = LotQuote(
      side: order.side, amountIn: buying ? a : fill.amount,
      amountOut: buying ? fill.amount : a, fee: fill.fee, priceOfLots: priceOfLots,
      priceAfter: tokenPrice(fill.priceAfter),
      positionAfter: Position(
        unchecked: curve!.table.lowestTick + fill.offsetAfter, fill.fractionAfter),
      ticksCrossed: fill.ticksCrossed,
      stop: whole ? .complete : fill.limited ? .priceLimit : .exhausted, left: left)
    return Settled(answer: answer, fill: fill, reserves: after)
  }

  /// The nearer of target and limit in lots, and whether it is the target.
  @inline(__always)
  private func stop(_ order: LotOrder) -> (price: Double?, isTarget: Bool) {
    guard case .toPrice(let target) = order.size else {
      return (order.limit.map(lotPrice), false)
    }
    let limit = order.limit ?? target
    let nearer = order.side == .buy ? min(target, limit) : max(target, limit)
    return (lotPrice(nearer), nearer == target)
  }
}
