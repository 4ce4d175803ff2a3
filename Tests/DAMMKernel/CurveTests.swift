import DAMMKernel
import DAMMModel
import DAMMOracle
import Testing

/// The worked example and the rules of forming, position and limits, by number.
@Suite struct CurveTests {
  private func worked(
    _ funding: Funding = .geometricMean, a: Double = 1000, b: Double = 10,
    position: Position = .oracle
  ) throws -> Curve {
    try Curve(
      table: TickTable(CurveShape(relativeSigma: 0.01)), oraclePrice: 100,
      reserves: Reserves(a: a, b: b), funding: funding, position: position)
  }

  @Test func workedExample() throws {
    let curve = try worked()
    let quote = curve.quote(try Order(.buy, .amount(1)))
    #expect(quote.amountIn == 100.12109282770146)
    #expect(quote.positionAfter.tick == 25 && quote.ticksCrossed == 26)
    #expect(abs(quote.positionAfter.fraction - 0.35066547) < 5e-9)
    let ticks = try [curve.depth(ofTick: 0), curve.depth(ofTick: 1)]
    func near(_ value: Double, _ shown: Double) -> Bool { abs(value / shown - 1) < 2e-6 }
    #expect(near(ticks[0].liquidity, 0.398936) && near(ticks[1].liquidity, 0.398896))
    #expect(near(ticks[0].a, 3.98936) && near(ticks[1].a, 3.98916))
    #expect(near(ticks[0].b, 0.0398936) && near(ticks[1].b, 0.0398876))
  }

  @Test func wideVolatility() throws {
    let reading = try OracleReading(price: 3000, impliedVolatility: 0.8, horizonDays: 30)
    let table = try TickTable(CurveShape(relativeSigma: reading.relativeSigma))
    #expect(table.lowestTick == -9999)
    let curve = try Curve(
      table: table, oraclePrice: reading.price, reserves: Reserves(a: 3e6, b: 1000))
    let all = curve.quote(try Order(.sell, .amount(1e9)))
    #expect(all.stop == .exhausted)
    #expect(try all.positionAfter == Position(tick: -9999))
  }

  @Test func fundingAndSolvency() throws {
    let half = try worked()
    #expect(abs(half.offered.b - 4.98) < 0.01 && half.scaleB == 1)
    let full = try worked(.full)
    for (offered, reserve) in [(full.offered.b, 10.0), (full.offered.a, 1000)] {
      #expect(offered <= reserve && offered >= reserve * (1 - Tolerance.amount.relative))
    }
    // a side that would offer more than it has is scaled down to it
    let poor = try worked(a: 1e6, b: 0.01)
    #expect(poor.scaleB < 1 && poor.scaleA == 1)
    #expect(poor.offered.b <= 0.01 && poor.offered.b > 0.01 * (1 - Tolerance.amount.relative))
  }

  @Test func theTickOfFormingKeepsBothScales() throws {
    let curve = try worked(.full, a: 2, b: 10, position: Position(tick: 40, fraction: 0.25))
    #expect(curve.scaleA < 0.1 && curve.scaleB > 1)
    // down to the tick's lower edge and back up to its upper edge
    let down = curve.quote(try Order(.sell, .toPrice(100.40)))
    let up = curve.quote(try Order(.buy, .toPrice(100.41)))
    let unit = curve.liquidity / 10 * curve.table.capacityB(ofTick: 40)
    func near(_ value: Double, _ exact: Double) -> Bool { abs(value / exact - 1) < 1e-9 }
    #expect(near(down.amountIn, unit * 0.25 * curve.scaleA))
    #expect(near(up.amountOut, unit * 0.75 * curve.scaleB))
    let depth = try curve.depth(ofTick: 40)
    #expect(near(depth.b, down.amountIn + up.amountOut))
    // one tick, though it was taken in two parts
    var pool = curve
    pool.swap(try Order(.sell, .toPrice(100.40)))
    let across = pool.quote(try Order(.buy, .amount(depth.b / 2)))
    #expect(across.ticksCrossed == 1 && across.stop == .complete)
  }

  @Test func theEndsOfTheCurve() throws {
    let bottom = try worked(position: Position(tick: -600))
    #expect(bottom.scaleA == 0)
    let sell = bottom.quote(try Order(.sell, .amount(1)))
    #expect(sell.stop == .exhausted && sell.amountIn == 0 && sell.averagePrice == nil)
    #expect(sell.left == 1 && sell.positionAfter.tick == -600)
    let top = try worked(position: Position(tick: 600))
    let buy = top.quote(try Order(.buy, .notional(1)))
    #expect(buy.stop == .exhausted && buy.positionAfter.tick == 600 && buy.priceAfter == 106)
  }

