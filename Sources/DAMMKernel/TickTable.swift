import CKernels
import DAMMModel

/// The scale-free table of a curve: which ticks there are, the mass of each, and the cumulative
/// capacities of A and B at their edges. Immutable, shared by every pool and price that has the same
/// shape: a new oracle price needs no new table, a new volatility does.
///
/// Liquidity is 1 and prices are in units of the oracle price here: tick `i` has the price
/// `u_i = 1 + i w`, the mass `m_i`, and holds `m_i / sqrt(u_i)` of B or `m_i sqrt(u_i)` of A.
///
/// All arrays lie in one block, 64-byte aligned, a structure of arrays: masses, then the cumulative
/// capacities of B and of A, each as a high and a low part and summed from the nearer end of the
/// curve, so that differences keep their relative accuracy in both tails.
public final class TickTable: @unchecked Sendable {
  // @unchecked: the block is written in `init` only and read afterwards.

  /// How the masses are computed.
  public enum Method: String, Sendable, Hashable, CaseIterable {
    /// Vectorised cancellation-free series. The default for the normal and log-normal shapes; the
    /// same bits on every processor.
    case series
    /// GSL's `erf`, `erfc` and fixed Gauss-Legendre integration.
    case gsl
  }

  /// The shape, or `nil` for a density passed by the caller.
  public let shape: Shape?
  /// `s = sigma / mu`.
  public let relativeSigma: Double
  /// Half width in standard deviations.
  public let halfWidth: Double
  /// Tick width in basis points of the oracle price; `w` is exactly this over 10^4.
  public let tickWidthBps: Double
  /// Index of the lowest tick.
  public let lowestTick: Int
  /// One past the index of the highest tick.
  public let upperTick: Int

  let kernels: KernelSet
  let c: ck_table
  private let block: UnsafeMutableRawPointer
  private let mass: UnsafeMutablePointer<Double>

  /// Number of ticks.
  public var count: Int { upperTick - lowestTick }

  /// A table of one of the named shapes.
  ///
  /// Error of a mass: `Tolerance.massSeriesTo6` and `.massSeriesTo12` for the series,
  /// `Tolerance.massGSL` through GSL. Time and memory grow with the number of ticks.
  ///
  /// - Parameters:
  ///   - curve: shape, relative sigma, half width and tick width.
  ///   - method: how the masses are computed. A uniform curve needs neither and ignores it.
  ///   - kernels: the instruction set; all give the same bits.
  /// - Throws: `DAMMError.tooManyTicks` beyond `Domain.maximumTicks`, `.noTicks` for a curve within
  ///   a billionth of a tick.
  public convenience init(
    _ curve: CurveShape, method: Method = .series, kernels: KernelSet = .best
  ) throws(DAMMError) {
    let (s, k, bps) = (curve.relativeSigma, curve.halfWidth, curve.tickWidthBps)
    let series = SeriesMasses(kernels: kernels)
    let masses: [Double]
    let lowest: Int
    if curve.shape == .logNormal {
      let edges = try TickEdges(
        logNormal: s, halfWidth: k, tickWidthBps: bps, kernels: kernels)
      masses = method == .gsl ? try GSLMasses().normal(edges) : series.buckets(edges)
      lowest = edges.lowest
    } else {
      let linear = try TickEdges.Linear(relativeSigma: s, halfWidth: k, tickWidthBps: bps)
      switch (curve.shape, method) {
      case (.uniform, _): masses = series.uniform(linear)
      case (_, .series): masses = series.normal(linear, halfWidth: k)
      case (_, .gsl): masses = try GSLMasses().normal(TickEdges(linear, halfWidth: k))
      }
      lowest = linear.lowest
    }
    self.init(
      shape: curve.shape, s: s, k: k, bps: bps, lowest: lowest, masses: masses, kernels: kernels)
  }

