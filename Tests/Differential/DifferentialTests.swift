import DAMMKernel
import DAMMModel
import DAMMReference
import Testing
import TestSupport

/// Fast against slow: the kernel's tables and swaps, and what they refuse, against GSL's adaptive
/// quadrature and the tick loop as the source document writes it.
@Suite struct DifferentialTests {
  /// The case of an error, without its numbers.
  private func kind(_ error: DAMMError) -> String {
    String("\(error)".prefix { $0 != "(" && $0 != " " })
      + (Mirror(reflecting: error).children.first?.label ?? "")
  }

  private func outcome<T>(_ make: () throws(DAMMError) -> T) -> (T?, String?) {
    do throws(DAMMError) { return (try make(), nil) } catch { return (nil, kind(error)) }
  }

  @Test func tables() throws {
    let seed = RandomCurves.seed("tables, fast against slow", 41)
    var random = SplitMix64(seed: seed)
    var (compared, worst) = (0, 0.0)
    while compared < RandomCurves.runs(60) {
      let shape = try RandomCurves.shape(&random)
      guard let fast = try? TickTable(shape), fast.count < 8_000 else { continue }
      let slow = try ReferenceTable<Double>(quadrature: shape)
      #expect(slow.lowestTick == fast.lowestTick && slow.upperTick == fast.upperTick, "\(shape)")
      guard slow.masses.count == fast.count else { continue }
      for (offset, mass) in slow.masses.enumerated() {
        let error = abs(fast.mass(ofTick: slow.lowestTick + offset) / mass - 1)
        worst = max(worst, error)
        #expect(
          error <= Tolerance.referenceQuadrature.relative, "tick \(offset) of \(shape): \(error)")
        if error > Tolerance.referenceQuadrature.relative { break }
      }
      compared += 1
    }
    print("tables: worst difference \(worst)")
  }

  /// A table is refused if and only if the slow path refuses it, for the same reason.
  @Test func refusals() throws {
    let seed = RandomCurves.seed("refusals, fast against slow", 42)
    var random = SplitMix64(seed: seed)
    var counts: [String: Int] = [:]
    for _ in 0..<RandomCurves.runs(3_000) {
      // around where tables become too large, or vanish
      let large = random.oneIn(2)
      let shape = Shape.allCases.randomElement(using: &random) ?? .normal
      let k = random.uniform(0.5...12)
      let bps = large ? random.logUniform(1e-3...1e4) : random.logUniform(1...1e6)
      // k s / w around 2^21 or 1e-9
      let ticks = large ? random.logUniform(1e6...1e7) : random.logUniform(1e-10...1e-8)
      let s = min(max(ticks * bps / 1e4 / k, 1e-9), 1e3)
      let curve = try CurveShape(shape, relativeSigma: s, halfWidth: k, tickWidthBps: bps)
      let geometry = outcome { () throws(DAMMError) in try ReferenceTable<Double>.extent(of: curve)
      }
      // the log-normal walk stops where a table would be too large; do not build the rest in full
      if let ticks = geometry.0, ticks > 50_000 { continue }
      let fast = outcome { () throws(DAMMError) in try TickTable(curve) }
      #expect(fast.1 == geometry.1, "\(curve)")
      if let ticks = geometry.0 { #expect(fast.0?.count == ticks, "\(curve)") }
      counts[geometry.1 ?? "accepted", default: 0] += 1
    }
    print("refusals: \(counts)")
    #expect(counts.count == 3 && counts.values.allSatisfy { $0 > 100 })
  }

  @Test func swaps() throws {
    let seed = RandomCurves.seed("swaps, fast against slow", 43)
    var random = SplitMix64(seed: seed)
    var (worst, compared) = (0.0, 0)
    var stops: [Stop: Int] = [:]
    for round in 0..<RandomCurves.runs(40) {
      var curves = try RandomCurves(seed: random.next(), tables: 1, largest: 3_000)
      let model = try curves.curve()
      let shape = try CurveShape(
        #require(model.table.shape), relativeSigma: model.table.relativeSigma,
        halfWidth: model.table.halfWidth, tickWidthBps: model.table.tickWidthBps)
      let reserves = try Reserves(
        a: random.logUniform(1e-3...1e9), b: random.logUniform(1e-3...1e9))
      let funding = Funding.allCases.randomElement(using: &random) ?? .full
      let formed = try curves.position(model.table)
      var fast = try Curve(
        table: model.table, oraclePrice: model.oraclePrice, reserves: reserves, funding: funding,
        position: formed)
      var slow = try ReferenceCurve(
        table: ReferenceTable<Wide>(quadrature: shape), tickWidthBps: shape.tickWidthBps,
        oraclePrice: model.oraclePrice, reserves: reserves, funding: funding, position: formed)
      for _ in 0..<200 {
        let start = try curves.position(model.table)
        try fast.move(to: start)
        try slow.move(to: start)
        let order = try curves.order(fast)
        let quote = fast.swap(order)
        let fill = slow.swap(order)
        let (a, b) =
          order.side == .buy
          ? (quote.amountIn, quote.amountOut) : (quote.amountOut, quote.amountIn)
        let error = max(difference(a, fill.a.double), difference(b, fill.b.double))
        let condition = condition(order, quote, fast)
        let at =
          "round \(round): \(order) from \(start), \(shape), mu \(model.oraclePrice): \(quote)"
        #expect(error <= Tolerance.referenceLoop.relative * condition, "\(error) \(at)")
        worst = max(worst, error / condition)
        if fill.stop == .exhausted, quote.priceAfter == bound(order) {
          // a bound that is the Double of the curve's end counts as that end, though it may lie beyond
        } else if quote.stop != fill.stop {
          // the last digits of the masses decide which of two stops an order that just fits has
          let bound = Tolerance.referenceLoop.relative * condition
          #expect(
            fill.left.double <= bound * (a + b) && (quote.left ?? 0) <= bound * (a + b), "\(at)")
        } else {
          stops[quote.stop, default: 0] += 1
        }
        compared += 1
      }
    }
    print("swaps: \(compared) compared, \(stops), worst difference \(worst)")
    #expect(compared > 6_000)
    for stop in Stop.allCases { #expect(stops[stop, default: 0] > 300) }
  }

  private func difference(_ fast: Double, _ slow: Double) -> Double {
    fast == slow ? 0 : abs(fast - slow) / max(abs(fast), abs(slow))
  }

  private func bound(_ order: Order) -> Double? {
    guard case .toPrice(let price) = order.size else { return order.limit }
    guard let limit = order.limit else { return price }
    return order.side == .buy ? min(price, limit) : max(price, limit)
  }

  /// How much an error of the fixed amount grows in the other one.
  private func condition(_ order: Order, _ quote: Quote, _ curve: Curve) -> Double {
    guard let average = quote.averagePrice, quote.left != nil else { return 1 }
    let last = min(quote.positionAfter.tick, curve.table.upperTick - 1)
    let end = curve.oraclePrice * curve.table.relativePrice(ofTick: last)
    return max(1, end / average, average / end)
  }

  @Test func positionsOutside() throws {
    let shape = try CurveShape(relativeSigma: 0.01)
    let slow = try ReferenceTable<Double>(quadrature: shape)
    let fast = try TickTable(shape)
    let reserves = try Reserves(a: 1000, b: 10)
    for (tick, fraction) in [(600, 0.0), (600, 0.1), (601, 0), (-600, 0), (-601, 0.9), (0, 0.5)] {
      let position = try Position(tick: tick, fraction: fraction)
      let quick = outcome { () throws(DAMMError) in
        try Curve(table: fast, oraclePrice: 100, reserves: reserves, position: position)
      }
      let plain = outcome { () throws(DAMMError) in
        try ReferenceCurve(
          table: slow, tickWidthBps: 1, oraclePrice: 100, reserves: reserves, position: position)
      }
      #expect(quick.1 == plain.1, "\(position)")
    }
  }
}
