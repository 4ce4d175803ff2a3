import DAMMKernel
import DAMMModel
import Testing
import TestSupport

/// The straight line of a swap gives the bits of the careful traversal.
@Suite struct StraightLineTests {
  @Test(arguments: [false, true]) func theLineIsTheCarefulTraversal(fees: Bool) throws {
    let seed = RandomCurves.seed("the line is the careful traversal", 81)
    var curves = try HardCurves(seed: seed, fees: fees)
    var endings: [String: Int] = [:]
    for _ in 0..<RandomCurves.runs(2_500) {
      let place = try curves.next()
      for side in Side.allCases {
        for fixed in Order.Fixed.allCases {
          let limit = curves.limit(place)
          for size in try curves.sizes(place, side, fixed, limit: limit).prefix(30) {
            let order = try HardCurves.order(side, fixed, size, limit: limit)
            var (fast, careful) = (place.curve, place.careful)
            let (quote, expected) = (fast.swap(order), careful.swap(order))
            let far = try Order(side, .toPrice(side == .buy ? 1e300 : 1e-300))
            guard quote == expected, fast.quote(far) == careful.quote(far) else {
              Issue.record(
                "seed \(seed): \(order) on \(place.label): \(quote), but carefully \(expected)")
              return
            }
            for ending in Self.endings(of: quote, place) { endings[ending, default: 0] += 1 }
          }
        }
      }
    }
    print("endings: \(endings.sorted { $0.key < $1.key })")
    for ending in [
      "same tick", "other tick", "other frame", "beyond the place of forming", "at an edge",
      "partial", "nothing",
    ] { #expect(endings[ending, default: 0] > 2_000, "\(ending)") }
  }

  /// An order that ends where the sums change over from those of one end to those of the other, on curves
  /// whose ticks there share a bucket of the guide; and one that ends in the other bound of a tick beside it.
  @Test func ordersThatEndAtTheOraclePrice() throws {
    for step in 1...80 {
      // k s = 0.0125 to 0.99
      let shape = try CurveShape(
        .uniform, relativeSigma: Double(step) / 80 * 0.99, halfWidth: 1, tickWidthBps: 40)
      let table = try TickTable(shape)
      guard table.count > 20 else { continue }
      for tick in [-9, -2, -1, 0, 1, 2, 9] {
        // liquidity 1 and full scales: cumulative sums are amounts, to the bit
        for (side, start, a) in [
          (Side.buy, table.lowestTick, 0x1p-4), (.buy, -10, 1), (.sell, table.upperTick, 0x1p4),
          (.sell, 10, 1),
        ] {
          let curve = try Curve(
            table: table, oraclePrice: 1, reserves: Reserves(a: a, b: 1 / a),
            position: Position(tick: start))
          let edge = table.relativePrice(ofTick: tick)
          let way = curve.quote(try Order(side, .toPrice(edge)))
          for (order, beyond) in try [
            (
              Order.exactIn(way.amountIn, side),
              Order.exactIn(way.amountIn * 100, side, limit: edge)
            ),
            (.exactOut(way.amountOut, side), .exactOut(way.amountOut * 100, side, limit: edge)),
          ] {
            let there = curve.quote(order)
            let error = max(
              abs(there.amountIn / way.amountIn - 1), abs(there.amountOut / way.amountOut - 1))
            #expect(
              error <= 2 * Tolerance.amount.relative && abs(there.priceAfter - edge) < 1e-10
                && there.stop == .complete, "\(order) at \(tick) of \(shape): \(there), but \(way)")
            let limited = curve.quote(beyond)
            #expect(limited.amountIn == way.amountIn && limited.amountOut == way.amountOut)
          }
        }
      }
    }
  }

  /// What is to be seen of where an order ended.
  private static func endings(of quote: Quote, _ place: HardCurves.Case) -> [String] {
    let (start, end) = (place.curve.position, quote.positionAfter)
    var endings: [String] = []
    guard quote.amountIn > 0 else { return ["nothing"] }
    if quote.stop == .complete {
      endings.append(quote.ticksCrossed == 1 ? "same tick" : "other tick")
      if end.fraction == 0 { endings.append("at an edge") }
    } else {
      endings.append("partial")
    }
    if (start.tick < 0) != (end.tick < 0) { endings.append("other frame") }
    if (place.curve.price - place.formed) * (quote.priceAfter - place.formed) < 0 {
      endings.append("beyond the place of forming")
    }
    return endings
  }
}
