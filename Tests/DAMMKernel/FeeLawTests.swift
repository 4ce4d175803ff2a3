import DAMMKernel
import DAMMModel
import Testing
import TestSupport

/// Laws of a swap with fees, each a theorem with a name, on random curves, schedules, surges and orders.
@Suite struct FeeLawTests {
  private func forAll(
    _ name: String, seed: UInt64, runs: Int = 20_000, kernels: KernelSet = .best,
    _ law: (inout RandomCurves, Curve, Order) throws -> Bool
  ) throws {
    let seed = RandomCurves.seed(name, seed)
    var curves = try RandomCurves(
      seed: seed, tables: 40, largest: 20_000, fees: true, kernels: kernels)
    for run in 0..<RandomCurves.runs(runs) {
      let curve = try curves.curve()
      let order = try curves.order(curve)
      guard try law(&curves, curve, order) else {
        Issue.record(
          """
          \(name) fails in run \(run) of seed \(seed): \(order) from \(curve.position) of \
          \(curve.table.shape?.rawValue ?? "") s \(curve.table.relativeSigma) \
          k \(curve.table.halfWidth) \(curve.table.tickWidthBps) bp, mu \(curve.oraclePrice), \
          scales \(curve.scaleA) \(curve.scaleB), \(curve.table.fees), surge \(curve.surge): \
          \(curve.quote(order))
          """)
        return
      }
    }
  }

  private let slack = 2 * Tolerance.amount.relative

  /// What a rate of fee leaves of a loss of digits: a sale whose fee takes most of it keeps fewer.
  private func loss(_ quote: Quote) -> Double {
    quote.side == .buy || quote.amountOut == 0 ? 1 : (quote.amountOut + quote.fee) / quote.amountOut
  }

  private func amounts(_ quote: Quote) -> (a: Double, b: Double) {
    quote.side == .buy
      ? (quote.amountIn, quote.amountOut) : (quote.amountOut, quote.amountIn)
  }

  /// The same curve without fees.
  private func bare(_ curve: Curve) throws -> Curve {
    let (table, c) = (curve.table, curve)
    let shape = try CurveShape(
      #require(table.shape), relativeSigma: table.relativeSigma, halfWidth: table.halfWidth,
      tickWidthBps: table.tickWidthBps)
    var bare = try Curve(
      table: TickTable(shape), oraclePrice: c.oraclePrice, reserves: Reserves(a: 1000, b: 10),
      funding: c.funding)
    try bare.move(to: c.position)
    return bare
  }

