import DAMMKernel
import DAMMModel
import DAMMPool
import Testing
import TestSupport

/// What fees do to arbitrage, against arbitrage with fees simulated on the real curve.
@Suite struct ArbitrageFeesTests {
  private static func figures(bps: Double = 1) throws -> RiskFigures {
    let (curve, reserves) = try RiskFiguresTests.curve(bps: bps)
    return try RiskFigures(curve, reserves: reserves, volatility: 0.8)
  }

  private func simulated(
    _ risk: RiskFigures, fee: Double, paths: Int, seed: UInt64
  ) throws -> (gain: ArbitrageSimulation.Estimate, volume: ArbitrageSimulation.Estimate) {
    try ArbitrageSimulation(
      curve: risk.curve, volatility: risk.dailyVolatility, fee: fee, blocks: 7_200, random: true
    ).run(paths: RandomCurves.runs(paths), seed: seed)
  }

  /// Twelve seconds between blocks, in which the market moves by 5 bp: ticks below and above that.
  @Test(arguments: [(0, 1), (5e-4, 1), (30e-4, 1), (5e-4, 20)])
  func gainAndVolume(_ fee: Double, _ bps: Double) throws {
    let risk = try Self.figures(bps: bps)
    let fees = try risk.arbitrageFees(blockSeconds: 12)
    let seed = RandomCurves.seed("arbitrage with fees", 511)
    let (gain, volume) = try simulated(risk, fee: fee, paths: 500, seed: seed)
    let (net, traded) = try (fees.netLoss(fee: fee), fees.volume(fee: fee))
    print(
      "fee \(fee), ticks of \(bps) bp: net loss \(net), simulated \(gain), "
        + "\(gain.errors(to: net)) standard errors; volume \(traded), simulated \(volume), "
        + "\(volume.errors(to: traded))")
    #expect(gain.standardError < 0.02 * gain.mean && volume.standardError < 0.02 * volume.mean)
    #expect(gain.errors(to: net) < 3)
    #expect(volume.errors(to: traded) < 3)
  }

  /// At the break-even fee what others pay is what arbitrage takes after its own fees.
  @Test(arguments: [1e5, 1e6, 1e7])
  func breakEven(_ noise: Double) throws {
    let risk = try Self.figures()
    let fees = try risk.arbitrageFees(blockSeconds: 12)
    let fee = try #require(try fees.breakEvenFee(noiseVolume: noise))
    let net = try fees.netLoss(fee: fee)
    #expect(abs(fee * noise / net - 1) <= Tolerance.expectedLoss.relative)
    // income of both kinds is the loss without fees
    let income = try fee * (noise + fees.volume(fee: fee))
    #expect(abs(income / fees.grossLoss - 1) <= Tolerance.expectedLoss.relative)
    let seed = RandomCurves.seed("break-even", 512)
    let gain = try simulated(risk, fee: fee, paths: 300, seed: seed).gain
    print("noise \(noise) A a day: break-even fee \(fee * 1e4) bp, arbitrage keeps \(gain) A")
    #expect(gain.standardError < 0.02 * gain.mean)
    #expect(gain.errors(to: fee * noise) < 3)
  }

  @Test func limits() throws {
    let risk = try Self.figures()
    let fees = try risk.arbitrageFees(blockSeconds: 12)
    #expect(fees.grossLoss == (try risk.expectedLoss()))
    #expect(try fees.breakEvenFee(noiseVolume: 0) == nil)
    #expect(try fees.breakEvenFee(noiseVolume: 1e-300) == nil)
    let enormous = try #require(try fees.breakEvenFee(noiseVolume: 1e100))
    #expect(enormous > 0 && enormous <= fees.grossLoss / 1e100)
    #expect(try fees.netLoss(fee: 0) == fees.grossLoss)
    #expect(try fees.tradeProbability(fee: 0) == 1)
    let ratio = try fees.grossLoss / fees.volume(fee: 0)
    #expect(abs(fees.lossPerVolume / ratio - 1) <= Tolerance.amount.relative)
    // what the market moves by in half of the mean time between blocks
    let moved = risk.dailyVolatility * (12.0 / 86_400 / 2).squareRoot()
    #expect(abs(fees.lossPerVolume / moved - 1) <= Tolerance.amount.relative)
    var last = 1.0
    for noise in [1e4, 1e5, 1e6, 1e7, 1e8] {
      let fee = try #require(try fees.breakEvenFee(noiseVolume: noise))
      #expect(fee < last)
      last = fee
    }
  }
}
