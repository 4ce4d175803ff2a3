import DAMMModel
import DAMMOracle

/// A pool with an outsider who trades, provides liquidity and, where that is allowed, knows of readings
/// before they come: what an auditor searches. Holdings are whole lots, reserves and fees together.
public struct AuditedPool: Auditable, Sendable {
  /// How much an outsider may do.
  public struct Scope: Sendable, Hashable {
    /// Whether the outsider may provide liquidity: add, remove, lock, leave early, claim.
    public var liquidity = true
    /// Whether the outsider may let time pass.
    public var waits = true
    /// Relative changes of the reading that a reform may make: of price, of sigma over price.
    public var readings: [ReadingChange] = []
    /// How many reforms with a changed reading there may be in a sequence.
    public var mostReadings = 1
    /// How far trades may lead away from where the pool stood, as a part of what the side offered then.
    public var part: Double?

    /// Everything that needs no reading.
    public init() {}
  }

  /// A relative change of a reading, as decimals.
  public struct ReadingChange: Sendable, Hashable {
    /// Of its price.
    public let price: Double
    /// Of its sigma over price.
    public let sigma: Double

    /// A change: 0.001 is 0.1 % more.
    public init(price: Double = 0, sigma: Double = 0) {
      (self.price, self.sigma) = (price, sigma)
    }

    /// All changes of price by so much up, down or not, and of sigma over price alike, but for none at all.
    public static func all(price: Double, sigma: Double) -> [ReadingChange] {
      var changes: [ReadingChange] = []
      for price in price == 0 ? [0] : [-price, 0, price] {
        for sigma in sigma == 0 ? [0] : [-sigma, 0, sigma] where price != 0 || sigma != 0 {
          changes.append(ReadingChange(price: price, sigma: sigma))
        }
      }
      return changes
    }
  }

  /// What an outsider may do to a pool.
  enum Kind {
    case buyB, buyA, sellB, sellA, buyTo, sellTo
    case add, addA, addB, lock, remove, leaveEarly, claim
    case wait, sameReading
    case reading(ReadingChange)
  }

  /// The pool as it stands.
  public private(set) var pool: Pool
  /// The time as the pool was told.
  public private(set) var now: UTCTime
  /// Positions of the outsider.
  public private(set) var positions: [PositionID] = []
  /// What may be done, and how the auditor names it.
  let kinds: [Kind]
  /// What the outsider may do, by index.
  public let actions: [AuditAction]
  private var readingsLeft: Int
  /// How often each change of the reading was made.
  private var changes: [ReadingChange: Int] = [:]
  private let first: OracleReading
  /// Lots of B that trades may bring in (`a`, for which A is paid out) and take out (`b`); `nil` for all.
  private var most: LotPair?
  /// Lots of B that trades have taken out.
  private var taken = 0

  /// A pool to be audited.
  ///
  /// - Throws: `PoolError.empty` for a pool without shares.
  public init(_ pool: Pool, _ scope: Scope = Scope()) throws(PoolError) {
    guard !pool.isEmpty else { throw .empty }
    self.pool = pool
    now = pool.time
    first = pool.reading
    readingsLeft = scope.mostReadings
    var kinds: [Kind] = [.buyB, .buyA, .sellB, .sellA, .buyTo, .sellTo]
    if scope.liquidity { kinds += [.add, .addA, .addB, .lock, .remove, .leaveEarly, .claim] }
    if scope.waits { kinds.append(.wait) }
    kinds += [.sameReading] + scope.readings.map(Kind.reading)
    self.kinds = kinds
    actions = kinds.map(\.action)
    guard let part = scope.part else {
      most = nil
      return
    }
    let ends = Domain.target
    let up = try pool.quote(LotOrder(.buy, .toPrice(ends.upperBound)), at: pool.time)
    let down = try pool.quote(LotOrder(.sell, .toPrice(ends.lowerBound)), at: pool.time)
    most = LotPair(a: Int(part * Double(down.amountIn)), b: Int(part * Double(up.amountOut)))
  }

  /// Reserves and fees that are not paid out yet.
  public var holdings: Holdings {
    let fees = pool.book.collected - pool.book.paid
    return Holdings(a: Double(pool.reserves.a + fees), b: Double(pool.reserves.b))
  }

  /// Whether the outsider has shares.
  public var owesOutsider: Bool { !positions.isEmpty }

  // MARK: Amounts

