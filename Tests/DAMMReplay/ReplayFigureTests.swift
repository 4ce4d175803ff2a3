import DAMMModel
import DAMMOracle
import DAMMPool
import DAMMReplay
import DAMMShared
import TestSupport
import Testing

/// Figures of a replay, each beside a calculation of its own.
@Suite struct ReplayFigureTests {
  let fees: FeeSchedule

  init() throws { fees = try FeeSchedule(baseBps: 10) }

  @Test("slippage by size is that of each order, and the recorded pool's beside it")
  func slippage() throws {
    let seed = RandomCurves.seed("replays", 71)
    var random = SplitMix64(seed: seed)
    var steps = [try ReplayFixture.steps(1, seed: seed)[0]]
    for index in 1...300 {
      let price = 3000 * (1 + Double(index % 7) / 1e4)
      let worth = Double.random(in: 5...50_000, using: &random)
      let isBuy = Bool.random(using: &random)
      steps.append(
        ReplayStep(
          time: UTCTime(secondsSince1970: steps[0].time.secondsSince1970 + Int64(index)),
          price: price, impliedVolatility: 0.8,
          orders: [try Order.exactIn(isBuy ? worth : worth / price, isBuy ? .buy : .sell)],
          recorded: RecordedPool(
            price: price, liquidity: 1e6, inA: isBuy ? worth : 0, inB: isBuy ? 0 : worth / price,
            averagePrice: price * 1.001)))
    }
    var setup = ReplayFixture.setup(try ReplayFixture.terms(fees: fees), capital: 1e7)
    setup.agents.arbitrage = nil
    let figures = try Replay.run(setup, steps)
    var pool = try Pool(
      setup.terms,
      reading: OracleReading(price: steps[0].price, impliedVolatility: 0.8, horizonDays: 7),
      at: steps[0].time,
      deposit: LotPair(a: 5_000_000_000_000, b: Int(5e15 / steps[0].price)))
    var sums: [Double: (trades: Int, volume: Double, weighted: Double)] = [:]
    var recorded: [Double: Double] = [:]
    var seen: Double?
    for step in steps.dropFirst() {
      let before = try #require(pool.position)
      let marginal = pool.reading.price * pool.table!.relativePrice(ofTick: before.tick)
      let lots: LotOrder
      switch step.orders[0].size {
      case .notional(let a): lots = try LotOrder(.buy, .notional(Int(a * 1e6)))
      case .amount(let b): lots = try LotOrder(.sell, .amount(Int(b * 1e9)))
      case .toPrice: continue
      }
      let quote = try pool.swap(lots, at: step.time)
      let moved =
        Double(quote.side == .buy ? quote.amountIn - quote.fee : quote.amountOut + quote.fee) / 1e6
      let from = [1.0, 10, 100, 1000, 10_000].last { $0 <= moved }!
      let distance = abs(try #require(quote.averagePrice) / marginal - 1)
      let old = sums[from] ?? (0, 0, 0)
      sums[from] = (old.trades + 1, old.volume + moved, old.weighted + moved * distance)
      if let seen { recorded[from, default: 0] += moved * abs(step.price * 1.001 / seen - 1) }
      seen = step.price
    }
    #expect(figures.pool.slippage.map(\.from) == sums.keys.sorted())
    for bucket in figures.pool.slippage {
      let sum = try #require(sums[bucket.from])
      #expect(bucket.trades == sum.trades)
      #expect(abs(bucket.volume / sum.volume - 1) < 1e-9)
      #expect(abs(bucket.bps / (sum.weighted / sum.volume * 1e4) - 1) < 1e-9)
      // the first order has no price before in the recorded pool, so that its volume is not counted there
      let there = try #require(bucket.recordedBps)
      #expect(abs(there / (recorded[bucket.from]! / sum.volume * 1e4) - 1) < 0.05)
    }
  }

  @Test("within its fee nobody trades with the constant product")
  func quietProduct() throws {
    let seed = RandomCurves.seed("replays", 72)
    let first = try ReplayFixture.steps(1, seed: seed)[0]
    let steps = (0...50).map { index in
      ReplayStep(
        time: UTCTime(secondsSince1970: first.time.secondsSince1970 + Int64(index)),
        price: 3000 * (1 + 29e-4 * (index.isMultiple(of: 2) ? 1 : -1)), impliedVolatility: 0.8)
    }
    var setup = ReplayFixture.setup(try ReplayFixture.terms(fees: fees))
    setup.rivals.productFeeBps = 58.2
    let figures = try Replay.run(setup, steps)
    #expect(figures.product.total.all == TraderTally.nothing)
    #expect(figures.pool.total.arbitrage.trades == 50)
  }

  @Test("a shape holds what the curve offers", arguments: [Funding.full, .geometricMean])
  func shapes(funding: Funding) throws {
    let seed = RandomCurves.seed("replays", 73)
    let setup = ReplayFixture.setup(
      try ReplayFixture.terms(policy: ReformPolicy(deviationBps: 10), funding: funding))
    let figures = try Replay.run(setup, try ReplayFixture.steps(50, seed: seed))
    let worth = try #require(figures.path.last)
    for shape in [figures.shapes[0], try #require(figures.shapes.last)] {
      let sum = shape.values.reduce(0, +)
      let offered =
        shape.time == figures.start
        ? figures.path[0].pool.offered * 1e6 : worth.pool.offered * worth.pool.value
      // B, half of it, is worth what its ticks ask: E|z| = sqrt(2 / pi) deviations more than the market price
      let premium = 0.8 * (7.0 / 365).squareRoot() * (2 / Double.pi).squareRoot() / 2
      #expect(abs(sum / offered - 1 - premium) < 0.004, "\(sum) of \(offered)")
      // deepest where the price is
      let deepest = shape.values.indices.max { shape.values[$0] < shape.values[$1] }!
      let price = shape.lowestPrice + (Double(deepest) + 0.5) * shape.interval
      #expect(abs(price / shape.price - 1) < 0.02)
    }
  }

  @Test("depth is what a trade to that price moves")
  func depth() throws {
    let seed = RandomCurves.seed("replays", 74)
    let steps = try ReplayFixture.steps(1, seed: seed)
    var setup = ReplayFixture.setup(try ReplayFixture.terms(fees: fees))
    setup.agents.arbitrage = nil
    setup.rivals.productFeeBps = 0
    let figures = try Replay.run(
      setup,
      [
        steps[0],
        ReplayStep(
          time: steps[1].time, price: steps[0].price, impliedVolatility: 0.8),
      ])
    #expect(
      figures.depth.map(\.bps) == [
        -1000, -500, -200, -100, -50, -20, -10, -5, -2, -1,
        1, 2, 5, 10, 20, 50, 100, 200, 500, 1000,
      ])
    for point in figures.depth {
      // of l = sqrt(A B): l (sqrt p1 - sqrt p0)
      let l = 5e5 / 3000.0.squareRoot()
      let moved = l * abs((3000 * (1 + point.bps / 1e4)).squareRoot() - 3000.0.squareRoot())
      #expect(abs(point.product / moved - 1) < 1e-6)
      #expect(point.pool > 5 * point.product)
    }
    #expect(zip(figures.depth[10...], figures.depth[11...]).allSatisfy { $0.pool < $1.pool })
  }

