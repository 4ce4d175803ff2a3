import DAMMModel
import DAMMPool

extension SharedPool {
  /// Applies what a market has done: once, whole or not at all.
  ///
  /// Its flow comes first, then its requests in their order, at the reserves of that moment. Fees belong to the
  /// shares that there were before the requests. A settlement whose flow is within the market's credit
  /// is not refused for what it does to reserves and health.
  ///
  /// - Parameters:
  ///   - settlement: with the market's key and its next number.
  ///   - now: the time; where it is earlier than the last that the pool was told, that one counts.
  /// - Returns: what the market trades from until its next settlement.
  /// - Throws: `SharedPoolError.malformed`, `.noSuchMarket`, `.wrongKey`, `.sequenceTaken`, `.sequenceGap`,
  ///   `.insufficient`, `.creditsUncovered`, `.belowFloor`, `.allowanceUsed`, `.positionElsewhere`,
  ///   `.marketsAreOpen`, `.pool` for numbers that no pool may have; nothing is changed then.
  /// - Complexity: constant without requests, but for the health factor.
  @discardableResult
  public mutating func settle(
    _ settlement: Settlement, at now: UTCTime
  ) throws(SharedPoolError) -> SettlementReceipt {
    try settlement.check()
    var market = try market(settlement.market)
    try Self.checkNumber(of: settlement, market)
    var next = self
    let time = try next.account.tick(now)
    let before = next.snapshot(for: market)
    if let refusal = before.refusal(of: settlement.flow, rules, day: time.day) { throw refusal }
    next.account.plain = next.account.plain + settlement.flow
    let left = market.credit.used(by: settlement.flow)
    next.account.allocated = next.account.allocated - (market.credit - left)
    market.credit = left
    market.sequence = settlement.sequence
    var redeemed = try next.account.cover(rules)
    try next.account.collect(settlement.fee)

    var outcomes: [LiquidityOutcome] = []
    for request in settlement.requests {
      let (outcome, more) = try next.fulfil(request, of: market.id)
      outcomes.append(outcome)
      redeemed += more
    }
    if settlement.isLast {
      next.account.allocated = next.account.allocated - market.credit
      market.credit = .zero
      market.isClosed = true
      next.account.openMarkets -= 1
    }
    let (was, health) = (health, next.health)
    market.fallenToday = before.fallen(on: time.day).adding(was.fall(to: health))
    market.day = time.day
    next.markets[market.id] = market
    self = next
    return SettlementReceipt(
      market: market.id, sequence: settlement.sequence, revision: settlement.revision,
      outcomes: outcomes, healthBefore: was,
      healthAfter: health, redeemed: redeemed, snapshot: snapshot(for: market))
  }

  private static func checkNumber(
    of settlement: Settlement, _ market: MarketAccount
  ) throws(SharedPoolError) {
    guard settlement.key == market.key else { throw .wrongKey(market.id) }
    guard settlement.sequence > market.sequence else {
      throw .sequenceTaken(market.id, sequence: settlement.sequence)
    }
    guard settlement.sequence == market.sequence + 1 else {
      throw .sequenceGap(
        market.id, posted: settlement.sequence, expected: market.sequence + 1)
    }
  }

  /// Does what a market was asked for. An add that does not pay for one share does nothing: it would hold up
  /// what the market has traded.
  private mutating func fulfil(
    _ request: LiquidityRequest, of market: MarketID
  ) throws(SharedPoolError) -> (LiquidityOutcome, redeemed: Int) {
    switch request {
    case .add(let maxima, let id):
      let shares = try affordable(with: maxima)
      if let id {
        try withOwners { owners throws(SharedPoolError) in try owners.check(id, home: market) }
      }
      guard shares > 0 else { return (.added(position: id, shares: 0, paidIn: .zero), 0) }
      let (added, redeemed) = try make(shares, into: id, home: market, lock: nil, tokens: 0)
      return (
        .added(position: added.position, shares: added.shares, paidIn: added.paidIn), redeemed
      )
    case .remove(let shares, let id):
      let (removed, redeemed) = try burn(shares, from: id, home: market)
      return (
        .removed(shares: shares, paidOut: removed.paidOut, fees: removed.fees), redeemed
      )
    }
  }
}

extension PoolAccount {
  /// Takes fees that a settlement brings.
  fileprivate mutating func collect(_ fee: Int) throws(SharedPoolError) {
    let (sum, overflow) = pendingFees.addingReportingOverflow(fee)
    guard !overflow, sum <= Domain.collectedFees.upperBound else {
      throw .pool(
        .overflow(
          name: "fees collected in lots", amount: "\(pendingFees) and \(fee)",
          allowed: "\(Domain.collectedFees.upperBound)"))
    }
    pendingFees = sum
  }
}
