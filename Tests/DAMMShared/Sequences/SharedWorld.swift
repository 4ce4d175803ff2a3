import DAMMModel
import DAMMPool
import TestSupport

import DAMMShared

/// A pool, its markets, the messages between them and everybody outside: own books beside those under test.
struct SharedWorld<Ledger: SharedLedger> {
  let setup: SharedSetup
  var ledger: Ledger
  var markets: [any PoolMarket] = []
  var now = SharedSetup.start
  var keys: [MarketID: MarketKey] = [:]
  /// Settlements that were posted, but for those that a market has posted otherwise since.
  var wire: [Settlement] = []
  var receipts: [MarketID: [Int: SettlementReceipt]] = [:]
  /// Lots that everybody has paid in, less what they got.
  var paid: LotPair
  /// The number of the last settlement that was applied.
  var applied: [MarketID: Int] = [:]
  var credits: [MarketID: LotPair] = [:]
  /// Parts of health by which a market's settlements have lowered it, by day.
  var falls: [MarketID: [Int: Int]] = [:]
  var closed: Set<MarketID> = []
  /// Liquidity over that of the founding, and how often it was multiplied.
  var growth = 1.0
  var growths = 0
  /// Counts what changed in the pool, and up to where each market knows of it.
  var version = 0
  var seen: [MarketID: Int] = [:]
  /// The laws that are looked at: all but where one is tried alone.
  var watched = Set(SharedLaw.allCases)
  /// Settlements within a credit.
  var settledWithin = 0
  private var keySource: SplitMix64
  private let founding: SharedPoolFounding

  init(_ setup: SharedSetup, _ ledger: Ledger) throws {
    self.setup = setup
    // as it should be: that of a pool with a fault may be another
    founding = try setup.pool().founding
    self.ledger = ledger
    paid = setup.deposit
    keySource = SplitMix64(seed: setup.number)
    for kind in setup.kinds { try open(kind) }
  }

  var pool: SharedPool { ledger.pool }
  var limits: HealthLimits { setup.terms.limits }
  /// The time as the pool counts it.
  var day: Int { Int(now.secondsSince1970 / 86_400) }

  // MARK: A step

  /// Does a step and checks all laws behind it.
  ///
  /// - Returns: whether it took effect.
  mutating func perform(_ step: SharedStep) throws(SharedViolation) -> Bool {
    var random = SplitMix64(seed: step.salt)
    var did = false
    do throws(SharedViolation) {
      did = try act(step.action, &random)
      try checkState(&random)
    } catch  where !watched.contains(error.law) {}
    return did
  }

  /// Throws unless a law holds, if it is looked at.
  @inline(__always)
  func demand(
    _ law: SharedLaw, _ holds: Bool, _ detail: @autoclosure () -> String
  ) throws(SharedViolation) {
    if !holds && watched.contains(law) { throw SharedViolation(law: law, detail: detail()) }
  }

  private mutating func act(
    _ action: SharedAction, _ random: inout SplitMix64
  ) throws(SharedViolation) -> Bool {
    switch action {
    case .wait(let seconds):
      now = UTCTime(secondsSince1970: now.secondsSince1970 + seconds)
      return true
    case .open(let kind):
      guard markets.count < 12 else { return false }
      return try open(setup.kinds[kind % setup.kinds.count])
    case .swap(let number, let side, let kind, let size):
      return try trade(place(number), side, kind, size)
    case .post(let number, let last): return try post(place(number), last: last) != nil
    case .deliver(let number, let answers):
      guard !wire.isEmpty else { return false }
      return try deliver(wire[number % wire.count], answers: answers)
    case .settle(let number):
      guard let message = try post(place(number), last: false) else { return false }
      return try deliver(message, answers: true)
    case .forge(let number, let kind, let size):
      return try forge(place(number), kind, size)
    case .addInMarket, .removeInMarket, .cancel, .payInMarket, .reform:
      return try changeMarket(action)
    case .grant(let number, let a, let b): return try grant(place(number), a, b)
    case .add(let size, let term, let tokens, let same):
      return try add(size, term: term, tokens: tokens, same: same)
    case .remove(let number, let size): return try remove(number, size)
    case .leaveEarly(let number): return try leaveEarly(number)
    case .claim(let number): return try claim(number)
    case .payIn(let size): return try payIn(size)
    case .observe(let a, let b): return try observe(a, b)
    case .redeem(let size): return try redeem(size)
    }
  }

  func place(_ number: Int) -> Int { number % markets.count }

  /// So much of something, at least one.
  func lots(_ part: Double, of all: Int) -> Int {
    min(max(1, Int(Double(all) * part)), Domain.reserveLots.upperBound)
  }

  @discardableResult
  private mutating func open(_ kind: SharedSetup.Kind) throws(SharedViolation) -> Bool {
    let id = try! MarketID("m\(keys.count)")
    let key = MarketKey.random(using: &keySource)
    keys[id] = key
    let snapshot: PoolSnapshot
    switch apply(.open(market: id, key: key)) {
    case .success(let receipt): snapshot = receipt.snapshot!
    case .failure(let error):
      throw SharedViolation(law: .refusedAsItShould, detail: "open: \(error)")
    }
    // a pool whose lots are too coarse for a curve has a constant product instead
    let market =
      setup.market(kind, id, key, of: founding, snapshot, at: now)
      ?? setup.market(
        .product(feeBps: 0, apart: true, ratio: 1), id, key, of: founding, snapshot, at: now)!
    markets.append(market)
    (applied[id], credits[id], seen[id]) = (0, .zero, version)
    return true
  }

  // MARK: The pool

  /// Does an action on the pool, which changes nothing if it is refused.
  mutating func apply(_ action: LedgerAction) -> Result<LedgerReceipt, SharedPoolError> {
    version += 1
    do throws(SharedPoolError) {
      return .success(try ledger.apply(action, at: now))
    } catch {
      return .failure(error)
    }
  }

  /// What was before, for a refused action.
  func checkUnchanged(
    _ before: Ledger, _ what: String, _ error: SharedPoolError
  ) throws(SharedViolation) {
    let (was, its): (SharedPool, SharedPool) = (before.pool, pool)
    let isSame: Bool =
      was.account == its.account && was.markets == its.markets && was.owners == its.owners
    try demand(.refusalsChangeNothing, isSame, "\(what) threw \(error)")
  }

  /// Lots that left the outside pool, for LP tokens that were redeemed: exactly what they redeem for, if that
  /// happened at once.
  mutating func noteRedeemed(_ before: Ledger, atOnce: Bool) throws(SharedViolation) {
    guard let was = before.pool.account.outside, let its = pool.account.outside else { return }
    // a deposit of tokens changes neither
    let tokens = was.supply - its.supply
    guard tokens > 0 else { return }
    func worth(_ reserve: Int) -> Int {
      let product: UInt128 = UInt128(reserve) * UInt128(tokens)
      return Int(product / UInt128(was.supply))
    }
    let lots = was.reserves - its.reserves
    if atOnce {
      try demand(
        .conservation, lots == LotPair(a: worth(was.reserves.a), b: worth(was.reserves.b)),
        "\(tokens) LP tokens brought \(lots)")
    }
    paid = paid + lots
  }
}
