import DAMMKernel
import DAMMModel
import Testing
import TestSupport

/// A sequence of swaps is `swap` of each order in turn, bit for bit.
@Suite struct SequenceTests {
  /// A flow for a curve: to marks seen from where the pool is then, of any size, or calm.
  private func flow(
    _ curves: inout HardCurves, _ place: HardCurves.Case, _ fixed: Order.Fixed
  ) throws -> [Double] {
    var pool = place
    let calm = curves.random.oneIn(2)
    var sizes: [Side: [Double]] = [:]
    let most = curves.random.oneIn(8) ? 300 : 60  // amounts alone are settled 64 at a time
    return try (0..<Int.random(in: 0...most, using: &curves.random)).map { i in
      let side = curves.random.oneIn(2) ? Side.buy : .sell
      if i % 8 == 0 || calm == false && curves.random.oneIn(4) { sizes = [:] }
      let here = try sizes[side] ?? curves.sizes(pool, side, fixed, limit: nil)
      sizes[side] = here
      var size = here[i % here.count]
      if calm {
        size = min(max(min(size, 1e60) * curves.random.logUniform(1e-6...1), 1e-100), 1e100)
      }
      pool.curve.swap(try HardCurves.order(side, fixed, size))
      return side == .buy ? size : -size
    }
  }

  @Test(arguments: [false, true]) func aFlowIsItsSwaps(fees: Bool) throws {
    let seed = RandomCurves.seed("a flow is its swaps", 91)
    var curves = try HardCurves(seed: seed, careful: false, fees: fees)
    var (compared, over, exhausted, edges) = (0, 0, 0, 0)
    for _ in 0..<RandomCurves.runs(2_500) {
      let place = try curves.next()
      for fixed in Order.Fixed.allCases {
        let flow = try flow(&curves, place, fixed)
        let fields = QuoteColumns.Field.allCases.filter { _ in !curves.random.oneIn(3) }
        let asked = [QuoteColumns.allFields, [.amountIn, .amountOut], Set(fields)]
          .randomElement(using: &curves.random)!
        let columns = QuoteColumns(
          flow.count, asked, shift: Int.random(in: 0..<8, using: &curves.random))
        var (pool, one) = (place.curve, place.curve)
        try flow.withUnsafeBufferPointer {
          try pool.swaps(fixed, flow: $0, into: columns.arrays)
        }
        for (i, value) in flow.enumerated() {
          let order = try HardCurves.order(value > 0 ? .buy : .sell, fixed, abs(value))
          let before = one.price
          let quote = one.swap(order)
          guard columns.differences(i, from: quote).isEmpty else {
            Issue.record(
              """
              seed \(seed): swap \(i), \(fixed) \(value), differs in \
              \(columns.differences(i, from: quote)): \(place.label): \(flow.prefix(i)): \(quote)
              """)
            return
          }
          if (before - place.formed) * (one.price - place.formed) < 0 { over += 1 }
          if quote.stop == .exhausted { exhausted += 1 }
          if quote.stop == .complete && quote.positionAfter.fraction == 0 { edges += 1 }
        }
        #expect(columns.nothingElseWritten)
        // where it ends is the same beyond what a position shows
        #expect(
          pool.position == one.position && pool.price == one.price,
          "seed \(seed): \(pool.price), one by one \(one.price): \(place.label): \(fixed) \(flow)")
        for side in Side.allCases {
          for size in try curves.sizes(place, side, fixed, limit: nil).prefix(3) {
            let order = try HardCurves.order(side, fixed, size)
            #expect(pool.quote(order) == one.quote(order), "seed \(seed): \(place.label): \(flow)")
          }
        }
        #expect(pool.offered == one.offered)
        compared += flow.count
      }
    }
    print(
      "flows: \(compared) swaps, \(over) over the place of forming, \(exhausted) exhausted, "
        + "\(edges) to an edge")
    #expect(compared > 100_000 && over > 5_000 && exhausted > 5_000 && edges > 500)
  }

  @Test(arguments: [false, true]) func everyInstructionSetGivesTheSameBits(fees: Bool) throws {
    let seed = RandomCurves.seed("flows on instruction sets", 92)
    func answers(_ set: KernelSet) throws -> [UInt64] {
      var curves = try HardCurves(seed: seed, kernels: set, careful: false, fees: fees)
      return try (0..<300).flatMap { _ in
        var place = try curves.next()
        return try Order.Fixed.allCases.flatMap { fixed in
          let flow = try flow(&curves, place, fixed)
          let columns = QuoteColumns(flow.count)
          try flow.withUnsafeBufferPointer {
            try place.curve.swaps(fixed, flow: $0, into: columns.arrays)
          }
          return QuoteColumns.Field.allCases.flatMap { field in
            flow.indices.map { columns[field, $0] }
          } + [place.curve.price.bitPattern]
        }
      }
    }
    let expected = try answers(KernelSet.available[0])
    #expect(expected.count > 50_000)
    for set in KernelSet.available.dropFirst() {
      #expect(try answers(set) == expected, "\(set.name)")
    }
  }

  @Test func refusedFlows() throws {
    let table = try TickTable(CurveShape(relativeSigma: 0.01))
    var curve = try Curve(table: table, oraclePrice: 100, reserves: Reserves(a: 1000, b: 10))
    for fixed in Order.Fixed.allCases {
      for (bad, size) in [
        (Double.nan, Double.nan), (.infinity, .infinity), (-.infinity, -.infinity), (0, 0),
        (-0.0, 0),
        (1e-101, 1e-101), (-2e100, -2e100),
      ] {
        for index in [0, 7, 8, 19] {
          var flow = [Double](repeating: 0.01, count: 20)
          flow[index] = bad
          // the first one is named
          if index < 19 { flow[19] = .nan }
          let columns = QuoteColumns(flow.count)
          var named = false
          do {
            try flow.withUnsafeBufferPointer {
              try curve.swaps(fixed, flow: $0, into: columns.arrays)
            }
          } catch let error as DAMMError {
            if case .outOfRange("\(fixed.rawValue) \(index)", let value, Domain.amount) = error {
              named = value == size || (value.isNaN && size.isNaN)
            }
          }
          #expect(named, "\(fixed) \(index) \(bad)")
          #expect(columns.nothingWritten && curve.position == .oracle)
        }
      }
    }
  }
}
