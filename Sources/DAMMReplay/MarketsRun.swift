import DAMMModel
import DAMMShared

/// A simulation while it runs.
struct MarketsRun<Pricing: ArbitragedPricing> {
  /// Forms a market's curve anew if its policy says so.
  typealias Reform = (inout Market<Pricing>, PricePath.Point, UTCTime) throws(SharedPoolError) ->
    Bool

  private let setup: MarketsSetup
  private let paths: [PricePath]
  private let reform: Reform
  private var all: SettlingMarkets<Pricing>
  private var figures: [MarketsFigures.Market]
  private var refused: [MarketsFigures.Refusal: Int] = [:]
  private var oversubscribed = 0
  private var belowFloor = 0
  private var noise: SplitMix

  init(
    _ setup: MarketsSetup, _ paths: [PricePath], _ all: SettlingMarkets<Pricing>,
    reform: @escaping Reform
  ) {
    self.setup = setup
    self.paths = paths
    self.all = all
    self.reform = reform
    figures = Array(repeating: .init(), count: all.markets.count)
    noise = SplitMix(seed: ~setup.seed)
  }

  private func point(_ market: Int, _ step: Int) -> PricePath.Point {
    paths[min(market, paths.count - 1)].points[step]
  }

  /// Runs all steps.
  mutating func finished() throws(SharedPoolError) -> MarketsFigures {
    let steps = paths[0].steps
    var path = [sample(0)]
    for step in 1...steps {
      let now = point(0, step).time
      for market in all.markets.indices { try trade(market, step, now) }
      count(at: now)
      for market in all.markets.indices where all.isDue(market, in: step) || step == steps {
        try settle(market, at: now)
      }
      path.append(sample(step))
    }
    for market in all.markets.indices {
      figures[market].price = all.markets[market].pricing.price
      figures[market].isUnsettled = !all.markets[market].book.isEmpty
    }
    return told(path)
  }

  private func sample(_ step: Int) -> MarketsFigures.Sample {
    MarketsFigures.Sample(
      step: step, time: point(0, step).time,
      price: paths.reduce(0) { $0 + $1.points[step].price } / Double(paths.count),
      health: all.pool.health.value)
  }

  // MARK: A step

  private mutating func trade(
    _ market: Int, _ step: Int, _ now: UTCTime
  ) throws(SharedPoolError) {
    let point = point(market, step)
    if try reform(&all.markets[market], point, now) { figures[market].reforms += 1 }
    guard all.isTrading(market) else {
      figures[market].stoppedSteps += 1
      return
    }
    if let order = try othersOrder(point, seconds: now.seconds(since: self.point(0, step - 1).time))
    {
      try swap(order, market, now)
    }
    let order = try asShared { () throws(PoolError) in
      try all.markets[market].pricing.arbitrage(against: point.price, at: now)
    }
    if let order { try swap(order, market, now) }
  }

  private mutating func swap(
    _ order: LotOrder, _ market: Int, _ now: UTCTime
  ) throws(SharedPoolError) {
    let fill = try all.markets[market].swap(order, at: now).fill
    guard fill.lots > 0 else { return }
    figures[market].trades += 1
    figures[market].volume += setup.a.tokens(abs(fill.flow.a))
  }

  /// What others trade in a step, in either direction by chance.
  private mutating func othersOrder(
    _ point: PricePath.Point, seconds: Double
  ) throws(SharedPoolError) -> LotOrder? {
    guard setup.noiseVolume > 0 else { return nil }
    let amount = setup.noiseVolume * seconds / 86_400
    let buys = noise.next() & 1 == 0
    let lots = buys ? amount / setup.a.tokens(1) : amount / point.price / setup.b.tokens(1)
    let whole = Int(min(lots, Double(Domain.orderLots.upperBound)))
    guard whole > 0 else { return nil }
    return try asShared { () throws(PoolError) in
      try LotOrder.exactIn(whole, buys ? .buy : .sell)
    }
  }

  private mutating func settle(_ market: Int, at now: UTCTime) throws(SharedPoolError) {
    let fee = all.markets[market].book.fee
    if let error = try all.settle(market, at: now) {
      figures[market].refused += 1
      refused[.init(error), default: 0] += 1
    } else {
      figures[market].applied += 1
      figures[market].fees += setup.a.tokens(fee)
    }
  }

  /// What all books together would do.
  private mutating func count(at now: UTCTime) {
    let flow = all.markets.reduce(LotPair.zero) { $0 + $1.book.flow }
    let after = all.pool.reserves + flow
    if after.a < 0 || after.b < 0 {
      oversubscribed += 1
    } else if case .belowFloor? = try? all.pool.refusal(of: flow, by: all.markets[0].id, at: now) {
      belowFloor += 1
    }
  }

  // MARK: The end

  private func told(_ path: [MarketsFigures.Sample]) -> MarketsFigures {
    func worth(_ lots: LotPair, _ price: Double) -> Double {
      setup.a.tokens(lots.a) + price * setup.b.tokens(lots.b)
    }
    let (start, final) = (point(0, 0).price, path[path.count - 1].price)
    return MarketsFigures(
      startPrice: start, finalPrice: final, capital: worth(setup.deposit, start),
      impermanentLoss: worth(all.pool.reserves, final) / worth(setup.deposit, final) - 1,
      fees: figures.reduce(0) { $0 + $1.fees }, volume: figures.reduce(0) { $0 + $1.volume },
      path: path, refused: refused, oversubscribedSteps: oversubscribed,
      belowFloorSteps: belowFloor, markets: figures)
  }
}
