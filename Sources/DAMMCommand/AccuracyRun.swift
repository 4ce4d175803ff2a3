import DAMM
import DAMMReference

/// Measures the kernel over the declared domain: every tick of every curve of a grid, and random
/// swaps on each.
struct AccuracyRun {
  let largest: Int
  let swapsPerCurve: Int
  let seed: UInt64

  private static let sigmas = [0.0005, 0.0013, 0.004, 0.01, 0.0366, 0.1, 0.2293518, 0.35, 0.5]
  private static let shapes: [(shape: Shape, tickBps: [Double])] = [
    (.normal, [1, 0.3, 7, 40]), (.logNormal, [1, 7, 40]), (.uniform, [1, 40]),
  ]

  /// The curves of the grid that have few enough ticks, smallest sigma first.
  private func curves() throws -> [CurveShape] {
    try Self.sigmas.flatMap { s in
      try [6.0, 12].flatMap { k in
        try Self.shapes.flatMap { shape, widths in
          try widths.map {
            try CurveShape(shape, relativeSigma: s, halfWidth: k, tickWidthBps: $0)
          }
        }
      }
    }
  }

  /// Runs everything and returns a row for each quantity.
  func rows() throws -> [AccuracyRow] {
    var masses6 = AccuracyRow(.massSeriesTo6)
    var masses12 = AccuracyRow(.massSeriesTo12)
    var massesGSL = AccuracyRow(.massGSL)
    var capacities = AccuracyRow(.capacity)
    var cumulative = AccuracyRow(.cumulative)
    var swaps = AccuracySwaps(count: swapsPerCurve, seed: seed)
    var fees = AccuracyFees(count: swapsPerCurve, seed: seed)
    for curve in try curves() {
      guard let table = try? TickTable(curve), table.count <= largest else { continue }
      let exact = try ReferenceTable<Wide>(taylor: curve)
      let gsl = try TickTable(curve, method: .gsl)
      var sum = (b: Wide(0), a: Wide(0))
      for (offset, mass) in exact.masses.enumerated() {
        let tick = exact.lowestTick + offset
        let u = exact.relativePrices[offset]
        let (b, a) = (mass / u.squareRoot, mass * u.squareRoot)
        func add(_ row: inout AccuracyRow, _ value: Double, _ exact: Wide) {
          row.add(
            value, error: (Wide(value) - exact).double,
            at: ["tick \(tick)", "on \(curve.words)"])
        }
        if curve.halfWidth > 6 {
          add(&masses12, table.mass(ofTick: tick), mass)
        } else {
          add(&masses6, table.mass(ofTick: tick), mass)
        }
        add(&massesGSL, gsl.mass(ofTick: tick), mass)
        add(&capacities, table.capacityB(ofTick: tick), b)
        add(&capacities, table.capacityA(ofTick: tick), a)
        let below = try table.cumulative(below: tick)
        if offset > 0 {
          add(&cumulative, below.b, sum.b)
          add(&cumulative, below.a, sum.a)
        }
        sum = (sum.b + b, sum.a + a)
      }
      try swaps.run(curve, table, exact)
      try fees.run(curve, exact)
    }
    return [masses6, masses12, massesGSL, capacities, cumulative] + swaps.rows + [fees.row]
  }
}
