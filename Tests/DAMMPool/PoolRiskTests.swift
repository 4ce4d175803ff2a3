import DAMMKernel
import DAMMModel
import DAMMOracle
import DAMMPool
import Testing

/// The risk figures of a pool are those of the same curve in tokens.
@Suite struct PoolRiskTests {
  enum Place: CaseIterable { case founded, above, below, noB, noA }

  /// Exponents of lots of A and B; in the coarsest a side of 1000 lots can be sold to the last one.
  static let (fine, middle, coarse) = ((a: 0, b: 9), (a: 2, b: 11), (a: 6, b: 16))

  /// Pools of 1000 A and 10 B at a price of 100, where the orders have led them.
  static func pool(
    _ place: Place, _ funding: Funding, lots: (a: Int, b: Int), fees: FeeSchedule = .none
  ) throws -> Pool {
    let terms = try PoolTerms(
      a: LotSize(decimals: 6, exponent: lots.a), b: LotSize(decimals: 18, exponent: lots.b),
      fees: fees, funding: funding)
    var pool = try Pool(
      terms, reading: OracleReading(price: 100, relativeSigma: 0.01), at: PoolTests.start,
      deposit: LotPair(a: terms.a.lots("1000"), b: terms.b.lots("10")))
    let orders: [LotOrder] =
      switch place {
      case .founded: []
      case .above: [try LotOrder(.buy, .amount(terms.b.lots("1.23")))]
      case .below: [try LotOrder(.sell, .amount(terms.b.lots("1.23")))]
      case .noB: [try LotOrder(.buy, .toPrice(1e300))]
      case .noA: [try LotOrder(.sell, .toPrice(1e-300))]
      }
    for order in orders { try pool.swap(order, at: PoolTests.start) }
    return pool
  }

