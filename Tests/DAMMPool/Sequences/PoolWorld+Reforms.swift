import DAMMModel
import DAMMPool
import TestSupport

extension PoolWorld {
  mutating func reformAgain() throws(PoolViolation) {
    let before = ledger
    let (reading, terms) = (pool.reading, pool.terms)
    do throws(PoolError) {
      let formed = try ledger.reform(reading, at: now)
      let changed = try ledger.reparameterise(terms, at: now)
      try demandUnchanged(!formed && !changed && ledger == before)
    } catch {
      throw PoolViolation(law: .sameReading, detail: "\(reading): \(error)")
    }
  }

  private func demandUnchanged(_ holds: Bool) throws(PoolError) {
    if !holds { throw .corruptState("something changed") }
  }

  /// A reading at so many times the price of the first curve, so that prices stay where a curve can be
  /// formed; its sigma, or so many times it and back.
  mutating func reform(price: Double, sigma: Double) throws(PoolViolation) {
    let now = pool.reading.relativeSigma
    let s = sigma == 1 ? now : now == firstSigma ? firstSigma * sigma : firstSigma
    guard
      let reading = try? OracleReading(price: pool.reading.price * price, relativeSigma: s)
    else { return }
    if pool.terms.policy == .manual {
      try form { (ledger, now) throws(PoolError) in try ledger.reform(reading, at: now) }
    } else {
      try form { (ledger, now) throws(PoolError) in try ledger.update(reading, at: now) }
    }
  }

  mutating func otherFunding() throws(PoolViolation) {
    let old = pool.terms
    guard
      let terms = try? PoolTerms(
        a: old.a, b: old.b, shape: old.shape, halfWidth: old.halfWidth,
        tickWidthBps: old.tickWidthBps, fees: old.fees,
        funding: old.funding == .full ? .geometricMean : .full, policy: old.policy,
        allowsThinSpread: true)
    else { return }
    try form { (ledger, now) throws(PoolError) in try ledger.reparameterise(terms, at: now) }
  }

  private mutating func form(
    _ action: (inout Ledger, UTCTime) throws(PoolError) -> Bool
  ) throws(PoolViolation) {
    let before = ledger
    let formed: Bool
    do throws(PoolError) { formed = try action(&ledger, now) } catch {
      try demand(.refusalsChangeNothing, ledger == before, "a reform threw \(error)")
      switch error {
      case .lotTooCoarse, .parameter: return
      default: throw PoolViolation(law: .refusalsChangeNothing, detail: "a reform: \(error)")
      }
    }
    loopStart = nil
    beginRun()
    try demand(
      .reformKeeps,
      ledger.reserves == before.reserves && pool.book == before.pool.book
        && (formed || ledger == before),
      "\(before.reserves) became \(ledger.reserves)")
    guard let from = before.price, let to = ledger.price, let old = before.pool.curveInLots,
      let curve = pool.curveInLots
    else { return }
    func tokens(_ price: Double) -> Double {
      LotSize.tokenPrice(pricePerLot: price, a: pool.terms.a, b: pool.terms.b)
    }
    let (low, high) = (tokens(curve.priceRange.lowerBound), tokens(curve.priceRange.upperBound))
    try demand(
      .reformKeeps, Self.close(min(max(from, low), high), to),
      "from \(from) to \(to) on a curve from \(low) to \(high)")
    try demand(
      .reformKeeps, curve.liquidity == old.liquidity,
      "the liquidity \(old.liquidity) became \(curve.liquidity)")
  }

  /// What must be refused, whatever the pool is like.
  mutating func refused(_ number: Int) throws(PoolViolation) {
    let before = ledger
    let past = UTCTime(secondsSince1970: pool.time.secondsSince1970 - 1)
    let stranger = PositionID(1 << 40)
    let own = owners.keys.min()
    let result = attempt { () throws(PoolError) -> Bool in
      switch number {
      case 0: _ = try ledger.swap(LotOrder(.buy, .amount(1)), at: past)
      case 1: _ = try ledger.swap(LotOrder(.sell, .amount(0)), at: now)
      case 2: _ = try ledger.add(shares: 0, to: nil, lock: nil, at: now)
      case 3: _ = try ledger.remove(shares: 1, from: stranger, at: now)
      case 4:
        guard let own else { return false }
        _ = try ledger.remove(shares: shares + 1, from: own, at: now)
      case 5: _ = try ledger.add(shares: 1, to: stranger, lock: nil, at: now)
      case 6: _ = try ledger.add(shares: Int.max, to: nil, lock: nil, at: now)
      default: _ = try ledger.leaveEarly(stranger, at: now)
      }
      return true
    }
    try demand(.refusalsChangeNothing, ledger == before, "refusal \(number) changed the pool")
    switch (number, result) {
    case (4, .success(false)), (_, .failure(.empty)): return
    case (0, .failure(.timeGoesBack)), (1, .failure(.countOutOfRange)),
      (2, .failure(.countOutOfRange)), (3, .failure(.noSuchPosition)),
      (4, .failure(.countOutOfRange)), (4, .failure(.locked)), (5, .failure(.noSuchPosition)),
      (5, .failure(.overflow)), (6, .failure(.overflow)), (7, .failure(.noSuchPosition)):
      return
    case (2...6, .failure(.countOutOfRange)) where before.reserves == .zero: return
    default:
      throw PoolViolation(law: .refusalsChangeNothing, detail: "refusal \(number): \(result)")
    }
  }
}