  /// A table of any density, integrated tick by tick with GSL (fixed Gauss-Legendre, 10 nodes on
  /// parts of at most a quarter standard deviation).
  ///
  /// Ticks at the ends where the density is zero are left out; inside, such a tick is crossed for
  /// nothing, and so is one that holds less than 1e-32 of what lies between it and the nearer end: the
  /// cumulative sums do not know it. The error is that of the quadrature: `Tolerance.massGSL` for the
  /// normal density. `Tolerance.capacity` and the bounds on amounts hold for ticks that hold more
  /// than 1e-16 of what lies between them and the nearer end.
  ///
  /// - Parameters:
  ///   - relativeSigma: what one unit of `z` is, over the oracle price.
  ///   - halfWidth: the density is taken over `|z| <= halfWidth`.
  ///   - tickWidthBps: in basis points of the oracle price.
  ///   - kernels: the instruction set; all give the same bits.
  ///   - density: liquidity per unit of `z = (p - mu) / sigma`, up to a constant factor.
  /// - Throws: `DAMMError.outOfRange`, `.tooManyTicks`, `.noTicks`, `.invalidDensity` for a negative
  ///   or non-finite value, `.emptyDensity`.
  public convenience init(
    relativeSigma: Double, halfWidth: Double = 6, tickWidthBps: Double = 1,
    kernels: KernelSet = .best, density: (Double) -> Double
  ) throws(DAMMError) {
    // The same checks as for a named shape; which one does not matter.
    let checked = try CurveShape(
      relativeSigma: relativeSigma, halfWidth: halfWidth, tickWidthBps: tickWidthBps)
    let linear = try TickEdges.Linear(
      relativeSigma: checked.relativeSigma, halfWidth: checked.halfWidth,
      tickWidthBps: checked.tickWidthBps)
    let edges = TickEdges(linear, halfWidth: halfWidth)
    let masses = try GSLMasses().density(edges, density)
    // In units of the largest, so that no sum overflows or vanishes.
    guard let largest = masses.max(), largest > 0,
      let first = masses.firstIndex(where: { $0 > 0 }),
      let last = masses.lastIndex(where: { $0 > 0 })
    else { throw .emptyDensity }
    self.init(
      shape: nil, s: relativeSigma, k: halfWidth, bps: tickWidthBps,
      lowest: edges.lowest + first, masses: masses[first...last].map { $0 / largest },
      kernels: kernels)
  }

  private init(
    shape: Shape?, s: Double, k: Double, bps: Double, lowest: Int, masses: [Double],
    kernels: KernelSet
  ) {
    self.shape = shape
    relativeSigma = s
    halfWidth = k
    tickWidthBps = bps
    lowestTick = lowest
    upperTick = lowest + masses.count
    self.kernels = kernels
    // Two more edges than ticks, less one: the fold edge is stored in both frames.
    let stride = (masses.count + 2 + 7) / 8 * 8
    block = .allocate(byteCount: 5 * stride * MemoryLayout<Double>.stride, alignment: 64)
    let mass = block.bindMemory(to: Double.self, capacity: 5 * stride)
    mass.initialize(repeating: 0, count: 5 * stride)
    self.mass = mass
    let (bHigh, bLow) = (mass + stride, mass + 2 * stride)
    let (aHigh, aLow) = (mass + 3 * stride, mass + 4 * stride)
    mass.update(from: masses, count: masses.count)
    let sum = kernels.c.pointee.normalise(Int64(masses.count), mass)
    precondition(sum > 0, "a table has mass")
    let grid = ck_grid(lowest: Int64(lowest), count: Int64(masses.count), bps: bps)
    // Fold at the oracle price: the tails lie on either side of it.
    let fold = Int64(min(max(-lowest, 0), masses.count))
    withUnsafeTemporaryAllocation(of: Double.self, capacity: masses.count) { scratch in
      kernels.c.pointee.accumulate(
        grid, fold, mass, scratch.baseAddress!, bHigh, bLow, aHigh, aLow)
    }
    // Empty is what the cumulative sums do not know, the fold edge standing twice.
    let empty = masses.indices.contains { t in
      let i = t + (t >= Int(fold) ? 1 : 0)
      return bHigh[i] == bHigh[i + 1] && bLow[i] == bLow[i + 1]
    }
    c = ck_table(
      grid: grid, fold: fold, has_empty: empty ? 1 : 0, b_hi: bHigh, b_lo: bLow,
      a_hi: aHigh, a_lo: aLow)
  }

  deinit { block.deallocate() }

  // MARK: Reading

  /// All masses, from the lowest tick upwards; they sum to 1.
  public func withMasses<Result, Failure>(
    _ body: (Span<Double>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeBufferPointer(start: mass, count: count).span)
  }

  /// The arrays of the block: masses, then high and low parts of cumulative B and of A.
  package func withArrays<Result>(
    _ body: ([UnsafeBufferPointer<Double>]) throws -> Result
  ) rethrows -> Result {
    let edges = [c.b_hi, c.b_lo, c.a_hi, c.a_lo].map {
      UnsafeBufferPointer(start: $0, count: count + 2)
    }
    return try body([UnsafeBufferPointer(start: mass, count: count)] + edges)
  }

  /// Mass of a tick; 0 for one that the table does not have.
  public func mass(ofTick tick: Int) -> Double {
    contains(tick) ? mass[tick - lowestTick] : 0
  }

  /// Price of a tick over the oracle price: `1 + i w`, rounded once.
  public func relativePrice(ofTick tick: Int) -> Double {
    (TickGrid(bps: tickWidthBps).tenThousandfold(Double(tick)) / DoubleDouble(1e4)).value
  }

