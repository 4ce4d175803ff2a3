import DAMMKernel
import DAMMModel
import DAMMReference
import Testing

/// Swaps against 40-digit values.
@Suite struct GoldenSwapTests {
  private func order(_ row: [String: String]) throws -> Order {
    guard let side = Side(rawValue: row["side"]!) else { throw GoldenError.unknown(row["side"]!) }
    let value = try double(row["value"]!)
    let size: Order.Size
    switch row["kind"] {
    case "amount": size = .amount(value)
    case "notional": size = .notional(value)
    case "to-price": size = .toPrice(value)
    default: throw GoldenError.unknown(row["kind"]!)
    }
    let limit = row["limit"]!.isEmpty ? nil : try double(row["limit"]!)
    return try Order(side, size, limit: limit)
  }

  @Test func everySwap() throws {
    let golden = try GoldenData.shared.get()
    var worst = (amount: 0.0, at: "", any: 0.0, condition: 1.0)
    var counts: [Stop: Int] = [:]
    for (name, rows) in golden.swaps {
      let table = try TickTable(#require(golden.tables[name]).shape)
      for row in rows {
        let reserves = try Reserves(a: double(row["reserveA"]!), b: double(row["reserveB"]!))
        var curve = try Curve(
          table: table, oraclePrice: double(row["oraclePrice"]!), reserves: reserves,
          funding: #require(Funding(rawValue: row["funding"]!)))
        try curve.move(
          to: Position(
            tick: #require(Int(row["startTick"]!)), fraction: double(row["startFraction"]!)))
        let order = try order(row)
        let quote = curve.quote(order)
        #expect(curve.swap(order) == quote)
        let at = "table \(name): \(row)"
        let (exactIn, exactOut) = (try exact(row["amountIn"]!), try exact(row["amountOut"]!))
        if exactIn.double == 0 {
          #expect(quote.amountIn == 0 && quote.amountOut == 0 && quote.averagePrice == nil, "\(at)")
        } else {
          let error = max(
            relativeError(quote.amountIn, exactIn), relativeError(quote.amountOut, exactOut))
          let condition = try double(row["condition"]!)
          let bound = Tolerance.amountFixed.relative * max(1, condition)
          #expect(error <= (condition == 1 ? Tolerance.amount.relative : bound), "\(error) \(at)")
          if condition < 50, error > worst.amount { (worst.amount, worst.at) = (error, at) }
          if error > worst.any { (worst.any, worst.condition) = (error, condition) }
        }
        #expect(quote.stop.rawValue == row["stop"], "\(at)")
        #expect(quote.positionAfter.tick == Int(row["tickAfter"]!), "\(at)")
        #expect(quote.ticksCrossed == Int(row["ticksCrossed"]!), "\(at)")
        let price = try relativeError(quote.priceAfter, exact(row["priceAfter"]!))
        let last = min(quote.positionAfter.tick, table.upperTick - 1)
        let depth = try curve.depth(ofTick: last)
        let buying = order.side == .buy
        let ticks = max(
          (buying ? quote.amountIn : quote.amountOut) / depth.a,
          (buying ? quote.amountOut : quote.amountIn) / depth.b)
        let width = curve.oraclePrice * table.tickWidthBps / 1e4 / quote.priceAfter
        #expect(price <= Tolerance.priceAfter.relative * (1 + ticks * width), "\(price) \(at)")
        if row["kind"] == "to-price" {
          #expect(quote.left == nil)
          if quote.stop == .complete { #expect(quote.priceAfter == Double(row["value"]!), "\(at)") }
        } else {
          let left = (try Wide(#require(quote.left)) - exact(row["left"]!)).double
          let scale = try double(row["value"]!)
          #expect(abs(left) <= Tolerance.amount.relative * scale, "\(at)")
        }
        counts[quote.stop, default: 0] += 1
      }
    }
    print(
      "golden: swaps \(counts), worst relative error of an amount, condition below 50, "
        + "\(worst.amount) at \(worst.at); any, \(worst.any) with condition \(worst.condition)")
    for stop in Stop.allCases { #expect(counts[stop, default: 0] > 200) }
  }
}
