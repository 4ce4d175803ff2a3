import DAMMKernel
import DAMMModel

extension Pool {
  /// Founds an empty pool, around the reading that it has, without a surge.
  ///
  /// - Parameters:
  ///   - deposit: at least a lot of both tokens.
  ///   - now: the time, in `Domain.secondsSince1970`.
  ///   - price: where the pool stands, as a price coordinate in tokens, clamped to the curve; the oracle price
  ///     by default.
  ///   - lock: a term for which the founder stays; it begins at `now` or later.
  /// - Returns: the founder's position, with `floor(sqrt(qA qB))` shares.
  /// - Throws: `PoolError.alreadyFunded`, and as `init`; nothing is changed then.
  @discardableResult
  public mutating func found(
    _ deposit: LotPair, at now: UTCTime, atPrice price: Double? = nil, lock: Lock? = nil
  ) throws(PoolError) -> LiquidityAdded {
    try check(now)
    guard isEmpty else { throw .alreadyFunded(shares: shares) }
    let made = try ShareAmounts.firstShares(deposit)
    if let price { try Domain.checkPool(price, "position", in: Domain.target) }
    try lock?.checkAhead(of: now)
    let table = try terms.table(reading)
    let founded = try LotCurve(
      founding: table, oraclePrice: terms.lotPrice(reading.price), reserves: deposit,
      funding: terms.funding, atPrice: price.map(maker.lotPrice))
    let id = try book.mint(made, lock: lock)
    curve = founded
    reserves = deposit
    maker.formedAt = now
    maker.surgeFrom = nil
    time = now
    return LiquidityAdded(position: id, shares: made, paidIn: deposit)
  }

  // MARK: Adding

  /// A fair add: makes shares for `ceil(dS R / S)` of both reserves. Liquidity and every capacity grow by
  /// `(S + dS) / S` at the same position.
  ///
  /// - Parameters:
  ///   - newShares: `dS`, at least 1.
  ///   - id: an own position without a lock that is still running; a new one by default.
  ///   - lock: a term for which a new position stays; it begins at `now` or later.
  ///   - limits: what the caller accepts.
  ///   - now: the time, in `Domain.secondsSince1970`.
  /// - Throws: `PoolError.empty`, `.countOutOfRange`, `.overflow`, `.tooMuchAsked`, `.tooFewShares`,
  ///   `.deadlinePassed`, `.timeGoesBack`, `.parameter` for a time outside its domain, `.noSuchPosition`,
  ///   `.locked`, `.locksAreForNewPositions`, `.lockStartsInThePast`; nothing is changed then.
  @discardableResult
  public mutating func add(
    shares newShares: Int, to id: PositionID? = nil, lock: Lock? = nil,
    limits: LiquidityLimits = .none, at now: UTCTime
  ) throws(PoolError) -> LiquidityAdded {
    try check(now)
    try limits.check(now)
    guard !isEmpty else { throw .empty }
    if let id, lock != nil { throw .locksAreForNewPositions(id) }
    try lock?.checkAhead(of: now)
    let before = shares
    let cost = try ShareAmounts.addCost(of: newShares, reserves: reserves, shares: before)
    try limits.checkMade(newShares)
    try limits.checkPaidIn(cost)
    var book = book
    let position: PositionID
    if let id {
      try book.mint(newShares, into: id, at: now)
      position = id
    } else {
      position = try book.mint(newShares, lock: lock)
    }
    self.book = book
    reserves = reserves + cost
    curve.scale(by: UInt128(before + newShares), over: UInt128(before))
    time = now
    return LiquidityAdded(position: position, shares: newShares, paidIn: cost)
  }

  /// A fair add of the most shares that some lots pay for.
  ///
  /// - Parameters:
  ///   - maxima: lots that may be paid in, each in `Domain.reserveLots`; what is not needed is not taken.
  ///   - id: an own position; a new one by default.
  ///   - lock: a term for which a new position stays.
  ///   - limits: what the caller accepts.
  ///   - now: the time.
  /// - Throws: as `add(shares:)`.
  @discardableResult
  public mutating func add(
    upTo maxima: LotPair, to id: PositionID? = nil, lock: Lock? = nil,
    limits: LiquidityLimits = .none, at now: UTCTime
  ) throws(PoolError) -> LiquidityAdded {
    try check(now)
    try limits.check(now)
    guard !isEmpty else { throw .empty }
    let made = try ShareAmounts.affordable(with: maxima, reserves: reserves, shares: shares)
    try limits.checkMade(made)
    return try add(shares: made, to: id, lock: lock, limits: limits, at: now)
  }

