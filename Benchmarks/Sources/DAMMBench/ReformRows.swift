import DAMM

/// A new oracle price on the same table.
enum ReformRows {
  private final class Pool {
    var curve: Curve
    init(_ curve: Curve) { self.curve = curve }
  }

  static func rows(_ markets: [Market], using random: inout Random) -> [Row] {
    markets.map { market in
      // a random walk of 5 basis points a step, drawn back to where it began
      var deviation = 0.0
      let prices = (0..<Sizes.count).map { _ in
        deviation = 0.98 * deviation + 5e-4 * random.uniform(-1...1)
        return market.price * (1 + deviation)
      }
      return row(market, Desk(prices))
    }
  }

  private static func row(_ market: Market, _ desk: Desk) -> Row {
    let start = market.curve
    let pool = Pool(start)
    let (reserves, table) = (market.reserves, market.table)
    let answers = ExactAnswers { exact(market, desk.values[..<$0]) }
    let order = try! Order(.buy, .amount(market.whole.b / 10))
    // what a tenth of the side costs after each reform
    let provedByQuotes = { (reform: @escaping (Int) -> Curve) in
      { (n: Int) in
        let paid = (0..<n).map { reform($0).quote(order).amountIn }
        return Proof.compare(
          paid, answers.first(n), allowed: Tolerance.amountFixed.relative)
      }
    }
    let reform = Contender(
      "reform", count: desk.count, target: 20, reset: { pool.curve = start },
      prove: provedByQuotes { i in
        try! pool.curve.reform(oraclePrice: desk.values[i], reserves: reserves)
        return pool.curve
      },
      work: { range in
        var curve = pool.curve
        for i in range {
          try! curve.reform(oraclePrice: desk.values[i], reserves: reserves)
          desk.answers[i] = curve.scaleB
        }
        pool.curve = curve
      })
    let anew = Contender(
      "a new curve on the table", count: desk.count,
      prove: provedByQuotes { i in
        try! Curve(
          table: table, oraclePrice: desk.values[i], reserves: reserves, atPrice: start.price)
      },
      work: { range in
        for i in range {
          let curve = try! Curve(
            table: table, oraclePrice: desk.values[i], reserves: reserves, atPrice: start.price)
          desk.answers[i] = curve.scaleB
        }
      })
    return Row(
      section: .reforms, title: market.title, unit: "reform", contenders: [reform, anew],
      notes: ["proved by a quote after each reform"])
  }

  /// The reference formed anew at every price, with the pool where it was.
  private static func exact(_ market: Market, _ prices: some Sequence<Double>) -> [Exact] {
    let order = try! Order(.buy, .amount(market.whole.b / 10))
    return prices.map { price in
      let stands = try! Curve(
        table: market.table, oraclePrice: price, reserves: market.reserves,
        atPrice: market.curve.price)
      var curve = try! WideCurve(
        table: market.referenceTable.get(), tickWidthBps: market.shape.tickWidthBps,
        oraclePrice: price, reserves: market.reserves, position: stands.position)
      return curve.exact(order)
    }
  }
}
