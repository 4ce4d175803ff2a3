import DAMM
import Foundation

/// Speed of table builds, of forming a curve and of quotes and swaps, in interleaved rounds on one
/// core. Before it measures, it checks that the two directions of an order agree.
@main
struct DAMMBench {
  static func main() throws {
    let rounds = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 40
    var measurements = try builds() + forming() + trades()
    var sum = 0.0
    // interleaved, so that a slow moment of the machine falls on all of them
    for _ in 0..<rounds {
      for index in measurements.indices { sum += measurements[index].round() }
    }
    print("kernels \(KernelSet.best.name), \(rounds) rounds, ns an operation (checksum \(sum))")
    print(line(["", "p0", "p50", "p90", "p99"]))
    for measurement in measurements {
      let times = [0, 0.5, 0.9, 0.99].map { measurement.percentile($0) }
      print(line([measurement.name] + times.map { String(format: "%.2f", $0) }))
    }
  }

  private static func line(_ cells: [String]) -> String {
    cells[0].padding(toLength: 44, withPad: " ", startingAt: 0)
      + cells.dropFirst().map { String(repeating: " ", count: max(1, 10 - $0.count)) + $0 }.joined()
  }

  /// Table builds, a tick.
  private static func builds() throws -> [Measurement] {
    try [(0.005, 1.0), (0.05, 1), (0.2, 1)].flatMap { s, bps in
      try [(Shape.normal, TickTable.Method.series), (.logNormal, .series), (.normal, .gsl)].map {
        shape, method in
        let curve = try CurveShape(shape, relativeSigma: s, tickWidthBps: bps)
        let count = try TickTable(curve, method: method).count
        return Measurement(
          "build, \(shape.rawValue), \(method.rawValue), \(count) ticks", operations: count
        ) {
          (try? TickTable(curve, method: method).mass(ofTick: 0)) ?? .nan
        }
      }
    }
  }

  /// A curve at another oracle price on a shared table.
  private static func forming() throws -> [Measurement] {
    let table = try TickTable(CurveShape(relativeSigma: 0.2))
    let reserves = try Reserves(a: 3e6, b: 1000)
    return [
      Measurement("form a curve, \(table.count) ticks", operations: 100) {
        (0..<100).reduce(0) { sum, i in
          let price = 3000 + Double(i)
          let curve = try? Curve(table: table, oraclePrice: price, reserves: reserves)
          return sum + (curve?.scaleA ?? .nan)
        }
      }
    ]
  }

  /// Quotes and swaps that cross so many ticks.
  private static func trades() throws -> [Measurement] {
    let table = try TickTable(CurveShape(relativeSigma: 0.2))
    let curve = try Curve(table: table, oraclePrice: 3000, reserves: Reserves(a: 3e6, b: 1000))
    return try [1, 10, 100, 1000, 4000].flatMap { ticks -> [Measurement] in
      // half of the last tick is left
      let target = 3000 * (table.relativePrice(ofTick: ticks) - 0.5e-4)
      let amount = curve.quote(try Order(.buy, .toPrice(target))).amountOut
      let buy = try Order(.buy, .amount(amount))
      let there = curve.quote(buy)
      let back = try Order(.sell, .amount(amount))
      var pool = curve
      pool.swap(buy)
      let returned = pool.quote(back)
      // the same ends give the same amounts
      precondition(abs(returned.amountOut / there.amountIn - 1) <= 2 * Tolerance.amount.relative)
      precondition(there.ticksCrossed == ticks)
      return [
        Measurement("quote, \(ticks) ticks", operations: 200) {
          (0..<200).reduce(0) { sum, _ in sum + curve.quote(buy).amountIn }
        },
        Measurement("swap there and back, \(ticks) ticks", operations: 200) {
          var pool = curve
          return (0..<100).reduce(0) { sum, _ in
            sum + pool.swap(buy).amountIn + pool.swap(back).amountOut
          }
        },
      ]
    }
  }
}
