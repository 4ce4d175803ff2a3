import CKernels
import DAMMModel

/// The scale-free table of a curve: which ticks there are, the mass of each, and the cumulative
/// capacities of A and B at their edges. Immutable, shared by every pool and price that has the same
/// shape: a new oracle price needs no new table, a new volatility does.
///
/// Liquidity is 1 and prices are in units of the oracle price here: tick `i` has the price
/// `u_i = 1 + i w`, the mass `m_i`, and holds `m_i / sqrt(u_i)` of B or `m_i sqrt(u_i)` of A.
///
/// Everything lies in one block, 64-byte aligned: the masses; at each edge the cumulative capacities of
/// B and of A, each as a high and a low part and summed from the nearer end of the curve, so that
/// differences keep their relative accuracy in both tails; and for each token a guide that leads from a
/// cumulative amount to its tick. One edge is 32 bytes, so that a quote touches one cache line of them.
/// With fees there follow, for either direction, the sums of fees, and edges and guide with the A of bids or asks.
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
  /// What the pool takes of each trade.
  public let fees: FeeSchedule
  /// Index of the lowest tick.
  public let lowestTick: Int
  /// One past the index of the highest tick.
  public let upperTick: Int

  /// The highest fee of a sale on any tick, without a surge, as a rate.
  let highestSellFee: Double
  let kernels: KernelSet
  /// The table as the kernels read it, at the head of the block.
  let c: UnsafePointer<ck_table>
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
  ///   - fees: what the pool takes of each trade.
  ///   - method: how the masses are computed. A uniform curve needs neither and ignores it.
  ///   - kernels: the instruction set; all give the same bits.
  /// - Throws: `DAMMError.tooManyTicks` beyond `Domain.maximumTicks`, `.noTicks` for a curve within
  ///   a billionth of a tick, `.outOfRange` for fees that leave a seller nothing.
  public convenience init(
    _ curve: CurveShape, fees: FeeSchedule = .none, method: Method = .series,
    kernels: KernelSet = .best
  ) throws(DAMMError) {
    let terms = fees.terms(relativeSigma: curve.relativeSigma)
    let (s, k, bps) = (curve.relativeSigma, curve.halfWidth, curve.tickWidthBps)
    let series = SeriesMasses(kernels: kernels)
    let memory: Block
    if curve.shape == .logNormal {
      let edges = try TickEdges(
        logNormal: s, halfWidth: k, tickWidthBps: bps, kernels: kernels)
      let masses = method == .gsl ? try GSLMasses().normal(edges) : nil
      memory = Block(
        lowest: edges.lowest, count: edges.count, bps: bps, terms: terms, kernels: kernels)
      if let masses { memory.copy(masses) } else { series.buckets(edges, into: memory.mass) }
    } else {
      let linear = try TickEdges.Linear(relativeSigma: s, halfWidth: k, tickWidthBps: bps)
      let byGSL = method == .gsl && curve.shape != .uniform
      let masses = byGSL ? try GSLMasses().normal(TickEdges(linear, halfWidth: k)) : nil
      memory = Block(
        lowest: linear.lowest, count: linear.upper - linear.lowest, bps: bps, terms: terms,
        kernels: kernels)
      switch (curve.shape, masses) {
      case (.uniform, _): series.uniform(linear, into: memory.mass)
      case (_, let masses?): memory.copy(masses)
      case (_, nil): series.normal(linear, halfWidth: k, into: memory.mass)
      }
    }
    try self.init(shape: curve.shape, s: s, k: k, fees, memory, kernels: kernels)
  }

  /// A table of any density, integrated tick by tick with GSL (fixed Gauss-Legendre, 10 nodes on
  /// parts of at most a quarter standard deviation).
  ///
  /// Ticks at the ends where the density is zero, or below 1e-250 of the largest, are left out; inside, such a tick is crossed for
  /// nothing, and so is one that holds less than 1e-32 of what lies between it and the nearer end: the
  /// cumulative sums do not know it. The error is that of the quadrature: `Tolerance.massGSL` for the
  /// normal density. `Tolerance.capacity` and the bounds on amounts hold for ticks that hold more
  /// than 1e-16 of what lies between them and the nearer end.
  ///
  /// - Parameters:
  ///   - relativeSigma: what one unit of `z` is, over the oracle price.
  ///   - halfWidth: the density is taken over `|z| <= halfWidth`.
  ///   - tickWidthBps: in basis points of the oracle price.
  ///   - fees: what the pool takes of each trade.
  ///   - kernels: the instruction set; all give the same bits.
  ///   - density: liquidity per unit of `z = (p - mu) / sigma`, up to a constant factor.
  /// - Throws: `DAMMError.outOfRange`, `.tooManyTicks`, `.noTicks`, `.invalidDensity` for a negative
  ///   or non-finite value, `.emptyDensity`.
  public convenience init(
    relativeSigma: Double, halfWidth: Double = 6, tickWidthBps: Double = 1,
    fees: FeeSchedule = .none, kernels: KernelSet = .best, density: (Double) -> Double
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
    guard let largest = masses.max(), largest > 0 else { throw .emptyDensity }
    // What is less than this beside it is nothing: no scale could lift it to an amount.
    let least = max(largest * 1e-250, .leastNonzeroMagnitude)
    guard let first = masses.firstIndex(where: { $0 >= least }),
      let last = masses.lastIndex(where: { $0 >= least })
    else { throw .emptyDensity }
    let memory = Block(
      lowest: edges.lowest + first, count: last + 1 - first, bps: tickWidthBps,
      terms: fees.terms(relativeSigma: relativeSigma), kernels: kernels)
    memory.copy(masses[first...last].map { $0 >= least ? $0 / largest : 0 })
    try self.init(shape: nil, s: relativeSigma, k: halfWidth, fees, memory, kernels: kernels)
  }

  /// Takes over memory whose masses are written, up to a constant factor.
  private init(
    shape: Shape?, s: Double, k: Double, _ fees: FeeSchedule, _ memory: Block, kernels: KernelSet
  ) throws(DAMMError) {
    let functions = kernels.c.pointee
    let header = memory.header
    let grid = header.pointee.grid
    do {
      highestSellFee = try Self.highestSellFee(fees, UnsafePointer(header), kernels)
    } catch {
      memory.start.deallocate()
      throw error
    }
    let sum = functions.normalise(grid.count, memory.mass)
    precondition(sum > 0, "a table has mass")
    header.pointee.has_empty = functions.accumulate(header, memory.mass, memory.edges)
    let room = Int(ck_guide_room(grid.count))
    functions.guides(header, memory.guides, memory.guides + room)
    memory.addTolls(functions)
    self.shape = shape
    self.fees = fees
    relativeSigma = s
    halfWidth = k
    tickWidthBps = grid.bps
    lowestTick = Int(grid.lowest)
    upperTick = Int(grid.lowest + grid.count)
    self.kernels = kernels
    c = UnsafePointer(header)
    block = memory.start
    mass = memory.mass
  }

  deinit { block.deallocate() }

  // MARK: Reading

  /// All masses, from the lowest tick upwards; they sum to 1.
  public func withMasses<Result, Failure>(
    _ body: (Span<Double>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeBufferPointer(start: mass, count: count).span)
  }

  /// Where the parts of the block lie: masses, stored edges (32 bytes each), guides of B and of A. With fees,
  /// for selling and then for buying, a header, sums of fees (16 bytes each), edges, and the guide of A.
  package var layout: [UnsafeRawPointer] {
    let table = c.pointee
    func guide(_ guide: ck_guide) -> UnsafeRawPointer { UnsafeRawPointer(guide.first) }
    var parts: [UnsafeRawPointer] = [
      UnsafeRawPointer(mass), UnsafeRawPointer(table.edges), guide(table.guide.0),
      guide(table.guide.1),
    ]
    guard table.terms.takes else { return parts }
    for (way, fees) in [(table.way.0!, table.fee.0!), (table.way.1!, table.fee.1!)] {
      parts += [
        UnsafeRawPointer(way), UnsafeRawPointer(fees), UnsafeRawPointer(way.pointee.edges),
        guide(way.pointee.guide.1),
      ]
    }
    return parts
  }

  /// Mass of a tick; 0 for one that the table does not have.
  public func mass(ofTick tick: Int) -> Double {
    contains(tick) ? mass[tick - lowestTick] : 0
  }

  /// Price of a tick over the oracle price: `1 + i w`, rounded once.
  public func relativePrice(ofTick tick: Int) -> Double { ticks.relativePrice(tick) }

  /// B that a tick holds when full of B, at liquidity and oracle price 1: `m / sqrt(u)`; 0 for one
  /// that the table does not have. Error: `Tolerance.capacity`.
  public func capacityB(ofTick tick: Int) -> Double { ticks.capacity(tick, \.b) }

  /// A that a tick holds when full of A, at liquidity and oracle price 1: `m sqrt(u)`; 0 for one
  /// that the table does not have. Error: `Tolerance.capacity`.
  public func capacityA(ofTick tick: Int) -> Double { ticks.capacity(tick, \.a) }

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

  /// The place at the lower edge of the tick at an offset; `count` for the upper end.
  func place(atOffset offset: Int) -> ck_point { ticks.place(atOffset: offset) }

  /// The upper edge of the tick at an offset, in the frame of that tick.
  func upperEdge(_ offset: Int) -> ck_point {
    ck_point(tick: Int64(offset), sold: ticks.edgeB(ticks.index(offset) + 1).c)
  }

  private func place(atEdge tick: Int) throws(DAMMError) -> ck_point {
    guard tick >= lowestTick, tick <= upperTick else {
      throw .tickOutside(tick: tick, lowest: lowestTick, highest: upperTick)
    }
    return place(atOffset: tick - lowestTick)
  }

  /// Whether a tick has no capacity: it is crossed as a whole and has no inside.
  func isEmpty(_ offset: Int) -> Bool {
    let index = ticks.index(offset)
    let (low, high) = (ticks.edgeB(index), ticks.edgeB(index + 1))
    return low.hi == high.hi && low.lo == high.lo
  }

  /// The place inside a tick where `fraction` (0 to 1) of it is sold.
  func place(atOffset offset: Int, fraction: DoubleDouble) -> ck_point {
    guard offset < count, fraction.hi > 0, !isEmpty(offset) else {
      return place(atOffset: min(offset, count))
    }
    let index = ticks.index(offset)
    let (low, high) = (ticks.edgeB(index), ticks.edgeB(index + 1))
    let sold = low + (high - low) * fraction
    guard sold < high else { return place(atOffset: offset + 1) }
    return ck_point(tick: Int64(offset), sold: sold.c)
  }

  /// The sold fraction of the tick of a place, below 1.
  func fraction(of place: ck_point) -> Double {
    kernels.c.pointee.fraction(c, place)
  }

  /// The price coordinate of a position at an oracle price, `mu (1 + (i + f) w)`, rounded once.
  func coordinate(_ tick: Int, _ fraction: Double, oraclePrice mu: Double) -> Double {
    // a tick far outside any table, as an error names it, must not overflow
    let offset = min(max(tick, -1 << 52), 1 << 52) - lowestTick
    return kernels.c.pointee.coordinate(c.pointee.grid, mu, Int64(offset), fraction)
  }

  /// B and A between two places, the first not above the second.
  func between(_ from: ck_point, _ to: ck_point) -> (b: Double, a: Double) {
    var (b, a) = (0.0, 0.0)
    kernels.c.pointee.between(c, from, to, &b, &a)
    return (b, a)
  }
}
