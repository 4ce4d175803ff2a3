import DAMMModel

extension SharedPool {
  /// Gives a market a credit in place of the one that it has: lots that its settlements may take without being
  /// refused, until they are used.
  ///
  /// It is granted only if its full use, together with that of all others, leaves no reserve below zero and the
  /// health factor at the floor; LP tokens count nothing there. From then on nothing else is allowed that would
  /// not leave that room.
  ///
  /// - Parameters:
  ///   - credit: in `Domain.reserveLots`; zero takes it back.
  ///   - id: an open market.
  ///   - now: the time.
  /// - Throws: `SharedPoolError.noSuchMarket`, `.creditsUncovered`, `.pool` for another number; nothing is
  ///   changed then.
  public mutating func grant(
    _ credit: LotPair, to id: MarketID, at now: UTCTime
  ) throws(SharedPoolError) {
    var market = try market(id)
    var account = account
    _ = try account.tick(now)
    try asShared { () throws(PoolError) in
      try Domain.check(credit.a, "credit in lots of A", in: Domain.reserveLots)
      try Domain.check(credit.b, "credit in lots of B", in: Domain.reserveLots)
    }
    account.allocated = account.allocated - market.credit + credit
    market.credit = credit
    guard account.coversCredits(rules) else { throw .creditsUncovered(account.allocated) }
    self.account = account
    markets[id] = market
  }

  // MARK: An outside pool

  /// Tells what the outside pool is now: its reserves move with its own trades, and what its LP tokens count for moves
  /// with them, and so does the health factor. Credits do not depend on it.
  ///
  /// - Parameters:
  ///   - reserves: in lots.
  ///   - supply: its LP tokens in all, more than the shared pool has.
  ///   - now: the time.
  /// - Throws: `SharedPoolError.pool` that names the number; nothing is changed then.
  public mutating func observe(
    outside reserves: LotPair, supply: Int, at now: UTCTime
  ) throws(SharedPoolError) {
    var account = account
    _ = try account.tick(now)
    account.outside = try OutsideHolding(
      reserves: reserves, supply: supply, tokens: account.outside?.tokens ?? 0)
    try asShared { () throws(PoolError) in try Self.check(account.reserves) }
    self.account = account
  }

  /// Redeems LP tokens of the outside pool for tokens of its own, which credits may take.
  ///
  /// - Returns: the lots that they brought.
  /// - Throws: `SharedPoolError.tooFewTokens`; nothing is changed then.
  @discardableResult
  public mutating func redeem(
    _ tokens: Int, at now: UTCTime
  ) throws(SharedPoolError) -> LotPair {
    var account = account
    _ = try account.tick(now)
    let held = account.outside?.tokens ?? 0
    guard tokens >= 1, tokens <= held, var outside = account.outside else {
      throw .tooFewTokens(asked: tokens, held: held)
    }
    let lots = outside.redeem(tokens)
    account.outside = outside
    account.plain = account.plain + lots
    self.account = account
    return lots
  }
}
