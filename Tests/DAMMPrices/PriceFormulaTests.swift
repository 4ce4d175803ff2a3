import DAMMKernel
import DAMMModel
import DAMMPool
import DAMMPrices
import Foundation
import TestSupport
import Testing

/// Every formula of docs/price-functions.md, evaluated: none is shown that is not listed here, and none listed
/// that is not shown.
@Suite struct PriceFormulaTests {
  private static let now = UTCTime(secondsSince1970: 1_767_225_600)
  private var now: UTCTime { Self.now }

  /// Two sides of a formula, and how far they may be apart beyond `Tolerance.priceAmount`: what a small difference
  /// in place of a differential leaves, relative.
  private struct Sides {
    let found: Double
    let formula: Double
    var beyond = 0.0

    init(_ found: Double, _ formula: Double, beyond: Double = 0) {
      (self.found, self.formula, self.beyond) = (found, formula, beyond)
    }
  }

  /// What has no closed form in the framework: `ask = 1.01 sqrt r`, `bid = 0.99 sqrt r`.
  private func root() throws -> PriceClosures {
    try PriceClosures(ask: { 1.01 * $0.squareRoot() }, bid: { 0.99 * $0.squareRoot() })
  }

  private func pool(_ a: Double = 40, _ b: Double = 10) throws -> PricePool<PriceClosures> {
    try PricePool(root(), reserves: Reserves(a: a, b: b))
  }

  private func product(
    _ bps: Double, _ convention: FeeConvention = .markUp, _ a: Double = 3e6, _ b: Double = 1000
  ) throws -> PricePool<ConstantProduct> {
    try PricePool(
      ConstantProduct(feeBps: bps, convention: convention), reserves: Reserves(a: a, b: b))
  }

  /// `C(to) - C(from)` by the framework.
  private func change(_ side: Side, _ from: Double, _ to: Double) throws -> Double {
    try root().invariantChange(side, from: from, to: to, at: now).value
  }

  /// A dust trade as a differential: the dust, over reserves of 10 B, moves the price by a part of 1e-9.
  private static let dust = 1e-9
  private static let differential = 2e-9

  private func formulas() throws -> [(text: String, sides: [Sides])] {
    let (dust, differential) = (Self.dust, Self.differential)
    var list: [(String, [Sides])] = []
    let start = try pool()
    let bought = try start.quote(.exactOut(dust, .buy), at: now)
    let r = start.ratio
    list.append(("r = NA / NB", [Sides(r, 4)]))
    do {
      var there = start
      let once = try there.swap(.exactOut(dust, .buy), at: now)
      let back = try there.swap(.exactIn(dust, .sell), at: now)
      list.append(
        (
          "gain = (bid(r) - ask(r)) dNB",
          [Sides(back.amountOut - once.amountIn, (0.99 - 1.01) * 2 * dust, beyond: 1e-6)]
        ))
    }
    list.append(
      (
        "dNA = -ask(r) dNB", [Sides(bought.amountIn, 2.02 * dust, beyond: differential)]
      ))
    do {
      // over a move of ln r by 1e-5: the middle of it is the differential
      let (low, high) = (4.0, 4.0 * exp(1e-5))
      let middle = 4 * exp(0.5e-5)
      let dlnNB = -(try change(.buy, low, high))
      let dlnNA = 1e-5 + dlnNB
      let ask = 1.01 * middle.squareRoot()
      list.append(
        (
          "d ln NB = -dr / (ask(r) + r)",
          [Sides(dlnNB, -(high - low) / (ask + middle), beyond: 1e-9)]
        ))
      list.append(
        (
          "C(r) = integral of dr / (p(r) + r)",
          try [
            // p = g sqrt r: C = 2 ln(g + sqrt r)
            Sides(change(.buy, 4, 900), 2 * log((1.01 + 30) / (1.01 + 2))),
            Sides(change(.sell, 900, 4), -2 * log((0.99 + 30) / (0.99 + 2))),
          ]
        ))
      do {
        var pool = start
        let before = pool.reserves
        try pool.swap(.exactOut(6, .buy), at: now)
        list.append(
          (
            "NB exp(C(r)) = constant",
            [Sides(pool.reserves.b * exp(try change(.buy, r, pool.ratio)), before.b)]
          ))
        list.append(
          (
            "D(r) = ln r - C(r)          NA exp(-D(r)) = constant",
            [
              Sides(
                pool.reserves.a * exp(-(log(pool.ratio / r) - (try change(.buy, r, pool.ratio)))),
                before.a)
            ]
          ))
      }
      list.append(
        (
          "D'(r) = p(r) / (r (p(r) + r))",
          [
            Sides(
              (1e-5 - (try change(.buy, low, high))) / (high - low),
              ask / (middle * (ask + middle)),
              beyond: 1e-9)
          ]
        ))
      let w = middle / (ask + middle)
      list.append(
        (
          "d ln NB = -w d ln r          d ln NA = (1 - w) d ln r",
          [
            Sides(dlnNB, -w * 1e-5, beyond: 1e-9), Sides(dlnNA, (1 - w) * 1e-5, beyond: 1e-9),
          ]
        ))
    }
    do {
      // m = sqrt r, between 0.99 and 1.01 of it; a difference of nearly equal numbers
      let free = try PriceClosures(ask: { $0.squareRoot() }, bid: { $0.squareRoot() })
      let (low, high) = (4.0, 4.0 * exp(1e-5))
      let middle = 4 * exp(0.5e-5)
      func w(_ g: Double) -> Double { middle / (g * middle.squareRoot() + middle) }
      let grown = try free.invariantChange(.buy, from: low, to: high, at: now).value
      let (buying, selling) = try (
        grown - change(.buy, low, high), -grown - change(.sell, high, low)
      )
      #expect(buying > 0 && selling > 0)
      list.append(
        (
          "dK = (w_m - w) d ln r >= 0",
          [
            Sides(buying, (w(1) - w(1.01)) * 1e-5, beyond: 1e-8),
            Sides(selling, (w(1) - w(0.99)) * -1e-5, beyond: 1e-8),
          ]
        ))
    }
    try appendTrades(&list)
    try appendKnown(&list)
    try appendConventions(&list)
    try appendLiquidity(&list)
    try appendInverse(&list)
    return list.map { (text: $0.0, sides: $0.1) }
  }

