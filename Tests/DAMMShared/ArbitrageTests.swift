import DAMMModel
import DAMMPool
import Testing
import TestSupport

import DAMMShared
import struct DAMMShared.SharedPool

/// What an arbitrageur takes of a market: all that pays, and no more.
@Suite struct ArbitrageTests {
  private static let deposit = LotPair(a: 40_000_000_000_000, b: 20_000_000_000_000)

  /// What a trade brings at a market price, in lots of A.
  private func gain(_ fill: MarketFill, at price: Double) -> Double {
    fill.side == .buy
      ? price * Double(fill.amountOut) - Double(fill.amountIn)
      : Double(fill.amountOut) - price * Double(fill.amountIn)
  }

  private func check<Pricing: ArbitragedPricing>(
    _ start: Market<Pricing>, near band: ClosedRange<Double>, step: Double, _ seed: UInt64
  ) throws {
    var random = SplitMix64(seed: seed)
    var market = start
    market.keepsRoom = false
    let now = SharedFixture.noon
    var traded = 0
    for _ in 0..<60 {
      let price = random.uniform(band)
      guard let order = try market.pricing.arbitrage(against: price, at: now) else { continue }
      let fill = try market.quote(order, at: now).fill
      guard case .toPrice(let target) = order.size else {
        Issue.record("an order of another kind")
        return
      }
      // a step more or less brings less, to a few lots
      let most = gain(fill, at: price)
      #expect(most >= -4, "seed \(seed), to \(price): \(most)")
      for other in [target * (1 + step), target * (1 - step)] {
        let less = gain(
          try market.quote(LotOrder(order.side, .toPrice(other)), at: now).fill, at: price)
        #expect(less <= most + 4, "seed \(seed), to \(price): \(less), not \(most)")
      }
      try market.swap(order, at: now)
      traded += fill.lots > 1 ? 1 : 0
      // and nothing is left that pays
      if let again = try market.pricing.arbitrage(against: price, at: now) {
        #expect(try market.quote(again, at: now).fill.lots <= 10, "seed \(seed), to \(price)")
      }
    }
    #expect(traded > 20)
  }

  @Test(arguments: [0, 30.0]) func ofTheConstantProduct(feeBps: Double) throws {
    let seed = RandomCurves.seed("arbitrage", 31)
    var pool = try SharedFixture.pool(Self.deposit)
    let market = try SharedFixture.product("m", on: &pool, feeBps: feeBps)
    try check(market, near: 1.5...2.5, step: 1e-3, seed)
  }

  @Test(arguments: [
    FeeSchedule.none, try! FeeSchedule(baseBps: 30),
    try! FeeSchedule(baseBps: 20, volatility: 0.01, skew: 0.05, minimumBps: 5, surgeBps: 50),
  ])
  func ofTicks(fees: FeeSchedule) throws {
    let seed = RandomCurves.seed("arbitrage", 32)
    var pool = try SharedFixture.pool(Self.deposit)
    let terms = try PoolTerms(
      a: SharedFixture.lots, b: SharedFixture.lots, tickWidthBps: 20, fees: fees, funding: .full)
    var market = try SharedFixture.ticks(
      "m", on: &pool, terms, OracleReading(price: 2, relativeSigma: 0.05))
    try check(market, near: 1.6...2.4, step: 2e-3, seed)
    // with a surge that is still there
    try market.reform(OracleReading(price: 2.01, relativeSigma: 0.05), at: SharedFixture.noon)
    try check(market, near: 1.6...2.4, step: 2e-3, seed &+ 1)
  }

  @Test func noPriceIsRefused() throws {
    var pool = try SharedFixture.pool(Self.deposit)
    let market = try SharedFixture.product("m", on: &pool)
    for price in [0, -1, .nan, .infinity] {
      #expect(throws: PoolError.self) {
        try market.pricing.arbitrage(against: price, at: SharedFixture.noon)
      }
    }
  }
}
