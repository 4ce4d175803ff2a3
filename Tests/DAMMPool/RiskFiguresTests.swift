import DAMMKernel
import DAMMModel
import DAMMOracle
import DAMMPool
import Foundation
import Testing
import TestSupport

/// Risk figures against their definitions, tick by tick.
@Suite struct RiskFiguresTests {
  static func curve(
    _ shape: Shape = .normal, sigma: Double = 0.1, bps: Double = 1, price: Double = 3000,
    funding: Funding = .geometricMean, position: Position = .oracle
  ) throws -> (curve: Curve, reserves: Reserves) {
    let reserves = try Reserves(a: 3e6, b: 1000)
    let table = try TickTable(CurveShape(shape, relativeSigma: sigma, tickWidthBps: bps))
    return (
      try Curve(
        table: table, oraclePrice: price, reserves: reserves, funding: funding, position: position),
      reserves
    )
  }

  @Test func volatilityOfAReading() throws {
    let implied = try OracleReading(
      price: 100, impliedVolatility: 0.8, horizonDays: 7, convention: .lognormalMoment)
    #expect(try RiskFigures.volatility(of: implied, sigmaDays: .nan) == 0.8)
    let given = try OracleReading(price: 100, relativeSigma: 0.1)
    #expect(try RiskFigures.volatility(of: given, sigmaDays: 365) == 0.1)
    #expect(throws: DAMMError.self) { try RiskFigures.volatility(of: given, sigmaDays: 0) }
    let proportional = try OracleReading(price: 100, impliedVolatility: 0.8, horizonDays: 7)
    let same = try OracleReading(price: 100, relativeSigma: proportional.relativeSigma)
    let error = abs(try RiskFigures.volatility(of: same, sigmaDays: 7) / 0.8 - 1)
    #expect(error <= Tolerance.amount.relative)
  }

  /// Value after a move is that of what a swap along the rule leaves, and the loss is what is missing.
  @Test func movesAreSwaps() throws {
    let (curve, reserves) = try Self.curve(position: Position(tick: 37, fraction: 0.4))
    let risk = try RiskFigures(curve, reserves: reserves, volatility: 0.8)
    #expect(risk.price == curve.oraclePrice * curve.table.relativePrice(ofTick: 37))
    for change in [-0.9, -0.2, -0.05, -0.001, 0.001, 0.05, 0.2, 5] {
      let move = try risk.move(by: change)
      // an order to a price fills its last tick in part; to the edge above, in whole
      let ticks = (move.price / curve.oraclePrice - 1) * 1e4
      let edge = min(max(Int(ticks.rounded(.up)), curve.table.lowestTick), curve.table.upperTick)
      let target = curve.oraclePrice * curve.table.relativePrice(ofTick: edge)
      let quote = curve.quote(try Order(change > 0 ? .buy : .sell, .toPrice(target)))
      let (a, b) =
        change > 0 ? (quote.amountIn, -quote.amountOut) : (-quote.amountOut, quote.amountIn)
      // the rounding of the target moves the end by a part of a tick, in which little is lost
      let close = 1e4 * Tolerance.amount.relative * risk.value
      #expect(abs(move.a - (reserves.a + a)) <= close)
      #expect(abs(move.b - (reserves.b + b)) * move.price <= close)
      #expect(abs(move.value - (move.a + move.b * move.price)) <= close)
      #expect(move.impermanentLoss < 0 && move.relativeLoss < 0)
      #expect(move.heldValue == reserves.a + reserves.b * move.price)
      #expect(move.relativeLoss == move.impermanentLoss / move.heldValue)
    }
    let still = try risk.move(by: 0)
    #expect(still.impermanentLoss == 0 && still.a == reserves.a && still.b == reserves.b)
  }

  /// Second order in the move, with half of the density as its coefficient.
  @Test func lossesOfSmallMoves() throws {
    let (curve, reserves) = try Self.curve(bps: 1e-2)
    let risk = try RiskFigures(curve, reserves: reserves, volatility: 0.8)
    for change in [-1e-3, 1e-3] {
      let moved = change * risk.price
      let expected = risk.density * moved * moved / 2
      // the next order is the change of the density over the move, and a tick is a thousandth of the move
      #expect(abs(-(try risk.move(by: change)).impermanentLoss / expected - 1) < 2 * abs(change))
    }
  }

