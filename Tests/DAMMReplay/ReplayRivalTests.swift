import DAMMModel
import DAMMOracle
import DAMMPool
import DAMMReplay
import TestSupport
import Testing

/// What the pool is compared with, beside closed forms.
@Suite struct ReplayRivalTests {
  func setup(_ rivals: ReplayRivals) throws -> ReplaySetup {
    var setup = ReplayFixture.setup(try ReplayFixture.terms())
    setup.rivals = rivals
    return setup
  }

  /// Steps to these prices, at which the recorded pool trades as told.
  func steps(_ prices: [Double], inA: Double = 0, inB: Double = 0, liquidity: Double = 1e6)
    -> [ReplayStep]
  {
    prices.enumerated().map { index, price in
      ReplayStep(
        time: UTCTime(secondsSince1970: 1_700_000_000 + Int64(index) * 3600), price: price,
        impliedVolatility: 0.8,
        recorded: RecordedPool(price: price, liquidity: liquidity, inA: inA, inB: inB))
    }
  }

  @Test(
    "the constant product without a fee has its impermanent loss", arguments: [0.5, 0.9, 1.3, 2])
  func product(ratio: Double) throws {
    let figures = try Replay.run(
      try setup(ReplayRivals(productFeeBps: 0)), steps([3000, 2900, 3000 * ratio]))
    let loss = 2 * ratio.squareRoot() / (1 + ratio) - 1
    #expect(abs(figures.product.end.value / figures.heldValue - 1 - loss) < 1e-9)
  }

  @Test("a position in the recorded pool over all prices", arguments: [0.5, 1, 1.7])
  func recordedFull(ratio: Double) throws {
    let figures = try Replay.run(
      try setup(ReplayRivals(recordedFeeBps: 30)),
      steps([3000, 3000 * ratio], inA: 2e6, inB: 500, liquidity: 2e6))
    let recorded = try #require(figures.recorded)
    // worth 2 l sqrt(p): l of a million at 3000
    let l = 1e6 / (2 * 3000.0.squareRoot())
    let part = l / (l + 2e6)
    let fees = 0.003 * part * (2e6 + 500 * 3000 * ratio)
    #expect(abs(recorded.fees / fees - 1) < 1e-9)
    let worth = 2 * l * (3000 * ratio).squareRoot()
    #expect(abs((recorded.value - fees) / worth - 1) < 1e-9)
    #expect(recorded.inRange == 1 && abs(recorded.meanShare / part - 1) < 1e-9)
    #expect(recorded.lowestPrice == 0 && recorded.highestPrice == nil)
  }

  @Test("and of a range: as the amounts of a concentrated position say, one token beyond it")
  func recordedRange() throws {
    let prices = [3000.0, 3300, 2000, 5000, 3100]
    let figures = try (1..<prices.count).map { count in
      try #require(
        try Replay.run(
          setup(ReplayRivals(recordedFeeBps: 5, recordedRange: 1.25)),
          steps(Array(prices[...count]), inA: 1e5)
        ).recorded)
    }
    let (low, high) = (2400.0.squareRoot(), 3750.0.squareRoot())
    let start = 3000.0.squareRoot()
    let l = 1e6 / ((start - low) + 3000 * (1 / start - 1 / high))
    let values = prices.dropFirst().map { price in
      let inside = min(max(price.squareRoot(), low), high)
      return l * (inside - low) + price * l * (1 / inside - 1 / high)
    }
    for (figures, value) in zip(figures, values) {
      #expect(abs((figures.value - figures.fees) / value - 1) < 1e-9)
    }
    let fee = 5e-4 * 1e5 * l / (l + 1e6)
    #expect(abs(figures[3].fees / (2 * fee) - 1) < 1e-9)
    #expect(figures[3].inRange == 0.5)
    #expect(abs(figures[3].volume - 4e5) < 1e-6)
  }

  @Test("the tick pool's part of the depth is that of |dB/dp|")
  func depthShare() throws {
    let setup = try setup(ReplayRivals())
    let steps = steps([3000, 3000], inA: 1e5, liquidity: 2e5)
    var quiet = setup
    quiet.agents.arbitrage = nil
    let recorded = try #require(try Replay.run(quiet, steps).recorded)
    let pool = try Pool(
      setup.terms, reading: OracleReading(price: 3000, impliedVolatility: 0.8, horizonDays: 7),
      at: steps[0].time, deposit: LotPair(a: 500_000_000_000, b: 166_666_666_666))
    let density = try RiskFigures(pool, volatility: 0.8).density
    let there = 2e5 / (2 * 3000 * 3000.0.squareRoot())
    #expect(abs(recorded.depthShare / (density / (density + there)) - 1) < 1e-9)
    #expect(recorded.depthShare > 0.2 && recorded.depthShare < 0.9)
  }

  @Test("without a liquidity there is no position")
  func unknown() throws {
    let seed = RandomCurves.seed("replays", 51)
    let figures = try Replay.run(try setup(ReplayRivals()), try ReplayFixture.steps(3, seed: seed))
    #expect(figures.recorded == nil)
  }

  @Test("setups that cannot be are refused by name")
  func refused() throws {
    let steps = steps([3000, 3100])
    func refusal(_ change: (inout ReplaySetup) throws -> Void) throws -> String {
      var setup = try setup(ReplayRivals())
      try change(&setup)
      do {
        _ = try Replay.run(setup, steps)
        return "not refused"
      } catch {
        return "\(error)"
      }
    }
    #expect(try refusal { $0.capital = -1 }.contains("capital"))
    #expect(try refusal { $0.capital = 1e-9 }.contains("capital in lots"))
    #expect(try refusal { $0.capital = 1e29 }.contains("reserve"))
    #expect(try refusal { $0.horizonDays = .nan }.contains("horizon"))
    #expect(try refusal { $0.agents.flowShare = -0.1 }.contains("share of the recorded flow"))
    #expect(
      try refusal { $0.agents.noise = .init(dailyVolume: 1e9, meanSize: 1) }
        .contains("noise orders a day"))
    #expect(try refusal { $0.agents.providers = [.init(joinHours: -1, part: 1)] }.contains("hours"))
    #expect(try refusal { $0.rivals.recordedRange = 1 }.contains("range"))
    #expect(try refusal { $0.markets = ReplayMarkets(count: 0) }.contains("number of markets"))
    #expect(
      throws: ReplayError.tooFewSteps(found: 1)
    ) { try Replay.run(try setup(ReplayRivals()), [steps[0]]) }
    #expect(throws: ReplayError.timeGoesBack(steps[0].time, last: steps[1].time)) {
      try Replay.run(try setup(ReplayRivals()), [steps[1], steps[0]])
    }
  }
}
