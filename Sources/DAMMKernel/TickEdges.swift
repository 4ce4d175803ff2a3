import CKernels
import DAMMModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// Which ticks a curve has, and where their edges lie in standard deviations from the oracle price,
/// clipped to the half width; ascending, to 2^-63 relative, as high and low parts.
struct TickEdges {
  private(set) var lowest: Int
  private(set) var zHigh: [Double]
  private(set) var zLow: [Double]

  var count: Int { zHigh.count - 1 }

  private static func checkCount(_ needed: Double) throws(DAMMError) {
    guard needed <= Double(Domain.maximumTicks) else {
      throw .tooManyTicks(needed: needed, allowed: Domain.maximumTicks)
    }
  }

  private static func noTicks(_ s: Double, _ k: Double, _ bps: Double) -> DAMMError {
    .noTicks(relativeSigma: s, halfWidth: k, tickWidthBps: bps)
  }

  // MARK: Ticks of equal width in standard deviations (normal, uniform, any density in z)

  /// The extent of a curve whose `z` is linear in price.
  struct Linear {
    /// Tick width in standard deviations, `w / s`.
    let width: DoubleDouble
    /// `k s / w`: where the half width lies, in ticks.
    let reach: DoubleDouble
    /// One past the highest tick.
    let upper: Int
    /// The lowest tick: minus `upper`, or the lowest with a positive price.
    let lowest: Int

    /// - Throws: `DAMMError.tooManyTicks`, `.noTicks`.
    init(relativeSigma s: Double, halfWidth k: Double, tickWidthBps bps: Double) throws(DAMMError) {
      width = DoubleDouble(bps) / (DoubleDouble(1e4) * s)
      reach = .product(k, s) * 1e4 / DoubleDouble(bps)
      let highest = (reach - DoubleDouble(Domain.sliver)).ceiling
      guard highest >= 1 else { throw noTicks(s, k, bps) }
      let bottom = max(-highest, TickGrid(bps: bps).lowestPositive)
      try checkCount(highest - bottom)
      upper = Int(highest)
      lowest = Int(bottom)
    }

    /// How much of the highest tick lies inside the half width, up to 1.
    var highestPart: Double { min(1, (reach - DoubleDouble(Double(upper - 1))).value) }
  }

  /// The edges of a linear extent.
  init(_ linear: Linear, halfWidth k: Double) {
    lowest = linear.lowest
    let edges = (linear.lowest...linear.upper).map { index -> DoubleDouble in
      let z = linear.width * Double(index)
      return z < DoubleDouble(-k) ? DoubleDouble(-k) : DoubleDouble(k) < z ? DoubleDouble(k) : z
    }
    zHigh = edges.map(\.hi)
    zLow = edges.map(\.lo)
  }

  // MARK: Log-normal

  /// The edges of a log-normal curve, `z = ln(u) / s`, from `exp(-k s)` to `exp(k s)`.
  ///
  /// They are found by walking outwards from the oracle price, so that no logarithm or exponential
  /// of libm decides how many ticks there are; `expm1` only guesses how much room they take.
  ///
  /// - Throws: `DAMMError.tooManyTicks`, `.noTicks`.
  init(
    logNormal s: Double, halfWidth k: Double, tickWidthBps bps: Double, kernels: KernelSet
  ) throws(DAMMError) {
    let guess = expm1(k * s) / (bps / 1e4)
    let most = Domain.maximumTicks + 2
    guard guess < Double(most) else {
      throw .tooManyTicks(needed: guess, allowed: Domain.maximumTicks)
    }
    let roomAbove = min(most, Int(guess) + 16)
    let roomBelow = min(most, Int(min(1e4 / bps, Double(most))) + 16)
    var high = [Double](repeating: 0, count: roomBelow + roomAbove)
    var low = high
    let divisor = ck_dd(hi: s, lo: 0)
    var (above, below) = (0, 0)
    high.withUnsafeMutableBufferPointer { high in
      low.withUnsafeMutableBufferPointer { low in
        let (h, l) = (high.baseAddress! + roomBelow, low.baseAddress! + roomBelow)
        above = Int(kernels.c.pointee.log_edges(bps, 1, divisor, k, Int64(roomAbove), h, l))
        below = Int(kernels.c.pointee.log_edges(bps, -1, divisor, k, Int64(roomBelow), h, l))
      }
    }
    guard high[roomBelow + above] >= k else {
      throw .tooManyTicks(needed: guess + Double(below), allowed: Domain.maximumTicks)
    }
    try Self.checkCount(Double(above + below))
    // A sliver of a tick inside the half width is no tick. Near an edge exp(k s) - u = u (k - z) s.
    let grid = TickGrid(bps: bps)
    func isSliver(innerEdge edge: Int) -> Bool {
      let inside = k - abs(high[roomBelow + edge])
      return inside * s * grid.tenThousandfold(Double(edge)).hi < Domain.sliver * bps
    }
    if above > 0, isSliver(innerEdge: above - 1) { above -= 1 }
    if below > 0, high[roomBelow - below] <= -k, isSliver(innerEdge: 1 - below) { below -= 1 }
    guard above + below > 0 else { throw Self.noTicks(s, k, bps) }
    lowest = -below
    zHigh = Array(high[(roomBelow - below)...(roomBelow + above)])
    zLow = Array(low[(roomBelow - below)...(roomBelow + above)])
    if zHigh[0] <= -k { (zHigh[0], zLow[0]) = (-k, 0) }
    let last = zHigh.count - 1
    if zHigh[last] >= k { (zHigh[last], zLow[last]) = (k, 0) }
  }
}
