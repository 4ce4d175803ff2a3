import DAMMKernel
import DAMMModel

extension Pool {
  /// What an order would do now: `swap` on a copy, the same numbers and the same refusals.
  ///
  /// - Throws: as `swap`.
  public func quote(_ order: LotOrder, at now: UTCTime) throws(PoolError) -> LotQuote {
    try outcome(of: order, at: now).answer
  }

  /// The answer of `quote`, and what the pool would hold then.
  @inline(__always)
  func outcome(
    of order: LotOrder, at now: UTCTime
  ) throws(PoolError) -> (answer: LotQuote, reserves: LotPair) {
    try check(now)
    guard !isEmpty else { throw .empty }
    var (maker, after) = (maker, reserves)
    let answer = maker.settle(order, at: now, &after)
    try checkRoom(after, fee: answer.fee)
    return (answer, after)
  }

  /// Throws unless the pool may hold these reserves and has room for a fee.
  @inline(__always)
  private func checkRoom(_ reserves: LotPair, fee: Int) throws(PoolError) {
    try Self.check(reserves)
    try book.check(fee: fee)
  }

  /// Carries an order out.
  ///
  /// Who fixes A to pay gets the most whole lots of B that it pays for, and the rest is left; who fixes A to
  /// receive gives the fewest lots of B that cover it, and what they are worth beyond that stays in
  /// the pool. Ends of the curve and limits stop at the last whole lot before them.
  ///
  /// - Parameters:
  ///   - order: what the trader asks; it has checked its own numbers.
  ///   - now: the time, for the surge; not before the last that the pool was told, and in
  ///     `Domain.secondsSince1970`.
  /// - Throws: `PoolError.empty`, `.timeGoesBack`, `.parameter` for a time outside its domain, `.overflow` where
  ///   a reserve or all fees would grow too large; nothing is changed then.
  /// - Complexity: logarithmic in the ticks crossed; allocates nothing.
  @discardableResult
  public mutating func swap(_ order: LotOrder, at now: UTCTime) throws(PoolError) -> LotQuote {
    try check(now)
    guard !isEmpty else { throw .empty }
    // not by way of `curve`, which would be a copy: 20 ns for who keeps its table alive
    let before = maker.curve.sold
    var after = reserves
    let answer = maker.settle(order, at: now, &after)
    do throws(PoolError) {
      try checkRoom(after, fee: answer.fee)
    } catch {
      maker.curve.stand(after: before)
      throw error
    }
    book.take(answer.fee)
    reserves = after
    time = now
    return answer
  }
}
