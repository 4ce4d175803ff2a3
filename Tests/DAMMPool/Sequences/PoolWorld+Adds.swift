import DAMMModel
import DAMMPool
import TestSupport

extension PoolWorld {
  mutating func add(_ step: PoolStep) throws(PoolViolation) {
    if pool.isEmpty { return try found(step.actor) }
    let before = ledger
    // a free position of its own, or a new one
    let id = step.salt % 2 == 0 ? positions(of: step.actor).first { !isLocked($0) } : nil
    let added = attempt { () throws(PoolError) -> LiquidityPaid in
      switch step.action {
      case .add(let size, let term):
        let lock = try term.map { (term) throws(PoolError) in
          try Lock(
            start: now, end: UTCTime(secondsSince1970: now.secondsSince1970 + term),
            schedule: [.linear, .quadratic, .cliff, .steps(3)][Int(step.salt >> 8 & 3)])
        }
        return try ledger.add(
          shares: size.of(shares), to: lock == nil ? id : nil, lock: lock, at: now)
      case .addUpTo(let a, let b):
        let most = LotPair(
          a: min(a.of(before.reserves.a), Domain.reserveLots.upperBound),
          b: min(b.of(before.reserves.b), Domain.reserveLots.upperBound))
        return try ledger.add(upTo: most, to: id, at: now)
      case .addOneSided(let token, let size):
        let all = token == .a ? before.reserves.a : before.reserves.b
        let lots = min(size.of(all), Domain.orderLots.upperBound)
        let done = try ledger.addSingleSided(token, lots: lots, to: id, at: now)
        give(step.actor, done.swap?.got ?? .zero)
        return done.added
      default: throw .empty
      }
    }
    switch added {
    case .failure(let error):
      try demand(.refusalsChangeNothing, ledger == before, "\(step.action) threw \(error)")
      switch error {
      case .overflow(_, let amount, _) where !amount.hasPrefix("-"): return
      case .tooFewShares: return
      case .countOutOfRange where before.reserves == .zero: return
      default: throw PoolViolation(law: .refusalsChangeNothing, detail: "\(step): \(error)")
      }
    case .success(let added):
      give(step.actor, .zero - added.paidIn)
      owners[added.position] = step.actor
      switch step.action {
      case .addOneSided(let token, let size):
        try checkOneSided(token, size, id, added, before)
      default: try checkAdd(added, before)
      }
      beginRun()
    }
  }

  private mutating func found(_ actor: Actor) throws(PoolViolation) {
    // the pool as it is founded anew: from a lot to many
    let deposit = [LotPair(a: 1, b: 1), LotPair(a: 1_000_000, b: 3000), LotPair(a: 7, b: 1 << 30)][
      Int(now.secondsSince1970 % 3)]
    do throws(PoolError) {
      let added = try ledger.found(deposit, at: now)
      give(actor, .zero - deposit)
      owners[added.position] = actor
      let squared = Int128(added.shares) * Int128(added.shares)
      let next = Int128(added.shares + 1) * Int128(added.shares + 1)
      let product = Int128(deposit.a) * Int128(deposit.b)
      try demandShares(squared <= product && product < next && added.paidIn == deposit, added)
      beginRun()
    } catch .corruptState(let detail) {
      throw PoolViolation(law: .pricesOfShares, detail: detail)
    } catch .lotTooCoarse {
      // the oracle price went far while the pool was empty
    } catch {
      throw PoolViolation(law: .refusalsChangeNothing, detail: "founding \(deposit): \(error)")
    }
  }

  private func demandShares(_ holds: Bool, _ added: LiquidityPaid) throws(PoolError) {
    if !holds { throw .corruptState("\(added)") }
  }

  /// A fair add: `ceil(dS R / S)` of both, and depth that grows by as much.
  func checkAdd(_ added: LiquidityPaid, _ before: Ledger) throws(PoolViolation) {
    func cost(_ reserve: Int) -> Int {
      let (whole, rest) = (Int128(added.shares) * Int128(reserve))
        .quotientAndRemainder(dividingBy: Int128(before.shares))
      return Int(whole) + (rest > 0 ? 1 : 0)
    }
    let fair = LotPair(a: cost(before.reserves.a), b: cost(before.reserves.b))
    try demand(
      .pricesOfShares,
      added.shares > 0 && added.paidIn != .zero && added.paidIn == fair
        && ledger.shares == before.shares + added.shares,
      "\(added) of \(before.shares) shares of \(before.reserves)")
    try checkStayers(before)
    try checkDepth(before)
  }

  /// Nobody else has less of either token a share: `R' / S' >= R / S`.
  func checkStayers(_ before: Ledger) throws(PoolViolation) {
    guard shares > 0, before.shares > 0 else { return }
    func keeps(_ now: Int, _ then: Int) -> Bool {
      Int128(now) * Int128(before.shares) >= Int128(then) * Int128(shares)
    }
    try demand(
      .stayersKeep,
      keeps(ledger.reserves.a, before.reserves.a) && keeps(ledger.reserves.b, before.reserves.b),
      "\(before.reserves) for \(before.shares) shares, then \(ledger.reserves) for \(shares)")
  }

  /// The same price, and so many times the depth, `S' / S` by default: of the lots on offer, each rounded to a lot of its own, and
  /// the A to a lot of B at the end of the curve.
  func checkDepth(_ before: Ledger, times factor: Double? = nil) throws(PoolViolation) {
    guard let price = before.price, let after = ledger.price, let curve = pool.curveInLots,
      shares > 0
    else { return }
    try demand(.depth, Self.close(price, after), "\(price) became \(after)")
    let factor = factor ?? Double(shares) / Double(before.shares)
    func follows(_ now: Int, _ then: Int, _ lots: Double) -> Bool {
      let there = Double(then) * factor
      return (Double(now) - there).magnitude
        <= lots * (1 + factor) + Tolerance.amount.relative * there
    }
    // an end that would bring more than a pool can hold is not reached
    func reaches(_ side: Side) -> Bool {
      [before, ledger].allSatisfy { (try? $0.pool.quote(endOrder(side), at: now)) != nil }
    }
    try demand(
      .depth,
      (!reaches(.sell) || follows(ledger.offered.a, before.offered.a, 2 + curve.price))
        && (!reaches(.buy) || follows(ledger.offered.b, before.offered.b, 2)),
      "\(before.shares) shares offered \(before.offered), \(shares) offer \(ledger.offered)")
  }
}