  private func appendTrades(_ list: inout [(String, [Sides])]) throws {
    let start = try pool()
    let r = start.ratio
    /// How far `C` or `D` moved, by an order.
    func moved(_ order: Order) throws -> (c: Double, d: Double, ratio: Double) {
      let ratio = try start.quote(order, at: now).ratioAfter
      let c = try change(order.side, r, ratio)
      return (c, log(ratio / r) - c, ratio)
    }
    list.append(
      (
        "exact out, B = x:  C(r1) = C(r0) + ln(NB0 / (NB0 - x))",
        [Sides(try moved(.exactOut(3, .buy)).c, log(10.0 / 7))]
      ))
    list.append(
      (
        "exact in,  A = y:  D(r1) = D(r0) + ln((NA0 + y) / NA0)",
        [Sides(try moved(.exactIn(3, .buy)).d, log(43.0 / 40))]
      ))
    list.append(
      (
        "exact in,  B = x:  C(r1) = C(r0) - ln((NB0 + x) / NB0)",
        [Sides(try moved(.exactIn(3, .sell)).c, -log(13.0 / 10))]
      ))
    list.append(
      (
        "exact out, A = y:  D(r1) = D(r0) - ln(NA0 / (NA0 - y))",
        [Sides(try moved(.exactOut(3, .sell)).d, -log(40.0 / 37))]
      ))
    list.append(
      (
        "to a price P:      ask(r1) = P, or bid(r1) = P",
        [
          Sides(try moved(Order(.buy, .toPrice(3))).ratio, pow(3 / 1.01, 2)),
          Sides(try moved(Order(.sell, .toPrice(1))).ratio, pow(1 / 0.99, 2)),
        ]
      ))
  }

