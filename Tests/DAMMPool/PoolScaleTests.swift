import DAMMModel
import DAMMPool
import Testing
import TestSupport

/// A pool founded with `c` times the lots is the pool times `c`.
@Suite struct PoolScaleTests {
  /// What differs between a pool and one that is founded with `c` times its lots, over a run of orders that
  /// fix B: each amount of A, rounded up once and its fee once, is within `4 (c + 1)` lots of `c` times the
  /// smaller one, and prices are the same. Of pools where a lot of B is worth less than one of A the first
  /// order alone, to what that may move elsewhere on the curve.
  static func difference(
    _ random: inout SplitMix64, _ make: (Pool) -> some LedgerUnderTest
  ) throws -> (orders: Int, what: String?) {
    let c = [2, 1024, 10, 1000, 1 << 30].randomElement(using: &random)!
    let setup = try RandomPools.setup(
      &random, largest: Double(Domain.reserveLots.upperBound / c))
    var times = setup
    times.deposit = LotPair(a: c * setup.deposit.a, b: c * setup.deposit.b)
    let now = PoolSetup.start
    var world = PoolWorld(make(try setup.pool()), deposit: setup.deposit)
    guard let pool = try? times.pool() else { return (0, nil) }
    var large = make(pool)
    var (orders, moved) = (0, 0)
    for _ in 0..<30 {
      let side = Side.allCases.randomElement(using: &random)!
      guard let order = world.lotOrder(side, .amount(.random(&random)), limit: nil),
        let lots = order.lots, lots <= Domain.orderLots.upperBound / c,
        let small = try? world.ledger.quote(order, at: now), small.stop == .complete,
        let big = try? large.quote(order.of(c * lots), at: now), big.stop == .complete
      else { continue }
      orders += 1
      moved += small.b
      if world.standing > 0 {
        let off = Double((big.a - c * small.a).magnitude)
        guard big.b == c * small.b, off <= Double(4 * (c + 1)) * (1 + world.standing) else {
          return (orders, "\(c) times \(setup): \(small) became \(big)")
        }
        break  // from here on they stand apart
      }
      guard big.b == c * small.b, (big.a - c * small.a).magnitude <= 4 * (c + 1),
        PoolWorld<SoundPool>.close(big.priceAfter, small.priceAfter)
          || world.isDust(
            between: big.priceAfter, small.priceAfter, side, on: world.ledger, formedApart: moved)
      else { return (orders, "\(c) times \(setup): \(small) became \(big)") }
      _ = try world.ledger.swap(order, at: now)
      _ = try large.swap(order.of(c * lots), at: now)
    }
    return (orders, nil)
  }

  @Test func poolsAreFreeOfScale() throws {
    let seed = RandomCurves.seed("poolsAreFreeOfScale", 31)
    var random = SplitMix64(seed: seed)
    var orders = 0
    for _ in 0..<RandomCurves.runs(1000) {
      let (count, what) = try Self.difference(&random, SoundPool.init)
      orders += count
      if let what { Issue.record("seed \(seed): \(what)") }
    }
    #expect(orders > RandomCurves.runs(3000))
    random = SplitMix64(seed: seed)
    let found = try (0..<50).contains { _ in
      try Self.difference(&random) { FaultyPool($0, .feeOfLargeOrders) }.what != nil
    }
    #expect(found)
  }
}