  /// From dust to more than there is.
  public func range(ofAmount number: Int, of action: Int) -> ClosedRange<Double>? {
    func lots(_ most: Int) -> ClosedRange<Double> {
      1...Double(min(max(most, 1), Domain.orderLots.upperBound))
    }
    let (reserves, offered) = (pool.reserves, pool.offered)
    switch kinds[action] {
    case .buyB: return lots(most.map { min($0.b, offered.b) } ?? offered.b)
    case .sellB: return lots(most?.a ?? 2 * reserves.b)
    case .buyA, .addA: return lots(2 * reserves.a)
    case .sellA: return lots(offered.a)
    case .addB: return lots(2 * reserves.b)
    case .buyTo, .sellTo:
      guard let curve = pool.curveInLots else { return nil }
      let range = curve.priceRange
      return max(
        pool.tokenPrice(range.lowerBound), .leastNormalMagnitude)...max(
          pool.tokenPrice(range.upperBound), .leastNormalMagnitude)
    case .add: return 1...Double(min(2 * pool.shares, 1 << 52))
    case .lock: return number == 0 ? 1...Double(min(2 * pool.shares, 1 << 52)) : 1...1e5
    case .remove:
      guard let id = positions.first, let own = try? pool.book.position(id) else { return nil }
      return 1...Double(own.shares)
    case .wait: return 1...1e5
    case .leaveEarly, .claim, .sameReading, .reading: return nil
    }
  }

  // MARK: Acting

  /// Does an action; `PoolError` as the pool throws it, and nothing has changed then.
  public mutating func perform(_ action: Int, _ amounts: AuditAmounts) throws(PoolError) {
    let kind = kinds[action]
    func lots(_ amount: Double) -> Int { Int(exactly: amount.rounded()) ?? .max }
    let first = lots(amounts.first)
    switch kind {
    case .buyB: try swap(LotOrder(.buy, .amount(first)))
    case .buyA: try swap(LotOrder(.buy, .notional(first)))
    case .sellB: try swap(LotOrder(.sell, .amount(first)))
    case .sellA: try swap(LotOrder(.sell, .notional(first)))
    case .buyTo: try swap(LotOrder(.buy, .toPrice(amounts.first)))
    case .sellTo: try swap(LotOrder(.sell, .toPrice(amounts.first)))
    case .add: positions.append(try pool.add(shares: first, at: now).position)
    case .addA: positions.append(try pool.addSingleSided(.a, lots: first, at: now).added.position)
    case .addB:
      positions.append(try pool.addSingleSided(.b, lots: first, at: now).added.position)
    case .lock:
      let end = now.secondsSince1970 + Int64(min(max(amounts.second, 1), 1e9))
      let lock = try Lock(start: now, end: UTCTime(secondsSince1970: end))
      positions.append(try pool.add(shares: first, lock: lock, at: now).position)
    case .remove:
      guard let id = positions.first else { throw .empty }
      do {
        try pool.remove(shares: first, from: id, at: now)
      } catch {
        // the next time another one comes first
        if case .locked = error, positions.count > 1 { positions.append(positions.removeFirst()) }
        throw error
      }
      forget(id)
    case .leaveEarly:
      guard let id = positions.first else { throw .empty }
      try pool.leaveEarly(id, at: now)
      forget(id)
    case .claim:
      guard let id = positions.first else { throw .empty }
      try pool.claimFees(of: id, at: now)
    case .wait:
      now = UTCTime(secondsSince1970: now.secondsSince1970 + Int64(min(amounts.first, 1e9)))
    case .sameReading: try pool.reform(pool.reading, at: now)
    case .reading(let change): try reform(change)
    }
  }

  private mutating func swap(_ order: LotOrder) throws(PoolError) {
    guard let most else {
      try pool.swap(order, at: now)
      return
    }
    var copy = pool
    let quote = try copy.swap(order, at: now)
    let after = taken + (order.side == .buy ? quote.amountOut : -quote.amountIn)
    try Domain.check(after, "lots of B away from the start", in: -most.a...most.b)
    pool = copy
    taken = after
  }

  /// The same outsider beside another pool, so many times as large.
  func scaled(_ pool: Pool, by times: Int) -> AuditedPool? {
    var scaled = self
    scaled.pool = pool
    if let most {
      let (a, b) = (
        most.a.multipliedReportingOverflow(by: times), most.b.multipliedReportingOverflow(by: times)
      )
      let taken = taken.multipliedReportingOverflow(by: times)
      guard !a.overflow, !b.overflow, !taken.overflow else { return nil }
      scaled.most = LotPair(a: a.partialValue, b: b.partialValue)
      scaled.taken = taken.partialValue
    }
    return scaled
  }

  private mutating func forget(_ id: PositionID) {
    if (try? pool.book.position(id)) == nil { positions.removeAll { $0 == id } }
  }

  private mutating func reform(_ change: ReadingChange) throws(PoolError) {
    try Domain.check(readingsLeft, "readings left", in: 1...Int.max)
    var changes = changes
    changes[change, default: 0] += 1
    // from how often each change was made, in any order: so that tables are few
    var (price, sigma) = (first.price, first.relativeSigma)
    for (change, times) in changes.sorted(by: {
      ($0.key.price, $0.key.sigma) < ($1.key.price, $1.key.sigma)
    }) {
      for _ in 0..<times {
        price *= 1 + change.price
        sigma *= 1 + change.sigma
      }
    }
    let reading: OracleReading
    do { reading = try OracleReading(price: price, relativeSigma: sigma) } catch {
      throw .parameter(error)
    }
    try pool.reform(reading, at: now)
    self.changes = changes
    readingsLeft -= 1
  }
}