  @Test("markets that settle now and then are valued as if they had, and settle at the end")
  func unsettled() throws {
    let seed = RandomCurves.seed("replays", 75)
    let steps = try ReplayFixture.steps(100, orders: seed)
    let terms = try ReplayFixture.terms(fees: fees)
    func setup(_ settleEvery: Int) -> ReplaySetup {
      ReplayFixture.setup(terms, markets: ReplayMarkets(count: 2, settleEvery: settleEvery))
    }
    let (each, seldom) = (try Replay.run(setup(1), steps), try Replay.run(setup(7), steps))
    // market m settles where 7 divides step + m, and behind the last step
    #expect(each.markets.map(\.applied) == [100, 100])
    #expect(seldom.markets.map(\.applied) == [15, 15])
    #expect(abs(seldom.value / each.value - 1) < 1e-3)
    var replay = try Replay(setup(1_000_000), at: steps[0])
    for step in steps.dropFirst() { try replay.take(step) }
    let open = replay.figures()
    #expect(open.markets.map(\.applied) == [0, 0])
    #expect(abs(open.value / each.value - 1) < 1e-3)
    #expect(abs(open.pool.end.fees / each.pool.end.fees - 1) < 1e-2)
    #expect(open.pool.end.fees > 0)
  }

  @Test("samples are the same whether it was known how many steps there would be, or not")
  func expected() throws {
    let terms = try ReplayFixture.terms(fees: fees)
    let all = try ReplayFixture.steps(2_100, seed: RandomCurves.seed("replays", 76))
    // beside the lengths at which every other sample goes
    let most = [ReplayFigures.mostSamples, ReplayFigures.mostShapes].flatMap {
      [$0, 2 * $0, 4 * $0]
    }
    for length in [1, 2, 2_100] + most.flatMap({ [$0 - 2, $0 - 1, $0, $0 + 1] }) {
      let steps = Array(all[...length])
      let known = try Replay.run(ReplayFixture.setup(terms), steps)
      var replay = try Replay(ReplayFixture.setup(terms), at: steps[0])
      for step in steps.dropFirst() { try replay.take(step) }
      #expect(replay.figures() == known, "\(length) steps")
      #expect(known.path.count <= min(length + 1, ReplayFigures.mostSamples))
      #expect(known.shapes.count <= min(length + 1, ReplayFigures.mostShapes))
      #expect(known.path.count > min(length, ReplayFigures.mostSamples) / 2)
      #expect(known.shapes.count > min(length, ReplayFigures.mostShapes) / 2)
    }
  }
}
