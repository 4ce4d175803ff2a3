import DAMMModel
import DAMMPool

extension ReplayRun {
  func figures() -> ReplayFigures {
    let end = sample
    var (path, shapes, hours) = (path.values, shapes.values, hours)
    if path.last?.time != end.time || path.last?.total != end.total { path.append(end) }
    if let shape, shapes.last != shape { shapes.append(shape) }
    if steps > 0 { hours.close(end, product.total) }
    var markets = pool.venue.markets
    if markets.count == 1, setup.markets == nil {
      markets[0].price = end.pool.price
      markets[0].volume = pool.total.volume
      markets[0].fees = pool.total.fees
    }
    return ReplayFigures(
      start: first.time, end: last.time, steps: steps, startPrice: first.price,
      endPrice: last.price, capital: holding.a + holding.b * first.price, holding: holding,
      pool: pool.figures(
        setup, start: first.time, end: last,
        meanOffered: path.reduce(0) { $0 + $1.pool.offered } / Double(path.count)),
      product: product.figures(setup, start: first.time, end: last, meanOffered: 1),
      recorded: recorded?.figures(at: last.price), hours: hours.hours, path: path, shapes: shapes,
      depth: depth, providers: providers.figures(pool.venue, at: last), markets: markets)
  }

  /// How far from the market price depth is told, in basis points.
  private static var distances: [Double] { [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000] }

  private var depth: [DepthPoint] {
    (Self.distances.reversed().map(-) + Self.distances).compactMap { bps in
      let price = last.price * (1 + bps / 1e4)
      guard let order = try? Order(bps > 0 ? .buy : .sell, .toPrice(price)) else { return nil }
      return DepthPoint(
        bps: bps, pool: pool.depth(order, at: last.time),
        product: product.depth(order, at: last.time))
    }
  }
}

/// The hours of a replay.
struct HourBook {
  private(set) var hours: [ReplayHour] = []
  private var begin: UTCTime
  private var steps = 0
  /// Sums when the hour began.
  private var (pool, product) = (ReplayTally(), ReplayTally())

  init(at time: UTCTime) { begin = time.wholeHour }

  /// Whether a moment belongs to another hour.
  func isOver(at time: UTCTime) -> Bool { time.wholeHour != begin && steps > 0 }

  /// Counts a step.
  mutating func count(_ time: UTCTime) {
    if steps == 0 { begin = time.wholeHour }
    steps += 1
  }

  /// Ends the hour with its last step.
  mutating func close(_ sample: ReplaySample, _ total: ReplayTally) {
    guard steps > 0 else { return }
    hours.append(
      ReplayHour(
        begin: begin, steps: steps, pool: sample.total - pool, product: total - product,
        end: sample))
    (pool, product, steps) = (sample.total, total, 0)
  }
}

extension UTCTime {
  /// When its hour of the clock began.
  fileprivate var wholeHour: UTCTime {
    let (hours, rest) = secondsSince1970.quotientAndRemainder(dividingBy: 3600)
    return UTCTime(secondsSince1970: (rest < 0 ? hours - 1 : hours) * 3600)
  }
}

extension ReplayTally {
  fileprivate static func - (now: ReplayTally, then: ReplayTally) -> ReplayTally {
    var difference = ReplayTally()
    difference.flow = now.flow - then.flow
    difference.noise = now.noise - then.noise
    difference.arbitrage = now.arbitrage - then.arbitrage
    difference.predictedLoss = now.predictedLoss - then.predictedLoss
    difference.realisedLoss = now.realisedLoss - then.realisedLoss
    difference.predictedProfit = now.predictedProfit - then.predictedProfit
    difference.unfilled = now.unfilled - then.unfilled
    difference.reforms = now.reforms - then.reforms
    return difference
  }
}

extension TraderTally {
  fileprivate static func - (now: TraderTally, then: TraderTally) -> TraderTally {
    TraderTally(
      trades: now.trades - then.trades, volume: now.volume - then.volume,
      fees: now.fees - then.fees, taken: now.taken - then.taken)
  }
}
