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
  ///   - token: which one is given: `.buy` for A, of which a part buys B; `.sell` for B.
  ///   - lots: of it, in `Domain.orderLots`.
  ///   - id: an own position; a new one by default.
  ///   - lock: a term for which a new position stays.
  ///   - limits: what the caller accepts.
  ///   - now: the time.
  /// - Throws: `PoolError.tooFewShares` where nothing can be made of it, and as `swap` and `add`; nothing is
  ///   changed then.
  /// - Complexity: about 48 swaps.
  @discardableResult
  public mutating func addSingleSided(
    _ token: Side, lots: Int, to id: PositionID? = nil, lock: Lock? = nil,
    limits: LiquidityLimits = .none, at now: UTCTime
  ) throws(PoolError) -> SingleSidedAdded {
    try limits.check(now)
    try Domain.check(lots, "lots to add", in: Domain.orderLots)
    guard !isEmpty else { throw .empty }
    let curve = curve
    let surge = surgeRate(at: now)
    /// What is in hand when so many lots of B were swapped, and the reserves then; `nil` where that cannot be
    /// paid or the pool cannot hold it.
    func swapped(_ n: Int) -> (hand: LotPair, reserves: LotPair)? {
      guard n > 0 else {
        return (token == .buy ? LotPair(a: lots, b: 0) : LotPair(a: 0, b: lots), reserves)
      }
      let fill = curve.fill(token, .amount(n), stop: nil, surge: surge)
      guard fill.filled else { return nil }
      let (hand, after) =
        token == .buy
        ? (
          LotPair(a: lots - fill.moved - fill.fee, b: n),
          LotPair(a: reserves.a + fill.moved, b: reserves.b - n)
        )
        : (
          LotPair(a: fill.moved - fill.fee, b: lots - n),
          LotPair(a: reserves.a - fill.moved, b: reserves.b + n)
        )
      guard hand.a >= 0, hand.b >= 0, (try? Self.check(after)) != nil, after != .zero else {
        return nil
      }
      return (hand, after)
    }
    /// Shares that each token in hand pays for and its own reserve has room for, the given one and the one
    /// that was swapped for: the more is swapped, the fewer of the one and the more of the other.
    func affordable(_ n: Int) -> (given: Int, got: Int)? {
      guard let (hand, after) = swapped(n) else { return nil }
      func made(_ lots: Int, _ reserve: Int) -> Int {
        guard reserve > 0 else { return .max }
        let room = min(lots, Domain.reserveLots.upperBound - reserve)
        return Int(clamping: UInt128(room) * UInt128(shares) / UInt128(reserve))
      }
      let (a, b) = (made(hand.a, after.a), made(hand.b, after.b))
      return token == .buy ? (a, b) : (b, a)
    }
    // the last n at which the given token still pays for more
    var (low, high) = (0, (token == .buy ? max(0, offered.b) : lots) + 1)
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
    let quote =
      best.n > 0 ? try pool.swap(try LotOrder(token, .amount(best.n)), at: now) : nil
    let (hand, _) = swapped(best.n) ?? (.zero, .zero)
    let added = try pool.add(
      shares: best.shares, to: id, lock: lock, limits: limits, at: now)
    self = pool
    return SingleSidedAdded(swap: quote, added: added, left: hand - added.paidIn)
  }
}
