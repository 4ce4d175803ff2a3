import DAMM
import DAMMReplay

/// What `damm markets` tells, in the words of its JSON. Prices are A per B, amounts tokens.
struct MarketsAnswer: Encodable {
  struct Pool: Encodable {
    let curve: MarketCurve
    let feeBps: Double
    let reserveA: Double
    let reserveB: Double
    let capital: Double
    @OrNull var floor: Double?
    @OrNull var dailyAllowance: Double?
  }

  struct Path: Encodable {
    let source: String
    let steps: Int
    let start: String
    let end: String
    let startPrice: Double
    let finalPrice: Double
  }

  struct Market: Encodable {
    let fees: Double
    let volume: Double
    let trades: Int
    let applied: Int
    let refused: Int
    let stoppedSteps: Int
    let reforms: Int
    let price: Double
    let isUnsettled: Bool
  }

  struct Sample: Encodable {
    let step: Int
    let time: String
    let price: Double
    let health: Double
  }

  /// Health at the floor, if all markets move together.
  struct AtFloor: Encodable {
    let price: Double
    let health: Double
    let impermanentLoss: Double
  }

  struct Row: Encodable {
    let markets: Int
    let impermanentLoss: Double
    let formula: Double
    let health: Double
    let formulaHealth: Double
    let feesPerCapital: Double
    let refused: Int
  }

  /// The loss against the number of markets, without limits.
  struct Growth: Encodable {
    let rows: [Row]
    @OrNull var slope: Double?
    let formulaSlope: Double
  }

  let pool: Pool
  let path: Path
  let markets: Int
  let settleEvery: Int
  let fees: Double
  let feesPerCapital: Double
  let volume: Double
  let impermanentLoss: Double
  let finalHealth: Double
  let leastHealth: Double
  let applied: Int
  let refused: [String: Int]
  let oversubscribedSteps: Int
  let belowFloorSteps: Int
  let unsettledMarkets: Int
  @OrNull var floorUp: AtFloor?
  @OrNull var floorDown: AtFloor?
  let perMarket: [Market]
  let samples: [Sample]
  @OrNull var growth: Growth?

  /// How many samples there are at most, of more steps.
  private static let mostSamples = 241

  /// Runs the simulations.
  init(
    _ options: MarketsSetupOptions, counts: [Int], paths: [PricePath], source: String, seed: UInt64
  ) throws {
    let (points, limits) = (paths[0].points, try options.health.limits())
    let count = counts[counts.count - 1]
    let setup = try options.setup(
      count, price: points[0].price, limits: limits, noiseVolume: options.noiseVolume,
      credit: options.credit, seed: seed)
    let figures = try MarketsSimulation.run(setup, on: paths)
    pool = Pool(
      curve: options.curve, feeBps: options.feeBps, reserveA: setup.a.tokens(setup.deposit.a),
      reserveB: setup.b.tokens(setup.deposit.b), capital: figures.capital,
      floor: options.health.noLimits ? nil : limits.floor.value,
      dailyAllowance: limits.dailyAllowance?.value)
    path = Path(
      source: source, steps: points.count - 1, start: "\(points[0].time)",
      end: "\(points[points.count - 1].time)", startPrice: figures.startPrice,
      finalPrice: figures.finalPrice)
    markets = count
    settleEvery = options.settleEvery
    fees = figures.fees
    feesPerCapital = figures.feesPerCapital
    volume = figures.volume
    impermanentLoss = figures.impermanentLoss
    finalHealth = figures.path[figures.path.count - 1].health
    leastHealth = figures.leastHealth
    applied = figures.applied
    refused = Dictionary(
      uniqueKeysWithValues: MarketsFigures.Refusal.allCases.map {
        ($0.rawValue, figures.refused[$0] ?? 0)
      })
    oversubscribedSteps = figures.oversubscribedSteps
    belowFloorSteps = figures.belowFloorSteps
    unsettledMarkets = figures.unsettled
    perMarket = figures.markets.map(Market.init)
    samples = Self.samples(figures.path)
    let founding = try MarketsSimulation.founding(setup, on: paths)
    let hasFloor = !options.health.noLimits && count > 1
    func atFloor(_ side: Side) throws -> AtFloor? {
      try hasFloor
        ? AtFloor(founding.figures(markets: count, atFloor: options.health.floor, side)) : nil
    }
    _floorUp = OrNull(wrappedValue: try atFloor(.buy))
    _floorDown = OrNull(wrappedValue: try atFloor(.sell))
    let growth =
      counts.count > 1 ? try Growth(options, counts, paths[0], founding, seed: seed) : nil
    _growth = OrNull(wrappedValue: growth)
  }

