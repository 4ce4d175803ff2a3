import DAMMModel
import DAMMPool
import TestSupport

extension PoolWorld {
  /// An add of one token is its swap and a fair add by hand, to the bit, and no other number of lots swapped
  /// would make more shares.
  func checkOneSided(
    _ token: Token, _ size: RelativeSize, _ id: PositionID?, _ added: LiquidityPaid,
    _ before: Ledger
  ) throws(PoolViolation) {
    let all = token == .a ? before.reserves.a : before.reserves.b
    let lots = min(size.of(all), Domain.orderLots.upperBound)
    let given = token == .a ? LotPair(a: lots, b: 0) : LotPair(a: 0, b: lots)
    var again = before
    guard let done = try? again.addSingleSided(token, lots: lots, to: id, at: now) else {
      throw PoolViolation(law: .oneSided, detail: "it throws the second time")
    }
    try demand(
      .oneSided,
      done.added == added && again == ledger
        && done.left == given + (done.swap?.got ?? .zero) - added.paidIn
        && done.left.a >= 0 && done.left.b >= 0,
      "\(given): \(done)")
    var hand = before
    do throws(PoolError) {
      if let swap = done.swap {
        let quote = try hand.swap(LotOrder(token == .a ? .buy : .sell, .amount(swap.b)), at: now)
        try demandSame(quote == swap, "swap \(quote), not \(swap)")
      }
      let made = try hand.add(shares: added.shares, to: id, lock: nil, at: now)
      try demandSame(made == added && hand == ledger, "\(made), not \(added)")
    } catch .corruptState(let detail) {
      throw PoolViolation(law: .oneSided, detail: "by hand: \(detail)")
    } catch {
      throw PoolViolation(law: .oneSided, detail: "by hand: \(error)")
    }
    let swapped = done.swap?.b ?? 0
    for lots in [0, swapped - 2, swapped - 1, swapped, swapped + 1, swapped + 2, 2 * swapped + 1]
    where lots >= 0 {
      guard let shares = sharesMade(of: given, swapping: lots, token, before) else { continue }
      try demand(
        .oneSided, shares <= added.shares,
        "\(given): \(added.shares) shares with \(swapped) lots swapped, \(shares) with \(lots)")
    }
  }

  private func demandSame(_ holds: Bool, _ detail: @autoclosure () -> String) throws(PoolError) {
    if !holds { throw .corruptState(detail()) }
  }

  /// How many shares a fair add makes of what is in hand after so many lots of B were swapped.
  private func sharesMade(
    of given: LotPair, swapping lots: Int, _ token: Token, _ before: Ledger
  ) -> Int? {
    var copy = before
    var hand = given
    if lots > 0 {
      guard let order = try? LotOrder(token == .a ? .buy : .sell, .amount(lots)),
        let quote = try? copy.swap(order, at: now), quote.stop == .complete
      else { return nil }
      hand = hand + quote.got
    }
    guard hand.a >= 0, hand.b >= 0 else { return nil }
    return try? ShareAmounts.affordable(with: hand, reserves: copy.reserves, shares: copy.shares)
  }
}
