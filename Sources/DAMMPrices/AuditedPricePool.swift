import DAMMModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// A pool of price functions with an outsider who trades, provides liquidity and lets time pass: what an
/// auditor searches. Holdings are token units, the fees that are held apart among them.
public struct AuditedPricePool<Prices: PriceFunctions>: Auditable, Sendable {
  /// The pool as it stands.
  public private(set) var pool: PricePool<Prices>
  /// The time as the price functions are told.
  public private(set) var now: UTCTime
  /// Shares of the outsider, never more than it was given.
  public private(set) var shares = 0.0
  /// The noise before or behind the last action; infinite where a reserve was about to leave its domain, whose ends
  /// are not those of a scaled pool.
  public private(set) var rounding = Holdings.zero
  private var isCutShort = false
  /// What the outsider may do.
  public let actions: [AuditAction]
  private var first: PricePool<Prices>

  /// A pool to be audited.
  ///
  /// - Parameters:
  ///   - pool: as it stands.
  ///   - now: the time of the first action.
  ///   - waits: whether the outsider may let time pass, for price functions that depend on it.
  public init(_ pool: PricePool<Prices>, at now: UTCTime, waits: Bool = false) {
    self.pool = pool
    first = pool
    self.now = now
    let trades: [AuditAction] = [
      AuditAction("buy, exact out", .trade, .init("B")),
      AuditAction("buy, exact in", .trade, .init("A")),
      AuditAction("sell, exact in", .trade, .init("B")),
      AuditAction("sell, exact out", .trade, .init("A")),
      AuditAction("add", .deposit, .init("shares")),
      AuditAction("add A alone", .deposit, .init("A")),
      AuditAction("add B alone", .deposit, .init("B")),
      AuditAction("remove", .withdrawal, .init("shares")),
    ]
    actions =
      trades
      + (waits ? [AuditAction("wait", .other, .init("seconds", grain: 1, isExtensive: false))] : [])
  }

  /// Reserves and fees that are not paid out yet.
  public var holdings: Holdings {
    Holdings(a: pool.reserves.a + pool.fees, b: pool.reserves.b)
  }

  /// The error that amounts may have, in parts of what is held of each, by value: the more, the further the
  /// ratio has moved.
  public var noise: Holdings { noise(.zero) }

  /// The same, also of what was held before: by value behind a trade, what the last bit of an amount is worth that
  /// leaves hardly anything.
  private func noise(_ before: Holdings) -> Holdings {
    let ratio = pool.ratio
    let bound = 4 * Tolerance.priceAmount.relative * (1 + abs(log(ratio / first.ratio)))
    let now = holdings
    let held = Holdings(
      a: max(now.a, first.reserves.a, before.a), b: max(now.b, first.reserves.b, before.b))
    guard let ask = try? pool.ask(at: self.now), let bid = try? pool.bid(at: self.now)
    else { return held }
    return Holdings(
      a: bound * (held.a + held.b * max(ask, ratio)),
      b: bound * (held.b + held.a / min(bid, ratio)))
  }

  /// Whether the outsider has shares.
  public var owesOutsider: Bool { shares > 0 }

  /// From dust to more than there is.
  public func range(ofAmount number: Int, of action: Int) -> ClosedRange<Double>? {
    let (a, b) = (pool.reserves.a, pool.reserves.b)
    // dust that still moves a reserve, up to more than there is
    func range(_ held: Double) -> ClosedRange<Double> { held * 1e-12...held * 2 }
    switch action {
    case 0: return b * 1e-12...b
    case 1, 5: return range(a)
    case 2, 6: return range(b)
    case 3: return a * 1e-12...a
    case 4: return range(pool.shares)
    case 7: return shares > 0 ? shares * 1e-12...shares : nil
    default: return 1...1e6
    }
  }

  /// Reserves, shares and fees times the factor.
  public func scaled(by factor: Double) -> AuditedPricePool? {
    guard let pool = try? pool.scaled(by: factor), let first = try? first.scaled(by: factor)
    else { return nil }
    var scaled = self
    (scaled.pool, scaled.first, scaled.shares) = (pool, first, factor * shares)
    return scaled
  }

  /// Does an action; `DAMMError` as the pool throws it, and nothing has changed then.
  public mutating func perform(_ action: Int, _ amounts: AuditAmounts) throws(DAMMError) {
    var next = self
    next.isCutShort = false
    try next.act(action, amounts.first)
    let (before, after) = (noise, next.noise(holdings))
    next.rounding =
      next.isCutShort
      ? Holdings(a: .infinity, b: .infinity)
      : Holdings(a: max(before.a, after.a), b: max(before.b, after.b))
    self = next
  }

  private mutating func act(_ action: Int, _ amount: Double) throws(DAMMError) {
    switch action {
    case 0: try swap(.exactOut(amount, .buy))
    case 1: try swap(.exactIn(amount, .buy))
    case 2: try swap(.exactIn(amount, .sell))
    case 3: try swap(.exactOut(amount, .sell))
    case 4: own(try pool.add(shares: amount).shares)
    case 5: own(try pool.addSingleSided(.a, amount, at: now).added.shares)
    case 6: own(try pool.addSingleSided(.b, amount, at: now).added.shares)
    case 7:
      // the founder's shares are not the outsider's
      try Domain.check(amount, "shares to burn", in: 0...shares)
      own(-(try pool.remove(shares: amount).shares))
    default: now = UTCTime(secondsSince1970: now.secondsSince1970 + Int64(min(amount, 1e9)))
    }
  }

  /// So many shares more: rounded down, for what it has too much would be the founder's.
  private mutating func own(_ more: Double) {
    let sum = shares + more
    let isExact = sum - shares == more && sum - more == shares
    shares = isExact ? sum : sum.nextDown
  }

  private mutating func swap(_ order: Order) throws(DAMMError) {
    isCutShort = try pool.swap(order, at: now).stop == .exhausted
  }
}
