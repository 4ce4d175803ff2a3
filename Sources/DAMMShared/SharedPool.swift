import DAMMKernel
import DAMMModel
import DAMMPool

/// What is set for a shared pool.
public struct SharedPoolTerms: Sendable, Hashable, Codable {
  /// Lots of the numeraire token A.
  public let a: LotSize
  /// Lots of the asset token B.
  public let b: LotSize
  /// The curve that its health is measured on.
  public let reference: Reference
  /// How far its health may fall.
  public let limits: HealthLimits

  /// Terms.
  ///
  /// - Throws: `PoolError.lotsDiffer` for a tick curve with lots of other sizes.
  public init(
    a: LotSize, b: LotSize, reference: Reference = .constantProduct, limits: HealthLimits
  ) throws(PoolError) {
    if case .ticks(let terms, _) = reference {
      guard terms.a == a, terms.b == b else { throw .lotsDiffer }
    }
    self.a = a
    self.b = b
    self.reference = reference
    self.limits = limits
  }

  private enum Key: String, CodingKey { case a, b, reference, limits }

  /// Reads terms, checked like any others.
  ///
  /// - Throws: `DecodingError`, and as `init`.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    try self.init(
      a: fields.decode(LotSize.self, forKey: .a), b: fields.decode(LotSize.self, forKey: .b),
      reference: fields.decode(Reference.self, forKey: .reference),
      limits: fields.decode(HealthLimits.self, forKey: .limits))
  }
}

/// How a pool began: what never changes.
public struct SharedPoolFounding: Sendable, Hashable, Codable {
  /// What was set.
  public let terms: SharedPoolTerms
  /// The first deposit.
  public let deposit: LotPair
  /// When, in seconds since 1970.
  public let secondsSince1970: Int64
}

/// One pool that many markets trade on: reserves, shares, credits, and the limits that keep its health.
///
/// A market trades without asking; only its settlements come here, each with a number, and are applied once, whole
/// or not at all. Whatever price a market gave is honoured, as long as the lots are there and the
/// limits hold.
///
/// A value: an action that throws has changed nothing. A ledger on disk loads of it only what an action touches:
/// `LedgerAction` tells.
public struct SharedPool: Sendable {
  /// How it began.
  public let founding: SharedPoolFounding
  /// What it owns.
  public internal(set) var account: PoolAccount
  /// Its markets, those that are closed included; of a pool that was loaded in part, those that were asked for.
  public internal(set) var markets: [MarketID: MarketAccount] = [:]
  /// Shares, locks and fees; `nil` where it was not loaded.
  public internal(set) var owners: PoolOwners?
  let rules: PoolRules

  /// Founds a pool with its first deposit: `floor(sqrt(qA qB))` shares, here and never again by this formula.
  ///
  /// - Parameters:
  ///   - terms: what is set.
  ///   - deposit: at least a lot of both tokens.
  ///   - now: the time, in `Domain.secondsSince1970`.
  ///   - lock: a term for which the founder stays, whose position is `SharedPool.founder`.
  /// - Throws: `SharedPoolError.pool` with the reason.
  /// - Complexity: the ticks of the reference.
  public init(
    _ terms: SharedPoolTerms, deposit: LotPair, at now: UTCTime, lock: Lock? = nil
  ) throws(SharedPoolError) {
    let shares = try asShared { () throws(PoolError) in
      try Domain.checkPool(now, "time")
      return try ShareAmounts.firstShares(deposit)
    }
    founding = SharedPoolFounding(
      terms: terms, deposit: deposit, secondsSince1970: now.secondsSince1970)
    rules = try Self.rules(founding)
    account = PoolAccount(founding: deposit, shares: shares, at: now)
    owners = try PoolOwners(founding: shares, lock: lock, at: now)
  }

  /// Makes pools of parts that were stored, with rules that are measured once.
  public struct Loader: Sendable {
    private let founding: SharedPoolFounding
    private let rules: PoolRules

    /// For a pool that began so.
    ///
    /// - Throws: `SharedPoolError.pool` for a reference that cannot be formed.
    public init(_ founding: SharedPoolFounding) throws(SharedPoolError) {
      self.founding = founding
      rules = try SharedPool.rules(founding)
    }

