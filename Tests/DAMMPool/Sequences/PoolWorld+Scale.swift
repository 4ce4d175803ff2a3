import DAMMModel
import DAMMPool
import TestSupport

extension PoolWorld {
  /// A copy stays as it was, whatever is done with another.
  func checkSnapshot() throws(PoolViolation) {
    let snapshot = ledger
    var copy = ledger
    let (price, reserves) = (snapshot.price, snapshot.reserves)
    for side in Side.allCases { _ = try? copy.swap(endOrder(side), at: now) }
    try demand(
      .snapshots, snapshot.price == price && snapshot.reserves == reserves,
      "\(reserves) became \(snapshot.reserves)")
  }

  /// A pool times `c`: adding `(c - 1) S` shares multiplies both reserves by `c` exactly. An order times
  /// `c` gets `c` times the lots; each amount, whole lots of A and the fee of these, is rounded up by less
  /// than a lot here, so by less than `c` lots there, and by less than one lot itself.
  func checkScale(_ random: inout SplitMix64) throws(PoolViolation) {
    let c = [2, 3, 10, 1000, 1024, 1 << 20].randomElement(using: &random)!
    let most = Domain.reserveLots.upperBound / c
    guard ledger.reserves.a <= most, ledger.reserves.b <= most, shares <= (1 << 62) / c else {
      return
    }
    var large = ledger
    do throws(PoolError) {
      _ = try large.add(shares: (c - 1) * shares, to: nil, lock: nil, at: now)
    } catch .countOutOfRange where ledger.reserves == .zero {
      return
    } catch {
      throw PoolViolation(law: .scaleFree, detail: "\(c) times: \(error)")
    }
    try demand(
      .scaleFree,
      large.reserves == LotPair(a: c * ledger.reserves.a, b: c * ledger.reserves.b)
        && large.shares == c * shares,
      "\(c) times \(ledger.reserves) is \(large.reserves)")
    guard let price = ledger.price, let largePrice = large.price else { return }
    try demand(
      .scaleFree, Self.close(price, largePrice), "\(c) times: \(price) became \(largePrice)")
    let side = Side.allCases.randomElement(using: &random)!
    let size = RelativeSize.random(&random)
    guard let order = lotOrder(side, .amount(size), limit: nil), let lots = order.lots,
      lots <= Domain.orderLots.upperBound / c, let small = try? ledger.quote(order, at: now),
      small.stop == .complete, let times = try? order.of(c * lots)
    else { return }
    let big: LotQuote
    do throws(PoolError) { big = try large.quote(times, at: now) } catch {
      // reserves that grow too large
      if case .overflow(_, let amount, _) = error, !amount.hasPrefix("-") { return }
      throw PoolViolation(law: .scaleFree, detail: "\(c) times \(order): \(error)")
    }
    // the last lot of an end may be one but for 2^-40, and c of these are not
    let whole = big.stop == .complete
    if standing > 0 {
      return try demand(
        .scaleFree,
        big.b <= c * small.b
          && Double((big.a - c * small.a).magnitude) <= Double(4 * (c + 1)) * (1 + standing),
        "\(c) times \(order): \(small) became \(big)")
    }
    let slack = 4 * (c + 1) + (whole ? 0 : Int(2 * (pool.curveInLots?.priceRange.upperBound ?? 0)))
    try demand(
      .scaleFree,
      big.b == c * small.b - (whole ? 0 : 1)
        && (big.a - c * small.a).magnitude <= slack
        && (!whole || Self.close(big.priceAfter, small.priceAfter)
          || isDust(between: big.priceAfter, small.priceAfter, side, on: ledger)),
      "\(c) times \(order): \(small) became \(big)")
  }

  /// Where a lot of B is worth less than one of A, a ledger stands where the next costs a whole one: within a
  /// lot of A of the exact place, which elsewhere on the curve may be so many; else 0.
  var standing: Double {
    guard let ends = pool.curveInLots?.priceRange, ends.lowerBound < 1.002 else { return 0 }
    return ends.upperBound / ends.lowerBound
  }

  /// Whether the real curve has less B between two prices on the way of a side than counts as a part of a
  /// lot: within 2^-40 of a whole lot is whole, at either; and curves that were formed apart differ by the
  /// rounding of so many lots.
  func isDust(
    between x: Double, _ y: Double, _ side: Side, on ledger: Ledger, formedApart moved: Int = 0
  ) -> Bool {
    let terms = ledger.pool.terms
    guard let curve = ledger.pool.curveInLots else { return false }
    let lots = [x, y].map { price in
      let price = LotSize.pricePerLot(price: price, a: terms.a, b: terms.b)
      let quote = (try? Order(side, .toPrice(price))).map(curve.quote)
      return (side == .buy ? quote?.amountOut : quote?.amountIn) ?? .infinity
    }
    return (lots[0] - lots[1]).magnitude
      <= 0x1p-39 + Tolerance.amount.relative
      * (Double(moved) + max(lots[0], lots[1]))
  }

  /// The same price but for the rounding of a coordinate.
  static func close(_ x: Double, _ y: Double) -> Bool {
    (x - y).magnitude <= 16 * Tolerance.priceAfter.relative * max(x, y)
  }
}

extension LedgerUnderTest {
  var shares: Int { pool.shares }
}
