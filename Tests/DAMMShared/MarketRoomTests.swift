import DAMMModel
import DAMMPrices
import Testing
import TestSupport

import DAMMShared

/// The room that a market tells, against the pool's own answer lot by lot.
@Suite struct MarketRoomTests {
  @Test func isTheFirstLotThatWouldBeRefused() throws {
    let seed = RandomCurves.seed("room", 31)
    var random = SplitMix64(seed: seed)
    var bounds: [MarketRoom.Bound: Int] = [:]
    for _ in 0..<RandomCurves.runs(400) {
      var setup = try SharedSetup.random(&random)
      setup.deposit = LotPair(
        a: Int(random.logUniform(20...4000)), b: Int(random.logUniform(20...2000)))
      if case .ticks(let terms, let reading) = setup.terms.reference {
        setup.terms = try SharedPoolTerms(
          a: setup.terms.a, b: setup.terms.b,
          reference: .ticks(
            terms, OracleReading(price: setup.price, relativeSigma: reading.relativeSigma)),
          limits: setup.terms.limits)
      }
      guard var pool = try? setup.pool() else { continue }
      let ids = try [MarketID("m"), MarketID("other")]
      let opened = try ids.map { try pool.open($0, key: SharedFixture.key, at: SharedSetup.start) }
      if random.oneIn(2) {
        for id in ids {
          let part = random.uniform(0...0.1)
          let credit = LotPair(
            a: Int(part * Double(setup.deposit.a)), b: Int(part * Double(setup.deposit.b)))
          try? pool.grant(credit, to: id, at: SharedSetup.start)
        }
      }
      _ = opened
      let snapshot = try pool.snapshot(for: ids[0])
      guard
        var market = setup.market(
          SharedSetup.kind(&random), ids[0], SharedFixture.key, of: pool.founding, snapshot,
          at: SharedSetup.start)
      else { continue }
      // from somewhere on the way
      if random.oneIn(2) {
        let lots = Int.random(in: 1...max(1, setup.deposit.b / 4), using: &random)
        _ = try? market.fill(
          LotOrder(Bool.random(using: &random) ? .buy : .sell, .amount(lots)), at: SharedSetup.start
        )
      }
      for side in Side.allCases {
        let found = try check(market, side, pool)
        bounds[found, default: 0] += 1
      }
    }
    print("room: \(bounds)")
    for bound in [MarketRoom.Bound.prices, .reserves, .floor, .allowance, .credits] {
      #expect(bounds[bound] ?? 0 > 5, "\(bound)")
    }
  }

  private func check(
    _ market: any PoolMarket, _ side: Side, _ pool: SharedPool
  ) throws -> MarketRoom.Bound {
    let now = SharedSetup.start
    let way = market.room(at: now)[side]
    let (whole, credit) = (market.mostLots(side), market.snapshot.credit)
    // a product goes on for ever, with ever less on its other side
    let end = min(whole, 6000)
    func flow(_ n: Int) -> LotPair {
      let moved = market.moved(side, n)
      return market.book.flow
        + (side == .buy ? LotPair(a: moved, b: -n) : LotPair(a: -moved, b: n))
    }
    func first(_ isBad: (LotPair) throws -> Bool) rethrows -> Int {
      for n in stride(from: 1, through: end, by: 1) where try isBad(flow(n)) { return n - 1 }
      return max(0, end)
    }
    let lots = try first { try pool.refusal(of: $0, by: market.id, at: now) != nil }
    let granted = first { $0.a < -credit.a || $0.b < -credit.b }
    // an order for more ends there at the latest: a curve whose lots of B are worth less than one of A stands
    // only behind all that cost the same
    var copy = market
    let order = try LotOrder(side, .amount(min(end + 5, Domain.orderLots.upperBound)))
    if let quote = try? copy.swap(order, at: now) {
      #expect(quote.fill.lots <= way.lots, "\(quote)")
    }
    guard market.book.isEmpty else {
      // what is left behind a trade, whose amounts were rounded for the pool: never more
      #expect(min(way.lots, end) <= lots, "\(side) of \(end): \(way)")
      return way.bound
    }
    #expect(min(way.lots, end) == lots, "\(side) of \(end): \(way)")
    #expect(min(way.granted, end) == granted, "\(side) of \(end): \(way)")
    if lots < end || end == whole { #expect((way.bound == .prices) == (lots == end)) }
    return way.bound
  }
}

extension PoolMarket {
  /// Of the kinds that tests have.
  fileprivate func mostLots(_ side: Side) -> Int {
    let now = SharedSetup.start
    if let market = self as? Market<TickPricing> { return market.pricing.mostLots(side, at: now) }
    if let market = self as? Market<SharedFixture.Product> {
      return market.pricing.mostLots(side, at: now)
    }
    return (self as! Market<FunctionPricing<ConstantProduct>>).pricing.mostLots(side, at: now)
  }

  fileprivate func moved(_ side: Side, _ lots: Int) -> Int {
    let now = SharedSetup.start
    if let market = self as? Market<TickPricing> {
      return market.pricing.reach(side, lots, at: now).moved
    }
    if let market = self as? Market<SharedFixture.Product> {
      return market.pricing.reach(side, lots, at: now).moved
    }
    return (self as! Market<FunctionPricing<ConstantProduct>>).pricing.reach(side, lots, at: now)
      .moved
  }
}
