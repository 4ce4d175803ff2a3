import DAMMKernel
import DAMMModel
import DAMMPool
import DAMMPrices
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A tick curve is one more maker of price functions: through the framework it trades as it does by itself.
@Suite struct TickPricesTests {
  private let now = UTCTime(secondsSince1970: 1_767_225_600)

  private func compare(
    seed: UInt64, fees: Bool
  ) throws -> (worst: Double, sharp: Int, crossed: Int) {
    var curves = try RandomCurves(seed: seed, tables: 12, largest: 3_000, fees: fees)
    var (worst, sharp, crossed) = (0.0, 0, 0)
    for _ in 0..<RandomCurves.runs(1_500) {
      let curve = try curves.curve()
      let (a, b) = curve.offered
      guard a > 1e-9 * b * curve.price, b * curve.price > 1e-9 * a, min(a, b) > 1e-20 else {
        continue
      }
      let pool = try PricePool(TickPrices(curve), reserves: Reserves(a: a, b: b))
      let order = try curves.order(curve)
      // a limit of a curve is a coordinate, here it is a price: compared on edges below
      if case .toPrice = order.size { continue }
      guard order.limit == nil else { continue }
      let known = curve.quote(order)
      let quote = try pool.quote(order, at: now)
      // an order for all there is may stop for either reason
      let whole = order.side == .buy ? b : a
      if abs(known.amountOut - whole) > 1e-9 * whole {
        #expect(quote.stop == known.stop, "\(order)")
      }
      guard known.stop == .complete, known.averagePrice != nil else { continue }
      let traded =
        order.side == .buy
        ? (a: known.amountIn, b: known.amountOut) : (a: known.amountOut, b: known.amountIn)
      let slope = quote.priceAfter * traded.b / traded.a
      let condition = max(1, slope, 1 / slope) * (1 + abs(log(quote.ratioAfter / pool.ratio)))
      // where the curve stands follows from what it offers, which is known to its own bound
      let bits = Tolerance.amount.relative * (b / traded.b + a / traded.a)
      let allowed = (Tolerance.priceAmount.relative + bits) * condition
      for (x, y) in [(quote.a, traded.a), (quote.b, traded.b)] {
        #expect(abs(x - y) <= allowed * y, "\(order): \(x), the curve \(y)")
        if bits < Tolerance.priceAmount.relative {
          worst = max(worst, abs(x - y) / y / condition)
        }
      }
      #expect(abs(quote.fee - known.fee) <= allowed * traded.a + 0x1p-50 * traded.a)
      if bits < Tolerance.priceAmount.relative { sharp += 1 }
      if known.ticksCrossed > 2 { crossed += 1 }
    }
    return (worst, sharp, crossed)
  }

  @Test(arguments: [false, true])
  func tradesAsTheCurveDoes(fees: Bool) throws {
    let seed = RandomCurves.seed("tradesAsTheCurveDoes", fees ? 505 : 504)
    let result = try compare(seed: seed, fees: fees)
    print("tick prices and curve, fees \(fees): \(result)")
    #expect(result.sharp > 100 && result.crossed > 150)
  }

  /// To the edge of a tick: as far as its price is not yet that of the next.
  @Test func toAPrice() throws {
    let table = try TickTable(CurveShape(relativeSigma: 0.01))
    let curve = try Curve(table: table, oraclePrice: 100, reserves: Reserves(a: 1000, b: 10))
    let (a, b) = curve.offered
    let pool = try PricePool(TickPrices(curve), reserves: Reserves(a: a, b: b))
    for tick in [1, 2, 26, 100, 400] {
      let edge = 100 * table.relativePrice(ofTick: tick)
      let up = try pool.quote(Order(.buy, .toPrice(edge)), at: now)
      let known = curve.quote(try Order(.buy, .toPrice(edge)))
      let bound = Tolerance.priceAmount.relative * (1 + b / known.amountOut)
      #expect(abs(up.amountIn - known.amountIn) <= bound * known.amountIn)
      // the last bit of the reserves may leave the pool on the other side of the edge
      let width = 0.011
      #expect(abs(up.priceAfter - edge) < width && up.stop == .complete)
      // selling, the last tick whose price is above
      let below = 100 * table.relativePrice(ofTick: -tick)
      let down = try pool.quote(Order(.sell, .toPrice(below)), at: now)
      let lower = curve.quote(
        try Order(.sell, .toPrice(100 * table.relativePrice(ofTick: 1 - tick))))
      if tick > 1 {
        let bound = Tolerance.priceAmount.relative * (1 + a / lower.amountOut)
        #expect(abs(down.amountOut - lower.amountOut) <= bound * lower.amountOut)
      }
      #expect(abs(down.priceAfter - below) < width)
    }
  }

