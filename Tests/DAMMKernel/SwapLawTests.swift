import DAMMKernel
import DAMMModel
import Testing
import TestSupport

/// Laws of a swap, each a theorem with a name, on random curves and orders.
@Suite struct SwapLawTests {
  private func forAll(
    _ name: String, seed: UInt64, runs: Int = 20_000,
    _ law: (inout RandomCurves, Curve, Order) throws -> Bool
  ) throws {
    let seed = RandomCurves.seed(name, seed)
    var curves = try RandomCurves(seed: seed, tables: 40, largest: 40_000)
    for run in 0..<RandomCurves.runs(runs) {
      let curve = try curves.curve()
      let order = try curves.order(curve)
      guard try law(&curves, curve, order) else {
        Issue.record(
          """
          \(name) fails in run \(run) of seed \(seed): \(order) from \(curve.position) of \
          \(curve.table.shape?.rawValue ?? "") s \(curve.table.relativeSigma) \
          k \(curve.table.halfWidth) \(curve.table.tickWidthBps) bp, mu \(curve.oraclePrice), \
          scales \(curve.scaleA) \(curve.scaleB): \(curve.quote(order))
          """)
        return
      }
    }
  }

  private let slack = 2 * Tolerance.amount.relative

  @Test func everyFieldIsInItsDomain() throws {
    var stops: [Stop: Int] = [:]
    var sides: [Side: Int] = [:]
    var (partial, nothing, many) = (0, 0, 0)
    try forAll("every field is in its domain", seed: 11) { _, curve, order in
      let quote = curve.quote(order)
      stops[quote.stop, default: 0] += 1
      sides[quote.side, default: 0] += 1
      if quote.stop != .complete && quote.amountIn > 0 { partial += 1 }
      if quote.amountIn == 0 { nothing += 1 }
      if quote.ticksCrossed > 1 { many += 1 }
      let table = curve.table
      let position = quote.positionAfter
      let filled = quote.amountIn > 0
      return quote.amountIn.isFinite && quote.amountOut.isFinite && quote.priceAfter.isFinite
        && quote.amountIn >= 0 && (quote.amountOut > 0) == filled && quote.fee == 0
        && (quote.averagePrice == nil) == !filled && (quote.ticksCrossed > 0) == filled
        && Domain.fraction.contains(position.fraction) && position.tick >= table.lowestTick
        && position.tick <= table.upperTick
        && (position.tick < table.upperTick || position.fraction == 0)
    }
    print(
      "stops \(stops), sides \(sides), partial \(partial), nothing \(nothing), crossing \(many)")
    // the generator reaches every kind of end, both ways
    for stop in Stop.allCases { #expect(stops[stop, default: 0] > 500) }
    for side in Side.allCases { #expect(sides[side, default: 0] > 5_000) }
    #expect(partial > 500 && nothing > 500 && many > 5_000)
  }

  @Test func quoteIsSwap() throws {
    try forAll("quote is swap", seed: 12) { _, curve, order in
      var copy = curve
      let quote = curve.quote(order)
      let swap = copy.swap(order)
      return quote == swap && copy.position == quote.positionAfter && copy.price == quote.priceAfter
        && curve.quote(order) == quote
    }
  }

  @Test func neverMoreThanAsked() throws {
    try forAll("never more than asked", seed: 13) { _, curve, order in
      let quote = curve.quote(order)
      let (a, b) =
        order.side == .buy
        ? (quote.amountIn, quote.amountOut) : (quote.amountOut, quote.amountIn)
      switch order.size {
      case .amount(let value):
        return quote.stop == .complete
          ? b == value && quote.left == 0 : b <= value && quote.left == value - b
      case .notional(let value):
        return quote.stop == .complete
          ? a == value && quote.left == 0 : a <= value && quote.left == value - a
      case .toPrice:
        return quote.left == nil
      }
    }
  }

  @Test func neverMoreThanOffered() throws {
    try forAll("never more than offered", seed: 14) { _, curve, order in
      let quote = curve.quote(order)
      let (a, b) = curve.offered
      let reserve = order.side == .buy ? b : a
      return quote.amountOut <= reserve * (1 + slack)
    }
  }

  @Test func endLiesBetweenStartAndLimit() throws {
    try forAll("end lies between start and limit", seed: 15) { _, curve, order in
      let quote = curve.quote(order)
      var bounds = order.limit.map { [$0] } ?? []
      if case .toPrice(let price) = order.size { bounds.append(price) }
      let (start, end) = (curve.price, quote.priceAfter)
      // a bound that is the start's Double may lie on either side of the start itself
      if bounds.contains(start) { return end == start }
      let passed = bounds.contains { order.side == .buy ? $0 < start : $0 > start }
      if passed { return end == start && quote.amountIn == 0 && quote.stop != .exhausted }
      return order.side == .buy
        ? end >= start && bounds.allSatisfy { end <= $0 }
        : end <= start && bounds.allSatisfy { end >= $0 }
    }
  }

  @Test func averagePriceLiesBetweenTicks() throws {
    try forAll("average price lies between the ticks", seed: 16) { _, curve, order in
      let quote = curve.quote(order)
      guard let average = quote.averagePrice else { return true }
      let width = curve.oraclePrice * curve.table.tickWidthBps / 1e4
      let ends = [curve.price, quote.priceAfter]
      return average >= (ends.min()! - width) * (1 - slack) && average <= ends.max()! * (1 + slack)
    }
  }

  @Test func outAndBackNeverGains() throws {
    var checked = 0
    try forAll("out and back never gains", seed: 17) { _, curve, order in
      var pool = curve
      let out = pool.swap(order)
      guard out.amountOut > 0 else { return true }
      checked += 1
      let back = pool.swap(try .exactIn(out.amountOut, order.side == .buy ? .sell : .buy))
      // all of it goes back, but for what rounding leaves at the place of forming
      return back.amountOut <= out.amountIn * (1 + slack)
    }
    #expect(checked > 10_000)
  }

  /// A buyer never pays less than the price of the tick where the pool stands, a seller never gets
  /// more: also for dust far below what the position resolves, back and forth over the place where
  /// the curve was formed.
  @Test func dustIsNeverPricedInTheTradersFavour() throws {
    var (checked, crossing) = (0, 0)
    try forAll("dust is never priced in the trader's favour", seed: 21) { curves, curve, _ in
      var pool = try Curve(
        table: curve.table, oraclePrice: curve.oraclePrice, reserves: Reserves(a: 1000, b: 10),
        funding: curve.funding, position: curve.position)
      let (a, b) = pool.offered
      guard a > 0, b > 0 else { return true }
      let size = curves.random.logUniform(1e-60...1e-3)
      let formed = pool.price
      for _ in 0..<6 {
        let side = Side.allCases.randomElement(using: &curves.random) ?? .buy
        let whole = size * Double(Int.random(in: 1...3, using: &curves.random))
        let order = try Order(
          side, curves.random.oneIn(2) ? .notional(whole * a) : .amount(whole * b))
        let before = pool.price
        let here =
          pool.oraclePrice
          * pool.table.relativePrice(
            ofTick: min(pool.position.tick, pool.table.upperTick - 1))
        let quote = pool.swap(order)
        guard let average = quote.averagePrice else { continue }
        checked += 1
        if (before - formed) * (pool.price - formed) < 0 { crossing += 1 }
        if side == .buy ? average < here * (1 - slack) : average > here * (1 + slack) {
          return false
        }
      }
      return true
    }
    print("dust: \(checked) trades, \(crossing) across the place of forming")
    #expect(checked > 50_000 && crossing > 500)
  }

  @Test func splittingNeverGains() throws {
    try forAll("splitting never gains", seed: 18) { curves, curve, order in
      guard case .amount(let value) = order.size else { return true }
      var pool = curve
      let part = value / 3
      let first = pool.swap(try Order(order.side, .amount(part), limit: order.limit))
      let second = pool.swap(try Order(order.side, .amount(value - part), limit: order.limit))
      let whole = curve.quote(order)
      guard whole.stop == .complete, second.stop == .complete else { return true }
      let (apart, together) =
        order.side == .buy
        ? (first.amountIn + second.amountIn, whole.amountIn)
        : (first.amountOut + second.amountOut, whole.amountOut)
      return abs(apart - together) <= slack * together
    }
  }

  @Test func inAndOutAgree() throws {
    try forAll("exact in and exact out agree", seed: 19) { _, curve, order in
      let quote = curve.quote(order)
      guard quote.stop == .complete, quote.amountIn > 1e-90, quote.amountOut > 1e-90 else {
        return true
      }
      // asking for what came out costs no less than what went in, but for the problem's condition
      let again = curve.quote(try .exactIn(quote.amountIn, order.side))
      let end =
        curve.oraclePrice
        * curve.table.relativePrice(
          ofTick: min(again.positionAfter.tick, curve.table.upperTick - 1))
      let condition = max(1, end / quote.averagePrice!, quote.averagePrice! / end)
      return abs(again.amountOut - quote.amountOut) <= slack * condition * quote.amountOut
    }
  }

  @Test func amountsAreFreeOfScale() throws {
    // times a power of four every root and product stays exact: the same bits
    try forAll("amounts are free of scale", seed: 20, runs: 5_000) { curves, curve, order in
      let (tokens, prices) = (0x1p20, 0x1p-12)
      func scaled(_ curve: Curve, _ a: Double, _ b: Double, _ mu: Double) throws -> Curve {
        try Curve(
          table: curve.table, oraclePrice: curve.oraclePrice * mu,
          reserves: Reserves(a: 1000 * a, b: 10 * b), funding: curve.funding,
          position: curve.position)
      }
      let small = try scaled(curve, 1, 1, 1)
      let large = try scaled(curve, tokens * prices, tokens, prices)
      guard case .amount(let value) = order.size, value > 1e-80, order.limit == nil else {
        return true
      }
      let first = small.quote(order)
      let second = large.quote(try Order(order.side, .amount(value * tokens)))
      let (inScale, outScale) =
        order.side == .buy
        ? (tokens * prices, tokens) : (tokens, tokens * prices)
      return second.amountIn == first.amountIn * inScale
        && second.amountOut == first.amountOut * outScale
        && second.positionAfter == first.positionAfter
    }
  }

  /// Legs of plain sizes one way and their sum back: the pool stands where it stood and nobody has gained. The
  /// way back ends within the last bits of the oracle price, where the sums change over.
  @Test func outInLegsAndBackInOne() throws {
    let seed = RandomCurves.seed("out in legs and back in one", 27)
    var random = SplitMix64(seed: seed)
    let pools: [(mu: Double, s: Double, bps: Double, a: Double, b: Double)] = [
      (100, 0.01, 1, 1000, 10), (2500, 0.09, 10, 8_500_000, 3400), (2500, 0.12, 33.3, 1e6, 400),
      (3000, 0.11, 1, 3e6, 1000), (1, 0.3, 100, 1e6, 1e6),
    ]
    let curves = try pools.map { pool in
      try Curve(
        table: TickTable(CurveShape(relativeSigma: pool.s, tickWidthBps: pool.bps)),
        oraclePrice: pool.mu, reserves: Reserves(a: pool.a, b: pool.b))
    }
    for _ in 0..<RandomCurves.runs(40_000) {
      var curve = curves.randomElement(using: &random)!
      let mu = curve.oraclePrice
      let unit = curve.offered.b / pow2(Int.random(in: 4...12, using: &random))
      let thousandths = (0..<Int.random(in: 1...8, using: &random)).map { _ in
        Int.random(in: 1...999, using: &random)
      }
      let (out, back): (Side, Side) =
        Bool.random(using: &random) ? (.buy, .sell) : (.sell, .buy)
      var (paid, turnover) = (0.0, 0.0)
      func trade(_ side: Side, _ count: Int) throws {
        let quote = curve.swap(try Order(side, .amount(Double(count) / 1000 * unit)))
        let a = side == .buy ? quote.amountIn : quote.amountOut
        paid += side == .buy ? a : -a
        turnover += a
      }
      for count in thousandths { try trade(out, count) }
      try trade(back, thousandths.reduce(0, +))
      let legs = Double(thousandths.count + 1)
      guard abs(paid) <= legs * Tolerance.amountFixed.relative * turnover,
        abs(curve.price / mu - 1) <= 2 * legs * Tolerance.priceAfter.relative
      else {
        Issue.record(
          """
          seed \(seed): \(out) \(thousandths) thousandths of \(unit) around \(mu): paid \(paid), \
          stands at \(curve.price)
          """)
        return
      }
    }
  }

  private func pow2(_ exponent: Int) -> Double {
    Double(sign: .plus, exponent: exponent, significand: 1)
  }
}