  // MARK: Removing

  /// Burns shares for `floor(dS R / S)` of both reserves. Liquidity and every capacity shrink by
  /// `(S - dS) / S` at the same position. With the last of its shares a position is paid its fees.
  ///
  /// - Parameters:
  ///   - burned: `dS`, from 1 to the shares of the position.
  ///   - id: a position without a lock that is still running.
  ///   - limits: what the caller accepts.
  ///   - now: the time.
  /// - Throws: `PoolError.noSuchPosition`, `.locked`, `.countOutOfRange`, `.tooLittlePaid`,
  ///   `.deadlinePassed`, `.timeGoesBack`, `.parameter` for a time outside its domain; nothing is changed then.
  @discardableResult
  public mutating func remove(
    shares burned: Int, from id: PositionID, limits: LiquidityLimits = .none, at now: UTCTime
  ) throws(PoolError) -> LiquidityRemoved {
    try check(now)
    try limits.check(now)
    let before = shares
    var book = book
    let fees = try book.burn(burned, from: id, at: now)
    let paid = try ShareAmounts.removePay(of: burned, reserves: reserves, shares: before)
    try limits.checkPaidOut(paid)
    self.book = book
    pay(paid, keeping: UInt128(before - burned), of: UInt128(before))
    time = now
    return LiquidityRemoved(paidOut: paid, fees: fees)
  }

  /// Leaves a lock before its end: the schedule of the lock says which part `e` of the position's reserves
  /// is paid out. All its shares burn and its fees are forfeited; liquidity falls by `e` times its part,
  /// so that the penalty stays as reserves and as depth for those who stay. Who leaves last forfeits
  /// nothing.
  ///
  /// - Parameters:
  ///   - id: a position whose lock is still running.
  ///   - limits: what the caller accepts.
  ///   - now: the time.
  /// - Throws: `PoolError.noSuchPosition`, `.notLocked`, `.tooLittlePaid`, `.deadlinePassed`,
  ///   `.timeGoesBack`, `.parameter` for a time outside its domain; nothing is changed then.
  @discardableResult
  public mutating func leaveEarly(
    _ id: PositionID, limits: LiquidityLimits = .none, at now: UTCTime
  ) throws(PoolError) -> LeftEarly {
    try check(now)
    try limits.check(now)
    let before = shares
    var book = book
    let exit = try book.exitEarly(id, at: now)
    let split = try ShareAmounts.exitSplit(
      of: exit.shares, reserves: reserves, shares: before, vested: exit.vested)
    try limits.checkPaidOut(split.refund)
    self.book = book
    let (e, whole) = (exit.vested.numerator, exit.vested.denominator)
    let all = UInt128(before) * UInt128(whole)
    pay(split.refund, keeping: all - UInt128(exit.shares) * UInt128(e), of: all)
    time = now
    return LeftEarly(
      shares: exit.shares, refund: split.refund, penalty: split.penalty,
      forfeitedFees: exit.forfeitedFees, fees: exit.paidFees)
  }

  /// Pays a position the fees that it is owed, whole lots of A.
  ///
  /// - Throws: `PoolError.noSuchPosition`, `.locked`, `.timeGoesBack`, `.parameter` for a time outside its
  ///   domain; nothing is changed then.
  @discardableResult
  public mutating func claimFees(
    of id: PositionID, at now: UTCTime
  ) throws(PoolError) -> Int {
    try check(now)
    let paid = try book.claim(from: id, at: now)
    time = now
    return paid
  }

  /// Takes lots out of the reserves, and of the liquidity all but a part of a whole.
  private mutating func pay(_ lots: LotPair, keeping part: UInt128, of whole: UInt128) {
    reserves = reserves - lots
    if isEmpty { curve = .nothing } else { curve.scale(by: part, over: whole) }
  }
}
