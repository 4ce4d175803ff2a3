import DAMMKernel
import DAMMModel
import DAMMOracle
import DAMMPool
import DAMMReplay
import DAMMShared
import TestSupport
import Testing

/// What every replay keeps, whoever trades.
@Suite struct ReplayLawTests {
  static let setups: [String] = ["pool", "markets", "cost", "providers"]

  func setup(_ name: String) throws -> ReplaySetup {
    let fees = try FeeSchedule(baseBps: 8, skew: 0.02, surgeBps: 20, surgeHalfLifeSeconds: 600)
    let terms = try ReplayFixture.terms(fees: fees, policy: ReformPolicy(deviationBps: 40))
    var agents = ReplayAgents(
      flowShare: 0.7, noise: .init(dailyVolume: 1e6, meanSize: 4000))
    switch name {
    case "markets":
      return ReplayFixture.setup(
        terms, agents: agents,
        markets: ReplayMarkets(
          count: 3, settleEvery: 2, limits: try HealthLimits(floor: 0.9, dailyAllowance: 0.01)))
    case "cost": agents.arbitrage = .init(cost: 2)
    case "providers":
      agents.providers = [
        .init(joinHours: 0.5, part: 0.25),
        .init(joinHours: 1, part: 0.5, lockHours: 4, stayHours: 2),
        .init(joinHours: 2, part: 0.1, lockHours: 1, stayHours: 3),
        .init(joinHours: 900, part: 1),
      ]
    default: break
    }
    return ReplayFixture.setup(terms, agents: agents)
  }

  @Test("the same inputs give the same figures", arguments: setups)
  func deterministic(name: String) throws {
    let seed = RandomCurves.seed("replays", 31)
    let steps = try ReplayFixture.steps(300, orders: seed)
    let setup = try setup(name)
    let figures = try Replay.run(setup, steps)
    #expect(try Replay.run(setup, steps) == figures)
    #expect(figures.pool.total.flow.trades > 0 && figures.pool.total.arbitrage.trades > 0)
    #expect(figures.pool.total.noise.trades > 0 && figures.pool.total.reforms > 0)
    // one step after the other is the same
    var replay = try Replay(setup, at: steps[0])
    for step in steps.dropFirst() { try replay.take(step, isLast: step == steps.last) }
    #expect(replay.figures() == figures)
  }

  @Test("fees reach the founder who is alone, to the lot, and nothing else does")
  func fees() throws {
    let seed = RandomCurves.seed("replays", 32)
    let steps = try ReplayFixture.steps(400, orders: seed)
    var replay = try Replay(try setup("pool"), at: steps[0])
    for step in steps.dropFirst() {
      try replay.take(step)
      let figures = replay.figures()
      #expect(abs(figures.pool.end.fees - figures.pool.total.fees) < 1e-5)
      #expect(figures.pool.total.fees >= 0)
    }
    #expect(replay.figures().pool.total.fees > 0)
  }

