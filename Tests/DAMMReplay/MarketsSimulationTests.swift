import DAMMModel
import DAMMPool
import DAMMReplay
import DAMMShared
import Testing
import TestSupport

@Suite struct MarketsSimulationTests {
  private static let lots = try! LotSize(decimals: 9, exponent: 0)
  /// 3000 A per B.
  private static let deposit = LotPair(a: 30_000_000_000_000, b: 10_000_000_000)

  private func setup(
    _ markets: Int, fee: Double = 0, limits: HealthLimits = .off, every: Int = 1,
    noise: Double = 0, credit: Double = 0, keepsRoom: Bool = true
  ) throws -> MarketsSetup {
    try MarketsSetup(
      .constantProduct(feeBps: fee), a: Self.lots, b: Self.lots, deposit: Self.deposit,
      markets: markets, limits: limits, settleEvery: every, noiseVolume: noise,
      creditPart: credit, keepsRoom: keepsRoom)
  }

  private func paths(
    _ count: Int = 1, volatility: Double = 0.6, correlation: Double = 1, seed: UInt64,
    steps: Int = 96
  ) throws -> [PricePath] {
    try GeometricBrownianMotion(
      price: 3000, volatility: volatility, steps: steps, secondsPerStep: 3600
    ).paths(count, correlation: correlation, seed: seed)
  }