  private static func samples(_ path: [MarketsFigures.Sample]) -> [Sample] {
    let count = min(path.count, mostSamples)
    return (0..<count).map { index in
      let sample = path[count > 1 ? index * (path.count - 1) / (count - 1) : 0]
      return Sample(
        step: sample.step, time: "\(sample.time)", price: sample.price, health: sample.health)
    }
  }
}

extension MarketsAnswer.Growth {
  /// Runs as many markets as each count says on one path, and has the formulas beside them.
  fileprivate init(
    _ options: MarketsSetupOptions, _ counts: [Int], _ path: PricePath,
    _ founding: SharedPoolFounding, seed: UInt64
  ) throws {
    var rows: [MarketsAnswer.Row] = []
    for count in counts {
      let setup = try options.setup(
        count, price: path.points[0].price, limits: .off, noiseVolume: 0, credit: 0, seed: seed)
      let run = try MarketsSimulation.run(setup, on: [path])
      let formula = try Self.formula(options.curve, run, founding)
      rows.append(
        MarketsAnswer.Row(
          markets: count, impermanentLoss: run.impermanentLoss, formula: formula.loss,
          health: run.path[run.path.count - 1].health, formulaHealth: formula.health,
          feesPerCapital: run.feesPerCapital, refused: run.refusals))
    }
    self.rows = rows
    // least squares through nothing at no markets, of what was settled
    let whole = rows.filter { $0.refused == 0 }
    let squares = whole.reduce(0) { $0 + Double($1.markets * $1.markets) }
    let products = whole.reduce(0) { $0 + Double($1.markets) * $1.impermanentLoss }
    _slope = OrNull(wrappedValue: squares > 0 ? products / squares : nil)
    // of one market
    formulaSlope = rows.isEmpty ? 0 : rows[0].formula / Double(rows[0].markets)
  }

  /// The closed forms of the constant product where the markets stand, told at the last price: a fee leaves them
  /// somewhat beside it. Of ticks what arbitrage without fees would leave at the last price.
  private static func formula(
    _ curve: MarketCurve, _ run: MarketsFigures, _ founding: SharedPoolFounding
  ) throws -> (loss: Double, health: Double) {
    switch curve {
    case .constantProduct:
      let figures = try HealthFigures(
        ratios: run.markets.map { $0.price / run.startPrice },
        valuedAt: run.finalPrice / run.startPrice)
      return (figures.impermanentLoss, figures.health)
    case .ticks:
      let figures = try founding.figures(markets: run.markets.count, atPrice: run.finalPrice)
      return (figures.impermanentLoss, figures.health)
    }
  }
}

extension MarketsAnswer.AtFloor {
  fileprivate init(_ figures: ReferenceFigures) {
    price = figures.price
    health = figures.health
    impermanentLoss = figures.impermanentLoss
  }
}

extension MarketsAnswer.Market {
  fileprivate init(_ market: MarketsFigures.Market) {
    fees = market.fees
    volume = market.volume
    trades = market.trades
    applied = market.applied
    refused = market.refused
    stoppedSteps = market.stoppedSteps
    reforms = market.reforms
    price = market.price
    isUnsettled = market.isUnsettled
  }
}