  private func appendKnown(_ list: inout [(String, [Sides])]) throws {
    // c = 2, g = 1.5, by integrals
    let line = try PriceClosures(ask: { 2 + 1.5 * $0 }, bid: { 2 + 1.5 * $0 })
    list.append(
      (
        "C(r) = ln(c + (1 + g) r) / (1 + g)",
        [
          Sides(
            try line.invariantChange(.buy, from: 0.1, to: 50, at: now).value,
            log((2 + 2.5 * 50) / (2 + 2.5 * 0.1)) / 2.5)
        ]
      ))
    func after<Prices: PriceFunctions>(
      _ pool: PricePool<Prices>, _ order: Order
    ) throws -> Reserves {
      var pool = pool
      try pool.swap(order, at: now)
      return pool.reserves
    }
    let free = try after(product(0), .exactOut(300, .buy))
    list.append(("NA NB = constant", [Sides(free.a * free.b, 3e9)]))
    let (up, down) = try (
      after(product(30), .exactOut(300, .buy)), after(product(30), .exactIn(300, .sell))
    )
    list.append(
      (
        "NA NB^g = constant",
        [
          Sides(up.a * pow(up.b, 1.003), 3e6 * pow(1000, 1.003)),
          Sides(down.a * pow(down.b, 0.997), 3e6 * pow(1000, 0.997)),
        ]
      ))
    list.append(
      (
        "exact out, B = x:  y = NA0 ((1 - x / NB0)^-g - 1)",
        [
          Sides(
            try product(30).quote(.exactOut(300, .buy), at: now).amountIn,
            3e6 * (pow(0.7, -1.003) - 1))
        ]
      ))
    list.append(
      (
        "exact in,  B = x:  y = NA0 (1 - (1 + x / NB0)^-g)",
        [
          Sides(
            try product(30).quote(.exactIn(300, .sell), at: now).amountOut,
            3e6 * (1 - pow(1.3, -0.997)))
        ]
      ))
    let constant = try PricePool(ConstantPrice(3), reserves: Reserves(a: 40, b: 10))
    let kept = try after(constant, .exactOut(6, .buy))
    list.append(
      (
        "NB (r + c) = NA + c NB = constant",
        [Sides(kept.b * (kept.a / kept.b + 3), 70), Sides(kept.a + 3 * kept.b, 70)]
      ))
    let root = try PriceClosures(ask: { $0.squareRoot() }, bid: { $0.squareRoot() })
    let rooted = try after(
      PricePool(root, reserves: Reserves(a: 40, b: 10)), .exactIn(25, .buy))
    list.append(
      (
        "NB (1 + sqrt(r))^2 = constant",
        [Sides(rooted.b * pow(1 + (rooted.a / rooted.b).squareRoot(), 2), 90)]
      ))
  }

  private func appendConventions(_ list: inout [(String, [Sides])]) throws {
    let (phi, g, h) = (0.003, 0.997, 0.01)
    let onInput = try product(30, .onInput)
    list.append(
      (
        "ask = r / (1 - phi)          bid = r (1 - phi)",
        [
          Sides(try onInput.ask(at: now), 3000 / 0.997),
          Sides(try onInput.bid(at: now), 3000 * 0.997),
        ]
      ))
    list.append(
      (
        "r / (1 - phi) - r (1 + phi) = r phi^2 / (1 - phi)",
        [
          Sides(
            try onInput.ask(at: now) - product(30).ask(at: now), 3000 * phi * phi / g,
            // a difference of prices
            beyond: 1e-9)
        ]
      ))
    let textbook = try TextbookProduct(reserves: Reserves(a: 3e6, b: 1000), feeBps: 30)
      .amountOut(.buy, for: h * 3e6)
    let priced = try onInput.quote(.exactIn(h * 3e6, .buy), at: now).amountOut
    list.append(("out = NB g h / (1 + g h)", [Sides(textbook, 1000 * g * h / (1 + g * h))]))
    list.append(("out = NB (1 - (1 + h)^-g)", [Sides(priced, 1000 * (1 - pow(1 + h, -g)))]))
    list.append(
      (
        "NB phi g h^2 / 2",
        // the next order is (2 + 5 g) h/3 of it, and those behind it change sign
        [Sides(textbook - priced, 1000 * phi * g * h * h / 2, beyond: 7 * h / 3)]
      ))
  }

  private func appendLiquidity(_ list: inout [(String, [Sides])]) throws {
    var fair = try pool()
    let added = try fair.add(shares: 0.3 * fair.shares)
    list.append(
      (
        "dNA / dNB = r          dS / S = dNA / NA = dNB / NB",
        [
          Sides(added.a / added.b, 4), Sides(added.a / 40, 0.3), Sides(added.b / 10, 0.3),
          Sides(fair.ratio, 4),
        ]
      ))
    var single = try pool()
    let start = single
    let change = try single.addSingleSided(.a, 25, at: now)
    let r1 = change.swap.ratioAfter
    list.append(("r1 = r0 (1 + x / NA0)", [Sides(r1, 4 * (1 + 25.0 / 40))]))
    list.append(
      (
        "S1 / S0 = NB0 / NB1 = exp(C(r1) - C(r0))",
        [
          Sides(single.shares / start.shares, 10 / (10 - change.swap.amountOut)),
          Sides(single.shares / start.shares, exp(try self.change(.buy, 4, r1))),
        ]
      ))
    var free = try product(0)
    let before = free.shares
    try free.addSingleSided(.a, 1e6, at: now)
    list.append(
      (
        "S1 / S0 = sqrt(1 + x / NA0)", [Sides(free.shares / before, (4.0 / 3).squareRoot())]
      ))
    var other = start
    let given = try other.addSingleSided(.b, 7, at: now)
    let low = given.swap.ratioAfter
    list.append(
      (
        "r1 = r0 / (1 + x / NB0)          S1 / S0 = NA0 / NA1 = exp(D(r0) - D(r1))",
        [
          Sides(low, 4 / 1.7),
          Sides(other.shares / start.shares, 40 / (40 - given.swap.amountOut)),
          Sides(
            other.shares / start.shares, exp(log(4 / low) + (try self.change(.sell, 4, low)))),
        ]
      ))
  }

