import DAMMModel

/// A shared pool and its markets with an outsider who trades on all of them, lets any of them settle at any time,
/// provides liquidity, pays in, waits, and sends old settlements again: what an auditor searches.
///
/// What a market has not settled is not the pool's, nor taken from it: only what the pool has counts, from the
/// beginning of the sequence on.
public struct AuditedSharedPool<Ledger: SharedLedger>: Auditable, Sendable {
  /// What keeps the pool.
  public internal(set) var ledger: Ledger
  /// Its markets.
  public internal(set) var markets: [any PoolMarket]
  /// The time as all of them are told.
  public internal(set) var now: UTCTime
  /// Positions of the outsider at the pool itself.
  public internal(set) var positions: [PositionID] = []
  /// What the outsider may do, by index.
  public let actions: [AuditAction]
  let kinds: [SharedAuditKind]
  let scope: SharedAuditScope
  /// The last settlement that was applied and moved something.
  var settled: Settlement?
  var readingsLeft: Int
  /// Whether the outsider has done anything yet.
  var hasBegun = false
  private let start: UTCTime
  private let firstHealth: Double
  private var first = LotPair.zero
  /// Where each market stood.
  let firstPrices: [Double]

  /// A pool to be audited.
  ///
  /// - Parameters:
  ///   - ledger: keeps the pool.
  ///   - markets: opened on it, with nothing in their books.
  ///   - scope: what the outsider may do, and what counts as a gain.
  ///   - now: the time of the first action.
  /// - Throws: `SharedPoolError.noSuchMarket` for one that is not open in the pool, `.malformed` for one that has a
  ///   book already.
  public init(
    _ ledger: Ledger, _ markets: [any PoolMarket], _ scope: SharedAuditScope = SharedAuditScope(),
    at now: UTCTime
  ) throws(SharedPoolError) {
    for market in markets {
      _ = try ledger.pool.market(market.id)
      guard market.book.isEmpty else {
        throw .malformed("market \(market.id) has traded before the audit")
      }
    }
    self.ledger = ledger
    self.markets = markets.map { market in
      var market = market
      // what is too much, the pool refuses
      market.keepsRoom = false
      return market
    }
    self.scope = scope
    self.now = now
    start = max(now, ledger.pool.account.time)
    firstHealth = ledger.pool.health.value
    firstPrices = markets.map(\.price)
    readingsLeft = scope.mostReadings
    kinds = SharedAuditKind.all(scope, markets: markets.count)
    actions = kinds.map(\.action)
    first = heldLots
  }

  // MARK: What is held

  /// Reserves and fees that are not paid out yet, and what the limits let be taken of the start.
  public var holdings: Holdings {
    var held = heldLots
    if hasBegun, let limits = scope.allowed {
      let part = 1 - part(leftBy: limits)
      held.a += Int((part * Double(first.a)).rounded(.up))
      held.b += Int((part * Double(first.b)).rounded(.up))
    }
    return Holdings(a: Double(held.a), b: Double(held.b))
  }

  private var heldLots: LotPair {
    let pool = ledger.pool
    let fees = pool.owners.map { $0.book.collected - $0.book.paid } ?? 0
    return pool.reserves + LotPair(a: pool.account.pendingFees + fees, b: 0)
  }

  /// `max(h, H - N a D) / H`, `H` being the health at the start and `D` the UTC days since then, the first
  /// counted; less what health may be rounded by.
  private func part(leftBy limits: HealthLimits) -> Double {
    let days = now.day - start.day + 1
    var least = limits.floor.value
    if let allowance = limits.dailyAllowance {
      least = max(least, firstHealth - Double(markets.count * days) * allowance.value)
    }
    return max(0, least / firstHealth - 2 * Tolerance.health.relative)
  }

  /// All actions count from the start: markets that were led apart on the way pay whoever brings them
  /// together again.
  public var owesOutsider: Bool { hasBegun }

  // MARK: Amounts

  /// From dust to more than there is.
  public func range(ofAmount number: Int, of action: Int) -> ClosedRange<Double>? {
    func lots(_ most: Int) -> ClosedRange<Double> {
      1...Double(min(max(most, 1), Domain.orderLots.upperBound))
    }
    let pool = ledger.pool
    switch kinds[action] {
    case .trade(_, let side, let token, _):
      if let most = scope.priceMove {
        // about what the move takes, on both curves
        return lots(Int(most * 8 * Double(token == .a ? pool.reserves.a : pool.reserves.b)))
      }
      if token == .b { return lots(side == .buy ? pool.reserves.b : 2 * pool.reserves.b) }
      return lots(side == .buy ? 2 * pool.reserves.a : pool.reserves.a)
    case .addTo: return lots(2 * pool.reserves.a)
    case .payIn: return lots((number == 0 ? pool.reserves.a : pool.reserves.b) / 10)
    case .add: return 1...Double(min(4 * pool.account.shares, 1 << 52))
    case .remove:
      guard let id = positions.first, let own = try? pool.owners?.book.position(id) else {
        return nil
      }
      return 1...Double(own.shares)
    case .wait: return 1...200_000
    case .settle, .leave, .reading, .replay: return nil
    }
  }
}

/// What an outsider may do to a shared pool, and what counts as a gain.
public struct SharedAuditScope: Sendable {
  /// Where the outsider may provide liquidity.
  public enum Liquidity: Sendable, Hashable {
    /// Nowhere.
    case none
    /// In markets and at the pool itself, but all markets settle right before and right behind.
    case settled
    /// In markets and at the pool itself, at any time.
    case anytime
  }

  /// Where the outsider may provide liquidity.
  public var liquidity = Liquidity.anytime
  /// Whether the outsider may let time pass.
  public var waits = true
  /// Whether the outsider may pay in.
  public var gifts = true
  /// Whether the outsider may send the last settlement again.
  public var replays = true
  /// Relative changes of price that the reading of the first market may take, as decimals.
  public var readings: [Double] = []
  /// How many of them there may be in a sequence.
  public var mostReadings = 1
  /// How far the price of a market may lie from where it stood, relative; `nil` for any.
  public var priceMove: Double?
  /// The limits whose allowance is no gain; with `nil` everything that is taken out is one.
  public var allowed: HealthLimits?

  /// Everything that needs no reading.
  public init() {}
}
