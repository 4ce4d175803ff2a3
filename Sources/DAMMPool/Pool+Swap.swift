import DAMMKernel
import DAMMModel

extension Pool {
  /// What an order would do now: `swap` on a copy, the same numbers.
  ///
  /// - Throws: as `swap`.
  public func quote(_ order: LotOrder, at now: UTCTime) throws(PoolError) -> LotQuote {
    try check(now)
    guard !isEmpty else { throw .empty }
    var curve = curve
    let stop = stop(order)
    return try Self.settle(
      order, on: &curve, stop, surge(at: now), reserves, priceOfLots
    ).answer
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
  /// - Throws: `PoolError.empty`, `.timeGoesBack`, `.overflow` where a reserve or all fees would grow too large;
  ///   nothing is changed then.
  /// - Complexity: logarithmic in the ticks crossed; allocates nothing.
  @discardableResult
  public mutating func swap(_ order: LotOrder, at now: UTCTime) throws(PoolError) -> LotQuote {
    try check(now)
    guard !isEmpty else { throw .empty }
    let before = curve.sold
    let (stop, surge) = (stop(order), surge(at: now))
    do {
      let settled = try Self.settle(order, on: &curve, stop, surge, reserves, priceOfLots)
      try book.collect(settled.answer.fee)
      reserves = settled.reserves
      time = now
      return settled.answer
    } catch {
      curve.stand(after: before)
      throw error
    }
  }

  /// What a trade comes to.
  private struct Settled {
    let answer: LotQuote
    let reserves: LotPair
  }

  @inline(__always)
  private static func settle(
    _ order: LotOrder, on curve: inout LotCurve, _ stop: (price: Double?, isTarget: Bool),
    _ surge: Double, _ reserves: LotPair, _ priceOfLots: Double
  ) throws(PoolError) -> Settled {
    let buying = order.side == .buy
    let fixed: LotCurve.Fixed =
      switch order.size {
      case .amount(let lots): .amount(lots)
      case .notional(let lots): .notional(lots)
      case .toPrice: .nothing
      }
    let fill = curve.swap(order.side, fixed, stop: stop.price, surge: surge)
    var a = buying ? fill.moved + fill.fee : fill.moved - fill.fee
    // what the lots of B are worth beyond the A that was asked for stays in the pool
    if case .notional(let lots) = order.size, !buying, a > lots { a = lots }
    let left: Int? =
      switch order.size {
      case .amount(let lots): lots - fill.amount
      case .notional(let lots): lots - a
      case .toPrice: nil
      }
    let whole = fill.filled || left == 0 || (fill.limited && stop.isTarget)
    let after = LotPair(
      a: reserves.a + (buying ? fill.moved : -(a + fill.fee)),
      b: reserves.b + (buying ? -fill.amount : fill.amount))
    try check(after)
    let answer = LotQuote(
      side: order.side, amountIn: buying ? a : fill.amount,
      amountOut: buying ? fill.amount : a, fee: fill.fee, priceOfLots: priceOfLots,
      priceAfter: fill.priceAfter * priceOfLots,
      positionAfter: Position(unchecked: fill.tickAfter, fill.fractionAfter),
      ticksCrossed: fill.ticksCrossed,
      stop: whole ? .complete : fill.limited ? .priceLimit : .exhausted, left: left)
    return Settled(answer: answer, reserves: after)
  }

  @inline(__always)
  private func surge(at now: UTCTime) -> Double { surgeFrom == nil ? 0 : surgeRate(at: now) }

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
