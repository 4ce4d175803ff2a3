import DAMMModel
import DAMMPool
import TestSupport

extension PoolWorld {
  /// What must hold of any state.
  mutating func checkState(_ random: inout SplitMix64) throws(PoolViolation) {
    let outside = wallets.reduce(.zero, +)
    let held = LotPair(
      a: ledger.reserves.a + ledger.collected - ledger.paid, b: ledger.reserves.b)
    try demand(
      .conservation, held + outside == .zero,
      "the pool holds \(held.a) A and \(held.b) B, it was given \(-outside.a) and \(-outside.b)")
    do throws(PoolError) { try pool.checkLaws() } catch {
      throw PoolViolation(law: .ownLaws, detail: "\(error)")
    }
    try demand(.ownLaws, pool.book.fees.isExact, "\(pool.book.fees)")
    try demand(
      .ownLaws, Set(pool.book.positionIDs) == Set(owners.keys),
      "positions \(pool.book.positionIDs), but \(owners.keys.sorted()) were made")
    try checkCover()
    if storesAlways || random.oneIn(40) { try checkStored(&random) }
    guard !pool.isEmpty else { return }
    try checkScale(&random)
  }

  /// Both ends of the curve can be traded to, on copies.
  private func checkCover() throws(PoolViolation) {
    let (offered, reserves) = (ledger.offered, ledger.reserves)
    try demand(
      .covered,
      min(offered.a, offered.b) >= 0 && offered.a <= reserves.a && offered.b <= reserves.b,
      "offers \(offered), holds \(reserves)")
    guard !pool.isEmpty else { return }
    for side in Side.allCases {
      var copy = ledger
      do throws(PoolError) {
        let quote = try copy.swap(endOrder(side), at: now)
        let given = side == .buy ? quote.amountOut : quote.amountOut + quote.fee
        let whole = side == .buy ? offered.b : offered.a
        try demandPool(given == whole, "\(side) to the end gave \(given) of \(whole)")
        try demandPool(
          copy.reserves.a >= 0 && copy.reserves.b >= 0, "\(side) to the end left \(copy.reserves)")
        let rest = side == .buy ? copy.offered.b : copy.offered.a
        try demandPool(rest == 0, "\(side) to the end left \(rest) on offer")
      } catch .corruptState(let detail) {
        throw PoolViolation(law: .covered, detail: detail)
      } catch {
        // the far end may bring more than a pool can hold; it must not take more than there is
        guard case .overflow(_, let amount, _) = error, !amount.hasPrefix("-") else {
          throw PoolViolation(law: .covered, detail: "\(side) to the end: \(error)")
        }
      }
    }
  }

  private func demandPool(_ holds: Bool, _ detail: @autoclosure () -> String) throws(PoolError) {
    if !holds { throw .corruptState(detail()) }
  }

  /// What was stored is equal and goes on alike.
  private func checkStored(_ random: inout SplitMix64) throws(PoolViolation) {
    var back: Ledger
    do { back = try ledger.stored() } catch {
      throw PoolViolation(law: .stored, detail: "\(error)")
    }
    try demand(.stored, back == ledger, "\(back.pool) is not \(pool)")
    var other = ledger
    for _ in 0..<3 {
      let action = PoolAction.trade(&random)
      guard case .swap(let side, let order, let limit) = action,
        let order = lotOrder(side, order, limit: limit)
      else { continue }
      let here = attempt { () throws(PoolError) in try other.swap(order, at: now) }
      let there = attempt { () throws(PoolError) in try back.swap(order, at: now) }
      try demand(.stored, here == there && back == other, "\(order): \(there), not \(here)")
    }
  }

  /// Whether it is a gain: no less of both tokens, and more of one.
  func isGain(_ got: LotPair) -> Bool { got.a >= 0 && got.b >= 0 && got != .zero }

  /// The attacker's holdings if it left now, beside those when it came.
  func checkLoop() throws(PoolViolation) {
    guard let loopStart else { return }
    var copy = ledger
    var holds = wallets[Actor.attacker.rawValue]
    for id in positions(of: .attacker) {
      do throws(PoolError) {
        if isLocked(id) {
          let left = try copy.leaveEarly(id, at: now)
          holds = holds + left.refund + LotPair(a: left.fees, b: 0)
        } else {
          let all = try copy.pool.book.position(id).shares
          let taken = try copy.remove(shares: all, from: id, at: now)
          holds = holds + taken.paidOut + LotPair(a: taken.fees, b: 0)
        }
      } catch {
        throw PoolViolation(law: .attackersGainNothing, detail: "it cannot leave: \(error)")
      }
    }
    try demand(
      .attackersGainNothing, !isGain(holds - loopStart),
      "it gained \(holds.a - loopStart.a) A and \(holds.b - loopStart.b) B")
  }
}

/// An answer or a refusal, to compare.
func attempt<Answer>(
  _ action: () throws(PoolError) -> Answer
) -> Result<Answer, PoolError> {
  do throws(PoolError) { return .success(try action()) } catch { return .failure(error) }
}