  @Test func theWorkedExample() throws {
    let table = try TickTable(CurveShape(relativeSigma: 0.01))
    let curve = try Curve(table: table, oraclePrice: 100, reserves: Reserves(a: 1000, b: 10))
    let (a, b) = curve.offered
    let prices = try TickPrices(curve)
    let pool = try PricePool(prices, reserves: Reserves(a: a, b: b))
    let quote = try pool.quote(.exactOut(1, .buy), at: now)
    #expect(abs(quote.amountIn - 100.121092827701) <= 1e-12 * 100)
    #expect(prices.tick(.buy, atRatio: quote.ratioAfter) == 25)
    #expect(prices.count == table.count && prices.tickRatios.count == table.count - 1)
    // and integrated, without the closed form of a tick
    let integrated = try PricePool(IntegratedPrices(prices), reserves: Reserves(a: a, b: b))
    let slow = try integrated.quote(.exactOut(1, .buy), at: now)
    #expect(abs(slow.amountIn - quote.amountIn) <= Tolerance.priceAmount.relative * 100)
    #expect(slow.integrationError > 0)
  }

  @Test(arguments: [false, true])
  func keepsAllLaws(fees: Bool) throws {
    var curves = try RandomCurves(
      seed: RandomCurves.seed("keepsAllLaws", 506), tables: 6, largest: 600, fees: fees)
    for _ in 0..<RandomCurves.runs(12) {
      let curve = try curves.curve()
      let (a, b) = curve.offered
      guard a > 0, b > 0, let prices = try? TickPrices(curve) else { continue }
      let ratio = a / b
      let laws = try PriceLaws(
        prices, over: ratio / 100...ratio * 100, at: now, samples: 40)
      for verdict in try [laws.askNotBelowBid(), laws.pricesRise()] {
        guard case .proved = verdict else {
          Issue.record("\(verdict)")
          continue
        }
      }
      for verdict in try [
        laws.pathIndependence(), laws.scaleFreedom(), laws.liquidityComposes(),
      ] {
        #expect(verdict.violation == nil, "\(verdict)")
      }
    }
  }

  /// A pool of the ledger, in tokens, whose surge halves with time.
  @Test func aPoolInTokens() throws {
    let (a, b) = try (LotSize(decimals: 6, exponent: 0), LotSize(decimals: 18, exponent: 9))
    let terms = try PoolTerms(
      a: a, b: b, fees: FeeSchedule(baseBps: 5, skew: 0.02, minimumBps: 1, surgeBps: 40))
    func later(_ seconds: Int64) -> UTCTime {
      UTCTime(secondsSince1970: now.secondsSince1970 + seconds)
    }
    var pool = try Pool(
      terms, reading: OracleReading(price: 100, sigma: 1), at: now,
      deposit: LotPair(a: 1_000_000_000, b: 10_000_000_000))
    try pool.reform(OracleReading(price: 100.5, sigma: 1), at: later(1))
    let offered = try #require(pool.curveInLots).offered
    let prices = try TickPrices(pool)
    let tokens = try PricePool(
      prices, reserves: Reserves(a: offered.a / 1e6, b: offered.b / 1e9))
    var fees: [Double] = []
    for seconds in [1, 61, 600] as [Int64] {
      for (side, lots) in [(Side.buy, 100_000_000), (.sell, 250_000_000)] {
        let known = try pool.quote(LotOrder(side, .amount(lots)), at: later(seconds))
        let quote = try tokens.quote(Order(side, .amount(Double(lots) / 1e9)), at: later(seconds))
        let lotsOfA = Double(side == .buy ? known.amountIn : known.amountOut)
        // the ledger rounds A and the fee to lots
        #expect(abs(quote.a * 1e6 - lotsOfA) <= 2.01)
        #expect(abs(quote.fee * 1e6 - Double(known.fee)) <= 1.01)
        if side == .buy { fees.append(quote.fee) }
      }
    }
    #expect(fees[0] > 1.5 * fees[1] && fees[1] > fees[2])
  }

  @Test func whatIsRefused() throws {
    let table = try TickTable(CurveShape(relativeSigma: 0.01))
    // a curve at its upper end has no B left
    let curve = try Curve(
      table: table, oraclePrice: 100, reserves: Reserves(a: 1000, b: 10),
      position: Position(tick: table.upperTick))
    let prices = try TickPrices(curve)
    #expect(curve.offered.b == 0)
    #expect(throws: DAMMError.self) {
      try PricePool(prices, reserves: Reserves(a: curve.offered.a, b: curve.offered.b))
    }
  }
}
