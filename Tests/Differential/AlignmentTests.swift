import DAMMKernel
import DAMMModel
import DAMMReference
import Testing
import TestSupport

/// What arbitrage trades and what the pool loses by it, from the cumulative sums, against the sum over
/// the ticks one by one in 31 digits.
@Suite struct AlignmentTests {
  /// The same by the definition.
  private struct Slow {
    var (a, b, loss, traded) = (Wide(0), Wide(0), Wide(0), Wide(0))
    /// Above the highest tick below the market, and below the lowest above it.
    var (edge, edgeFromAbove) = (0, 0)

    init(
      _ curve: Curve, _ table: ReferenceTable<Wide>, _ reserves: Reserves, formed: Position,
      start: Position, market: Double
    ) {
      let (mu, zero, one) = (Wide(curve.oraclePrice), Wide(0), Wide(1))
      let liquidity = (Wide(reserves.a) * Wide(reserves.b)).squareRoot
      (edge, edgeFromAbove) = (table.lowestTick, table.upperTick)
      for (offset, mass) in table.masses.enumerated() {
        let tick = table.lowestTick + offset
        let price = mu * table.relativePrices[offset]
        let here = Wide(start.tick == tick ? start.fraction : tick < start.tick ? 1 : 0)
        let buying = price < Wide(market), selling = Wide(market) < price
        if buying { edge = tick + 1 }
        if selling { edgeFromAbove = min(edgeFromAbove, tick) }
        // the stretch of the tick that changes hands
        let (from, to) = buying ? (here, one) : selling ? (zero, here) : (zero, zero)
        guard from < to else { continue }
        let split = Wide(formed.tick == tick ? formed.fraction : tick < formed.tick ? 1 : 0)
        let below = max(zero, min(split, to) - from) * Wide(curve.scaleA)
        let above = max(zero, to - max(split, from)) * Wide(curve.scaleB)
        let amount = liquidity * mass / price.squareRoot * (below + above)
        let distance = buying ? Wide(market) - price : price - Wide(market)
        b = buying ? b - amount : b + amount
        a = buying ? a + amount * price : a - amount * price
        traded = traded + amount * price
        loss = loss + amount * distance
      }
    }
  }

  /// A market price: within a few ulps of a tick's price, within a tick or two of the position, or anywhere.
  private func market(_ curves: inout RandomCurves, _ curve: Curve) throws -> Double {
    let width = curve.oraclePrice * curve.table.tickWidthBps / 1e4
    switch Int.random(in: 0..<4, using: &curves.random) {
    case 0:
      let edge = try curves.price(curve)
      return edge * (1 + Double(Int.random(in: -3...3, using: &curves.random)) * 0x1p-52)
    case 1: return curve.price + width * curves.random.uniform(-2...2)
    default: return try curves.price(curve)
    }
  }

