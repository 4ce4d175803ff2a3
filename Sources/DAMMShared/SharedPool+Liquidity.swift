import DAMMModel
import DAMMPool

extension SharedPool {
  /// A fair add at the pool itself: makes shares for `ceil(dS R / S)` of both reserves. Markets get to know of
  /// it when they settle.
  ///
  /// - Parameters:
  ///   - newShares: `dS`, at least 1.
  ///   - id: a position of the pool itself without a lock that is still running; a new one by default.
  ///   - lock: a term for which a new position stays; it begins at `now` or later.
  ///   - tokens: LP tokens of the outside pool that pay for a part; what they redeem for now must be no more than
  ///     the shares cost, of either token.
  ///   - limits: what the caller accepts.
  ///   - now: the time.
  /// - Returns: what was paid in, the LP tokens at what they redeem for.
  /// - Throws: `SharedPoolError.pool` with the reason, `.positionElsewhere`, `.tooFewTokens` for more LP tokens than
  ///   there are or than the shares cost, `.creditsUncovered`; nothing is changed then.
  @discardableResult
  public mutating func add(
    shares newShares: Int, to id: PositionID? = nil, lock: Lock? = nil, tokens: Int = 0,
    limits: LiquidityLimits = .none, at now: UTCTime
  ) throws(SharedPoolError) -> LiquidityAdded {
    var next = self
    let time = try next.account.tick(now)
    try asShared { () throws(PoolError) in
      try limits.check(time)
      try limits.checkMade(newShares)
      if let id, lock != nil { throw .locksAreForNewPositions(id) }
      try lock?.checkAhead(of: time)
    }
    let (added, _) = try next.make(newShares, into: id, home: nil, lock: lock, tokens: tokens)
    try asShared { () throws(PoolError) in try limits.checkPaidIn(added.paidIn) }
    self = next
    return added
  }

  /// Burns shares for `floor(dS R / S)` of both reserves, for which LP tokens are redeemed where own tokens do
  /// not suffice.
  ///
  /// - Parameters:
  ///   - burned: `dS`, from 1 to the shares of the position.
  ///   - id: a position of the pool itself without a lock that is still running.
  ///   - limits: what the caller accepts.
  ///   - now: the time.
  /// - Throws: `SharedPoolError.pool` with the reason, `.positionElsewhere`, `.creditsUncovered`,
  ///   `.marketsAreOpen` for the last shares; nothing is changed then.
  @discardableResult
  public mutating func remove(
    shares burned: Int, from id: PositionID, limits: LiquidityLimits = .none, at now: UTCTime
  ) throws(SharedPoolError) -> LiquidityRemoved {
    var next = self
    let time = try next.account.tick(now)
    try asShared { () throws(PoolError) in try limits.check(time) }
    let (removed, _) = try next.burn(burned, from: id, home: nil)
    try asShared { () throws(PoolError) in try limits.checkPaidOut(removed.paidOut) }
    self = next
    return removed
  }

  /// Leaves a lock before its end: as of a pool of its own, the schedule of the lock says which part of the
  /// reserves is paid out; the rest stays as reserves, and the liquidity falls by that part.
  ///
  /// - Throws: `SharedPoolError.pool` with the reason, `.creditsUncovered`, `.marketsAreOpen`; nothing is changed
  ///   then.
  @discardableResult
  public mutating func leaveEarly(
    _ id: PositionID, limits: LiquidityLimits = .none, at now: UTCTime
  ) throws(SharedPoolError) -> LeftEarly {
    var next = self
    let time = try next.account.tick(now)
    let (reserves, rules, open) = (reserves, rules, account.openMarkets)
    let left = try next.withOwners {
      owners throws(SharedPoolError) -> (LeftEarly, UInt128, UInt128) in
      try owners.check(id, home: nil)
      return try asShared { () throws(PoolError) in
        try limits.check(time)
        let before = owners.book.shares
        let exit = try owners.book.exitEarly(id, at: time)
        let split = try ShareAmounts.exitSplit(
          of: exit.shares, reserves: reserves, shares: before, vested: exit.vested)
        try limits.checkPaidOut(split.refund)
        let all = UInt128(before) * UInt128(exit.vested.denominator)
        let part = all - UInt128(exit.shares) * UInt128(exit.vested.numerator)
        let answer = LeftEarly(
          shares: exit.shares, refund: split.refund, penalty: split.penalty,
          forfeitedFees: exit.forfeitedFees, fees: exit.paidFees)
        return (answer, part, all)
      }
    }
    _ = try next.pay(left.0.refund, keeping: left.1, of: left.2, rules, open)
    self = next
    return left.0
  }

