import DAMMKernel
import DAMMModel
import DAMMPool
import TestSupport

import DAMMShared

extension SharedWorld {
  /// What must hold in any state.
  func checkState(_ random: inout SplitMix64) throws(SharedViolation) {
    try checkConservation()
    try checkAccounts()
    try checkCredits()
    try checkGranted(&random)
  }

  private func checkConservation() throws(SharedViolation) {
    guard let owners = pool.owners else { return }
    let unpaid = pool.account.pendingFees + owners.book.collected - owners.book.paid
    var held = pool.account.plain + LotPair(a: unpaid, b: 0)
    for market in markets {
      held = held + market.book.flow + LotPair(a: market.book.fee, b: 0)
      // what was applied and not heard of is in both
      guard let known = appliedUnheard(market) else { continue }
      held = held - known.flow - LotPair(a: known.fee, b: 0)
    }
    try demand(
      .conservation, held == paid,
      "there are \(held.a) A, \(held.b) B, but \(paid.a) and \(paid.b) were paid in")
    let fees = owners.book.fees
    try demand(.conservation, fees.isExact, "fees \(fees)")
  }

  /// The settlement of a market that the pool has applied, of which the market has not heard.
  private func appliedUnheard(_ market: any PoolMarket) -> Settlement? {
    let sequence = market.book.sequence
    guard sequence == applied[market.id]!, let receipt = receipts[market.id]?[sequence] else {
      return nil
    }
    var posted = market.book.refused
    switch market.phase {
    case .posted(let settlement), .stopped(let settlement, _): posted.append(settlement)
    case .trading, .closed: break
    }
    return posted.first { $0.revision == receipt.revision }
  }

  private func checkAccounts() throws(SharedViolation) {
    for (id, account) in pool.markets {
      try demand(
        .once, account.sequence == applied[id] && account.isClosed == closed.contains(id),
        "\(id) is at \(account.sequence), not \(applied[id]!)")
      let fallen = account.day == day ? account.fallenToday.parts : 0
      try demand(
        .falls, fallen == falls[id]?[day] ?? 0,
        "\(id) fell by \(falls[id]?[day] ?? 0) parts today, not \(fallen)")
    }
    try demand(.once, pool.account.openMarkets == markets.count - closed.count, "open markets")
    let (liquidity, first) = (pool.account.liquidity, LotLiquidity(founding: setup.deposit))
    try demand(
      .liquidity,
      (liquidity.over(first) / growth - 1).magnitude <= Double(growths + 2) * .ulpOfOne,
      "\(liquidity.over(first)) times the liquidity of the founding, not \(growth)")
  }

  private func checkCredits() throws(SharedViolation) {
    var sum = LotPair.zero
    for (id, credit) in credits {
      sum = sum + credit
      let its = pool.markets[id]?.credit
      try demand(.creditsAddUp, its == credit, "\(id) has a credit of \(its!), not \(credit)")
    }
    let account = pool.account
    try demand(.creditsAddUp, account.allocated == sum, "\(account.allocated) in all, not \(sum)")
    let left = account.plain - sum
    try demand(
      .creditsCovered, account.plain.a >= 0 && account.plain.b >= 0, "\(account.plain)")
    guard sum != .zero else { return }
    try demand(
      .creditsCovered,
      left.a >= 0 && left.b >= 0 && pool.health(of: left) >= limits.floor,
      "of \(account.plain) own lots credits leave \(left)")
  }

  /// Whatever takes no more than the credit passes, on a copy.
  private func checkGranted(_ random: inout SplitMix64) throws(SharedViolation) {
    guard let id = credits.keys.sorted().randomElement(using: &random), let credit = credits[id],
      credit != .zero, !closed.contains(id), let key = keys[id]
    else { return }
    func taken(_ most: Int, _ random: inout SplitMix64) -> Int {
      random.oneIn(3) ? most : random.oneIn(2) ? -1 : Int.random(in: 0...most, using: &random)
    }
    let flow = LotPair(a: -taken(credit.a, &random), b: -taken(credit.b, &random))
    let reserves = pool.reserves
    guard max(reserves.a, reserves.b) < Domain.reserveLots.upperBound else { return }
    var copy = ledger
    let settlement = Settlement(market: id, key: key, sequence: applied[id]! + 1, flow: flow)
    do throws(SharedPoolError) { _ = try copy.apply(.settle(settlement), at: now) } catch {
      try demand(.granted, false, "a flow of \(flow) of a credit of \(credit) threw \(error)")
    }
  }

  // MARK: Health

  /// Whether a settlement without requests would be refused, by the rules as SPEC tells them.
  func isRefused(_ flow: LotPair, by id: MarketID) -> Bool {
    let most = Domain.reserveLots.upperBound
    let (before, after) = (pool.reserves, pool.reserves + flow)
    if after.a > most || after.b > most { return true }
    let credit = credits[id]!
    if flow.a + credit.a >= 0 && flow.b + credit.b >= 0 { return false }
    var others = LotPair.zero
    for (other, its) in credits where other != id { others = others + its }
    if after.a < others.a || after.b < others.b { return true }
    let left = LotPair(
      a: max(0, credit.a - max(0, -flow.a)), b: max(0, credit.b - max(0, -flow.b)))
    let all = others + left
    if all.a > 0 || all.b > 0 {
      if pool.health(of: after - all) < limits.floor { return true }
    }
    if pool.health(of: after) < limits.floor { return true }
    guard let allowance = limits.dailyAllowance else { return false }
    let fall = pool.health(of: before).parts - pool.health(of: after).parts
    return fall > 0 && (falls[id]?[day] ?? 0) + fall > allowance.parts
  }

  /// A fair add or remove leaves the health as it is but for roundings: a lot of each reserve, and the
  /// measure's own. Only where LP tokens were redeemed may it be less by a lot.
  func checkFair(_ before: Health, _ was: Ledger, _ steps: Int) throws(SharedViolation) {
    let redeemed = was.pool.account.outside?.supply != pool.account.outside?.supply
    let reserves = pool.reserves
    let least = min(reserves.a, reserves.b)
    guard least > 0, before.value < 2 else { return }
    let slack = Double(4 * steps) / Double(least) + 2 * Tolerance.health.relative
    let change = pool.health.value - before.value
    let less = (redeemed ? Double(2 * steps) / Double(least) : 0) + 2 * Tolerance.health.relative
    try demand(
      .fair, change <= slack * max(1, before.value) && change >= -less * max(1, before.value),
      "health \(before), then \(pool.health)")
  }

  /// Liquidity grows by a part.
  mutating func grow(by factor: Double) {
    growth *= factor
    growths += 2
  }
}
