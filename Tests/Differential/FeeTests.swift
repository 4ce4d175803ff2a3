import DAMMKernel
import DAMMModel
import DAMMReference
import Testing
import TestSupport

/// Fees, fast against slow.
@Suite struct FeeTests {
  /// Rates, and sums of fees from either end, against 20 digits.
  @Test func tables() throws {
    let seed = RandomCurves.seed("fee tables, fast against slow", 511)
    var random = SplitMix64(seed: seed)
    var (compared, worst, worstRate) = (0, 0.0, 0.0)
    while compared < RandomCurves.runs(25) {
      let shape = try RandomCurves.shape(&random)
      let schedule = try RandomCurves.fees(&random)
      guard shape.halfWidth <= 12, let bare = try? TickTable(shape), bare.count < 3_000 else {
        continue
      }
      let fast = try TickTable(shape, fees: schedule)
      let slow = try ReferenceTable<Wide>(taylor: shape)
      let fees = ReferenceFees<Wide>(
        schedule, relativeSigma: shape.relativeSigma, tickWidthBps: shape.tickWidthBps)
      #expect(slow.lowestTick == fast.lowestTick && slow.upperTick == fast.upperTick)
      compared += 1
      for side in Side.allCases {
        var (sum, terms) = (Wide(0), Wide(0))
        for tick in slow.lowestTick..<slow.upperTick {
          let i = tick - slow.lowestTick
          let a = slow.masses[i] * slow.relativePrices[i].squareRoot
          let rate = fees.rate(side, tick)
          let allowed = max(fees.terms(tick).double, rate.double)
          if allowed > 0 {
            let error = abs((Wide(fast.feeRate(side, ofTick: tick)) - rate).double) / allowed
            worstRate = max(worstRate, error)
          }
          sum = sum + a * rate
          terms = terms + a * (fees.terms(tick) < rate ? rate : fees.terms(tick))
          // from the nearer end, where differences would show
          guard tick < 0, terms.double > 0 else { continue }
          let error =
            abs((Wide(try fast.cumulativeFee(side, below: tick + 1)) - sum).double) / terms.double
          worst = max(worst, error)
          #expect(
            error <= Tolerance.fee.relative, "\(side) below \(tick + 1) of \(shape), \(schedule)")
        }
      }
    }
    print("fee tables: worst sum \(worst), worst rate \(worstRate)")
    #expect(worst > 0 && worstRate > 0 && worstRate <= 0x1p-51)
  }

  /// All kinds of orders, to prices and limits, with and without a surge, against the tick loop to 20 digits.
  @Test func swaps() throws {
    let seed = RandomCurves.seed("swaps with fees, fast against slow", 512)
    var random = SplitMix64(seed: seed)
    var (worst, worstFee, compared, surged, crossing) = (0.0, 0.0, 0, 0, 0)
    var stops: [Stop: Int] = [:]
    for round in 0..<RandomCurves.runs(40) {
      var curves = try RandomCurves(seed: random.next(), tables: 1, largest: 1_500, fees: true)
      let model = try curves.curve()
      let (table, schedule) = (model.table, model.table.fees)
      let shape = try CurveShape(
        #require(table.shape), relativeSigma: table.relativeSigma,
        halfWidth: table.halfWidth, tickWidthBps: table.tickWidthBps)
      let reserves = try Reserves(
        a: random.logUniform(1e-3...1e9), b: random.logUniform(1e-3...1e9))
      let funding = Funding.allCases.randomElement(using: &random) ?? .full
      let formed = try curves.position(table)
      var fast = try Curve(
        table: table, oraclePrice: model.oraclePrice, reserves: reserves, funding: funding,
        position: formed)
      try fast.charge(surge: model.surge)
      var slow = try ReferenceCurve(
        table: ReferenceTable<Wide>(taylor: shape), tickWidthBps: shape.tickWidthBps,
        oraclePrice: model.oraclePrice, reserves: reserves, funding: funding, position: formed)
      slow.fees = ReferenceFees(
        schedule, relativeSigma: shape.relativeSigma, tickWidthBps: shape.tickWidthBps,
        surge: model.surge)
      for _ in 0..<150 {
        let start = try curves.position(table)
        try fast.move(to: start)
        try slow.move(to: start)
        let order = try curves.order(fast)
        let (quote, fill) = (fast.quote(order), slow.swap(order))
        guard quote.amountIn > 0, quote.stop == fill.stop else { continue }
        // from 1e-9 of a tick on
        let tick = min(max(start.tick, table.lowestTick), table.upperTick - 1)
        let (a, b) =
          order.side == .buy
          ? (quote.amountIn, quote.amountOut) : (quote.amountOut, quote.amountIn)
        guard b >= 1e-9 * (try fast.depth(ofTick: tick).b) else { continue }
        let gross = order.side == .buy ? a : a + quote.fee
        // a sale keeps the digits that its fee leaves
        let condition = condition(order, quote, fast) * (gross / a)
        func difference(_ fast: Double, _ slow: Wide, _ scale: Double) -> Double {
          abs((Wide(fast) - slow).double) / scale
        }
        let error =
          max(difference(a, fill.a, fill.a.double), difference(b, fill.b, fill.b.double))
          / condition
        let scale = max(fill.fee.double, fill.feeTerms.double)
        let feeError =
          scale > 0
          ? difference(quote.fee, fill.fee, scale) / feeCondition(order, quote, fast, scale)
          : quote.fee
        #expect(
          error <= Tolerance.amountFixed.relative && feeError <= Tolerance.fee.relative,
          """
          round \(round) of seed \(seed): \(error), fee \(feeError): \(order) from \(start), \
          formed at \(formed), \(shape), mu \(model.oraclePrice), \(schedule), \
          surge \(model.surge): \(quote), but \(fill)
          """)
        (worst, worstFee) = (max(worst, error), max(worstFee, feeError))
        compared += 1
        if model.surge > 0 { surged += 1 }
        if quote.ticksCrossed > 1 { crossing += 1 }
        stops[quote.stop, default: 0] += 1
      }
    }
    print(
      """
      swaps with fees: \(compared) compared, \(surged) with a surge, \(stops), \
      worst amount \(worst), worst fee \(worstFee)
      """)
    #expect(compared > 3_000 && surged > 500 && crossing > 1_000)
    for stop in Stop.allCases { #expect(stops[stop, default: 0] > 100) }
  }

  /// How much an error of the fixed amount grows in the fee: what the last of it pays, over the average.
  private func feeCondition(
    _ order: Order, _ quote: Quote, _ curve: Curve, _ fee: Double
  ) -> Double {
    guard quote.left != nil else { return 1 }
    let (a, b) =
      order.side == .buy
      ? (quote.amountIn, quote.amountOut) : (quote.amountOut, quote.amountIn)
    let last = min(quote.positionAfter.tick, curve.table.upperTick - 1)
    let rate = curve.table.feeRate(order.side, ofTick: last) + curve.surge
    let end = curve.oraclePrice * curve.table.relativePrice(ofTick: last)
    let paid =
      if case .amount = order.size {
        rate * end * b
      } else {
        rate / (order.side == .buy ? 1 + rate : 1 - rate) * a
      }
    return max(1, paid / fee)
  }

  /// How much an error of the fixed amount grows in the other one.
  private func condition(_ order: Order, _ quote: Quote, _ curve: Curve) -> Double {
    guard let average = quote.averagePrice, quote.left != nil else { return 1 }
    let last = min(quote.positionAfter.tick, curve.table.upperTick - 1)
    let rate = curve.table.feeRate(order.side, ofTick: last) + curve.surge
    let end =
      curve.oraclePrice * curve.table.relativePrice(ofTick: last)
      * (order.side == .buy ? 1 + rate : 1 - rate)
    return max(1, end / average, average / end)
  }
}
