import DAMMModel
import DAMMPool
import DAMMPrices
import TestSupport

import DAMMShared

/// Shared pools to be audited.
enum SharedAudits {
  static let deposit = LotPair(a: 3_000_000_000_000, b: 1_000_000_000_000)
  static let lots = try! LotSize(decimals: 6, exponent: 0)
  static let limits = try! HealthLimits(floor: 0.9, dailyAllowance: 0.01)

  static func setup(
    _ kinds: [SharedSetup.Kind], limits: HealthLimits = .off, ticks: Int? = nil,
    deposit: LotPair = deposit
  ) throws -> SharedSetup {
    var setup = SharedSetup(
      terms: try SharedPoolTerms(a: lots, b: lots, limits: limits), deposit: deposit, kinds: kinds,
      number: 1)
    if let ticks {
      let reading = try OracleReading(
        price: setup.price, relativeSigma: SharedSetup.grids[ticks].s)
      setup.terms = try SharedPoolTerms(
        a: lots, b: lots,
        reference: .ticks(setup.tickTerms(ticks, .none, .geometricMean), reading), limits: limits)
    }
    return setup
  }

  static func product(feeBps: Double = 0, apart: Bool = true, ratio: Double = 1) -> SharedSetup.Kind
  {
    .product(feeBps: feeBps, apart: apart, ratio: ratio)
  }

  static func ticks(
    _ grid: Int, _ fees: FeeSchedule = .none, _ funding: Funding = .geometricMean, price: Double = 1
  ) -> SharedSetup.Kind {
    .ticks(grid: grid, fees: fees, funding: funding, price: price)
  }

  /// Opens the markets of a setup on a ledger.
  static func subject<Ledger: SharedLedger>(
    _ setup: SharedSetup, on ledger: Ledger, _ scope: SharedAuditScope
  ) throws -> AuditedSharedPool<Ledger> {
    var ledger = ledger
    let now = SharedSetup.start
    var random = SplitMix64(seed: 5)
    let founding = try setup.pool().founding
    let markets = try setup.kinds.enumerated().map { number, kind in
      let id = try MarketID("m\(number + 1)")
      let key = MarketKey.random(using: &random)
      let snapshot = try ledger.apply(.open(market: id, key: key), at: now).snapshot!
      return setup.market(kind, id, key, of: founding, snapshot, at: now)!
    }
    return try AuditedSharedPool(ledger, markets, scope, at: now)
  }

  /// Of a setup on a sound pool.
  static func subject(
    _ setup: SharedSetup, _ scope: SharedAuditScope
  ) throws -> AuditedSharedPool<SharedPool> {
    try subject(setup, on: setup.pool(), scope)
  }
}

extension AuditFinding {
  /// One line.
  var words: String {
    func words(_ step: AuditStep) -> String {
      ([step.action.name] + step.amounts.map { "\($0)" }).joined(separator: " ")
        + " (\(step.change.a), \(step.change.b))"
    }
    return
      "\(reason) of \(gain.a) A, \(gain.b) B by [\(approach.map(words).joined(separator: "; "))] "
      + loop.map(words).joined(separator: "; ")
  }
}