  /// The same in tokens, formed as the pool was and moved to where it stands.
  static func figures(_ pool: Pool, volatility: Double) throws -> RiskFigures {
    var curve = try Curve(
      table: #require(pool.table), oraclePrice: 100, reserves: Reserves(a: 1000, b: 10),
      funding: pool.terms.funding)
    try curve.move(to: #require(pool.position))
    func tokens(_ lots: Int, _ size: LotSize) -> Double {
      max(size.tokens(lots), Domain.reserve.lowerBound)
    }
    let reserves = try Reserves(
      a: tokens(pool.reserves.a, pool.terms.a), b: tokens(pool.reserves.b, pool.terms.b))
    return try RiskFigures(curve, reserves: reserves, volatility: volatility)
  }

  static func expectSame(
    _ pool: RiskFigures, _ curve: RiskFigures, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    // both figures are off by their bound at most, and those of a pool by two roundings
    let close = 2 * Tolerance.amount.relative
    func same(_ x: Double, _ y: Double, _ what: String, _ bound: Double? = nil) {
      let bound = bound ?? close * max(x.magnitude, y.magnitude)
      #expect((x - y).magnitude <= bound, "\(what): \(x), \(y)", sourceLocation: sourceLocation)
    }
    #expect(pool.price == curve.price, sourceLocation: sourceLocation)
    #expect(pool.oraclePrice == curve.oraclePrice && pool.volatility == curve.volatility)
    same(pool.value, curve.value, "value")
    same(pool.density, curve.density, "density")
    same(pool.capitalEfficiency, curve.capitalEfficiency, "efficiency")
    same(pool.lossVersusRebalancing, curve.lossVersusRebalancing, "LVR")
    for part in [0.001, 0.01, 0.02, 0.9] {
      let (mine, other) = (try pool.offered(within: part), try curve.offered(within: part))
      // ends that are a rounding apart, in a tick of some thousandth of the side
      same(mine.a, other.a, "A within \(part)", close * curve.value)
      same(mine.b, other.b, "B within \(part)", close * curve.value / curve.price)
    }
    // no market at the price of a tick, which may then be left either way
    for change in [-0.5, -0.02005, -0.00305, 0.00305, 0.02005, 0.5] {
      let (mine, other) = (try pool.move(by: change), try curve.move(by: change))
      same(mine.a, other.a, "A after \(change)", close * curve.value)
      same(mine.b, other.b, "B after \(change)", close * curve.value / curve.price)
      let traded = (other.a - curve.reserves.a).magnitude
      same(
        mine.impermanentLoss, other.impermanentLoss, "loss of \(change)",
        2 * Tolerance.alignmentLoss.relative * other.impermanentLoss.magnitude
          + 3 * Tolerance.alignmentPrices.relative * traded)
      same(mine.value, other.value, "value after \(change)")
    }
    let (mine, other) = (try pool.move(deviations: 2), try curve.move(deviations: 2))
    same(try #require(mine).value, try #require(other).value, "value after two deviations")
    for days in [0.1, 1, 7] {
      let loss = try curve.expectedLoss(days: days)
      same(
        try pool.expectedLoss(days: days), loss, "expected loss",
        2 * Tolerance.expectedLoss.relative * loss)
    }
  }

  @Test(arguments: Place.allCases, Funding.allCases)
  func areThoseOfACurve(_ place: Place, _ funding: Funding) throws {
    for lots in [Self.fine, Self.middle] {
      let pool = try Self.pool(place, funding, lots: lots)
      let risk = try RiskFigures(pool, volatility: 0.8)
      try Self.expectSame(risk, try Self.figures(pool, volatility: 0.8))
      #expect(risk.value > 999 && risk.value < 3000)
      let band = try risk.offered(within: 0.02)
      // a side that is sold has less than a lot left
      let lot = (a: pool.terms.a.tokens(1), b: pool.terms.b.tokens(1))
      #expect(place == .noB ? band.b < lot.b : band.b > lot.b)
      #expect(place == .noA ? band.a < lot.a : band.a > lot.a)
    }
  }

  /// With all B sold, and its mirror: the figures are there, and arbitrage takes from the side that is left alone.
  @Test func anEmptySide() throws {
    let sold = try Self.pool(.noB, .full, lots: Self.coarse)
    #expect(sold.reserves.b == 0)
    let risk = try RiskFigures(sold, volatility: 0.8)
    #expect(risk.reserves.b == 0 && risk.value == risk.reserves.a && risk.value > 2000)
    let nothing = Tolerance.amount.relative * risk.value
    #expect(try -risk.move(by: 0.5).impermanentLoss <= nothing)
    let fall = try risk.move(by: -0.5)
    #expect(fall.a < 1, "all is on offer but for a lot")
    #expect(fall.impermanentLoss < -0.4 * risk.value && fall.b > 9.99)
    #expect(try risk.expectedLoss() > 0)
    // what the pool moves of A is rounded up, so that the last lot may stay
    let bought = try Self.pool(.noA, .full, lots: Self.fine)
    #expect(bought.offered.a == 0 && bought.reserves.a <= 1)
    let (mirror, lot) = (try RiskFigures(bought, volatility: 0.8), bought.terms.a.tokens(1))
    #expect(mirror.reserves.a <= lot && mirror.value > 1800)
    #expect(try -mirror.move(by: -0.5).impermanentLoss <= lot)
    #expect(try mirror.move(by: 0.5).impermanentLoss < -0.3 * mirror.value)
    #expect(try mirror.expectedLoss() > 0)
  }

  /// Fees are in no figure, nor those that the pool holds.
  @Test func feesAreLeftOut() throws {
    let fees = try FeeSchedule(baseBps: 100, skew: 0.5)
    for place in Place.allCases {
      let pool = try Self.pool(place, .geometricMean, lots: Self.fine, fees: fees)
      #expect((pool.book.collected > 0) == (place != .founded))
      let free = try Self.pool(place, .geometricMean, lots: Self.fine)
      try Self.expectSame(
        try RiskFigures(pool, volatility: 0.8), try Self.figures(free, volatility: 0.8))
    }
  }

  @Test func refusals() throws {
    #expect(throws: PoolError.empty) { try RiskFigures(FoundingTests.empty(), volatility: 0.8) }
    for volatility in [0, -1, Double.infinity] {
      let error = PoolError.parameter(
        .outOfRange(
          name: "volatility a year", value: volatility, allowed: Domain.impliedVolatility))
      #expect(throws: error) {
        try RiskFigures(Self.pool(.founded, .full, lots: Self.middle), volatility: volatility)
      }
    }
    let risk = try RiskFigures(Self.pool(.above, .full, lots: Self.middle), volatility: 0.8)
    #expect(throws: DAMMError.self) { try risk.move(to: 0) }
    #expect(throws: DAMMError.self) { try risk.move(to: 1e31) }
  }
}