  /// B that a tick holds when full of B, at liquidity and oracle price 1: `m / sqrt(u)`; 0 for one
  /// that the table does not have. Error: `Tolerance.capacity`.
  public func capacityB(ofTick tick: Int) -> Double { capacity(c.b_hi, c.b_lo, tick) }

  /// A that a tick holds when full of A, at liquidity and oracle price 1: `m sqrt(u)`; 0 for one
  /// that the table does not have. Error: `Tolerance.capacity`.
  public func capacityA(ofTick tick: Int) -> Double { capacity(c.a_hi, c.a_lo, tick) }

  /// B and A of all ticks below the lower edge of `tick`, full of that token.
  /// Error: `Tolerance.cumulative`.
  ///
  /// - Throws: `DAMMError.tickOutside` unless `lowestTick <= tick <= upperTick`.
  public func cumulative(below tick: Int) throws(DAMMError) -> (b: Double, a: Double) {
    let edge = try place(atEdge: tick)
    return between(place(atOffset: 0), edge)
  }

  /// B and A of all ticks from `tick` upwards, full of that token. Error: `Tolerance.cumulative`.
  ///
  /// - Throws: `DAMMError.tickOutside` unless `lowestTick <= tick <= upperTick`.
  public func cumulative(from tick: Int) throws(DAMMError) -> (b: Double, a: Double) {
    let edge = try place(atEdge: tick)
    return between(edge, place(atOffset: count))
  }

  private func contains(_ tick: Int) -> Bool { tick >= lowestTick && tick < upperTick }

  // MARK: Places on the curve, for the module

  /// Where the lower edge of a tick is stored: the fold edge stands twice.
  private func index(_ offset: Int) -> Int { offset + (offset >= Int(c.fold) ? 1 : 0) }

  private func capacity(
    _ high: UnsafePointer<Double>, _ low: UnsafePointer<Double>, _ tick: Int
  ) -> Double {
    guard contains(tick) else { return 0 }
    let i = index(tick - lowestTick)
    return (high[i + 1] - high[i]) + (low[i + 1] - low[i])
  }

  private func edgeB(_ index: Int) -> DoubleDouble {
    DoubleDouble(ck_dd(hi: c.b_hi[index], lo: c.b_lo[index]))
  }

  /// The place at the lower edge of the tick at an offset; `count` for the upper end.
  func place(atOffset offset: Int) -> ck_point {
    ck_point(tick: Int64(offset), sold: edgeB(index(offset)).c)
  }

  private func place(atEdge tick: Int) throws(DAMMError) -> ck_point {
    guard tick >= lowestTick, tick <= upperTick else {
      throw .tickOutside(tick: tick, lowest: lowestTick, highest: upperTick)
    }
    return place(atOffset: tick - lowestTick)
  }

  /// Whether a tick has no capacity: it is crossed as a whole and has no inside.
  func isEmpty(_ offset: Int) -> Bool {
    let (low, high) = (edgeB(index(offset)), edgeB(index(offset) + 1))
    return low.hi == high.hi && low.lo == high.lo
  }

  /// The place inside a tick where `fraction` (0 to 1) of it is sold.
  func place(atOffset offset: Int, fraction: DoubleDouble) -> ck_point {
    guard offset < count, fraction.hi > 0, !isEmpty(offset) else {
      return place(atOffset: min(offset, count))
    }
    let i = index(offset)
    let sold = edgeB(i) + (edgeB(i + 1) - edgeB(i)) * fraction
    guard sold < edgeB(i + 1) else { return place(atOffset: offset + 1) }
    return ck_point(tick: Int64(offset), sold: sold.c)
  }

  /// The sold fraction of the tick of a place, below 1.
  func fraction(of place: ck_point) -> Double {
    withUnsafePointer(to: c) { kernels.c.pointee.fraction($0, place) }
  }

  /// The price coordinate of a position at an oracle price, `mu (1 + (i + f) w)`, rounded once.
  func coordinate(_ tick: Int, _ fraction: Double, oraclePrice mu: Double) -> Double {
    // a tick far outside any table, as an error names it, must not overflow
    let offset = min(max(tick, -1 << 52), 1 << 52) - lowestTick
    return kernels.c.pointee.coordinate(c.grid, mu, Int64(offset), fraction)
  }

  /// B above a place and A below it, as swaps of unlimited size get them.
  func offered(at place: ck_point) -> (b: Double, a: Double) {
    var (b, a) = (0.0, 0.0)
    withUnsafePointer(to: c) { kernels.c.pointee.offered($0, place, &b, &a) }
    return (b, a)
  }

  /// B and A between two places, the first not above the second.
  func between(_ from: ck_point, _ to: ck_point) -> (b: Double, a: Double) {
    var (b, a) = (0.0, 0.0)
    withUnsafePointer(to: c) { kernels.c.pointee.between($0, from, to, &b, &a) }
    return (b, a)
  }
}
