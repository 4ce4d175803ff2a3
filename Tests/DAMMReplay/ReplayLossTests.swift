import DAMMModel
import DAMMPool
import DAMMReplay
import TestSupport
import Testing

/// What arbitrage takes of a pool in a replay, measured trade by trade, beside what is predicted.
@Suite struct ReplayLossTests {
  /// Mean and standard error of a difference, each over the mean of what it is compared with.
  struct Comparison: CustomStringConvertible {
    let difference: Double
    let error: Double
    let description: String

    /// - Parameter values: what was measured and what was predicted, of each path.
    init(_ values: [(measured: Double, predicted: Double)]) {
      let count = Double(values.count)
      let scale = values.reduce(0) { $0 + $1.predicted } / count
      let differences = values.map { ($0.measured - $0.predicted) / scale }
      let mean = differences.reduce(0, +) / count
      let square = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
      (difference, error) = (mean, (square / count).squareRoot())
      description =
        "\(values.count) paths, predicted \(scale), "
        + "measured \(100 * mean) % more, standard error \(100 * error) %"
    }
  }

  static let paths = 120

  func compare(
    _ setup: ReplaySetup, steps: Int = 1440, seconds: Int = 60, seed: UInt64,
    _ values: (ReplayFigures) -> (Double, Double)
  ) throws -> Comparison {
    let result = Comparison(
      try (0..<Self.paths).map { number in
        let path = try ReplayFixture.steps(
          steps, seconds: seconds, seed: seed &* 1_000_003 &+ UInt64(number))
        return values(try Replay.run(setup, path))
      })
    print("seed \(seed): \(result)")
    return result
  }

  @Test(
    "without fees, arbitrage takes what volatility predicts",
    arguments: [nil, 25.0], [Funding.full, .geometricMean])
  func prediction(reformBps: Double?, funding: Funding) throws {
    let seed = RandomCurves.seed("losses", 21)
    let terms = try ReplayFixture.terms(
      policy: ReformPolicy(deviationBps: reformBps), funding: funding)
    let result = try compare(ReplayFixture.setup(terms), seed: seed) {
      // nobody else trades: what all take is what arbitrageurs earn
      #expect($0.pool.total.measuredLoss == $0.pool.total.arbitrage.profit)
      return ($0.pool.total.arbitrage.profit, $0.pool.total.predictedLoss)
    }
    #expect(result.error <= 0.01, "\(result)")
    #expect(abs(result.difference) <= 3 * result.error, "\(result)")
  }

  @Test("squared moves of the price predict each path better than its volatility does")
  func realised() throws {
    let seed = RandomCurves.seed("losses", 22)
    let setup = ReplayFixture.setup(try ReplayFixture.terms())
    let result = try compare(setup, seed: seed) {
      ($0.pool.total.measuredLoss, $0.pool.total.realisedLoss)
    }
    #expect(result.error <= 0.002, "\(result)")
    #expect(abs(result.difference) <= 3 * result.error + 1e-4, "\(result)")
  }

  @Test("of the constant product likewise: a day costs sigma^2 / 8 of its worth")
  func product() throws {
    let seed = RandomCurves.seed("losses", 23)
    var setup = ReplayFixture.setup(try ReplayFixture.terms())
    setup.rivals.productFeeBps = 0
    let result = try compare(setup, seed: seed) {
      ($0.product.total.arbitrage.profit, $0.product.total.predictedLoss)
    }
    #expect(result.error <= 0.01, "\(result)")
    #expect(abs(result.difference) <= 3 * result.error, "\(result)")
    let closed = try compare(setup, seed: seed) {
      ($0.product.total.predictedLoss, 0.64 / 365 / 8 * 1e6)
    }
    #expect(abs(closed.difference) < 0.01, "\(closed)")
  }

  @Test("fees leave arbitrageurs the part that the overshoot predicts", arguments: [2.0, 5, 20])
  func withFees(feeBps: Double) throws {
    let seed = RandomCurves.seed("losses", 24)
    let terms = try ReplayFixture.terms(fees: FeeSchedule(baseBps: feeBps))
    let result = try compare(ReplayFixture.setup(terms), seed: seed) {
      ($0.pool.total.arbitrage.profit, $0.pool.total.predictedProfit)
    }
    // the formula is that of walks long beside (fee / move)^2 steps that begin in their stationary state
    #expect(result.error <= 0.012, "\(result)")
    #expect(abs(result.difference) <= 3 * result.error + 0.02, "\(result)")
  }

  @Test("noise changes who takes it, not how much all take together")
  func noise() throws {
    let seed = RandomCurves.seed("losses", 25)
    var setup = ReplayFixture.setup(try ReplayFixture.terms())
    setup.agents.noise = .init(dailyVolume: 3e6, meanSize: 3000)
    let result = try compare(setup, seed: seed) {
      #expect($0.pool.total.noise.taken < 0)
      #expect($0.pool.total.arbitrage.taken > $0.pool.total.measuredLoss)
      return ($0.pool.total.measuredLoss, $0.pool.total.predictedLoss)
    }
    #expect(result.error <= 0.01, "\(result)")
    #expect(abs(result.difference) <= 3 * result.error, "\(result)")
  }
}
