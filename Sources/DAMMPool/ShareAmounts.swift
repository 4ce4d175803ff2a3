import DAMMModel

/// What shares cost and pay, in whole lots of reserves: pure functions of the reserves `R`, all shares `S`
/// and some shares `dS`. Rounding is always for those who stay; each amount is within one lot of the exact
/// one.
public enum ShareAmounts {
  /// Shares of a pool that is founded with these reserves: `floor(sqrt(a * b))`, exactly.
  ///
  /// - Parameter reserves: lots, in `Domain.reserveLots`; neither may be 0.
  /// - Throws: `PoolError.countOutOfRange` that names the reserve.
  public static func firstShares(_ reserves: LotPair) throws(PoolError) -> Int {
    try Domain.check(reserves.a, "lots of A", in: 1...Domain.reserveLots.upperBound)
    try Domain.check(reserves.b, "lots of B", in: 1...Domain.reserveLots.upperBound)
    let product = UInt128(reserves.a) * UInt128(reserves.b)
    // The product is below 2^96, and the root of its Double within one of that of the product.
    var root = UInt128(Double(product).squareRoot())
    while root * root > product { root -= 1 }
    while (root + 1) * (root + 1) <= product { root += 1 }
    return Int(root)
  }

  /// What a fair add of `dS` shares pays in: `ceil(dS * R/S)` of each reserve.
  ///
  /// - Parameters:
  ///   - newShares: `dS`, at least 1; with `S` in `Domain.shares`.
  ///   - reserves: `R`, each in `Domain.reserveLots`, not both 0.
  ///   - shares: `S`, at least 1.
  /// - Throws: `PoolError.countOutOfRange`; `PoolError.empty` for a pool without shares;
  ///   `PoolError.overflow` where a reserve would leave `Domain.reserveLots`, or the shares theirs.
  public static func addCost(
    of newShares: Int, reserves: LotPair, shares: Int
  ) throws(PoolError) -> LotPair {
    try check(reserves, shares)
    try checkNotFree(reserves)
    try Domain.check(newShares, "shares to make", in: 1...Int.max)
    guard newShares <= Domain.shares.upperBound - shares else {
      throw .overflow(
        name: "shares of the pool", amount: "\(shares) and \(newShares)",
        allowed: "\(Domain.shares.upperBound)")
    }
    func cost(_ reserve: Int, _ name: String) throws(PoolError) -> Int {
      // below 2^62 * 2^48 and so 2^110, and a rounding
      let product = UInt128(newShares) * UInt128(reserve)
      let cost = (product + UInt128(shares - 1)) / UInt128(shares)
      guard cost <= UInt128(Domain.reserveLots.upperBound - reserve) else {
        throw .overflow(
          name: "reserve of \(name) in lots", amount: "\(UInt128(reserve) + cost)",
          allowed: "\(Domain.reserveLots.upperBound)")
      }
      return Int(cost)
    }
    return LotPair(a: try cost(reserves.a, "A"), b: try cost(reserves.b, "B"))
  }

  /// The most shares that a fair add can make of at most `maxima`: the largest `dS` with
  /// `addCost(of: dS) <= maxima` in both tokens, which is the smaller `floor(maximum * S/R)`; no more than
  /// reserves and shares have room for. A token of which the pool holds none costs none and sets no limit.
  ///
  /// - Parameters:
  ///   - maxima: lots that may be paid in, each in `Domain.reserveLots`.
  ///   - reserves: `R`, each in `Domain.reserveLots`, not both 0.
  ///   - shares: `S`, at least 1.
  /// - Returns: shares; 0 where not even one can be paid.
  /// - Throws: `PoolError.countOutOfRange`; `PoolError.empty` for a pool without shares.
  public static func affordable(
    with maxima: LotPair, reserves: LotPair, shares: Int
  ) throws(PoolError) -> Int {
    try check(reserves, shares)
    try checkNotFree(reserves)
    try Domain.check(maxima.a, "most lots of A", in: Domain.reserveLots)
    try Domain.check(maxima.b, "most lots of B", in: Domain.reserveLots)
    return min(
      affordable(with: maxima.a, reserve: reserves.a, shares: shares),
      affordable(with: maxima.b, reserve: reserves.b, shares: shares),
      Domain.shares.upperBound - shares)
  }

  /// The most shares that so many lots of one token pay for, and that its reserve has room for.
  static func affordable(with maximum: Int, reserve: Int, shares: Int) -> Int {
    guard reserve > 0 else { return Int.max }
    // ceil(x) <= m for a whole m just when x <= m
    let room = min(maximum, Domain.reserveLots.upperBound - reserve)
    return Int(clamping: UInt128(room) * UInt128(shares) / UInt128(reserve))
  }

  /// What a remove of `dS` shares pays out: `floor(dS * R/S)` of each reserve.
  ///
  /// - Parameters:
  ///   - burned: `dS`, from 1 to `S`.
  ///   - reserves: `R`, each in `Domain.reserveLots`.
  ///   - shares: `S`, at least 1.
  /// - Throws: `PoolError.countOutOfRange`; `PoolError.empty` for a pool without shares.
  public static func removePay(
    of burned: Int, reserves: LotPair, shares: Int
  ) throws(PoolError) -> LotPair {
    try check(reserves, shares)
    try Domain.check(burned, "shares to burn", in: 1...shares)
    func pay(_ reserve: Int) -> Int {
      Int(UInt128(burned) * UInt128(reserve) / UInt128(shares))
    }
    return LotPair(a: pay(reserves.a), b: pay(reserves.b))
  }

  /// How an early exit divides what a remove of `dS` shares would pay: `amount = floor(dS * R/S)`,
  /// `refund = floor(e * amount)`, `penalty = amount - refund`, of each reserve. Domain and errors as those
  /// of `removePay`.
  ///
  /// - Parameters:
  ///   - burned: `dS`, from 1 to `S`.
  ///   - reserves: `R`.
  ///   - shares: `S`.
  ///   - vested: `e`, from `Lock.vested(at:)` or `EarlyExit.vested`.
  public static func exitSplit(
    of burned: Int, reserves: LotPair, shares: Int, vested: ExitFraction
  ) throws(PoolError) -> ExitSplit {
    let amount = try removePay(of: burned, reserves: reserves, shares: shares)
    return ExitSplit(
      amount: amount,
      refund: LotPair(
        a: Int(vested.rounded(down: UInt64(amount.a))),
        b: Int(vested.rounded(down: UInt64(amount.b)))))
  }

  private static func check(_ reserves: LotPair, _ shares: Int) throws(PoolError) {
    guard shares != 0 else { throw .empty }
    try Domain.check(shares, "shares of the pool", in: Domain.shares)
    try Domain.check(reserves.a, "reserve of A in lots", in: Domain.reserveLots)
    try Domain.check(reserves.b, "reserve of B in lots", in: Domain.reserveLots)
  }

  /// New shares of nothing would be free.
  private static func checkNotFree(_ reserves: LotPair) throws(PoolError) {
    guard reserves != .zero else {
      throw .countOutOfRange(
        name: "reserves in lots", value: 0, allowed: 1...Domain.reserveLots.upperBound)
    }
  }
}

/// How an early exit divides what would have been paid out, to the lot.
public struct ExitSplit: Sendable, Hashable {
  /// What a remove of the same shares would pay.
  public let amount: LotPair
  /// What is paid out.
  public let refund: LotPair

  /// What stays, for those who stay.
  public var penalty: LotPair { amount - refund }
}