  /// Pays a position of the pool itself the fees that it is owed, whole lots of A.
  ///
  /// - Throws: `SharedPoolError.pool` with the reason, `.positionElsewhere`; nothing is changed then.
  @discardableResult
  public mutating func claimFees(
    of id: PositionID, at now: UTCTime
  ) throws(SharedPoolError) -> Int {
    var next = self
    let time = try next.account.tick(now)
    let paid = try next.withOwners { owners throws(SharedPoolError) in
      try owners.check(id, home: nil)
      return try asShared { () throws(PoolError) in try owners.book.claim(from: id, at: time) }
    }
    self = next
    return paid
  }

  /// Whole lots of A that belong to a position and are not paid yet, of all fees that were settled.
  ///
  /// - Throws: `SharedPoolError.pool` for a position that is not there, `.malformed` where the owners were not loaded.
  public func owed(to id: PositionID) throws(SharedPoolError) -> Int {
    var copy = self
    return try copy.withOwners { owners throws(SharedPoolError) in
      try asShared { () throws(PoolError) in try owners.book.owed(to: id) }
    }
  }

  /// Takes lots as a gift to all shares: who heals a pool, or a market of it, pays in.
  ///
  /// - Parameters:
  ///   - lots: not negative, and at least one of either token.
  ///   - now: the time.
  /// - Throws: `SharedPoolError.pool` for another number, or reserves that would be too large; nothing is
  ///   changed then.
  public mutating func payIn(_ lots: LotPair, at now: UTCTime) throws(SharedPoolError) {
    var account = account
    _ = try account.tick(now)
    try asShared { () throws(PoolError) in
      try Domain.check(lots.a, "lots of A to pay in", in: Domain.reserveLots)
      try Domain.check(lots.b, "lots of B to pay in", in: Domain.reserveLots)
      account.plain = account.plain + lots
      guard lots != .zero else {
        throw .countOutOfRange(
          name: "lots to pay in", value: 0, allowed: 1...Domain.reserveLots.upperBound)
      }
      try Self.check(account.reserves)
    }
    self.account = account
  }

  // MARK: For settlements too

  /// Shares, with the fees of past settlements for them.
  mutating func withOwners<Result>(
    _ body: (inout PoolOwners) throws(SharedPoolError) -> Result
  ) throws(SharedPoolError) -> Result {
    guard var owners else { throw .malformed("an action on shares, which were not loaded") }
    let pending = account.pendingFees
    if pending > 0 { try asShared { () throws(PoolError) in try owners.book.collect(pending) } }
    let result = try body(&owners)
    account.pendingFees = 0
    account.shares = owners.book.shares
    self.owners = owners
    return result
  }

  /// The most shares that these lots pay for.
  mutating func affordable(with maxima: LotPair) throws(SharedPoolError) -> Int {
    let reserves = reserves
    return try withOwners { owners throws(SharedPoolError) in
      try asShared { () throws(PoolError) in
        try ShareAmounts.affordable(
          with: maxima, reserves: reserves, shares: owners.book.shares)
      }
    }
  }

