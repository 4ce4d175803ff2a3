import DAMMModel
import DAMMPool
import DAMMReplay
import DAMMShared
import TestSupport
import Testing

/// Who trades and provides in a replay, each by itself.
@Suite struct ReplayAgentTests {
  let fees: FeeSchedule

  init() throws { fees = try FeeSchedule(baseBps: 10) }

  @Test("arbitrage that costs something is left where it brings no more")
  func cost() throws {
    let seed = RandomCurves.seed("replays", 41)
    let steps = try ReplayFixture.steps(600, seed: seed)
    var setup = ReplayFixture.setup(try ReplayFixture.terms(fees: fees))
    var last = (trades: Int.max, profit: Double.infinity)
    for cost in [0.0, 1, 10, 100, 1e6] {
      setup.agents.arbitrage = .init(cost: cost)
      let arbitrage = try Replay.run(setup, steps).pool.total.arbitrage
      #expect(arbitrage.trades < last.trades || arbitrage.trades == 0)
      #expect(arbitrage.profit >= cost * Double(arbitrage.trades))
      last = (arbitrage.trades, arbitrage.profit)
    }
    #expect(last.trades == 0 && last.profit == 0)
    setup.agents.arbitrage = nil
    let figures = try Replay.run(setup, steps)
    #expect(figures.pool.total.all.trades == 0 && figures.product.total.all.trades == 0)
    #expect(figures.advantage == 0 && figures.pool.end.value == figures.heldValue)
    #expect(figures.pool.worstDeviationBps > 10)
  }

  @Test("behind a step the pool is within the fee and a tick of the market price")
  func aligned() throws {
    let seed = RandomCurves.seed("replays", 42)
    let setup = ReplayFixture.setup(try ReplayFixture.terms(fees: fees))
    let figures = try Replay.run(setup, try ReplayFixture.steps(600, orders: seed))
    #expect(figures.pool.worstDeviationBps < 11.1)
    #expect(figures.product.worstDeviationBps < 30.1)
    #expect(figures.pool.worstDeviationBps > 9)
  }

  @Test("noise has the volume and the sizes that it is told")
  func noise() throws {
    let seed = RandomCurves.seed("replays", 43)
    var setup = ReplayFixture.setup(try ReplayFixture.terms(funding: .full), capital: 1e8)
    setup.agents = ReplayAgents(noise: .init(dailyVolume: 2e6, meanSize: 1000))
    setup.seed = seed
    let figures = try Replay.run(setup, try ReplayFixture.steps(1440, seed: seed))
    let noise = figures.pool.total.noise
    // Poisson of 2000, and sums of as many exponential sizes
    #expect(abs(Double(noise.trades) - 2000) < 5 * 2000.0.squareRoot())
    #expect(abs(noise.volume - 2e6) < 5 * (2 * 2000.0).squareRoot() * 1000)
    #expect(figures.pool.total.unfilled == 0)
  }

  @Test("a part of the flow is that part, and none is none")
  func share() throws {
    let seed = RandomCurves.seed("replays", 44)
    let steps = try ReplayFixture.steps(200, seed: seed).map { step in
      ReplayStep(
        time: step.time, price: step.price, impliedVolatility: step.impliedVolatility,
        orders: [try Order.exactIn(1000, .buy), try Order.exactIn(0.25, .sell)])
    }
    var setup = ReplayFixture.setup(try ReplayFixture.terms(funding: .full), capital: 1e8)
    setup.agents.arbitrage = nil
    let whole = try Replay.run(setup, steps).pool.total.flow
    #expect(whole.trades == 400)
    setup.agents.flowShare = 0.25
    let part = try Replay.run(setup, steps).pool.total.flow
    #expect(part.trades == 400)
    #expect(abs(part.volume / whole.volume - 0.25) < 1e-3)
    setup.agents.flowShare = 0
    #expect(try Replay.run(setup, steps).pool.total.flow == TraderTally.nothing)
  }

  @Test("what is not filled is counted")
  func unfilled() throws {
    let seed = RandomCurves.seed("replays", 45)
    var steps = try ReplayFixture.steps(3, seed: seed)
    steps[1] = ReplayStep(
      time: steps[1].time, price: steps[1].price, impliedVolatility: 0.8,
      orders: [try Order.exactIn(5e6, .buy)])
    let figures = try Replay.run(ReplayFixture.setup(try ReplayFixture.terms()), steps)
    // the pool sold all its B, for a half of the capital and a bit; the rest of the order is left
    #expect(figures.pool.total.flow.trades == 1)
    let left = figures.pool.total.unfilled
    #expect(abs(left + figures.pool.total.flow.volume - 5e6) < 1)
    #expect(left > 4e6)
    #expect(figures.product.total.unfilled == 0)
  }