  /// The figures of a constant product over all prices, which a curve with its density has near the middle.
  @Test func densityAndRate() throws {
    let (curve, reserves) = try Self.curve()
    let risk = try RiskFigures(curve, reserves: reserves, volatility: 0.8)
    let tick = try curve.depth(ofTick: 0)
    let below = try curve.depth(ofTick: -1)
    let width = curve.oraclePrice * 1e-4
    #expect(curve.density.above == tick.b / width)
    #expect(curve.density.below == below.b / width)
    // of the specification: l times the density over the root of the price
    let density = 1 / (300 * (2 * Double.pi).squareRoot())
    let specified = curve.liquidity * density / risk.price.squareRoot()
    #expect(abs(risk.density / specified - 1) < 1e-4)
    let sigma = 0.8 / 365.0.squareRoot()
    #expect(risk.dailyVolatility == sigma)
    #expect(
      abs(risk.lossVersusRebalancing / (sigma * sigma * 9e6 / 2 * risk.density) - 1)
        <= Tolerance.amount.relative)
    // LVR of a constant product is sigma^2 / 8 of its value
    let product = sigma * sigma / 8 * risk.value
    #expect(
      abs(risk.lossVersusRebalancing / product / risk.capitalEfficiency - 1)
        <= Tolerance.amount.relative)
    #expect(risk.value == 6e6)
  }

  /// Each side of the place of forming has its own scale, wherever the pool stands.
  @Test func densityOfTheSides() throws {
    let (formed, _) = try Self.curve(funding: .full, position: Position(tick: 200, fraction: 0.25))
    #expect(formed.scaleA < formed.scaleB)
    let width = formed.oraclePrice * 1e-4
    let whole =
      formed.liquidity * formed.table.capacityB(ofTick: 200) / formed.oraclePrice.squareRoot()
    let close = Tolerance.amount.relative
    #expect(abs(formed.density.above / (whole * formed.scaleB / width) - 1) <= close)
    #expect(abs(formed.density.below / (whole * formed.scaleA / width) - 1) <= close)
    var moved = formed
    try moved.move(to: Position(tick: 200, fraction: 0.5))
    #expect(moved.density.below == formed.density.above)
    try moved.move(to: Position(tick: 200))
    #expect(moved.density.above == formed.density.below)
    try moved.move(to: Position(tick: moved.table.upperTick))
    #expect(moved.density.above == 0 && moved.density.below > 0)
    try moved.move(to: Position(tick: moved.table.lowestTick))
    #expect(moved.density.above > 0 && moved.density.below == 0)
  }

  @Test func offeredWithinABand() throws {
    let (curve, reserves) = try Self.curve(position: Position(tick: -3, fraction: 0.5))
    let risk = try RiskFigures(curve, reserves: reserves, volatility: 0.8)
    let band = try risk.offered(within: 0.01)
    var (a, b) = (0.0, 0.0)
    for tick in -600..<600 {
      let depth = try curve.depth(ofTick: tick)
      let (low, high) = (depth.price, depth.price + curve.oraclePrice * 1e-4)
      let sold = tick < -3 ? 1 : tick > -3 ? 0 : 0.5
      let above = min(max((risk.price * 1.01 - low) / (high - low), 0), 1)
      let below = min(max((risk.price * 0.99 - low) / (high - low), 0), 1)
      a += depth.a * max(0, sold - below)
      b += depth.b * max(0, above - sold)
    }
    #expect(abs(band.a / a - 1) < 1e-9)
    #expect(abs(band.b / b - 1) < 1e-9)
    let all = try risk.offered(within: Domain.priceBand.upperBound)
    #expect(all.b == curve.offered.b)
  }

  /// Fees take nothing off what is on offer.
  @Test func offeredWithFees() throws {
    let shape = try CurveShape(relativeSigma: 0.02)
    func band(_ fees: FeeSchedule) throws -> (a: Double, b: Double) {
      let reserves = try Reserves(a: 1000, b: 10)
      let curve = try Curve(
        table: TickTable(shape, fees: fees), oraclePrice: 100, reserves: reserves)
      return try RiskFigures(curve, reserves: reserves, volatility: 0.8).offered(within: 0.01)
    }
    let free = try band(.none)
    #expect(free.a > 190 && free.a < 192)
    for fees in [try FeeSchedule(baseBps: 100), try FeeSchedule(baseBps: 2, skew: 3)] {
      let charged = try band(fees)
      #expect(abs(charged.a / free.a - 1) <= Tolerance.amount.relative)
      #expect(charged.b == free.b)
    }
  }

  @Test func movesInDeviations() throws {
    let (curve, reserves) = try Self.curve(sigma: 0.4)
    let risk = try RiskFigures(curve, reserves: reserves, volatility: 0.8)
    #expect(try risk.move(deviations: -3) == nil, "the price would be negative")
    let moves = try [-2.0, -1, 1, 2, 3].map { try #require(try risk.move(deviations: $0)) }
    #expect(moves.map(\.price) == [600, 1800, 4200, 5400, 6600])
    #expect(throws: DAMMError.self) { try risk.move(deviations: .nan) }
    #expect(zip(moves, moves.dropFirst()).allSatisfy { $0.b > $1.b })
  }

  @Test func refusals() throws {
    let (curve, reserves) = try Self.curve()
    let risk = try RiskFigures(curve, reserves: reserves, volatility: 0.8)
    let fees = try risk.arbitrageFees(blockSeconds: 12)
    for value in [-2, Double.nan, .infinity] {
      #expect(throws: DAMMError.self) {
        try RiskFigures(curve, reserves: reserves, volatility: value)
      }
      #expect(throws: DAMMError.self) { try risk.move(by: value) }
      #expect(throws: DAMMError.self) { try risk.move(to: value) }
      #expect(throws: DAMMError.self) { try risk.offered(within: value) }
      #expect(throws: DAMMError.self) { try risk.expectedLoss(days: value) }
      #expect(throws: DAMMError.self) { try risk.arbitrageFees(blockSeconds: value) }
      #expect(throws: DAMMError.self) { try fees.breakEvenFee(noiseVolume: value) }
      #expect(throws: DAMMError.self) { try fees.netLoss(fee: value) }
    }
    #expect(throws: DAMMError.self) { try risk.move(by: -1) }
    let less = try Reserves(a: 3e6, b: 100)
    let error = #expect(throws: DAMMError.self) {
      try RiskFigures(curve, reserves: less, volatility: 0.8)
    }
    #expect(
      "\(try #require(error))".contains("reserve B, of which the curve offers a part, is 100.0"))
    let wild = try RiskFigures(curve, reserves: reserves, volatility: 100)
    #expect(throws: DAMMError.self) { try wild.expectedLoss() }
  }
}
