import DAMMModel
import DAMMPool
import DAMMPrices
import DAMMShared

/// Markets on one shared pool that follow prices: after each step of the path an arbitrageur takes each market to its
/// price net of fees, others may have traded before, and markets settle every few steps. What is refused
/// stops its market until it can settle; it tries again when its turn to settle comes.
///
/// A function of its inputs: the same setup and paths give the same figures.
public enum MarketsSimulation {
  /// Runs markets.
  ///
  /// - Parameters:
  ///   - setup: the pool and its markets.
  ///   - paths: one for all markets, or one for each; all of the same moments. Constant-product markets begin at the
  ///     ratio of the deposit, tick curves at the first price.
  /// - Throws: `SharedPoolError` for paths that do not fit (`.malformed`), for a setup that no pool can have, and for
  ///   prices or volatilities that no curve can have.
  /// - Complexity: steps times markets, each with a search for its room.
  public static func run(
    _ setup: MarketsSetup, on paths: [PricePath]
  ) throws(SharedPoolError) -> MarketsFigures {
    guard !paths.isEmpty, paths.count == 1 || paths.count == setup.markets else {
      throw .malformed("\(paths.count) paths for \(setup.markets) markets")
    }
    let times = paths[0].points.map(\.time)
    guard paths.allSatisfy({ $0.points.map(\.time) == times }) else {
      throw .malformed("paths of other moments")
    }
    let first = paths[0].points[0]
    let pool = try founded(setup, on: paths)
    let terms = pool.terms
    switch setup.prices {
    case .constantProduct(let feeBps):
      let prices: FeeHeldApart<ConstantProduct>
      do throws(DAMMError) {
        prices = try FeeHeldApart(.withoutFee, feeBps: feeBps)
      } catch {
        throw .pool(.parameter(error))
      }
      let ratio = setup.a.tokens(setup.deposit.a) / setup.b.tokens(setup.deposit.b)
      let markets = try open(setup, pool, at: first.time) {
        (snapshot, _) throws(PoolError) in
        try FunctionPricing(prices, ratio: ratio, terms: terms, on: snapshot, retraces: true)
      }
      var run = MarketsRun(setup, paths, markets) {
        (_, _, _) throws(SharedPoolError) in false
      }
      return try run.finished()
    case .ticks(let ticks, _):
      let readings = try paths.map { path throws(SharedPoolError) in
        try setup.reading(path.points[0])
      }
      let markets = try open(setup, pool, at: first.time) {
        (snapshot, number) throws(PoolError) in
        try TickPricing(
          ticks, readings[min(number, readings.count - 1)]!, on: snapshot, at: first.time)
      }
      var run = MarketsRun(setup, paths, markets) {
        (market, point, now) throws(SharedPoolError) in
        guard let reading = try setup.reading(point) else { return false }
        return try market.update(reading, at: now) != nil
      }
      return try run.finished()
    }
  }

  /// How the pool of a simulation begins.
  ///
  /// - Throws: as `run`.
  public static func founding(
    _ setup: MarketsSetup, on paths: [PricePath]
  ) throws(SharedPoolError) -> SharedPoolFounding {
    guard !paths.isEmpty else { throw .malformed("no path") }
    return try founded(setup, on: paths).founding
  }

  private static func founded(
    _ setup: MarketsSetup, on paths: [PricePath]
  ) throws(SharedPoolError) -> SharedPool {
    let first = paths[0].points[0]
    var reference = Reference.constantProduct
    if case .ticks(let terms, _) = setup.prices, let reading = try setup.reading(first) {
      reference = .ticks(try asShared { () throws(PoolError) in try terms.withoutFees() }, reading)
    }
    let terms = try asShared { () throws(PoolError) in
      try SharedPoolTerms(a: setup.a, b: setup.b, reference: reference, limits: setup.limits)
    }
    return try SharedPool(terms, deposit: setup.deposit, at: first.time)
  }

  /// Opens the markets with their credits.
  private static func open<Pricing: ArbitragedPricing>(
    _ setup: MarketsSetup, _ pool: SharedPool, at now: UTCTime,
    _ pricing: (PoolSnapshot, Int) throws(PoolError) -> Pricing
  ) throws(SharedPoolError) -> SettlingMarkets<Pricing> {
    let credit = LotPair(
      a: Int(setup.creditPart * Double(setup.deposit.a)),
      b: Int(setup.creditPart * Double(setup.deposit.b)))
    var all = try SettlingMarkets(
      setup.markets, on: pool, seed: setup.seed, settleEvery: setup.settleEvery, credit: credit,
      at: now, pricing)
    for market in all.markets.indices { all.markets[market].keepsRoom = setup.keepsRoom }
    return all
  }
}

extension PoolTerms {
  /// The same without fees, and formed once.
  func withoutFees() throws(PoolError) -> PoolTerms {
    do throws(DAMMError) {
      return try PoolTerms(
        a: a, b: b, shape: shape, halfWidth: halfWidth, tickWidthBps: tickWidthBps,
        funding: funding)
    } catch {
      throw .parameter(error)
    }
  }
}