  @Test func lossesOfTheSlowPath() throws {
    let seed = RandomCurves.seed("alignments, fast against slow", 44)
    var random = SplitMix64(seed: seed)
    var (compared, still, smallest) = (0, 0, 1.0)
    var worst = (amount: 0.0, loss: 0.0, plain: 0.0)
    for round in 0..<RandomCurves.runs(60) {
      var curves = try RandomCurves(seed: random.next(), tables: 1, largest: 3_000)
      let model = try curves.curve()
      let table = model.table
      let shape = try CurveShape(
        #require(table.shape), relativeSigma: table.relativeSigma, halfWidth: table.halfWidth,
        tickWidthBps: table.tickWidthBps)
      let slowTable = try ReferenceTable<Wide>(taylor: shape)
      let reserves = try Reserves(
        a: random.logUniform(1e-3...1e9), b: random.logUniform(1e-3...1e9))
      let formed = try curves.position(table)
      var fast = try Curve(
        table: table, oraclePrice: model.oraclePrice, reserves: reserves,
        funding: random.oneIn(2) ? .full : .geometricMean, position: formed)
      for _ in 0..<40 {
        let start = random.oneIn(4) ? formed : try curves.position(table)
        try fast.move(to: start)
        let market = try market(&curves, fast)
        guard Domain.price.contains(market) else { continue }
        let slow = Slow(
          fast, slowTable, reserves, formed: formed, start: start, market: market)
        let quick = try fast.alignment(withMarket: market)
        let at = "round \(round): to \(market) from \(start), \(shape), mu \(fast.oraclePrice)"
        let traded = slow.traded.double
        guard traded > 0 else {
          still += 1
          #expect(quick.a == 0 && quick.b == 0 && quick.loss == 0, "\(at)")
          continue
        }
        let amount = max(
          abs(quick.a / slow.a.double - 1), abs(quick.b / slow.b.double - 1))
        #expect(amount <= Tolerance.amount.relative, "\(amount) \(at)")
        let bound =
          Tolerance.alignmentLoss.relative * slow.loss.double
          + Tolerance.alignmentPrices.relative * traded
        let error = abs(quick.loss - slow.loss.double) / bound
        #expect(error <= 1, "\(error) of the bound, \(at)")
        #expect(quick.loss >= 0)
        let edge = quick.b < 0 ? slow.edge : slow.edgeFromAbove
        #expect(quick.position.tick == edge && quick.position.fraction == 0, "\(at)")
        let plain = abs(abs(quick.a + market * quick.b) - slow.loss.double) / bound
        worst = (max(worst.amount, amount), max(worst.loss, error), max(worst.plain, plain))
        smallest = min(smallest, slow.loss.double / traded)
        compared += 1
      }
    }
    // the difference of the rounded amounts would not do
    #expect(worst.plain > 1)
    print(
      "alignments: \(compared) compared, \(still) without a trade, smallest loss \(smallest) of the A "
        + "traded; worst error of an amount \(worst.amount), of a loss \(worst.loss) of "
        + "its bound, \(worst.plain) by the difference of the amounts")
    #expect(compared > 1_000 && still > 20 && smallest < 1e-8)
  }

  /// The way does not matter: a market that comes back leaves the curve where a direct move does.
  @Test func theWayDoesNotMatter() throws {
    let seed = RandomCurves.seed("ways of the market", 45)
    var curves = try RandomCurves(seed: seed, tables: 40, largest: 3_000)
    var moved = 0
    for _ in 0..<RandomCurves.runs(2_000) {
      let curve = try curves.curve()
      let (first, last) = (try market(&curves, curve), try market(&curves, curve))
      guard Domain.price.contains(first), Domain.price.contains(last) else { continue }
      let direct = try curve.alignment(withMarket: last)
      var between = curve
      try between.move(to: curve.alignment(withMarket: first).position)
      let detour = try between.alignment(withMarket: last)
      // a tick priced exactly at the market stays as it was, on one way full and on the other empty
      let ticks = (direct.position.tick - 1)...direct.position.tick
      let prices = ticks.map { curve.oraclePrice * curve.table.relativePrice(ofTick: $0) }
      guard direct.position != curve.position, between.position != curve.position,
        detour.position != between.position, !prices.contains(last)
      else { continue }
      #expect(detour.position == direct.position, "\(first), \(last)")
      moved += 1
    }
    #expect(moved > 300)
  }

  @Test func refusals() throws {
    let curve = try Curve(
      table: TickTable(CurveShape(relativeSigma: 0.01)), oraclePrice: 100,
      reserves: Reserves(a: 1000, b: 10))
    for price in [0, -1, .nan, .infinity, 1e31] {
      #expect(throws: DAMMError.self) { try curve.alignment(withMarket: price) }
    }
    let (up, down) = try (curve.alignment(withMarket: 1e30), curve.alignment(withMarket: 1e-30))
    #expect(abs(-up.b / curve.offered.b - 1) <= Tolerance.amount.relative)
    #expect(abs(-down.a / curve.offered.a - 1) <= Tolerance.amount.relative)
  }
}
