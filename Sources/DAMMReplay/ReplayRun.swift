import DAMMModel
import DAMMPool

/// A replay in one kind of venue.
protocol ReplayRunning: Sendable {
  mutating func take(_ step: ReplayStep, isLast: Bool) throws(ReplayError)
  func figures() -> ReplayFigures
}

/// A replay while it runs: the tick pool, what it is compared with, and what is told of it.
struct ReplayRun<Venue: TickVenue>: ReplayRunning {
  let setup: ReplaySetup
  let first: ReplayStep
  private(set) var last: ReplayStep
  private(set) var steps = 0
  let holding: ReplayHolding
  private(set) var pool: VenueRun<Venue>
  private(set) var product: VenueRun<ProductVenue>
  private(set) var recorded: RecordedHolding?
  private(set) var providers: ProviderDesk
  private(set) var hours: HourBook
  private(set) var path: Thinned<ReplaySample>
  private(set) var shapes: Thinned<LiquidityShape>
  private var recordedPrice: Double?
  private var noise: NoiseOrders?
  /// Into how many intervals a shape is cut.
  static var intervals: Int { 48 }

  init(
    _ setup: ReplaySetup, _ venue: Venue, at first: ReplayStep, expected: Int?
  ) throws(ReplayError) {
    self.setup = setup
    path = Thinned(most: ReplayFigures.mostSamples, expected: expected)
    shapes = Thinned(most: ReplayFigures.mostShapes, expected: expected)
    (self.first, last) = (first, first)
    pool = VenueRun(venue, setup, at: first.time)
    let deposit = try setup.deposit(at: first.price)
    holding = ReplayHolding(
      a: setup.terms.a.tokens(deposit.a), b: setup.terms.b.tokens(deposit.b))
    product = VenueRun(
      try ProductVenue(
        feeBps: setup.rivals.productFeeBps, a: holding.a, b: holding.b, at: first.time),
      setup, at: first.time)
    recordedPrice = first.recorded?.price
    noise = setup.agents.noise.map { NoiseOrders($0, seed: setup.seed) }
    providers = ProviderDesk(setup.agents.providers, from: first.time)
    hours = HourBook(at: first.time)
    see(first.recorded)
    keep()
  }

  @_specialize(where Venue == PoolVenue)
  @_specialize(where Venue == SharedVenue)
  mutating func take(_ step: ReplayStep, isLast: Bool) throws(ReplayError) {
    try step.check()
    guard step.time >= last.time else { throw .timeGoesBack(step.time, last: last.time) }
    if hours.isOver(at: step.time) { hours.close(sample, product.total) }
    let flow = try asReplay { () throws(DAMMError) in try step.flow(setup.agents.flowShare) }
    let noise = try asReplay { () throws(DAMMError) in
      try self.noise?.next(until: step.time, after: last) ?? []
    }
    let slippage = recordedSlippage(step)
    try pool.take(
      step, after: last, flow: flow, noise: noise, recordedSlippage: slippage, isLast: isLast)
    try product.take(
      step, after: last, flow: flow, noise: noise, recordedSlippage: slippage, isLast: isLast)
    if providers.isDue(step.time) {
      try pool.change(at: step.time) { venue throws(ReplayError) in
        try providers.act(&venue, step)
      }
    }
    see(step.recorded)
    last = step
    steps += 1
    hours.count(step.time)
    keep()
  }

  /// The recorded pool, as soon as its liquidity is known; the position begins with the capital then.
  private mutating func see(_ seen: RecordedPool?) {
    guard let seen else { return }
    recordedPrice = seen.price
    if recorded != nil {
      recorded?.take(seen, beside: pool.density)
    } else if seen.liquidity != nil, steps == 0 {
      recorded = RecordedHolding(
        setup.rivals, capital: holding.a + holding.b * first.price, price: seen.price)
    }
  }

  /// Of the one swap that a step is, how far its average price was from the price before, in the recorded pool.
  private func recordedSlippage(_ step: ReplayStep) -> Double? {
    guard let average = step.recorded?.averagePrice, let recordedPrice else { return nil }
    return abs(average / recordedPrice - 1)
  }

  // MARK: What is kept

  private mutating func keep() {
    if path.wants(steps) { path.append(sample) }
    if shapes.wants(steps), let shape { shapes.append(shape) }
  }

  /// Where everything stands.
  var sample: ReplaySample {
    ReplaySample(
      time: last.time, price: last.price, impliedVolatility: last.impliedVolatility,
      pool: pool.venue.standing(at: last.price),
      product: product.venue.standing(at: last.price),
      held: holding.a + holding.b * last.price, recorded: recorded?.value(at: last.price),
      total: pool.total)
  }

  var shape: LiquidityShape? { pool.venue.shape(0, intervals: Self.intervals, last) }
}

extension ReplayStep {
  /// The part of the recorded orders that comes to a pool; orders to a price come whole, if any do.
  fileprivate func flow(_ share: Double) throws(DAMMError) -> [Order] {
    guard share != 1 else { return orders }
    guard share > 0 else { return [] }
    var flow: [Order] = []
    for order in orders {
      switch order.size {
      case .toPrice: flow.append(order)
      case .amount(let b):
        guard Domain.amount.contains(b * share) else { continue }
        flow.append(try Order(order.side, .amount(b * share), limit: order.limit))
      case .notional(let a):
        guard Domain.amount.contains(a * share) else { continue }
        flow.append(try Order(order.side, .notional(a * share), limit: order.limit))
      }
    }
    return flow
  }
}
