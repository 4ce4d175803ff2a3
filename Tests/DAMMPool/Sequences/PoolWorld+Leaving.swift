import DAMMModel
import DAMMPool
import TestSupport

extension PoolWorld {
  mutating func removeAll(_ actor: Actor, _ id: PositionID) throws(PoolViolation) {
    try remove(actor, id, try! pool.book.position(id).shares)
  }

  /// `floor(dS R / S)` of both, and the fees with the last share; nothing of what is locked.
  mutating func remove(
    _ actor: Actor, _ id: PositionID, _ burned: Int
  ) throws(PoolViolation) {
    let before = ledger
    let position = try! pool.book.position(id)
    let locked = isLocked(id)
    let done = attempt { () throws(PoolError) in
      try ledger.remove(shares: burned, from: id, at: now)
    }
    switch done {
    case .failure(let error):
      try demand(.locksHold, locked && isLockedError(error), "\(id) threw \(error)")
      try demand(.refusalsChangeNothing, ledger == before, "removing \(id) threw \(error)")
    case .success(let taken):
      try demand(.locksHold, !locked, "\(id) was removed: \(taken)")
      give(actor, taken.paidOut + LotPair(a: taken.fees, b: 0))
      func pay(_ reserve: Int) -> Int {
        Int(Int128(burned) * Int128(reserve) / Int128(before.shares))
      }
      let all = burned == position.shares
      try demand(
        .pricesOfShares,
        taken.paidOut == LotPair(a: pay(before.reserves.a), b: pay(before.reserves.b))
          && shares == before.shares - burned,
        "\(burned) of \(before.shares) shares of \(before.reserves): \(taken)")
      // the last one of all takes the fractions that others left, too
      let isLast = before.shares == burned
      try demand(
        .claims,
        all
          ? taken.fees == position.owed || (isLast && taken.fees >= position.owed)
          : taken.fees == 0,
        "\(burned) of \(position): \(taken)")
      if all { owners[id] = nil }
      try checkStayers(before)
      try checkDepth(before)
      beginRun()
    }
  }

  private func isLockedError(_ error: PoolError) -> Bool {
    if case .locked = error { return true }
    return false
  }

  /// Leaving early: `refund + penalty` is what a remove would pay, `refund = floor(e amount)`, nobody who
  /// stays has less, and the last one forfeits nothing.
  mutating func leave(_ actor: Actor, _ id: PositionID) throws(PoolViolation) {
    let before = ledger
    let position = try! pool.book.position(id)
    let locked = isLocked(id)
    let done = attempt { () throws(PoolError) in try ledger.leaveEarly(id, at: now) }
    switch done {
    case .failure(let error):
      try demand(.exits, !locked && error == .notLocked(id), "\(id) threw \(error)")
      try demand(.refusalsChangeNothing, ledger == before, "leaving \(id) threw \(error)")
    case .success(let left):
      try demand(.exits, locked, "\(id) was left though it is free")
      give(actor, left.refund + LotPair(a: left.fees, b: 0))
      owners[id] = nil
      let isLast = before.shares == position.shares
      let vested = isLast ? (1, 1) : Self.vested(position.lock!, at: now)
      func amount(_ reserve: Int) -> Int {
        Int(Int128(position.shares) * Int128(reserve) / Int128(before.shares))
      }
      func refund(_ reserve: Int) -> Int {
        Int(Int128(amount(reserve)) * Int128(vested.0) / Int128(vested.1))
      }
      let amounts = LotPair(a: amount(before.reserves.a), b: amount(before.reserves.b))
      try demand(
        .exits,
        left.refund + left.penalty == amounts && left.shares == position.shares
          && left.refund == LotPair(a: refund(before.reserves.a), b: refund(before.reserves.b))
          && shares == before.shares - left.shares
          && (isLast ? left.fees >= position.owed : left.fees == 0),
        "\(position) of \(before.shares) shares of \(before.reserves): \(left)")
      try checkStayers(before)
      // the depth falls by the vested part of its own alone
      let part = Double(position.shares) / Double(before.shares)
      try checkDepth(before, times: 1 - part * Double(vested.0) / Double(vested.1))
      beginRun()
    }
  }

  /// What part a schedule pays at a moment inside the term, as a quotient, written again.
  private static func vested(_ lock: Lock, at now: UTCTime) -> (Int, Int) {
    let elapsed = Int(max(now.secondsSince1970 - lock.start.secondsSince1970, 0))
    let term = lock.seconds
    switch lock.schedule {
    case .linear: return (elapsed, term)
    case .quadratic: return (elapsed * elapsed, term * term)
    case .cliff: return (0, 1)
    case .steps(let count): return (elapsed * count / term, count)
    }
  }

  mutating func claim(_ actor: Actor, _ id: PositionID) throws(PoolViolation) {
    let before = ledger
    let owed = try! pool.book.position(id).owed
    let locked = isLocked(id)
    switch attempt({ () throws(PoolError) in try ledger.claimFees(of: id, at: now) }) {
    case .failure(let error):
      try demand(.locksHold, locked && isLockedError(error), "claiming \(id) threw \(error)")
      try demand(.refusalsChangeNothing, ledger == before, "claiming \(id) threw \(error)")
    case .success(let lots):
      try demand(.locksHold, !locked, "\(lots) lots of fees of \(id) were claimed")
      give(actor, LotPair(a: lots, b: 0))
      let rest = (try? pool.book.position(id).owed) ?? 0
      try demand(
        .claims, lots == owed && rest == 0, "\(owed) were owed, \(lots) paid, \(rest) left")
    }
  }
}