  @Test func limits() throws {
    let curve = try worked()
    let passed = curve.quote(try Order(.buy, .amount(1), limit: 100))
    #expect(passed.stop == .priceLimit && passed.amountIn == 0 && passed.left == 1)
    let reached = curve.quote(try Order(.buy, .amount(100), limit: 101))
    #expect(reached.stop == .priceLimit && reached.priceAfter == 101)
    // the end of the curve as a limit is a limit; beyond it the curve is exhausted
    #expect(curve.quote(try Order(.buy, .amount(100), limit: 106)).stop == .priceLimit)
    #expect(curve.quote(try Order(.buy, .amount(100), limit: 107)).stop == .exhausted)
    #expect(curve.quote(try Order(.buy, .toPrice(106))).stop == .complete)
    #expect(curve.quote(try Order(.buy, .toPrice(107))).stop == .exhausted)
    #expect(curve.quote(try Order(.buy, .toPrice(99))).stop == .complete)
    // of a target and a limit the nearer binds
    #expect(curve.quote(try Order(.sell, .toPrice(98), limit: 99)).stop == .priceLimit)
    #expect(curve.quote(try Order(.sell, .toPrice(99), limit: 98)).stop == .complete)
  }

  @Test func roundTripsAreAtOnePrice() throws {
    // priced at the edge where the trader enters, this would pay a basis point
    var curve = try worked()
    let bought = curve.swap(try Order(.buy, .amount(1e-3)))
    let sold = curve.swap(try Order(.sell, .amount(1e-3)))
    #expect(bought.averagePrice == 100 && sold.averagePrice == 100)
    // below the edge the next tick's price holds, down to the smallest order
    let dust = curve.quote(try Order(.sell, .amount(1e-40)))
    let average = try #require(dust.averagePrice)
    #expect(abs(average / 99.99 - 1) <= Tolerance.amount.relative)
  }

  @Test func positionsAndPrices() throws {
    var curve = try worked()
    for price in [94.0, 97.123, 100, 100.005, 103.9999, 106] {
      let there = try Curve(
        table: curve.table, oraclePrice: 100, reserves: Reserves(a: 1000, b: 10), atPrice: price)
      #expect(there.price == price)
      try curve.move(to: there.position)
      #expect(curve.price == price)
    }
    for bad in [93.99, 106.01] {
      #expect(throws: DAMMError.positionOutside(price: bad, lowest: 94, highest: 106)) {
        try Curve(
          table: curve.table, oraclePrice: 100, reserves: Reserves(a: 1, b: 1), atPrice: bad)
      }
    }
    for position in [try Position(tick: 601), try Position(tick: 600, fraction: 0.5)] {
      #expect(throws: DAMMError.self) { try curve.move(to: position) }
      #expect(curve.price == 106)
    }
    #expect(throws: DAMMError.self) { try curve.depth(ofTick: 600) }
    #expect(throws: DAMMError.self) { try Position(tick: 0, fraction: 1) }
    #expect(throws: DAMMError.self) { try curve.move(to: Position(tick: .max)) }
    #expect(throws: DAMMError.self) { try curve.table.cumulative(below: .min) }
  }

  @Test func theDoubleOfAnEndIsThatEnd() throws {
    // the exact end lies a little outside its Double here
    let table = try TickTable(CurveShape(relativeSigma: 0.00114, halfWidth: 32))
    let reserves = try Reserves(a: 8, b: 8)
    let ends = try Curve(table: table, oraclePrice: 1, reserves: reserves).priceRange
    let bottom = try Curve(
      table: table, oraclePrice: 1, reserves: reserves, funding: .full, atPrice: ends.lowerBound)
    #expect(bottom.scaleA == 0)
    #expect(bottom.position.tick == table.lowestTick && bottom.position.fraction == 0)
    let top = try Curve(
      table: table, oraclePrice: 1, reserves: reserves, funding: .full, atPrice: ends.upperBound)
    let buy = top.quote(try Order(.buy, .amount(1)))
    #expect(top.scaleB == 0 && buy.stop == .exhausted)
  }

  @Test func refusedOrders() {
    for bad in [Double.nan, .infinity, -.infinity, 0, -1] {
      for size in [Order.Size.amount(bad), .notional(bad), .toPrice(bad)] {
        do {
          _ = try Order(.buy, size)
          Issue.record("\(size) was accepted")
        } catch {
          #expect(error.description.contains("\(bad)"))
        }
      }
      #expect(throws: DAMMError.self) { try Order(.sell, .amount(1), limit: bad) }
      #expect(throws: DAMMError.self) { try Reserves(a: bad, b: 1) }
      #expect(throws: DAMMError.self) { try Reserves(a: 1, b: bad) }
      #expect(throws: DAMMError.self) { try OracleReading(price: bad, sigma: 1) }
      #expect(throws: DAMMError.self) { try OracleReading(price: 1, sigma: bad) }
    }
  }

  @Test func inAndOutAreNamedByTheTrader() throws {
    #expect(try Order.exactIn(2, .buy) == Order(.buy, .notional(2)))
    #expect(try Order.exactIn(2, .sell, limit: 3) == Order(.sell, .amount(2), limit: 3))
    #expect(try Order.exactOut(2, .buy) == Order(.buy, .amount(2)))
    #expect(try Order.exactOut(2, .sell) == Order(.sell, .notional(2)))
  }

  @Test func sigmaConventions() throws {
    let plain = try OracleReading(price: 1, impliedVolatility: 0.8, horizonDays: 365.0 / 16)
    #expect(plain.relativeSigma == 0.2)
    let moment = try OracleReading(
      price: 1, impliedVolatility: 0.8, horizonDays: 365.0 / 16, convention: .lognormalMoment)
    // the two differ by 1 % here
    #expect(moment.relativeSigma > 0.2019 && moment.relativeSigma < 0.2021)
  }
}
