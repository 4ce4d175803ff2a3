import DAMM
import Foundation

/// What Program/linking.c must print, from Swift: the same steps on a `Curve`.
struct ProgramLines {
  private(set) var all: [String] = []

  init() throws {
    let reading = try OracleReading(price: 3000, impliedVolatility: 0.8, horizonDays: 7)
    let table = try TickTable(CurveShape(relativeSigma: reading.relativeSigma))
    var curve = try Curve(
      table: table, oraclePrice: 3000, reserves: Reserves(a: 3e6, b: 1000))
    line("sigma", [reading.relativeSigma])
    line(curve)

    line("buy", curve.quote(try Order(.buy, .amount(10))))
    line("limited", curve.quote(try Order(.sell, .notional(1e6), limit: 2950)))
    line("exhausted", curve.quote(try Order(.buy, .amount(1e6))))
    line("to-price", curve.quote(try Order(.sell, .toPrice(2900))))

    for i in 0..<33 {
      let value = 1e-3 * Double(1 << (i % 24)) * Double(1 + i)
      line("batch", curve.quote(try Order(.buy, .notional(value), limit: 3020)))
    }

    refused(1) { _ = try CurveShape(relativeSigma: 0) }
    refused(1) { _ = try Order(.buy, .amount(-1)) }
    all.append("refused 5 curve is NULL, but it is needed.")
    all.append("refused 6 side is 7, but it has no such value.")

    let fifty = try Order(.buy, .amount(50))
    line("pool", curve.quote(fifty))
    let up = curve.swap(fifty)
    line("swap", up)
    var (a, b) = (3e6 + up.amountIn, 1000 - up.amountOut)
    line("reserves", [a, b])
    try curve.reform(oraclePrice: 3010, reserves: Reserves(a: a, b: b))
    let down = curve.swap(try Order(.sell, .toPrice(2990)))
    line("swap-to-price", down)
    (a, b) = (a - down.amountOut, b + down.amountIn)
    line("reserves", [a, b])
    line(curve)
    line(
      try Curve(
        table: table, oraclePrice: 1.5, reserves: Reserves(a: 1e3, b: 2e3), atPrice: 1.51))
  }

  private static func text(_ number: Double) -> String { String(format: "%.17g", number) }

  private mutating func line(_ name: String, _ numbers: [Double]) {
    all.append(([name] + numbers.map(Self.text)).joined(separator: " "))
  }

  private mutating func line(_ curve: Curve) {
    all.append("ticks \(curve.table.lowestTick) \(curve.table.upperTick)")
    line("state", [curve.price, curve.offered.a, curve.offered.b])
  }

  private mutating func line(_ name: String, _ quote: Quote) {
    let numbers = [
      quote.amountIn, quote.amountOut, quote.fee, quote.averagePrice ?? 0, quote.priceAfter,
      quote.positionAfter.fraction, quote.left ?? 0,
    ].map(Self.text).joined(separator: " ")
    let stop = Stop.allCases.firstIndex(of: quote.stop)!
    all.append("\(name) \(numbers) \(quote.positionAfter.tick) \(quote.ticksCrossed) \(stop)")
  }

  private mutating func refused(_ status: Int, _ body: () throws -> Void) {
    do { try body() } catch { all.append("refused \(status) \(error)") }
  }
}