  @Test(arguments: [1, 2, 5, 16], [1, 7])
  func withoutFeesItIsTheClosedForm(markets: Int, every: Int) throws {
    let seed = RandomCurves.seed("markets", 21)
    // calm enough for 16
    let paths = try paths(volatility: 0.2, seed: seed)
    let figures = try MarketsSimulation.run(setup(markets, every: every), on: paths)
    let ratio = figures.finalPrice / 3000
    #expect(abs(ratio - 1) > 0.003, "seed \(seed): the price hardly moved")
    let formula = try HealthFigures(markets: markets, ratio: ratio)
    // lots of B are a part of 1e-10 of the deposit here
    let trades = Double(figures.markets.reduce(0) { $0 + $1.trades })
    let slack = trades * 2 / Double(Self.deposit.b)
    #expect(abs(figures.impermanentLoss - formula.impermanentLoss) <= slack)
    #expect(abs(figures.path[96].health - formula.health) <= slack)
    #expect(figures.refusals == 0 && figures.unsettled == 0 && figures.fees == 0)
    #expect(figures.path.count == 97 && figures.leastHealth <= figures.path[96].health)
    for market in figures.markets { #expect(abs(market.price / figures.finalPrice - 1) < 1e-8) }
  }

  @Test func feesAreThoseOfWhatIsTradedAndLeaveMarketsWithinThem() throws {
    let seed = RandomCurves.seed("markets", 22)
    for (noise, correlation) in [(0, 1.0), (2e4, 1), (2e4, 0.5)] {
      let paths = try paths(correlation == 1 ? 1 : 3, correlation: correlation, seed: seed)
      let figures = try MarketsSimulation.run(setup(3, fee: 30, noise: noise), on: paths)
      let trades = Double(figures.markets.reduce(0) { $0 + $1.trades })
      #expect(figures.unsettled == 0 && trades > 0)
      #expect(abs(figures.fees - figures.volume * 0.003) <= trades * 2e-9 * (1 + 1e-3))
      #expect(figures.feesPerCapital == figures.fees / 60_000)
      for (number, market) in figures.markets.enumerated() {
        let price = paths[min(number, paths.count - 1)].points[96].price
        #expect(market.price * 1.003 >= price * (1 - 1e-8))
        #expect(market.price * 0.997 <= price * (1 + 1e-8))
        #expect(market.applied == 96 && market.refused == 0)
      }
      // the last prices of the paths, in the mean
      let mean = paths.reduce(0) { $0 + $1.points[96].price } / Double(paths.count)
      #expect(figures.finalPrice == mean)
    }
  }

  @Test func othersPayFeesAndArbitrageTakesWhatTheyMoved() throws {
    let seed = RandomCurves.seed("markets", 23)
    let path = try paths(seed: seed)
    let quiet = try MarketsSimulation.run(setup(2, fee: 30), on: path)
    let noisy = try MarketsSimulation.run(setup(2, fee: 30, noise: 3e4), on: path)
    // four days of it in two markets, and some back
    #expect(noisy.volume - quiet.volume > 0.9 * 8 * 3e4)
    #expect(noisy.fees > quiet.fees)
    #expect(try MarketsSimulation.run(setup(2, fee: 30, noise: 3e4), on: path) == noisy)
  }

  @Test(arguments: [true, false]) func limitsHold(keepsRoom: Bool) throws {
    var (refusals, stops) = (0, 0)
    for round in 0..<6 {
      let seed = RandomCurves.seed("markets", UInt64(240 + round))
      let limits = try HealthLimits(floor: 0.9, dailyAllowance: nil)
      let figures = try MarketsSimulation.run(
        setup(6, fee: 10, limits: limits, every: 3, keepsRoom: keepsRoom),
        on: paths(volatility: 1.5, seed: seed))
      #expect(figures.path.allSatisfy { $0.health >= limits.floor.value }, "seed \(seed)")
      #expect(figures.refusals == figures.refused.values.reduce(0, +))
      #expect(figures.refused.keys.allSatisfy { $0 == .floor })
      refusals += figures.refusals
      stops += figures.markets.reduce(0) { $0 + $1.stoppedSteps }
      let loss = try HealthFigures.largestLoss(floor: 0.9, markets: 6).impermanentLoss
      if figures.unsettled == 0, figures.refusals == 0 {
        #expect(figures.impermanentLoss > 1.1 * loss)
      }
    }
    #expect(refusals > 0 && stops > 0)
  }

  @Test func theAllowanceHoldsInEachDay() throws {
    let seed = RandomCurves.seed("markets", 25)
    let limits = try HealthLimits(floor: 0, dailyAllowance: 0.002)
    let figures = try MarketsSimulation.run(
      setup(4, limits: limits), on: paths(volatility: 1.5, seed: seed))
    #expect((figures.refused[.allowance] ?? 0) > 0, "seed \(seed)")
    // no more than four markets' falls a day, from midnight to midnight
    for day in 0..<4 {
      let healths = figures.path[(day * 24)...min(96, day * 24 + 23)].map(\.health)
      #expect(healths[0] - (healths.min() ?? 0) <= 4 * 0.002 + 1e-12, "day \(day)")
    }
  }

  @Test func marketsThatPromiseMoreThanThereIsAreRefused() throws {
    // straight up beyond (8/7)^2
    let points = (0...10).map {
      PricePath.Point(
        time: UTCTime(secondsSince1970: 1_767_225_600 + Int64($0) * 3600),
        price: 3000 * (1 + 0.04 * Double($0)), impliedVolatility: 0.6)
    }
    let figures = try MarketsSimulation.run(
      setup(8, every: 10, keepsRoom: false), on: [PricePath(points)])
    #expect((figures.refused[.insufficient] ?? 0) > 0 && figures.unsettled > 0)
    #expect(figures.oversubscribedSteps >= 1 && figures.oversubscribedSteps < 10)
    #expect(figures.path[10].health >= 0)
  }

  @Test func ticksFollowPricesAndReform() throws {
    let seed = RandomCurves.seed("markets", 26)
    let path = try paths(volatility: 0.8, seed: seed)
    func run(_ policy: ReformPolicy) throws -> MarketsFigures {
      let terms = try PoolTerms(
        a: Self.lots, b: Self.lots, fees: FeeSchedule(baseBps: 10), policy: policy)
      return try MarketsSimulation.run(
        MarketsSetup(
          .ticks(terms, horizonDays: 7), a: Self.lots, b: Self.lots, deposit: Self.deposit,
          markets: 3), on: path)
    }
    let still = try run(.manual)
    #expect(still.markets.allSatisfy { $0.reforms == 0 && $0.trades > 0 })
    #expect(still.unsettled == 0 && still.refusals == 0)
    for market in still.markets {
      // within the fee and a tick of the price
      #expect(abs(market.price / still.finalPrice - 1) < 12e-4, "seed \(seed)")
    }
    let reforming = try run(ReformPolicy(deviationBps: 100))
    #expect(reforming.markets.allSatisfy { $0.reforms > 0 })
    #expect(reforming.fees > 0)
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let path = try paths(seed: 1, steps: 3)
    func refuses(_ body: () throws -> Void) { #expect(throws: (any Error).self) { try body() } }
    refuses { _ = try MarketsSimulation.run(setup(3), on: path + path) }
    refuses { _ = try MarketsSimulation.run(setup(1), on: []) }
    refuses { _ = try MarketsSimulation.founding(setup(1), on: []) }
    refuses { _ = try MarketsSimulation.run(setup(2), on: path + paths(seed: 1, steps: 4)) }
    refuses {
      _ = try MarketsSimulation.run(setup(2, limits: HealthLimits(), credit: 0.6), on: path)
    }
    for markets in [0, -1, 1001] { refuses { _ = try setup(markets) } }
    refuses { _ = try setup(1, every: 0) }
    refuses { _ = try setup(1, noise: .nan) }
    refuses { _ = try setup(1, credit: 2) }
    refuses { _ = try MarketsSimulation.run(setup(1, fee: -1), on: path) }
  }
}
