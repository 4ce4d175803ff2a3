import DAMMModel

/// The constant product with a fee on what is paid in, by the formula of the usual pools: of a payment `dx` into
/// the reserve `x` only `(1 - phi) dx` counts in `x y = k`, and all of it joins the reserve.
///
/// At the margin this is `ConstantProduct` with `.onInput`. Over a finite trade it pays more: one trade that
/// raises `x` by the part `h` gets `y (1 - 1/(1 + (1 - phi) h))`, the price functions, to which it tends when it is split
/// without end, give `y (1 - (1 + h)^-(1 - phi))`. So its outcome depends on how a trade is split.
public struct TextbookProduct: Sendable, Hashable {
  /// What the pool holds.
  public private(set) var reserves: Reserves
  /// The fee, as a part of what is paid in, in basis points.
  public let feeBps: Double

  /// A pool.
  ///
  /// - Parameters:
  ///   - reserves: of both tokens.
  ///   - feeBps: in basis points, in `Domain.markUpBps`.
  /// - Throws: `DAMMError.outOfRange`.
  public init(reserves: Reserves, feeBps: Double) throws(DAMMError) {
    try Domain.check(feeBps, "fee in basis points", in: Domain.markUpBps)
    self.reserves = reserves
    self.feeBps = feeBps
  }

  private var kept: Double { (1e4 - feeBps) / 1e4 }

  /// What comes out for an amount in: `y g dx/(x + g dx)`, `g = 1 - phi`. Error: five roundings.
  ///
  /// - Parameters:
  ///   - side: A goes in when buying, B when selling.
  ///   - amountIn: `dx`, in `Domain.amount`.
  /// - Throws: `DAMMError.outOfRange`.
  public func amountOut(_ side: Side, for amountIn: Double) throws(DAMMError) -> Double {
    try Domain.check(amountIn, "amount in", in: Domain.amount)
    let (x, y) = side == .buy ? (reserves.a, reserves.b) : (reserves.b, reserves.a)
    let counted = kept * amountIn
    return y * (counted / (x + counted))
  }

  /// What must go in for an amount out: `x dy/(g (y - dy))`. Error: five roundings.
  ///
  /// - Parameters:
  ///   - side: B comes out when buying, A when selling.
  ///   - amountOut: `dy`, in `Domain.amount` and less than the reserve.
  /// - Throws: `DAMMError.outOfRange`.
  public func amountIn(_ side: Side, for amountOut: Double) throws(DAMMError) -> Double {
    let (x, y) = side == .buy ? (reserves.a, reserves.b) : (reserves.b, reserves.a)
    try Domain.check(amountOut, "amount out", in: Domain.amount)
    try Domain.check(amountOut, "amount out", in: 0...y.nextDown)
    return x / kept * (amountOut / (y - amountOut))
  }

  /// Pays an amount in.
  ///
  /// - Returns: what comes out.
  /// - Throws: `DAMMError.outOfRange`, also for a reserve that would leave its domain; nothing is changed then.
  @discardableResult
  public mutating func swap(_ side: Side, in amountIn: Double) throws(DAMMError) -> Double {
    let out = try amountOut(side, for: amountIn)
    reserves =
      side == .buy
      ? try Reserves(a: reserves.a + amountIn, b: reserves.b - out)
      : try Reserves(a: reserves.a - out, b: reserves.b + amountIn)
    return out
  }
}
