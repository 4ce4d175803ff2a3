import DAMMKernel
import DAMMModel

extension Pool {
  /// An add of one token alone: a swap of a part of it, then a fair add, so divided that the most shares
  /// are made. Doing both by hand gives the same.
  ///
  /// With `n` lots of B swapped, one token pays for fewer shares and the other for more: where the two meet
  /// is found by halving, on the swaps that the ticks really make. What is left is dust: less than one
  /// more share and one more lot of B would cost.
  ///
  /// - Parameters:
  ///   - token: which one is given: of A a part buys B, of B a part is sold.
  ///   - lots: of it, in `Domain.orderLots`.
  ///   - id: an own position without a lock that is still running; a new one by default.
  ///   - lock: a term for which a new position stays; it begins at `now` or later.
  ///   - limits: what the caller accepts; the most to be paid in counts what leaves the caller, the lots
  ///     given less those that are left, and none of the other token.
  ///   - now: the time, in `Domain.secondsSince1970`.
  /// - Throws: `PoolError.tooFewShares` where nothing can be made of it, and as `swap` and `add`; nothing is
  ///   changed then.
  /// - Complexity: about 48 swaps.
  @discardableResult
  public mutating func addSingleSided(
    _ token: Token, lots: Int, to id: PositionID? = nil, lock: Lock? = nil,
    limits: LiquidityLimits = .none, at now: UTCTime
  ) throws(PoolError) -> SingleSidedAdded {
    try check(now)
    try limits.check(now)
    try Domain.check(lots, "lots to add", in: Domain.orderLots)
    guard !isEmpty else { throw .empty }
    let side: Side = token == .a ? .buy : .sell
    /// So many lots of the given token, and none of the other.
    func alone(_ lots: Int) -> LotPair {
      token == .a ? LotPair(a: lots, b: 0) : LotPair(a: 0, b: lots)
    }
    /// What is in hand behind a swap.
    func hand(_ swap: LotQuote) -> LotPair {
      token == .a
        ? LotPair(a: lots - swap.amountIn, b: swap.amountOut)
        : LotPair(a: swap.amountOut, b: lots - swap.amountIn)
    }
    /// What is in hand when so many lots of B were swapped, and the reserves then; `nil` where that cannot be
    /// paid or the pool cannot hold it.
    func swapped(_ n: Int) -> (hand: LotPair, reserves: LotPair)? {
      guard n > 0 else { return (alone(lots), reserves) }
      guard let order = try? LotOrder(side, .amount(n)),
        let (swap, after) = try? outcome(of: order, at: now), swap.stop == .complete
      else { return nil }
      let hand = hand(swap)
      return hand.a >= 0 && hand.b >= 0 && after != .zero ? (hand, after) : nil
    }
    /// Shares that each token in hand pays for and its own reserve has room for, the given one and the one
    /// that was swapped for: the more is swapped, the fewer of the one and the more of the other.
    func affordable(_ n: Int) -> (given: Int, got: Int)? {
      guard let (hand, after) = swapped(n) else { return nil }
      let a = ShareAmounts.affordable(with: hand.a, reserve: after.a, shares: shares)
      let b = ShareAmounts.affordable(with: hand.b, reserve: after.b, shares: shares)
      return token == .a ? (a, b) : (b, a)
    }
    // the last n at which the given token still pays for more
    var (low, high) = (0, (token == .a ? max(0, offered.b) : lots) + 1)
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if let made = affordable(middle), made.given >= made.got {
        low = middle
      } else {
        high = middle
      }
    }
    var best = (shares: 0, n: 0)
    for n in [low, low + 1] {
      guard let (hand, after) = swapped(n) else { continue }
      let made = try ShareAmounts.affordable(with: hand, reserves: after, shares: shares)
      if made > best.shares { best = (made, n) }
    }
    try limits.checkMade(best.shares)
    var pool = self
    let swap = best.n > 0 ? try pool.swap(LotOrder(side, .amount(best.n)), at: now) : nil
    let added = try pool.add(shares: best.shares, to: id, lock: lock, at: now)
    let left = (swap.map(hand) ?? alone(lots)) - added.paidIn
    let paidIn = alone(lots - (token == .a ? left.a : left.b))
    try limits.checkPaidIn(paidIn)
    self = pool
    return SingleSidedAdded(swap: swap, added: added, paidIn: paidIn, left: left)
  }
}