  @Test("providers pay in, earn, and leave early with a penalty that stays")
  func providers() throws {
    let seed = RandomCurves.seed("replays", 46)
    let steps = try ReplayFixture.steps(600, orders: seed)
    var setup = ReplayFixture.setup(try ReplayFixture.terms(fees: fees))
    let alone = try Replay.run(setup, steps)
    setup.agents.providers = [
      .init(joinHours: 1, part: 0.5),
      .init(joinHours: 2, part: 0.25, lockHours: 4, stayHours: 1),
      .init(joinHours: 3, part: 0.25, lockHours: 2, stayHours: 4),
      .init(joinHours: 5, part: 0.125, stayHours: 1), .init(joinHours: 11, part: 1),
    ]
    for markets in [nil, ReplayMarkets(count: 1), ReplayMarkets(count: 2)] {
      setup.markets = markets
      let figures = try Replay.run(setup, steps)
      let providers = figures.providers
      #expect(providers.map { $0.joined != nil } == [true, true, true, true, false])
      #expect(providers.map { $0.left != nil } == [false, true, true, true, false])
      // a quarter of the lock was served: three quarters of what it had stay, and all its fees
      let early = providers[1]
      #expect(early.fees == 0 && early.penalty > 0)
      #expect(abs(early.value / (early.value + early.penalty) - 0.25) < 0.01)
      // the lock of the third was over, that of the fourth never was
      for provider in [providers[0], providers[2], providers[3]] {
        #expect(provider.fees > 0 && provider.penalty == 0)
        #expect(provider.value > 0.9 * provider.held && provider.value < 1.4 * provider.held)
      }
      // the founder got a part of the penalty
      if markets == nil { #expect(figures.value > alone.value - alone.pool.end.fees) }
    }
  }

  @Test("one market of a shared pool that settles each step is a pool of its own")
  func oneMarket() throws {
    let seed = RandomCurves.seed("replays", 47)
    let steps = try ReplayFixture.steps(400, orders: seed)
    let terms = try ReplayFixture.terms(fees: fees, policy: ReformPolicy(deviationBps: 50))
    let pool = try Replay.run(ReplayFixture.setup(terms), steps)
    let shared = try Replay.run(
      ReplayFixture.setup(terms, markets: ReplayMarkets(count: 1)), steps)
    #expect(shared.pool.total == pool.pool.total)
    #expect(shared.value == pool.value)
    #expect(shared.markets[0].applied == 400 && shared.markets[0].refused == 0)
    #expect(shared.pool.leastHealth < 1 && pool.pool.leastHealth == 1)
  }

  @Test("more markets on the same capital trade and lose that many times as much")
  func manyMarkets() throws {
    let seed = RandomCurves.seed("replays", 48)
    let steps = try ReplayFixture.steps(240, orders: seed)
    let terms = try ReplayFixture.terms(fees: fees)
    let one = try Replay.run(ReplayFixture.setup(terms, markets: ReplayMarkets(count: 1)), steps)
    let four = try Replay.run(ReplayFixture.setup(terms, markets: ReplayMarkets(count: 4)), steps)
    #expect(four.markets.count == 4)
    #expect(abs(four.pool.total.volume / one.pool.total.volume - 4) < 0.02)
    #expect(abs(four.pool.total.fees / one.pool.total.fees - 4) < 0.02)
    #expect(abs(four.impermanentLoss / one.impermanentLoss - 4) < 0.1)
    #expect(four.pool.leastHealth < one.pool.leastHealth)
  }

  @Test("limits of health hold, and stop markets")
  func limits() throws {
    let seed = RandomCurves.seed("replays", 49)
    let steps = try ReplayFixture.steps(1440, orders: seed)
    let terms = try ReplayFixture.terms(fees: fees)
    let limits = try HealthLimits(floor: 0.9, dailyAllowance: 0.002)
    func run(_ limits: HealthLimits) throws -> ReplayFigures {
      try Replay.run(
        ReplayFixture.setup(terms, markets: ReplayMarkets(count: 8, limits: limits)), steps)
    }
    let (free, bound) = (try run(.off), try run(limits))
    #expect(free.pool.leastHealth < 0.98)
    // two days of the clock at most, eight markets
    #expect(bound.pool.leastHealth > free.pool.leastHealth)
    #expect(bound.pool.leastHealth >= 1 - 2 * 8 * 0.002 - 1e-9)
    #expect(bound.pool.total.volume < free.pool.total.volume)
  }
}
