import CKernels
import DAMMKernel
import DAMMModel
import Testing
import TestSupport

/// Random curves and order sizes where a traversal is easily wrong: curves of one tick, without ticks on
/// one side of the oracle price, with gaps and with ticks that the sums hardly know; sizes that end at tick
/// edges, at the place of forming and at the ends of the curve, and a few ulps beside them.
struct HardCurves {
  /// A curve, and the same one on a table that says it has ticks without liquidity, which it has not: so
  /// that every order takes the careful traversal, and none the straight line.
  struct Case {
    var curve: Curve
    var careful: Curve
    /// How to make it again.
    var label: String
    /// Where it was formed.
    let formed: Double
    /// What it was formed with.
    let reserves: Reserves
  }

  /// What the cases are drawn from.
  var random: SplitMix64
  private let tables: [(name: String, plain: TickTable, careful: TickTable)]
  private let withFees: Bool

  /// With fees each table has a schedule, and some curves a surge.
  init(
    seed: UInt64, kernels: KernelSet = .best, careful: Bool = true, fees withFees: Bool = false
  ) throws {
    random = SplitMix64(seed: seed)
    self.withFees = withFees
    var drawn = SplitMix64(seed: seed ^ 0xfee)
    func schedule() throws -> FeeSchedule {
      try withFees ? RandomCurves.fees(&drawn) : .none
    }
    var makers: [(String, () throws -> TickTable)] = []
    while makers.count < 24 {
      let shape = try RandomCurves.shape(&random)
      guard let table = try? TickTable(shape, kernels: kernels), table.count <= 2_000 else {
        continue
      }
      let fees = try schedule()
      makers.append(("\(shape)", { try TickTable(shape, fees: fees, kernels: kernels) }))
    }
    // s, k, width in basis points: one tick, two ticks, few ticks, widths that are no double, wide curves
    let shapes: [(Double, Double, Double)] = [
      (0.1, 6, 20_000), (1e-5, 6, 1), (1e-4, 3, 1), (0.01, 6, 0.3 * 4), (0.004, 6, 1.0 / 3),
      (0.002, 6, 0.3),
      (0.3, 1, 7), (0.12, 6, 33.3), (0.5, 2, 20), (0.15, 6.6, 10),
    ]
    for (s, k, bps) in shapes {
      for shape in Shape.allCases {
        let shape = try CurveShape(shape, relativeSigma: s, halfWidth: k, tickWidthBps: bps)
        let fees = try schedule()
        makers.append(("\(shape)", { try TickTable(shape, fees: fees, kernels: kernels) }))
      }
    }
    let densities: [(String, (Double) -> Double)] = [
      ("above the oracle price only", { $0 > 0 ? 1 : 0 }), ("below it only", { $0 < 0 ? 1 : 0 }),
      ("far above it", { $0 > 0.7 ? 1 / $0 : 0 }), ("far below it", { $0 < -0.7 ? -1 / $0 : 0 }),
      ("two humps", { abs($0) > 1 ? 1 : 0.01 }),
      ("two humps and dust", { abs($0) > 1 ? 1 : 1e-18 }),
      ("two humps and less", { abs($0) > 1 ? 1 : 1e-29 }),
      ("two humps and a gap", { abs($0) > 1 ? 1 : 0 }),
      ("gaps", { abs($0 * 3).truncatingRemainder(dividingBy: 1) < 0.4 ? 0 : 1 }),
      ("spikes", { abs($0 * 5).truncatingRemainder(dividingBy: 1) < 0.1 ? 1 : 1e-9 }),
      ("a ramp up", { $0 + 6.001 }), ("a ramp down", { 6.001 - $0 }),
      ("a hole", { abs($0) > 0.3 ? 1 : 0.2 }),
    ]
    for (name, density) in densities {
      for (s, bps) in [(0.01, 4.0), (0.05, 1.0 / 3 * 64)] {
        let fees = try schedule()
        makers.append(
          (
            "\(name), s \(s), \(bps) bp",
            {
              try TickTable(
                relativeSigma: s, tickWidthBps: bps, fees: fees, kernels: kernels,
                density: density)
            }
          ))
      }
    }
    tables = try makers.map { name, make in
      let plain = try make()
      return (name, plain, careful ? try Self.careful(make()) : plain)
    }
  }

  /// Makes a table say that it has empty ticks, which are left to the careful traversal.
  private static func careful(_ table: TickTable) throws -> TickTable {
    // the header lies before the masses
    let bytes = (MemoryLayout<ck_table>.size + 63) / 64 * 64
    let header = UnsafeMutableRawPointer(mutating: table.layout[0] - bytes)
      .assumingMemoryBound(to: ck_table.self)
    try #require(header.pointee.grid.count == table.count)
    try #require(UnsafeRawPointer(header.pointee.edges) == table.layout[1])
    header.pointee.has_empty = 1
    for way in [header.pointee.way.0, header.pointee.way.1] {
      UnsafeMutablePointer(mutating: way)?.pointee.has_empty = 1
    }
    return table
  }

  // MARK: Curves

