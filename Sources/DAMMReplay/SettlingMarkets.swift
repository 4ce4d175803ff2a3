import DAMMModel
import DAMMPool
import DAMMShared

/// Markets on one shared pool that settle in turn, every so many steps. One whose settlement is refused stands still, and
/// tries again when its turn comes.
struct SettlingMarkets<Pricing: ArbitragedPricing> {
  var pool: SharedPool
  var markets: [Market<Pricing>]
  private let settleEvery: Int

  /// Opens so many markets, with keys from a seed.
  ///
  /// - Parameters:
  ///   - credit: what each is granted.
  ///   - pricing: of a market, by its number from 0.
  init(
    _ count: Int, on pool: SharedPool, seed: UInt64, settleEvery: Int, credit: LotPair = .zero,
    at now: UTCTime, _ pricing: (PoolSnapshot, Int) throws(PoolError) -> Pricing
  ) throws(SharedPoolError) {
    self.pool = pool
    self.settleEvery = settleEvery
    markets = []
    var keys = SplitMix(seed: seed)
    for number in 0..<count {
      let (id, key) = (try MarketID("market-\(number + 1)"), MarketKey.random(using: &keys))
      try self.pool.open(id, key: key, at: now)
      if credit != .zero { try self.pool.grant(credit, to: id, at: now) }
      let snapshot = try self.pool.snapshot(for: id)
      let prices = try asShared { () throws(PoolError) in try pricing(snapshot, number) }
      markets.append(try Market(id, key: key, of: pool.founding, snapshot, pricing: prices))
    }
  }

  func isTrading(_ market: Int) -> Bool {
    if case .trading = markets[market].phase { true } else { false }
  }

  /// Whether it is a market's turn to settle in a step, by its number from 1.
  func isDue(_ market: Int, in step: Int) -> Bool { (step + market).isMultiple(of: settleEvery) }

  /// Settles what a market has traded.
  ///
  /// - Returns: why the pool refused; `nil` if it did not.
  mutating func settle(
    _ market: Int, at now: UTCTime
  ) throws(SharedPoolError) -> SharedPoolError? {
    let settlement = try markets[market].post()
    let receipt: SettlementReceipt
    do throws(SharedPoolError) {
      receipt = try pool.settle(settlement, at: now)
    } catch {
      try markets[market].refused(error)
      return error
    }
    try markets[market].applied(receipt)
    return nil
  }
}
