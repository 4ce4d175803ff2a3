import DAMM
import DAMMReference

/// Swaps of a pool in whole lots: the ledger, its fees and the answer with all its fields.
enum LedgerRows {
  private static let now = UTCTime(secondsSince1970: 1_700_000_000)

  private final class Ledger {
    var pool: Pool
    init(_ pool: Pool) { self.pool = pool }

    /// One access for all orders, as a variable of the caller's would need.
    func swap(_ orders: ArraySlice<LotOrder>) {
      Self.swap(orders, in: &pool)
    }

    private static func swap(_ orders: ArraySlice<LotOrder>, in pool: inout Pool) {
      for order in orders { try! pool.swap(order, at: now) }
    }
  }

  /// Where the pool stands, as in `SwapRows`.
  private enum Place: String, CaseIterable {
    case formed = "about the place of forming"
    case away = "away from it"
  }

  /// How many ticks an order goes through on average, about.
  private enum Size: String, CaseIterable {
    case small, middling, large

    var ticks: Double {
      switch self {
      case .small: 0.3
      case .middling: 30
      case .large: 300
      }
    }
  }

  static func rows(_ market: Market, using random: inout Random) throws -> [Row] {
    var rows: [Row] = []
    for place in Place.allCases {
      for size in Size.allCases {
        rows.append(try row(market, size, place, using: &random))
      }
    }
    return rows
  }

  /// A pool of the market's shape around 3000 A, in millionths of A and billionths of B.
  private static func pool(_ market: Market, fees: FeeSchedule, _ place: Place) throws -> Pool {
    let (a, b) = try (LotSize(decimals: 6, exponent: 0), LotSize(decimals: 18, exponent: 9))
    let terms = try PoolTerms(
      a: a, b: b, shape: market.shape.shape, halfWidth: market.shape.halfWidth,
      tickWidthBps: market.shape.tickWidthBps, fees: fees)
    var pool = try Pool(
      terms,
      reading: OracleReading(price: 3000, relativeSigma: market.shape.relativeSigma), at: now,
      deposit: LotPair(a: a.lots("3000000"), b: b.lots("1000")))
    guard place == .away else { return pool }
    let target = 3000 * (1 + market.shape.relativeSigma + 0.5e-4 * market.shape.tickWidthBps)
    try pool.swap(LotOrder(.buy, .toPrice(target)), at: now)
    return pool
  }

  private static func fees() throws -> FeeSchedule {
    try FeeSchedule(baseBps: 5, skew: 0.02, minimumBps: 1)
  }

  /// Orders that buy and sell alternately and fix B, of two fifths to eight fifths of a size. What is bought is
  /// sold again in another order, so that a pool that goes through them many times stays on its curve.
  private static func sizes(
    _ pool: Pool, _ size: Size, _ count: Int, using random: inout Random
  ) throws -> [Int] {
    let curve = pool.curveInLots!
    let tick = try curve.depth(ofTick: curve.position.tick).b
    let bought = (0..<count / 2).map { _ in
      max(1, Int(Double.random(in: 0.4...1.6, using: &random) * size.ticks * tick))
    }
    let sold = bought.shuffled(using: &random)
    return (0..<count).map { $0 % 2 == 0 ? bought[$0 / 2] : sold[$0 / 2] }
  }

  /// Work for the count of allocations.
  static func swaps(
    _ market: Market, _ count: Int, using random: inout Random
  ) throws -> () -> Void {
    let ledger = Ledger(try pool(market, fees: fees(), .formed))
    let orders = try orders(sizes(ledger.pool, .middling, count, using: &random)) { .amount($0) }
    return { ledger.swap(orders[...]) }
  }

  private static func orders(
    _ sizes: [Int], _ size: (Int) -> LotOrder.Size
  ) throws -> [LotOrder] {
    try sizes.enumerated().map { try LotOrder($0 % 2 == 0 ? .buy : .sell, size($1)) }
  }

  private static func row(
    _ market: Market, _ size: Size, _ place: Place, using random: inout Random
  ) throws -> Row {
    var contenders: [Contender] = []
    for (name, fees) in [("", FeeSchedule.none), (", with fees", try fees())] {
      let start = try pool(market, fees: fees, place)
      let byB = try orders(sizes(start, size, 1024, using: &random)) { .amount($0) }
      // the same swaps with their A fixed
      var pool = start
      let a = try byB.map { order in
        let quote = try pool.swap(order, at: now)
        return max(1, order.side == .buy ? quote.amountIn : quote.amountOut)
      }
      let byA = try orders(a) { .notional($0) }
      contenders.append(ours("B fixed\(name)", start, byB))
      contenders.append(ours("A fixed\(name)", start, byA))
    }
    return Row(
      section: .ledger, title: "\(size.rawValue), \(market.title), \(place.rawValue)",
      unit: "swap", contenders: contenders,
      notes: ["proved by the slow path in whole lots, to one lot"])
  }

  private static func ours(_ name: String, _ start: Pool, _ orders: [LotOrder]) -> Contender {
    let ledger = Ledger(start)
    return Contender(
      "swap, \(name)", count: orders.count, target: 30, reset: { ledger.pool = start },
      prove: { n in prove(start, orders[..<n]) }, work: { ledger.swap(orders[$0]) })
  }

  /// The lots of all swaps beside those of a tick loop in 256 bits.
  private static func prove(_ start: Pool, _ orders: ArraySlice<LotOrder>) -> Contender.Finding {
    var (pool, finding) = (start, Contender.Finding())
    let curve = start.curveInLots!
    let table = curve.table
    let slow = ReferenceLots(
      .init(
        lowest: table.lowestTick, widthBps: table.tickWidthBps,
        prices: (table.lowestTick..<table.upperTick).map(table.relativePrice),
        capacities: (table.lowestTick..<table.upperTick).map(table.capacityB)),
      oraclePrice: curve.oraclePrice, liquidity: Wide(curve.liquidity),
      scales: (curve.scaleA, curve.scaleB), atPrice: curve.oraclePrice,
      rates: { tick in
        [table.feeRate(.sell, ofTick: tick), table.feeRate(.buy, ofTick: tick)]
      })
    for order in orders {
      let fixed: ReferenceLots.Fixed =
        switch order.size {
        case .amount(let lots): .amount(lots)
        case .notional(let lots): .notional(lots)
        case .toPrice: .nothing
        }
      let trade = slow.swap(order.side, fixed, limit: nil, surge: 0, from: pool.sold)
      let quote = try! pool.swap(order, at: now)
      let amount = order.side == .buy ? quote.amountOut : quote.amountIn
      // what a tick holds is rounded to a Double here, which may move a lot over an edge
      let off = max(
        abs(amount - trade.amount), abs(quote.fee - trade.fee), abs(pool.sold - trade.after))
      finding.worst = max(finding.worst, Double(off) / Double(max(1, amount)))
      if off > 1 { finding.excess = .infinity }
    }
    return finding
  }
}
