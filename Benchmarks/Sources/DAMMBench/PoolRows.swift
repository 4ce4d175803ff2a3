import CMachine
import DAMM
import DAMMReference

/// Ten thousand pools that share a few tables.
final class Pools {
  static let count = 10_000

  let curves: [Curve]
  private let parameters: [(market: Int, price: Double, reserves: Reserves)]
  /// How much the resident memory grew by tables and pools, in bytes; nil where it cannot be told.
  let resident: Int?

  /// To be made before anything else, so that no freed memory hides the growth.
  init(_ shapes: [CurveShape], using random: inout Random) throws {
    parameters = try (0..<Self.count).map { _ in
      let price = random.uniform(1...10_000)
      let b = random.uniform(10...10_000)
      let reserves = try Reserves(a: price * b * random.uniform(0.5...2), b: b)
      return (Int.random(in: shapes.indices, using: &random), price, reserves)
    }
    machine_trim()
    let before = machine_resident()
    let tables = try shapes.map { try TickTable($0) }
    curves = try parameters.map {
      try Curve(table: tables[$0.market], oraclePrice: $0.price, reserves: $0.reserves)
    }
    let after = machine_resident()
    // less than the bare values hold is no measurement
    let least = Self.count * MemoryLayout<Curve>.stride
    let growth = Int(after - before)
    resident = before > 0 && growth >= least ? growth : nil
  }

  /// A quote of each, for a uniform part of the side: in one call, and one by one in random order.
  func row(_ markets: [Market], using random: inout Random) -> Row {
    let order = (0..<Self.count).shuffled(using: &random)
    let desk = Desk(order.map { curves[$0].offered.b * random.uniform(0x1p-20...0.999) })
    let inOrder = Desk(curves.map { $0.offered.b * random.uniform(0x1p-20...0.999) })
    let proofs = (exact(order, desk, markets), exact(Array(0..<Self.count), inOrder, markets))
    let one = { [curves] (range: Range<Int>) in
      for i in range {
        desk.answers[i] =
          curves[order[i]].quote(try! Order(.buy, .amount(desk.values[i]))).amountIn
      }
    }
    let all = { [curves] (range: Range<Int>) in
      var arrays = QuoteArrays()
      arrays.amountIn = inOrder.answers.baseAddress! + range.lowerBound
      arrays.amountOut = inOrder.echo.baseAddress! + range.lowerBound
      curves.withUnsafeBufferPointer {
        try! Curve.quotes(
          UnsafeBufferPointer(rebasing: $0[range]), .buy, .amount,
          UnsafeBufferPointer(rebasing: inOrder.values[range]), into: arrays)
      }
    }
    let allowed = Tolerance.amountFixed.relative
    return Row(
      section: .pools, title: "\(grouped(Self.count)) pools on \(markets.count) tables",
      unit: "quote",
      contenders: [
        Contender(
          "quotes across curves", count: inOrder.count, target: 30,
          prove: proofs.1.proof(inOrder, allowed: allowed, of: all), work: all),
        Contender(
          "quote, in random order", count: desk.count,
          prove: proofs.0.proof(desk, allowed: allowed, of: one), work: one),
      ],
      notes: ["uniform sizes; every pool has the table of one of the shapes at random"])
  }

  private func exact(_ order: [Int], _ desk: Desk, _ markets: [Market]) -> ExactAnswers {
    ExactAnswers { [self] n in
      order.prefix(n).enumerated().map { i, pool in
        let (market, price, reserves) = parameters[pool]
        var curve = try! WideCurve(
          table: markets[market].referenceTable.get(),
          tickWidthBps: markets[market].shape.tickWidthBps, oraclePrice: price,
          reserves: reserves)
        return curve.exact(try! Order(.buy, .amount(desk.values[i])))
      }
    }
  }
}
