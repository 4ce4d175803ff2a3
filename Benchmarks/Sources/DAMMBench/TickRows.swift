import DAMM

/// Quotes and swaps that cross so many ticks.
enum TickRows {
  static func rows(_ market: Market, using random: inout Random) throws -> [Row] {
    let curve = market.curve
    return try [1, 10, 100, 1_000, 4_000].map { ticks in
      // to somewhere in the last of them
      func amount(_ edge: Int) throws -> Double {
        guard edge > 0 else { return 0 }
        let price = market.price * market.table.relativePrice(ofTick: edge)
        return curve.quote(try Order(.buy, .toPrice(price))).amountOut
      }
      let (from, to) = (try amount(ticks - 1), try amount(ticks))
      let sizes = (0..<Sizes.count).map { _ in from + (to - from) * random.uniform(0.01...0.99) }
      for size in sizes.prefix(100) {
        let order = try Order(.buy, .amount(size))
        precondition(curve.quote(order).ticksCrossed == ticks)
      }
      let desk = Desk(sizes)
      let exact = ExactAnswers { market.exact(.buy, .amount, desk.values[..<$0]) }
      // the loop with erf is in the rows of quotes
      let peers = Array(QuoteRows.peers.dropFirst())
      let contenders = QuoteRows.contenders(market, desk, exact, target: nil, peers: peers)
      return Row(
        section: .ticks, title: "\(grouped(ticks)) \(ticks == 1 ? "tick" : "ticks")",
        unit: "quote", contenders: contenders,
        agreement: { try QuoteRows.agreement(desk, contenders) })
    }
  }
}