  mutating func next() throws -> Case {
    let (name, table, careful) = tables.randomElement(using: &random)!
    // liquidity and both units 1 on a third of them: then a cumulative sum is an amount, to the bit
    let one = random.oneIn(3)
    let mu = one ? 1 : random.oneIn(2) ? 100 : random.logUniform(1e-6...1e6)
    let side =
      one ? [0x1p-4, 1, 0x1p4].randomElement(using: &random)! : random.logUniform(1e-3...1e12)
    let reserves = try Reserves(a: side, b: one ? 1 / side : random.logUniform(1e-3...1e12))
    let funding = random.oneIn(3) ? Funding.full : .geometricMean
    let formed = try position(table, near: 0)
    func make(_ table: TickTable) throws -> Curve {
      try Curve(
        table: table, oraclePrice: mu, reserves: reserves, funding: funding, position: formed)
    }
    var result = try Case(
      curve: make(table), careful: make(careful), label: "", formed: make(table).price,
      reserves: reserves)
    var start = "formed"
    switch Int.random(in: 0..<4, using: &random) {
    case 0: break
    case 1:
      let side = Side.allCases.randomElement(using: &random)!
      let size = try sizes(result, side, .amount, limit: nil).randomElement(using: &random)!
      let order = try Self.order(side, .amount, size)
      result.curve.swap(order)
      result.careful.swap(order)
      start = "formed, then \(order)"
    default:
      let position = try position(table, near: formed.tick)
      try result.curve.move(to: position)
      try result.careful.move(to: position)
      start = "\(position)"
    }
    if withFees, random.oneIn(4) {
      let surge = random.logUniform(1e-9...0.1)
      try result.curve.charge(surge: surge)
      try result.careful.charge(surge: surge)
      start += ", surge \(surge)"
    }
    if withFees { start += ", \(table.fees)" }
    result.label = "\(name), mu \(mu), \(reserves), \(funding), formed at \(formed), start \(start)"
    return result
  }

  /// An end, a tick edge, or the inside of a tick.
  private mutating func position(_ table: TickTable, near tick: Int) throws -> Position {
    let (low, high) = (table.lowestTick, table.upperTick)
    let anywhere = Int.random(in: low...high, using: &random)
    let tick = [
      low, high, high - 1, 0, -1, tick, tick - 1, tick + 1, anywhere, anywhere, anywhere, anywhere,
    ]
    .randomElement(using: &random)!
    let inside = min(max(tick, low), high)
    if inside == high || random.oneIn(2) { return try Position(tick: inside) }
    let fraction = [0.5, 1e-9, 1e-17, 1 - 1e-10, 1.0.nextDown, random.uniform(0...0.999)]
    return try Position(tick: inside, fraction: fraction.randomElement(using: &random)!)
  }

  // MARK: Orders

  static func order(
    _ side: Side, _ fixed: Order.Fixed, _ size: Double, limit: Double? = nil
  ) throws -> Order {
    try Order(side, fixed == .amount ? .amount(size) : .notional(size), limit: limit)
  }

  /// No limit as a rule; else one that is passed, binding, at an edge, at the place of forming, at an end
  /// or beyond it.
  mutating func limit(_ place: Case) -> Double? {
    guard random.oneIn(3) else { return nil }
    let ends = place.curve.priceRange
    let anywhere = random.uniform(ends)
    let prices = [
      place.curve.price, place.curve.price.nextUp, place.curve.price.nextDown, place.formed,
      place.curve.oraclePrice, ends.lowerBound, ends.upperBound, ends.upperBound * 1.5,
      ends.lowerBound / 2, anywhere, anywhere, edge(place.curve), edge(place.curve),
    ]
    return prices.randomElement(using: &random)!
  }

  private mutating func edge(_ curve: Curve) -> Double {
    let tick = Int.random(in: curve.table.lowestTick...curve.table.upperTick, using: &random)
    return curve.oraclePrice * curve.table.relativePrice(ofTick: tick)
  }

  /// Sizes of orders from where a curve stands, in random order.
  mutating func sizes(
    _ place: Case, _ side: Side, _ fixed: Order.Fixed, limit: Double?
  ) throws -> [Double] {
    let curve = place.curve
    func amount(to price: Double) throws -> Double? {
      let quote = curve.quote(try Order(side, .toPrice(price)))
      let size = (fixed == .amount) == (side == .buy) ? quote.amountOut : quote.amountIn
      return Domain.amount.contains(size) ? size : nil
    }
    let ends = curve.priceRange
    let beyond = side == .buy ? ends.upperBound * 2 : ends.lowerBound / 2
    guard let whole = try amount(to: beyond) else { return [1e-40, 1e-3, 1, 1e30] }
    let tick = curve.position.tick
    let edges = [tick - 1, tick, tick + 1, tick + 2, 1, -1, curve.table.upperTick - 1].map {
      curve.oraclePrice * curve.table.relativePrice(ofTick: $0)
    }
    let prices =
      [place.formed, place.formed, curve.oraclePrice, curve.oraclePrice, limit ?? beyond]
      + edges.filter { $0 > 0 } + (0..<6).map { _ in edge(curve) }
    let marks = try prices.compactMap { try amount(to: $0) } + [whole, whole]
    var sizes = marks.flatMap {
      [$0, $0.nextUp, $0.nextDown, $0 * (1 + 0x1p-51), $0 * (1 - 0x1p-29)]
    }
    for _ in 0..<20 {
      sizes.append(whole * random.uniform(0...1))
      sizes.append(whole * random.logUniform(1e-8...1))
      sizes.append(marks.randomElement(using: &random)! * random.uniform(0...1))
    }
    for _ in 0..<6 { sizes.append(whole * random.logUniform(1e-40...1e-8)) }
    sizes += [whole * 1e-40, whole * 1.5, whole * 1e6, 1e100, 1e-100]
    return sizes.filter(Domain.amount.contains).shuffled(using: &random)
  }
}
