import DAMMKernel
import DAMMModel

import DAMMShared

/// A shared pool that commits one fault, and is sound otherwise.
struct FaultyShared: SharedLedger {
  let fault: SharedFault
  private(set) var pool: SharedPool
  /// Shares that a market has made and that are counted twice in what it is told.
  private var made: [MarketID: Int] = [:]
  private let start: UTCTime

  init(_ setup: SharedSetup, _ fault: SharedFault) throws {
    self.fault = fault
    start = SharedSetup.start
    var limits = setup.terms.limits
    switch fault {
    case .ignoresAllowance:
      limits = try HealthLimits(floor: limits.floor.value, dailyAllowance: nil)
    case .ignoresFloor:
      limits = try HealthLimits(floor: 0, dailyAllowance: limits.dailyAllowance?.value)
    default: break
    }
    var setup = setup
    setup.terms = try SharedPoolTerms(
      a: setup.terms.a, b: setup.terms.b, reference: setup.terms.reference, limits: limits)
    pool = try setup.pool()
  }

  mutating func apply(
    _ action: LedgerAction, at now: UTCTime
  ) throws(SharedPoolError) -> LedgerReceipt {
    let now = fault == .endsNoDay ? start : now
    var receipt: LedgerReceipt
    do throws(SharedPoolError) {
      if case .settle(let settlement) = action {
        receipt = try settle(settlement, at: now)
      } else {
        receipt = try pool.apply(action, at: now)
      }
    } catch {
      if fault == .refusalTakesALot, pool.reserves.a > 1 {
        try? pool.payIn(LotPair(a: 1, b: 0), at: now)
      }
      throw error
    }
    switch action {
    case .add where fault == .addHeals, .leaveEarly where fault == .exitHeals:
      try pool.payIn(LotPair(a: 1, b: 1), at: now)
    case .payIn(let lots) where fault == .saysLess: receipt = receipt.with(moved: lots + lots)
    default: break
    }
    return receipt
  }

  private mutating func settle(
    _ message: Settlement, at now: UTCTime
  ) throws(SharedPoolError) -> LedgerReceipt {
    let id = message.market
    var message = message
    guard let account = pool.markets[id] else { return try pool.apply(.settle(message), at: now) }
    switch fault {
    case .appliesTwice where message.sequence <= account.sequence && message.sequence > 0:
      // as if it were the next, and its number stays as it is
      var copy = pool
      let receipt = try copy.apply(
        .settle(message.with(sequence: account.sequence + 1)), at: now)
      pool = copy
      return receipt
    case .appliesTwice, .skipsNumbers:
      if message.sequence > account.sequence {
        message = message.with(sequence: account.sequence + 1)
      }
    case .forgetsKey: message = message.with(key: account.key)
    case .refusesCredit:
      let (flow, after) = (message.flow, pool.reserves + message.flow)
      if -flow.a <= account.credit.a, -flow.b <= account.credit.b, after.a >= 0, after.b >= 0,
        pool.health(of: after) < pool.health
      {
        throw .belowFloor(pool.health(of: after), floor: pool.terms.limits.floor)
      }
    case .losesFees: message = message.with(fee: 0)
    case .closedSettles: message = message.with(isLast: false)
    default: break
    }
    var receipt: LedgerReceipt
    do throws(SharedPoolError) { receipt = try pool.apply(.settle(message), at: now) } catch {
      guard fault == .appliesHalf, message.flow.a > 0 else { throw error }
      let half = message.with(flow: LotPair(a: message.flow.a, b: 0))
      return try pool.apply(.settle(half), at: now)
    }
    if fault == .keepsCredit, account.credit != .zero, !message.isLast {
      try? pool.grant(account.credit, to: id, at: now)
    }
    if fault == .countsLiquidityTwice, let settled = receipt.settlement {
      for case .added(_, let shares, _) in settled.outcomes { made[id, default: 0] += shares }
      receipt = receipt.with(settlement: settled.counting(again: made[id] ?? 0))
    }
    return receipt
  }
}

extension Settlement {
  func with(
    key: MarketKey? = nil, sequence: Int? = nil, flow: LotPair? = nil, fee: Int? = nil,
    isLast: Bool? = nil
  ) -> Settlement {
    Settlement(
      market: market, key: key ?? self.key, sequence: sequence ?? self.sequence,
      flow: flow ?? self.flow, fee: fee ?? self.fee, requests: requests,
      isLast: isLast ?? self.isLast)
  }
}

extension SettlementReceipt {
  /// With so many shares once more in the liquidity that it tells.
  func counting(again made: Int) -> SettlementReceipt {
    guard made > 0 else { return self }
    let all = UInt128(snapshot.shares)
    return SettlementReceipt(
      market: market, sequence: sequence, outcomes: outcomes, healthBefore: healthBefore,
      healthAfter: healthAfter, redeemed: redeemed,
      snapshot: PoolSnapshot(
        reserves: snapshot.reserves, health: snapshot.health, shares: snapshot.shares,
        liquidity: snapshot.liquidity.scaled(by: all + UInt128(made), over: all),
        credit: snapshot.credit, otherCredits: snapshot.otherCredits, day: snapshot.day,
        fallenToday: snapshot.fallenToday, time: snapshot.time))
  }
}