    /// A pool, or the part of it that an action touches.
    ///
    /// - Parameters:
    ///   - account: what it owns.
    ///   - markets: those that are needed, each once.
    ///   - owners: `nil` where they are not needed.
    /// - Throws: `SharedPoolError.pool` for numbers that no pool has.
    public func pool(
      _ account: PoolAccount, _ markets: [MarketAccount], _ owners: PoolOwners?
    ) throws(SharedPoolError) -> SharedPool {
      try asShared { () throws(PoolError) in
        try account.check()
        for market in markets { try market.check() }
        if let owners, owners.book.shares != account.shares {
          throw .corruptState("\(account.shares) shares of positions with \(owners.book.shares)")
        }
      }
      return SharedPool(founding, rules, account, markets, owners)
    }
  }

  private init(
    _ founding: SharedPoolFounding, _ rules: PoolRules, _ account: PoolAccount,
    _ markets: [MarketAccount], _ owners: PoolOwners?
  ) {
    self.founding = founding
    self.rules = rules
    self.account = account
    self.markets = Dictionary(markets.map { ($0.id, $0) }) { first, _ in first }
    self.owners = owners
  }

  static func rules(_ founding: SharedPoolFounding) throws(SharedPoolError) -> PoolRules {
    try asShared { () throws(PoolError) in
      PoolRules(
        limits: founding.terms.limits,
        curve: try HealthCurve(founding.terms.reference, founding: founding.deposit))
    }
  }

  /// The position of who founded the pool.
  public static let founder = PositionID(1)

  /// What was set.
  public var terms: SharedPoolTerms { founding.terms }
  /// Lots of the reserves, LP tokens at what they redeem for.
  public var reserves: LotPair { account.reserves }
  /// The health factor now. Error: `Tolerance.health`.
  public var health: Health { health(of: account.reserves) }

  /// The health factor that other reserves would have now. Error: `Tolerance.health`.
  ///
  /// - Parameter reserves: lots, in `Domain.reserveLots`.
  public func health(of reserves: LotPair) -> Health {
    rules.health(reserves, account.liquidity)
  }

  // MARK: Markets

  /// Opens a market: from now on it may settle.
  ///
  /// - Returns: what it trades from.
  /// - Throws: `SharedPoolError.marketExists`, `.pool` for a time outside its domain.
  @discardableResult
  public mutating func open(
    _ id: MarketID, key: MarketKey, at now: UTCTime
  ) throws(SharedPoolError) -> PoolSnapshot {
    guard markets[id] == nil else { throw .marketExists(id) }
    var account = account
    let time = try account.tick(now)
    let market = MarketAccount(id, key, day: time.day)
    account.openMarkets += 1
    self.account = account
    markets[id] = market
    return snapshot(for: market)
  }

  /// What a market would trade from if it were told now.
  ///
  /// - Throws: `SharedPoolError.noSuchMarket`.
  public func snapshot(for id: MarketID) throws(SharedPoolError) -> PoolSnapshot {
    snapshot(for: try market(id))
  }

  func snapshot(for market: MarketAccount) -> PoolSnapshot {
    PoolSnapshot(
      reserves: account.reserves, health: health, shares: account.shares,
      liquidity: account.liquidity,
      credit: market.credit, otherCredits: account.allocated - market.credit, day: market.day,
      fallenToday: market.fallenToday, time: account.time)
  }

  func market(_ id: MarketID) throws(SharedPoolError) -> MarketAccount {
    guard let market = markets[id], !market.isClosed else { throw .noSuchMarket(id) }
    return market
  }

  /// Why a settlement of this flow by this market would be refused now; `nil` if it would not.
  ///
  /// - Throws: `SharedPoolError.noSuchMarket`.
  public func refusal(
    of flow: LotPair, by id: MarketID, at now: UTCTime
  ) throws(SharedPoolError) -> SharedPoolError? {
    let market = try market(id)
    return snapshot(for: market).refusal(of: flow, rules, day: max(account.time, now).day)
  }
}
