/// What determines a tick table, free of scale: neither price nor reserves. Pools that agree in
/// these four values share one table.
public struct CurveShape: Sendable, Hashable {
  /// Density of the liquidity.
  public let shape: Shape
  /// `s = sigma / mu`, a pure number. Every exact value is meant at this `Double`.
  public let relativeSigma: Double
  /// Half width `k` in standard deviations: liquidity lies within `|z| <= k`.
  public let halfWidth: Double
  /// Tick width in basis points of the oracle price. The width `w` is exactly this over 10^4.
  public let tickWidthBps: Double

  /// A shape of liquidity.
  ///
  /// - Parameters:
  ///   - shape: density of the liquidity.
  ///   - relativeSigma: `sigma / mu`, in `Domain.relativeSigma`.
  ///   - halfWidth: in standard deviations, in `Domain.halfWidth`.
  ///   - tickWidthBps: in basis points, in `Domain.tickWidthBps`.
  /// - Throws: `DAMMError.outOfRange` that names the value.
  public init(
    _ shape: Shape = .normal, relativeSigma: Double, halfWidth: Double = 6, tickWidthBps: Double = 1
  ) throws(DAMMError) {
    try Domain.check(relativeSigma, "sigma over price", in: Domain.relativeSigma)
    try Domain.check(halfWidth, "k", in: Domain.halfWidth)
    try Domain.check(tickWidthBps, "tick width in basis points", in: Domain.tickWidthBps)
    self.shape = shape
    self.relativeSigma = relativeSigma
    self.halfWidth = halfWidth
    self.tickWidthBps = tickWidthBps
  }
}
