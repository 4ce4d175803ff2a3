import DAMMModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Agents in one venue, step by step, and what came of it.
struct VenueRun<Venue: ReplayVenue> {
  private(set) var venue: Venue
  private(set) var total = ReplayTally()
  private let arbitrage: ReplayAgents.Arbitrage?
  private let leastTold: Double
  private var steps = 0
  private var slippage: [Int: Slippage] = [:]
  private var leastHealth: Double
  private var worstDeviation = 0.0
  /// How each market stood behind the last step.
  private var states: [MarketState]

  /// Sums of a bucket.
  private struct Slippage {
    var trades = 0
    var (volume, weighted) = (0.0, 0.0)
    var (recordedVolume, recordedWeighted) = (0.0, 0.0)
  }

  init(_ venue: Venue, _ setup: ReplaySetup, at now: UTCTime) {
    self.venue = venue
    states = (0..<venue.marketCount).map { venue.state($0, at: now) }
    arbitrage = setup.agents.arbitrage
    leastTold = SlippageBucket.least * setup.capital
    leastHealth = venue.health
  }

  /// `|dB/dp|` of the first market, as it stood behind the last step.
  var density: Double { states[0].density }

  // MARK: A step

  /// One step: orders, arbitrage, reform, settlement.
  ///
  /// - Parameters:
  ///   - flow: recorded orders, as much of them as comes here.
  ///   - noise: orders of noise.
  ///   - recordedSlippage: of the one swap that the step is, in the recorded pool.
  mutating func take(
    _ step: ReplayStep, after last: ReplayStep, flow: [Order], noise: [Order],
    recordedSlippage: Double?, isLast: Bool
  ) throws(ReplayError) {
    steps += 1
    predict(step, after: last)
    for market in 0..<venue.marketCount {
      // nothing moved since the market was looked at
      var before: Double? = states[market].price
      for order in flow {
        try trade(order, market, \.flow, step, recordedSlippage, &before)
      }
      for order in noise { try trade(order, market, \.noise, step, nil, &before) }
      if let arbitrage,
        let fill = try venue.arbitrage(
          to: step.price, cost: arbitrage.cost, market, at: step.time)
      {
        total.arbitrage.add(fill, at: step.price)
      }
    }
    total.reforms += try venue.read(step)
    try venue.end(step: steps, isLast: isLast, at: step.time)
    leastHealth = min(leastHealth, venue.health)
    for market in 0..<venue.marketCount {
      states[market] = venue.state(market, at: step.time)
      worstDeviation = max(worstDeviation, abs(states[market].price / step.price - 1) * 1e4)
    }
  }

  /// What the step is expected to cost, from where the venue stands before it.
  private mutating func predict(_ step: ReplayStep, after last: ReplayStep) {
    let years = step.time.seconds(since: last.time) / UTCTime.secondsAYear
    let variance = last.impliedVolatility * last.impliedVolatility * years
    let move = step.price - last.price
    // how far a normal walk gets beyond a level on average: -zeta(1/2) / sqrt(2 pi) of a step
    // (Nezlobin and Tassy, arXiv 2505.05113)
    let beyond = 0.582_597_157_939_010_6 * variance.squareRoot()
    for state in states {
      let predicted = 0.5 * state.density * last.price * last.price * variance
      total.predictedLoss += predicted
      if beyond > 0 { total.predictedProfit += predicted * (beyond / (beyond + state.fee)) }
      total.realisedLoss += 0.5 * state.density * move * move
    }
  }

  private mutating func trade(
    _ order: Order, _ market: Int, _ who: WritableKeyPath<ReplayTally, TraderTally>,
    _ step: ReplayStep, _ recordedSlippage: Double?, _ known: inout Double?
  ) throws(ReplayError) {
    let before = known ?? venue.marginalPrice(market)
    known = nil
    guard let fill = try venue.trade(order, market, at: step.time) else {
      total.unfilled += order.worth(at: step.price)
      return
    }
    total.unfilled += fill.left.a + fill.left.b * step.price
    guard fill.a != 0 || fill.b != 0 else { return }
    total[keyPath: who].add(fill, at: step.price)
    guard let average = fill.averagePrice else { return }
    let volume = abs(fill.a)
    guard volume > leastTold else { return }
    var bucket = slippage[volume.decade, default: Slippage()]
    bucket.trades += 1
    bucket.volume += volume
    bucket.weighted += volume * abs(average / before - 1)
    if let recordedSlippage {
      bucket.recordedVolume += volume
      bucket.recordedWeighted += volume * recordedSlippage
    }
    slippage[volume.decade] = bucket
  }

  /// Changes the venue otherwise.
  mutating func change(
    at now: UTCTime, _ body: (inout Venue) throws(ReplayError) -> Void
  ) throws(ReplayError) {
    try body(&venue)
    for market in 0..<venue.marketCount { states[market] = venue.state(market, at: now) }
  }

  // MARK: The end

  func figures(
    _ setup: ReplaySetup, start: UTCTime, end last: ReplayStep, meanOffered: Double
  ) -> VenueFigures {
    let days = last.time.seconds(since: start) / 86_400
    return VenueFigures(
      total: total, end: venue.standing(at: last.price),
      slippage: slippage.sorted { $0.key < $1.key }.map { decade, sums in
        SlippageBucket(
          from: power(ofTen: decade), trades: sums.trades, volume: sums.volume,
          bps: sums.weighted / sums.volume * 1e4,
          recordedBps: sums.recordedVolume > 0
            ? sums.recordedWeighted / sums.recordedVolume * 1e4 : nil)
      },
      meanOffered: meanOffered,
      leastHealth: leastHealth,
      dailyTurnover: days > 0 ? total.volume / setup.capital / days : 0,
      worstDeviationBps: worstDeviation)
  }

  /// A that a trade to a price moves, of all markets; the venue stays as it is.
  func depth(_ order: Order, at now: UTCTime) -> Double {
    var copy = venue
    var sum = 0.0
    for market in 0..<venue.marketCount {
      guard let fill = try? copy.trade(order, market, at: now) else { continue }
      sum += abs(fill.a + (fill.a > 0 ? fill.fee : 0))
    }
    return sum
  }
}

extension TraderTally {
  /// Counts a trade at the market price of its step.
  fileprivate mutating func add(_ fill: VenueFill, at price: Double) {
    trades += 1
    volume += abs(fill.a)
    fees += fill.fee
    taken += fill.taken(at: price)
  }
}

extension Order {
  /// What the order fixes, worth in A; nothing for an order to a price.
  fileprivate func worth(at price: Double) -> Double {
    switch size {
    case .amount(let b): b * price
    case .notional(let a): a
    case .toPrice: 0
    }
  }
}

extension Double {
  /// The power of ten that a positive number begins with.
  fileprivate var decade: Int { Int(log10(self).rounded(.down)) }
}

private func power(ofTen exponent: Int) -> Double { Double("1e\(exponent)") ?? 0 }