  @Test("a loop over a pool of its own gives the same figures")
  func independent() throws {
    let seed = RandomCurves.seed("replays", 33)
    var setup = try setup("pool")
    setup.agents.noise = nil
    let steps = try ReplayFixture.steps(500, orders: seed)
    let figures = try Replay.run(setup, steps)
    let terms = setup.terms
    let (unitA, unitB) = (terms.a.tokens(1), terms.b.tokens(1))
    func reading(_ step: ReplayStep) throws -> OracleReading {
      try OracleReading(
        price: step.price, impliedVolatility: step.impliedVolatility, horizonDays: 7)
    }
    let deposit = LotPair(a: 500_000_000_000, b: Int((5e14 / steps[0].price).rounded(.down)))
    var pool = try Pool(
      terms, reading: reading(steps[0]), at: steps[0].time, deposit: deposit)
    // rebalancing: the same B as the pool, bought and sold at the market price of each step
    var (rebalanced, lastPrice) = (
      Double(deposit.a) * unitA + Double(deposit.b) * unitB * steps[0].price, steps[0].price
    )
    var (reforms, arbitrages, fees) = (0, 0, 0)
    for step in steps.dropFirst() {
      rebalanced += Double(pool.reserves.b) * unitB * (step.price - lastPrice)
      lastPrice = step.price
      for order in step.orders {
        let size: LotOrder.Size
        switch order.size {
        case .amount(let b): size = .amount(Int((b * 0.7 / unitB).rounded(.down)))
        case .notional(let a): size = .notional(Int((a * 0.7 / unitA).rounded(.down)))
        case .toPrice(let price): size = .toPrice(price)
        }
        fees += try pool.swap(
          LotOrder(order.side, size, limit: order.limit), at: step.time
        ).fee
      }
      // tick by tick, without the search
      for side in [Side.buy, .sell] {
        guard let order = try tickByTick(pool, side, step) else { continue }
        let quote = try pool.swap(order, at: step.time)
        fees += quote.fee
        arbitrages += quote.amountIn > 0 ? 1 : 0
      }
      reforms += try pool.update(reading(step), at: step.time) == nil ? 0 : 1
    }
    #expect(figures.pool.total.arbitrage.trades == arbitrages)
    #expect(figures.pool.total.reforms == reforms)
    let reserves =
      Double(pool.reserves.a) * unitA + Double(pool.reserves.b) * unitB * lastPrice
    func near(_ left: Double, _ right: Double, _ slack: Double = 1e-9) -> Bool {
      abs(left - right) <= slack * max(abs(left), abs(right))
    }
    #expect(near(figures.pool.end.value - figures.pool.end.fees, reserves))
    #expect(near(figures.pool.total.fees, Double(fees) * unitA))
    #expect(near(figures.pool.end.fees, Double(fees) * unitA))
    // loss versus rebalancing by its definition, beside the sum over trades
    #expect(abs(figures.pool.total.measuredLoss - (rebalanced - reserves)) < 1e-3)
    #expect(
      near(figures.heldValue, Double(deposit.a) * unitA + Double(deposit.b) * unitB * lastPrice))
    #expect(near(figures.value / figures.heldValue - 1, figures.advantage))
  }

  /// The order of an arbitrageur, found by looking at every tick.
  private func tickByTick(_ pool: Pool, _ side: Side, _ step: ReplayStep) throws -> LotOrder? {
    let (table, oracle) = (try #require(pool.table), pool.reading.price)
    let surge = pool.surgeRate(at: step.time)
    let position = try #require(pool.position)
    func price(_ tick: Int) -> Double { oracle * table.relativePrice(ofTick: tick) }
    switch side {
    case .buy:
      var tick = position.tick
      while tick < table.upperTick,
        price(tick) * (1 + (table.feeRate(.buy, ofTick: tick) + surge)) < step.price
      { tick += 1 }
      return tick > position.tick ? try LotOrder(.buy, .toPrice(price(tick))) : nil
    case .sell:
      var tick = position.fraction > 0 ? position.tick : position.tick - 1
      let from = tick
      while tick >= table.lowestTick,
        price(tick) * (1 - (table.feeRate(.sell, ofTick: tick) + surge)) > step.price
      { tick -= 1 }
      return tick < from ? try LotOrder(.sell, .toPrice(price(tick + 1))) : nil
    }
  }

  @Test("hours add up to the whole, and the path begins and ends with it", arguments: setups)
  func sums(name: String) throws {
    let seed = RandomCurves.seed("replays", 34)
    for count in [1, 59, 60, 61, 1300] {
      let steps = try ReplayFixture.steps(count, orders: seed)
      let figures = try Replay.run(try setup(name), steps)
      #expect(figures.hours.reduce(0) { $0 + $1.steps } == count && figures.steps == count)
      #expect(zip(figures.hours, figures.hours.dropFirst()).allSatisfy { $0.begin < $1.begin })
      let trades = figures.hours.reduce(0) { $0 + $1.pool.all.trades }
      #expect(trades == figures.pool.total.all.trades)
      #expect(
        figures.hours.reduce(0) { $0 + $1.product.arbitrage.trades }
          == figures.product.total.arbitrage.trades)
      #expect(figures.hours.reduce(0) { $0 + $1.pool.reforms } == figures.pool.total.reforms)
      for keys in [\ReplayTally.predictedLoss, \.measuredLoss, \.fees, \.volume, \.unfilled] {
        let sum = figures.hours.reduce(0) { $0 + $1.pool[keyPath: keys] }
        let whole = figures.pool.total[keyPath: keys]
        #expect(abs(sum - whole) <= 1e-9 * max(1, abs(whole)))
      }
      #expect(figures.path.count <= ReplayFigures.mostSamples)
      #expect(figures.path[0].time == steps[0].time)
      #expect(figures.path.last == figures.hours.last?.end)
      #expect(figures.shapes.count <= ReplayFigures.mostShapes)
      #expect(figures.shapes[0].time == steps[0].time)
      #expect(figures.shapes.last?.time == steps.last?.time)
      // all that is on offer lies somewhere, within the reach of a shape but for its tails
      for shape in figures.shapes {
        #expect(shape.values.allSatisfy { $0 >= 0 && $0.isFinite })
        #expect(shape.values.reduce(0, +) > 0)
      }
    }
  }
}
