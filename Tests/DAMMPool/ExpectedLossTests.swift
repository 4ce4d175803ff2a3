import DAMMKernel
import DAMMModel
import DAMMPool
import Foundation
import Testing
import TestSupport

/// The expected loss to arbitrage against its definition, against quadrature of the impermanent loss, and
/// against arbitrage simulated on the real curve.
@Suite struct ExpectedLossTests {
  /// Curves of different shapes, tick widths, sides and places; the volatility of a year and the days.
  private static let cases: [(RiskFigures, days: Double)] = {
    func figures(
      _ shape: Shape, _ sigma: Double, _ bps: Double, _ funding: Funding, _ position: Position,
      _ volatility: Double
    ) throws -> RiskFigures {
      let (curve, reserves) = try RiskFiguresTests.curve(
        shape, sigma: sigma, bps: bps, funding: funding, position: position)
      return try RiskFigures(curve, reserves: reserves, volatility: volatility)
    }
    do {
      return [
        (try figures(.normal, 0.1, 1, .geometricMean, .oracle, 0.8), 1),
        (try figures(.logNormal, 0.3, 3, .full, Position(tick: 300, fraction: 0.3), 1.2), 7),
        (try figures(.uniform, 0.02, 20, .full, Position(tick: -20), 0.5), 1),
        (try figures(.normal, 0.5, 1, .geometricMean, Position(tick: -2000), 3), 30),
        (try figures(.normal, 0.05, 1, .full, Position(tick: 3000), 0.6), 1),
        (try figures(.normal, 0.05, 1, .full, Position(tick: 700, fraction: 0.999), 0.02), 1),
      ]
    } catch { preconditionFailure("\(error)") }
  }()

  /// The sum over all ticks of what Black's formula gives, by `erfc`.
  @Test(arguments: cases.indices)
  func sumOfOptions(_ index: Int) throws {
    let (risk, days) = Self.cases[index]
    let deviation = risk.volatility * (days / 365).squareRoot()
    func phi(_ x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }
    var expected = 0.0
    let table = risk.curve.table
    for tick in table.lowestTick..<table.upperTick {
      let depth = try risk.curve.depth(ofTick: tick)
      let (forward, strike) = (risk.price, depth.price)
      let above = log(forward / strike) / deviation + deviation / 2
      let sign = tick < risk.curve.position.tick ? -1.0 : 1
      let value =
        sign * (forward * phi(sign * above) - strike * phi(sign * (above - deviation)))
      expected += depth.b * max(0, value)
    }
    let error = abs(try risk.expectedLoss(days: days) / expected - 1)
    print("expected loss, sum of options: \(expected) A, difference \(error)")
    #expect(expected > 0)
    #expect(error <= Tolerance.expectedLoss.relative)
  }

  /// The mean of the impermanent loss over the log-normal price at the end, by the trapezoidal rule.
  @Test(arguments: cases.indices)
  func meanOfImpermanentLoss(_ index: Int) throws {
    let (risk, days) = Self.cases[index]
    let deviation = risk.volatility * (days / 365).squareRoot()
    let (step, reach) = (1e-3, 12.0)
    var expected = 0.0
    for node in 0...Int(2 * reach / step) {
      let z = Double(node) * step - reach
      let end = risk.price * exp(deviation * z - deviation * deviation / 2)
      expected -= try exp(-z * z / 2) * risk.move(to: end).impermanentLoss
    }
    expected *= step / (2 * Double.pi).squareRoot()
    let error = abs(try risk.expectedLoss(days: days) / expected - 1)
    print("expected loss, mean of impermanent loss: \(expected) A, difference \(error)")
    // the rule errs by step^2 / 12 of the slopes' changes, of which the loss is half; a tick wider than the
    // market's move makes one large change of it
    #expect(error < step * step * (1 + tickInDeviations(risk, deviation)))
  }

  private func tickInDeviations(_ risk: RiskFigures, _ deviation: Double) -> Double {
    risk.curve.table.tickWidthBps / 1e4 / (deviation * step)
  }

  /// How finely the quadrature steps.
  private var step: Double { 1e-3 }

  /// Nothing but the first two moments of a small move: the rate over a short time.
  @Test func shortTimes() throws {
    let risk = Self.cases[0].0
    let days = 1e-2
    // a hundredth of a day moves the market by 42 ticks; the density changes by a part of 1e-3 over them
    let expected = risk.lossVersusRebalancing * days
    #expect(abs(try risk.expectedLoss(days: days) / expected - 1) < 2e-3)
  }

  /// However often arbitrage comes by, and however wide the ticks are.
  @Test(arguments: [
    (0, 7_200, false, 400), (0, 24, false, 4_000), (1, 500, true, 1_000), (2, 2_000, true, 1_000),
    (2, 48, false, 4_000), (0, 1, false, 20_000),
  ])
  func simulation(_ index: Int, _ blocks: Int, _ random: Bool, _ paths: Int) throws {
    let risk = Self.cases[index].0
    // a case that stands inside a tick is aligned first: its market is the tick's price
    let seed = RandomCurves.seed("arbitrage simulated", 501 + UInt64(index))
    let simulation = ArbitrageSimulation(
      curve: risk.curve, volatility: risk.dailyVolatility, blocks: blocks, random: random)
    let (gain, volume) = try simulation.run(paths: RandomCurves.runs(paths), seed: seed)
    let expected = try risk.expectedLoss()
    print(
      "expected loss \(expected) A, simulated \(gain), \(gain.errors(to: expected)) standard errors; "
        + "volume \(volume)")
    #expect(gain.standardError < 0.02 * gain.mean)
    #expect(gain.errors(to: expected) < 3)
  }
}
