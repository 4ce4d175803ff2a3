import DAMMKernel
import DAMMModel

/// What a shared pool owns, but for who owns it: all that a settlement without requests reads and writes beside the
/// account of its market.
public struct PoolAccount: Sendable, Hashable, Codable {
  /// Lots of the reserves that are tokens of its own: credits take them.
  public internal(set) var plain: LotPair
  /// LP tokens of an outside pool; `nil` where none was ever named.
  public internal(set) var outside: OutsideHolding?
  /// The sum of all credits.
  public internal(set) var allocated = LotPair.zero
  /// Fees that settlements have brought and that no position has been told of yet, in lots of A.
  public internal(set) var pendingFees = 0
  /// All shares.
  public internal(set) var shares: Int
  /// How many markets are open.
  public internal(set) var openMarkets = 0
  /// The last moment that it was told, in seconds since 1970.
  public internal(set) var secondsSince1970: Int64
  /// Liquidity of all shares.
  public internal(set) var liquidity: LotLiquidity

  /// The last moment that it was told.
  public var time: UTCTime { UTCTime(secondsSince1970: secondsSince1970) }
  /// Lots of the reserves, LP tokens at what they redeem for.
  public var reserves: LotPair { plain + (outside?.redeemable ?? .zero) }
  /// Lots that no credit may take.
  public var unallocated: LotPair { plain - allocated }

  init(founding reserves: LotPair, shares: Int, at time: UTCTime) {
    plain = reserves
    self.shares = shares
    liquidity = LotLiquidity(founding: reserves)
    secondsSince1970 = time.secondsSince1970
  }

  /// The time of an action that comes now: clocks of several processes differ, and the pool's does not go back.
  mutating func tick(_ now: UTCTime) throws(SharedPoolError) -> UTCTime {
    try asShared { () throws(PoolError) in try Domain.checkPool(now, "time") }
    secondsSince1970 = max(secondsSince1970, now.secondsSince1970)
    return time
  }

  /// Whether the own tokens cover all credits: their full use would leave the health factor at the floor,
  /// and no reserve below zero. LP tokens count nothing here.
  func coversCredits(_ rules: PoolRules) -> Bool {
    guard allocated != .zero else { return plain.a >= 0 && plain.b >= 0 }
    let left = unallocated
    return left.a >= 0 && left.b >= 0 && rules.health(left, liquidity) >= rules.limits.floor
  }

  /// Redeems as few LP tokens as own tokens need to be there again, and to cover all credits.
  ///
  /// - Returns: how many.
  /// - Throws: `SharedPoolError.creditsUncovered`; `.insufficient` without credits.
  mutating func cover(_ rules: PoolRules) throws(SharedPoolError) -> Int {
    if coversCredits(rules) { return 0 }
    let held = outside?.tokens ?? 0
    func redeemed(_ count: Int) -> PoolAccount {
      var account = self
      if let lots = account.outside?.redeem(count) { account.plain = account.plain + lots }
      return account
    }
    guard held > 0, redeemed(held).coversCredits(rules) else {
      if allocated != .zero { throw .creditsUncovered(allocated) }
      let token: Token = plain.a < 0 ? .a : .b
      throw .insufficient(token, asked: -(token == .a ? plain.a : plain.b), held: 0)
    }
    var (low, high) = (0, held)
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if redeemed(middle).coversCredits(rules) { high = middle } else { low = middle }
    }
    self = redeemed(high)
    return high
  }
}

/// What the pool keeps of a market.
public struct MarketAccount: Sendable, Hashable, Codable {
  /// Its name.
  public let id: MarketID
  /// What it shows.
  public let key: MarketKey
  /// The number of its last settlement; 0 before the first.
  public internal(set) var sequence = 0
  /// Lots that it may take without being refused.
  public internal(set) var credit = LotPair.zero
  /// The UTC day of its last fall of health, in days since 1970.
  public internal(set) var day: Int
  /// Falls of health on that day.
  public internal(set) var fallenToday = Health.none
  /// Whether it settles no more.
  public internal(set) var isClosed = false

  init(_ id: MarketID, _ key: MarketKey, day: Int) {
    self.id = id
    self.key = key
    self.day = day
  }
}
