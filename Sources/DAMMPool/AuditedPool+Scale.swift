import DAMMModel

extension AuditedPool {
  /// The pool with `factor` times its shares, by an add of somebody else: exactly so many times its reserves and its
  /// liquidity, at the same place of the same curve.
  public func scaled(by factor: Double) -> AuditedPool? {
    guard factor > 1, let times = Int(exactly: factor) else { return nil }
    let (more, tooMany) = pool.shares.multipliedReportingOverflow(by: times - 1)
    guard !tooMany else { return nil }
    var pool = pool
    guard (try? pool.add(shares: more, at: now)) != nil else { return nil }
    return scaled(pool, by: times)
  }

  /// Whole lots: each amount and its fee are rounded by less than a lot, and so is the place where an earlier
  /// trade has left the pool. A lot of one token may be worth many of the other, at most as many as anywhere
  /// on the curve.
  public var rounding: Holdings {
    guard let range = pool.curveInLots?.priceRange else { return Holdings(a: 4, b: 4) }
    let (low, high) = (range.lowerBound, range.upperBound)
    // where a lot of B is worth less than one of A, a place is known to a lot of A, which elsewhere may be as
    // many as prices differ
    let standing = low < 1.002 ? high / low : 0
    return Holdings(a: 4 * (1 + high + standing), b: 4 * (1 + 1 / low + standing))
  }
}