  private func appendInverse(_ list: inout [(String, [Sides])]) throws {
    // F = NA NB^g: F_A = NB^g, F_B = g NA NB^(g-1)
    let (a, b, g) = (3e6, 1000.0, 1.003)
    list.append(
      (
        "p = F_B / F_A", [Sides(try product(30).ask(at: now), g * a * pow(b, g - 1) / pow(b, g))]
      ))
    let table = try TickTable(
      CurveShape(relativeSigma: 0.01), fees: FeeSchedule(baseBps: 5, skew: 0.02))
    let curve = try Curve(table: table, oraclePrice: 100, reserves: Reserves(a: 1000, b: 10))
    let prices = try TickPrices(curve)
    let tick = 7
    var (below, above) = (0.0, 0.0)
    for other in table.lowestTick..<table.upperTick {
      let depth = try curve.depth(ofTick: other)
      if other < tick { below += depth.a } else { above += depth.b }
    }
    let depth = try curve.depth(ofTick: tick)
    let edge = prices.tickRatios[prices.tickRatios.startIndex + tick - table.lowestTick - 1]
    list.append(
      (
        "A_i = a_j summed over j < i     B_i = b_j summed over j >= i     r_i = A_i / B_i",
        [Sides(edge, below / above)]
      ))
    // half of the tick sold, by a pool that stands at its lower edge
    var pool = try PricePool(prices, reserves: Reserves(a: below, b: above))
    try pool.swap(.exactOut(depth.b / 2, .buy), at: now)
    list.append(
      (
        "A + P_i B = A_i + P_i B_i",
        [Sides(pool.reserves.a + depth.price * pool.reserves.b, below + depth.price * above)]
      ))
    let next = (below + depth.a) / (above - depth.b)
    let inside = (edge + next) / 2
    list.append(
      (
        "ask(r) = P_i (1 + up_i), r_i <= r < r_{i+1}",
        [
          Sides(prices.ask(inside, at: now), depth.price * (1 + table.feeRate(.buy, ofTick: tick))),
          Sides(prices.ask(edge, at: now), depth.price * (1 + table.feeRate(.buy, ofTick: tick))),
        ]
      ))
    let lower = try curve.depth(ofTick: tick - 1).price
    list.append(
      (
        "bid(r) = P_i (1 - down_i), r_i < r <= r_{i+1}",
        [
          Sides(
            prices.bid(inside, at: now), depth.price * (1 - table.feeRate(.sell, ofTick: tick))),
          Sides(prices.bid(edge, at: now), lower * (1 - table.feeRate(.sell, ofTick: tick - 1))),
        ]
      ))
    let quote = try pool.quote(.exactOut(depth.b / 4, .buy), at: now)
    let ratio = prices.ask(inside, at: now) / prices.reservePrice(.buy, inside, at: now)
    list.append(
      (
        "d fee = (ask(r) / p(r) - 1) dNA",
        [Sides(quote.fee, (ratio - 1) * (quote.amountIn - quote.fee), beyond: 1e-12)]
      ))
  }

  @Test func everyFormulaOfThePage() throws {
    let page = try String(
      contentsOf: Files.root.appending(path: "docs/price-functions.md"), encoding: .utf8
    ).replacing(/(?s)```.*?```/, with: "")
    let shown = page.matches(of: /(?m)^    (.*\S)\s+\((\d+)\)$/).map {
      (text: String($0.1), number: Int($0.2) ?? 0)
    }
    #expect(shown.map(\.number) == Array(1...shown.count))
    let formulas = try formulas()
    #expect(shown.map(\.text) == formulas.map(\.text))
    // no other indented line is a formula
    let indented = page.matches(of: /(?m)^    \S.*$/).count
    #expect(indented == shown.count)
    for (text, sides) in formulas {
      #expect(!sides.isEmpty)
      for side in sides {
        let allowed = Tolerance.priceAmount.relative + side.beyond
        #expect(
          abs(side.found - side.formula) <= allowed * abs(side.formula),
          "\(text): \(side.found), not \(side.formula)")
      }
    }
  }
}