  @Test func everyFieldIsInItsDomain() throws {
    var (paid, free, surged, many) = (0, 0, 0, 0)
    var stops: [Stop: Int] = [:]
    try forAll("every field is in its domain, with fees", seed: 521) { _, curve, order in
      let quote = curve.quote(order)
      stops[quote.stop, default: 0] += 1
      if quote.fee > 0 { paid += 1 } else { free += 1 }
      if curve.surge > 0, quote.fee > 0 { surged += 1 }
      if quote.ticksCrossed > 1 { many += 1 }
      let (a, b) = amounts(quote)
      // the fee lies between those of the rates at either end
      let table = curve.table
      let ends = [curve.position.tick - 1, curve.position.tick, quote.positionAfter.tick].map {
        table.feeRate(quote.side, ofTick: $0) + curve.surge
      }
      let price = quote.side == .buy ? a - quote.fee : a + quote.fee
      return quote.amountIn.isFinite && quote.amountOut.isFinite && quote.fee.isFinite && a >= 0
        && b >= 0 && (quote.averagePrice == nil) == !(quote.amountIn > 0)
        && (quote.side == .sell || quote.fee <= a)
        && quote.fee >= ends.min()! * price * (1 - slack)
        && quote.fee <= ends.max()! * price * (1 + slack)
    }
    print("fees: paid \(paid), free \(free), surged \(surged), crossing \(many), \(stops)")
    #expect(paid > 10_000 && free > 200 && surged > 3_000 && many > 5_000)
    for stop in Stop.allCases { #expect(stops[stop, default: 0] > 500) }
  }

  @Test func quoteIsSwap() throws {
    try forAll("quote is swap, with fees", seed: 522) { _, curve, order in
      var copy = curve
      let quote = curve.quote(order)
      return quote == copy.swap(order) && copy.position == quote.positionAfter
        && copy.price == quote.priceAfter && curve.quote(order) == quote
    }
  }

  /// A schedule that takes nothing is none.
  @Test func noFeesAreTheBitsWithout() throws {
    let seed = RandomCurves.seed("no fees", 523)
    let nothing = try [
      FeeSchedule(), FeeSchedule(baseBps: 7, maximumBps: 0), FeeSchedule(surgeBps: 9),
    ]
    var random = SplitMix64(seed: seed)
    for _ in 0..<RandomCurves.runs(30) {
      let shape = try RandomCurves.shape(&random)
      guard let plain = try? TickTable(shape), plain.count <= 4_000 else { continue }
      let table = try TickTable(shape, fees: nothing.randomElement(using: &random)!)
      #expect(table.layout.count == 4)
      var curves = try RandomCurves(seed: random.next(), tables: 1, largest: 100)
      let reserves = try Reserves(a: random.logUniform(1...1e6), b: random.logUniform(1...1e6))
      for _ in 0..<100 {
        let position = try curves.position(plain)
        func curve(_ table: TickTable) throws -> Curve {
          try Curve(table: table, oraclePrice: 3, reserves: reserves, position: position)
        }
        let order = try curves.order(curve(plain))
        #expect(try curve(plain).quote(order) == curve(table).quote(order))
      }
    }
  }

  /// Fees move no pool: a trade that fixes B, or goes to a price, ends where it does without them, to the bit.
  @Test func placesAreThoseWithoutFees() throws {
    var compared = 0
    try forAll("places are those without fees", seed: 524, runs: 1_500) { _, curve, order in
      if case .notional = order.size { return true }
      let plain = try bare(curve)
      var tolled = try Curve(
        table: curve.table, oraclePrice: curve.oraclePrice, reserves: Reserves(a: 1000, b: 10),
        funding: curve.funding)
      try tolled.move(to: curve.position)
      try tolled.charge(surge: curve.surge)
      let (quote, without) = (tolled.quote(order), plain.quote(order))
      compared += 1
      let (a, b) = amounts(quote)
      let (bareA, bareB) = amounts(without)
      // A without its fee is that of the curve
      let net = quote.side == .buy ? a - quote.fee : a + quote.fee
      return b == bareB && quote.positionAfter == without.positionAfter
        && quote.stop == without.stop && quote.ticksCrossed == without.ticksCrossed
        && abs(net - bareA) <= 2 * slack * bareA && tolled.offered == plain.offered
    }
    #expect(compared > 700)
  }

  /// Who buys and sells again pays both fees, and who sells and buys again gets no more than there was.
  @Test func outAndBackCostsBothFees() throws {
    var checked = 0
    try forAll("out and back costs both fees", seed: 525) { _, curve, order in
      var pool = curve
      let out = pool.swap(order)
      guard out.amountOut > 1e-90, out.amountIn > 1e-90 else { return true }
      checked += 1
      let buying = order.side == .buy
      let back = pool.swap(try .exactIn(out.amountOut, buying ? .sell : .buy))
      let least = buying ? curve.table.fees.minimumBps / 1e4 + curve.surge : 0
      return back.amountOut
        <= out.amountIn * (1 - least) / (1 + least) * (1 + 2 * slack * max(loss(out), loss(back)))
    }
    #expect(checked > 10_000)
  }

  @Test func splittingNeverGains() throws {
    var checked = 0
    try forAll("splitting never gains, with fees", seed: 526) { _, curve, order in
      guard case .amount(let value) = order.size else { return true }
      var pool = curve
      let first = pool.swap(try Order(order.side, .amount(value / 3), limit: order.limit))
      let second = pool.swap(
        try Order(order.side, .amount(value - value / 3), limit: order.limit))
      let whole = curve.quote(order)
      guard whole.stop == .complete, second.stop == .complete else { return true }
      checked += 1
      let (apart, together) = (amounts(first).a + amounts(second).a, amounts(whole).a)
      // as if all of it were paid where the order ends: there the rounding of its size counts
      let end = whole.positionAfter.tick
      let most =
        (curve.table.feeRate(order.side, ofTick: end) + curve.surge) * whole.priceAfter * value
      return abs(apart - together) <= slack * loss(whole) * together
        && abs(first.fee + second.fee - whole.fee) <= 2 * slack
          * max(whole.fee, most, 1e-4 * together)
    }
    #expect(checked > 2_000)
  }

  @Test func neverMoreThanAsked() throws {
    try forAll("never more than asked, with fees", seed: 527) { _, curve, order in
      let quote = curve.quote(order)
      let (a, b) = amounts(quote)
      switch order.size {
      case .amount(let value):
        return quote.stop == .complete
          ? b == value && quote.left == 0 : b <= value && quote.left == value - b
      case .notional(let value):
        return quote.stop == .complete
          ? a == value && quote.left == 0 : a <= value && quote.left == value - a
      case .toPrice: return quote.left == nil
      }
    }
  }

  /// What fixes A and what fixes the B that it gives are one trade, whichever way it was found.
  @Test func inAndOutAgree() throws {
    var surged = 0
    try forAll("exact in and exact out agree, with fees", seed: 528) { _, curve, order in
      guard case .notional = order.size, order.limit == nil else { return true }
      let quote = curve.quote(order)
      let (a, b) = amounts(quote)
      guard quote.stop == .complete, a > 1e-90, b > 1e-90 else { return true }
      let again = curve.quote(try Order(order.side, .amount(b)))
      if curve.surge > 0 { surged += 1 }
      let end =
        curve.oraclePrice
        * curve.table.relativePrice(
          ofTick: min(again.positionAfter.tick, curve.table.upperTick - 1))
      let condition = max(1, end / quote.averagePrice!, quote.averagePrice! / end) * loss(quote)
      return abs(amounts(again).a - a) <= slack * condition * loss(quote) * a
        && abs(again.fee - quote.fee) <= 2 * slack * condition * loss(quote) * a
    }
    #expect(surged > 500)
  }

  @Test func everyInstructionSetGivesTheSameBits() throws {
    func answers(_ set: KernelSet) throws -> [Quote] {
      var answers: [Quote] = []
      try forAll("instruction sets, swaps with fees", seed: 529, runs: 3_000, kernels: set) {
        answers.append($1.quote($2))
        return true
      }
      return answers
    }
    let expected = try answers(KernelSet.available[0])
    for set in KernelSet.available.dropFirst() {
      #expect(try answers(set) == expected, "\(set.name)")
    }
  }

  @Test func surgesThatLeaveNothingAreRefused() throws {
    let table = try TickTable(
      CurveShape(relativeSigma: 0.01), fees: FeeSchedule(baseBps: 100, skew: 0.1))
    var curve = try Curve(table: table, oraclePrice: 100, reserves: Reserves(a: 1000, b: 10))
    for bad in [-1e-9, 0.99, 1, .nan, Double.infinity] {
      #expect(throws: DAMMError.self) { try curve.charge(surge: bad) }
      #expect(curve.surge == 0)
    }
    try curve.charge(surge: 0.98)
    #expect(curve.quote(try Order(.sell, .amount(1))).amountOut > 0)
  }
}
