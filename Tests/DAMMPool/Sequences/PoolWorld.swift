import DAMMModel
import DAMMPool
import TestSupport

/// A ledger and everybody outside of it: an own book of who holds what, beside the one under test.
struct PoolWorld<Ledger: LedgerUnderTest> {
  var ledger: Ledger
  var now = PoolSetup.start
  /// Lots that each actor has got, less what it gave.
  var wallets = [LotPair](repeating: .zero, count: Actor.allCases.count)
  var owners: [PositionID: Actor] = [:]
  /// What the pool held with all fees after each trade since something else was done.
  var run: [LotPair] = []
  /// What the attacker had when its loop began; `nil` while others act as well.
  var loopStart: LotPair?
  /// Whether this pool is stored as JSON after every action, which takes longer than all else.
  var storesAlways = false
  /// The laws that are looked at: all but where one is tried alone.
  var watched = Set(PoolLaw.allCases)
  /// The first reading's, to which a reform comes back, so that tables are few.
  let firstSigma: Double

  init(_ ledger: Ledger, deposit: LotPair) {
    self.ledger = ledger
    firstSigma = ledger.pool.reading.relativeSigma
    owners[ledger.pool.book.positionIDs[0]] = .founder
    wallets[Actor.founder.rawValue] = .zero - deposit
    run = [total]
  }

  var pool: Pool { ledger.pool }
  var shares: Int { ledger.pool.shares }

  /// What the pool holds with all fees that it ever took.
  var total: LotPair { LotPair(a: ledger.reserves.a + ledger.collected, b: ledger.reserves.b) }

  mutating func give(_ actor: Actor, _ lots: LotPair) {
    wallets[actor.rawValue] = wallets[actor.rawValue] + lots
  }

  func positions(of actor: Actor) -> [PositionID] {
    owners.keys.filter { owners[$0] == actor }.sorted()
  }

  /// One of an actor's positions; of those that are locked, or that are not.
  func position(_ number: Int, of actor: Actor, locked: Bool? = nil) -> PositionID? {
    let own = positions(of: actor).filter { locked == nil || isLocked($0) == locked }
    return own.isEmpty ? nil : own[number % own.count]
  }

  func isLocked(_ id: PositionID) -> Bool {
    guard let lock = (try? pool.book.position(id))?.lock else { return false }
    return !lock.isOver(at: now)
  }

  // MARK: A step

  /// Does a step and checks all laws behind it.
  ///
  /// - Returns: whether it took effect.
  mutating func perform(_ step: PoolStep) throws(PoolViolation) -> Bool {
    var random = SplitMix64(seed: step.salt)
    let before = ledger
    if step.actor != .attacker {
      loopStart = nil
    } else if loopStart == nil, positions(of: .attacker).isEmpty {
      loopStart = wallets[Actor.attacker.rawValue]
    }
    do throws(PoolViolation) {
      try checkSnapshot()
      try act(step, &random)
      try checkState(&random)
      if step.actor == .attacker { try checkLoop() }
    } catch  where !watched.contains(error.law) {}
    return ledger != before
  }

  /// Throws unless a law holds, if it is looked at.
  @inline(__always)
  func demand(
    _ law: PoolLaw, _ holds: Bool, _ detail: @autoclosure () -> String
  ) throws(PoolViolation) {
    if !holds && watched.contains(law) { throw PoolViolation(law: law, detail: detail()) }
  }

  private mutating func act(
    _ step: PoolStep, _ random: inout SplitMix64
  ) throws(PoolViolation) {
    let actor = step.actor
    switch step.action {
    case .swap(let side, let order, let limit):
      guard let order = lotOrder(side, order, limit: limit) else { return }
      try trade(actor, order, &random)
    case .wait(let seconds):
      now = UTCTime(secondsSince1970: now.secondsSince1970 + seconds)
    case .refused(let number): try refused(number)
    case .reformAgain: try reformAgain()
    case .reform(let price, let sigma): try reform(price: price, sigma: sigma)
    case .otherFunding: try otherFunding()
    case .leaveAll:
      for id in positions(of: actor) {
        if isLocked(id) { try leave(actor, id) } else { try removeAll(actor, id) }
      }
    case .add, .addUpTo, .addOneSided: try add(step)
    case .remove(let number, let size):
      guard let id = position(number, of: actor, locked: false) ?? position(number, of: actor)
      else { return }
      let own = try! pool.book.position(id).shares
      try remove(actor, id, min(own, size.of(own)))
    case .removeDust(let number, let times):
      guard let id = position(number, of: actor) else { return }
      for _ in 0..<times where owners[id] != nil { try remove(actor, id, 1) }
    case .leaveEarly(let number):
      guard let id = position(number, of: actor, locked: true) ?? position(number, of: actor)
      else { return }
      try leave(actor, id)
    case .claim(let number):
      guard let id = position(number, of: actor) else { return }
      try claim(actor, id)
    }
  }

  /// An order for the pool as it stands; `nil` where there is none.
  func lotOrder(_ side: Side, _ order: PoolAction.Order, limit: Double?) -> LotOrder? {
    guard let curve = pool.curveInLots else { return nil }
    let (from, range) = (curve.price, curve.priceRange)
    func place(_ part: Double) -> Double {
      let lots = from + part * ((side == .buy ? range.upperBound : range.lowerBound) - from)
      return LotSize.tokenPrice(
        pricePerLot: max(lots, range.lowerBound / 2), a: pool.terms.a, b: pool.terms.b)
    }
    let stop = limit.map(place)
    func clamped(_ lots: Int) -> Int {
      min(max(lots, 1), Domain.orderLots.upperBound)
    }
    switch order {
    case .amount(let size):
      let all =
        side == .buy
        ? ledger.offered.b : (try? pool.quote(endOrder(.sell), at: now).amountIn) ?? 1000
      return try? LotOrder(side, .amount(clamped(size.of(all))), limit: stop)
    case .notional(let size):
      let all =
        side == .sell
        ? ledger.offered.a : (try? pool.quote(endOrder(.buy), at: now).amountIn) ?? 1000
      return try? LotOrder(side, .notional(clamped(size.of(all))), limit: stop)
    case .toPrice(let part):
      return try? LotOrder(side, .toPrice(place(part)), limit: stop)
    }
  }

  /// To the end of the curve.
  func endOrder(_ side: Side) -> LotOrder {
    let ends = Domain.target
    return try! LotOrder(side, .toPrice(side == .buy ? ends.upperBound : ends.lowerBound))
  }

  /// Whatever is no trade begins another run.
  mutating func beginRun() { run = [total] }
}