  /// Makes shares in a position of a home.
  mutating func make(
    _ newShares: Int, into id: PositionID?, home: MarketID?, lock: Lock?, tokens: Int
  ) throws(SharedPoolError) -> (LiquidityAdded, redeemed: Int) {
    let (reserves, time) = (reserves, account.time)
    let (added, before) = try withOwners {
      owners throws(SharedPoolError) -> (LiquidityAdded, Int) in
      if let id { try owners.check(id, home: home) }
      return try asShared { () throws(PoolError) in
        let before = owners.book.shares
        let cost = try ShareAmounts.addCost(of: newShares, reserves: reserves, shares: before)
        let position: PositionID
        if let id {
          try owners.book.mint(newShares, into: id, at: time)
          position = id
        } else {
          position = try owners.book.mint(newShares, lock: lock)
          owners.homes[position] = home
        }
        return (LiquidityAdded(position: position, shares: newShares, paidIn: cost), before)
      }
    }
    account.plain = account.plain + added.paidIn - (try account.deposit(tokens, cost: added.paidIn))
    let liquidity = account.liquidity.scaled(
      by: UInt128(before + newShares), over: UInt128(before))
    // a pool that has lost nearly all of its reserves could make shares of next to nothing without end
    try asShared { () throws(PoolError) in
      try Domain.checkPool(liquidity.value, "liquidity of the pool", in: Domain.poolLiquidity)
    }
    account.liquidity = liquidity
    return (added, try account.cover(rules))
  }

  /// Burns shares of a position of a home and pays for them.
  mutating func burn(
    _ burned: Int, from id: PositionID, home: MarketID?
  ) throws(SharedPoolError) -> (LiquidityRemoved, redeemed: Int) {
    let (reserves, time, rules, open) = (reserves, account.time, rules, account.openMarkets)
    let (removed, before) = try withOwners {
      owners throws(SharedPoolError) -> (LiquidityRemoved, Int) in
      try owners.check(id, home: home)
      let answer = try asShared { () throws(PoolError) in
        let before = owners.book.shares
        let fees = try owners.book.burn(burned, from: id, at: time)
        let paid = try ShareAmounts.removePay(of: burned, reserves: reserves, shares: before)
        return (LiquidityRemoved(paidOut: paid, fees: fees), before)
      }
      owners.forget(id)
      return answer
    }
    let redeemed = try pay(
      removed.paidOut, keeping: UInt128(before - burned), of: UInt128(before), rules, open)
    return (removed, redeemed)
  }

  /// Takes lots out of the reserves, and of the liquidity all but a part of a whole.
  private mutating func pay(
    _ lots: LotPair, keeping part: UInt128, of whole: UInt128, _ rules: PoolRules, _ open: Int
  ) throws(SharedPoolError) -> Int {
    account.plain = account.plain - lots
    if part == 0 {
      guard open == 0 else { throw .marketsAreOpen(open) }
    } else {
      account.liquidity = account.liquidity.scaled(by: part, over: whole)
    }
    return try account.cover(rules)
  }

  static func check(_ reserves: LotPair) throws(PoolError) {
    for (token, lots) in [("A", reserves.a), ("B", reserves.b)]
    where !Domain.reserveLots.contains(lots) {
      throw .overflow(
        name: "the reserve of \(token) in lots", amount: "\(lots)",
        allowed: "\(Domain.reserveLots.upperBound)")
    }
  }
}

extension PoolAccount {
  /// Takes LP tokens of the outside pool for a part of what shares cost.
  ///
  /// - Returns: what they redeem for.
  fileprivate mutating func deposit(
    _ tokens: Int, cost: LotPair
  ) throws(SharedPoolError) -> LotPair {
    guard tokens != 0 else { return .zero }
    guard var outside else { throw .tooFewTokens(asked: tokens, held: 0) }
    let most = outside.supply - 1 - outside.tokens
    guard (1...max(1, most)).contains(tokens), tokens <= most else {
      throw .tooFewTokens(asked: tokens, held: most)
    }
    let before = outside.redeemable
    outside.tokens += tokens
    // what the counted reserves grow by: of two roundings down, the sum may have a lot more
    let worth = outside.redeemable - before
    guard worth.a <= cost.a, worth.b <= cost.b else {
      throw .malformed(
        "\(tokens) LP tokens redeem for \(worth.a) lots of A and \(worth.b) of B, more than the "
          + "shares cost, \(cost.a) and \(cost.b)")
    }
    self.outside = outside
    return worth
  }
}
