import DAMMModel
import DAMMPool
import DAMMPrices
import Testing
import TestSupport

import DAMMShared

/// The auditor on shared pools: what it must not find, and what it must.
@Suite(.serialized) struct AuditSharedTests {
  private typealias Audits = SharedAudits

  private static func scope(
    _ liquidity: SharedAuditScope.Liquidity, allowed: HealthLimits? = nil, readings: [Double] = [],
    priceMove: Double? = nil
  ) -> SharedAuditScope {
    var scope = SharedAuditScope()
    (scope.liquidity, scope.allowed) = (liquidity, allowed)
    (scope.readings, scope.priceMove) = (readings, priceMove)
    return scope
  }

  private static let product = Audits.product()
  private static let ticks = Audits.ticks(1)
  private static let narrow = Audits.ticks(3)

  /// Markets that begin at one price, without limits: whatever their curves, trades gain nothing, nor does liquidity
  /// where all markets settle right before and right behind.
  static let sound: [SharedAuditCase] = [
    .init("a product", [product], .none),
    .init("three products", [product, product, product], .none),
    .init("two tick curves", [ticks, ticks], .none),
    .init("a product and two other curves", [product, ticks, narrow], .none),
    .init("few lots", [product, ticks, narrow], .none, deposit: LotPair(a: 900, b: 300)),
    .init(
      "fees in and beside the reserves",
      [Audits.product(feeBps: 5, apart: false), Audits.product(feeBps: 30)], .none),
    .init("two fundings", [ticks, Audits.ticks(1, .none, .full)], .none),
    .init("a product with liquidity", [product], .settled),
    .init("a tick curve with liquidity", [ticks], .settled),
    .init("three curves with liquidity", [product, ticks, narrow], .settled),
  ]

  @Test(arguments: sound)
  func findsNothing(_ sound: SharedAuditCase) throws {
    try sound.expectNothing(Self.scope(sound.liquidity), seconds: 0.7)
  }

  /// Everything at any time, on markets that stand apart and read otherwise: not more than what limits allow.
  static let limited: [SharedAuditCase] = [
    .init("three products", [product, product, product], .anytime),
    .init(
      "products that stand apart",
      [product, Audits.product(ratio: 1.2), Audits.product(ratio: 0.9)],
      .anytime),
    .init("tick curves, measured on one", [ticks, ticks, narrow], .anytime, reference: 1),
    .init(
      "tick curves that stand apart",
      [ticks, Audits.ticks(1, .none, .full, price: 1.1), Audits.product(ratio: 0.95)], .anytime,
      reference: 1),
  ]

  @Test(arguments: limited)
  func findsNothingBeyondTheLimits(_ limited: SharedAuditCase) throws {
    let reads = limited.reference == nil ? [] : [0.01, -0.01]
    try limited.expectNothing(
      Self.scope(limited.liquidity, allowed: Audits.limits, readings: reads), seconds: 1.5)
  }

  // MARK: What it must find

  /// Limits that are not kept, and faults of a pool, each with a scope in which nothing would be found without.
  @Test(arguments: SharedLeak.all)
  func findsWhatIsBroken(_ leak: SharedLeak) throws {
    let seed = RandomCurves.seed("audit: \(leak.name)", 3)
    let limits = try AuditLimits(seed: seed, sequences: 100_000, seconds: 60)
    let ledger = try FaultyShared(leak.setup, leak.fault)
    let subject = try Audits.subject(leak.setup, on: ledger, leak.scope)
    let report = try Audit(subject, limits).run()
    let finding = try #require(report.finding, "\(leak.name): nothing in \(report.sequences)")
    print("audit: \(leak.name): \(report.sequences), \(report.seconds) s: \(finding.words)")
    #expect(finding.reason == .gain && finding.approach.isEmpty && finding.loop.count <= 8)
    // the same search without the fault finds nothing
    let sound = try Audits.subject(leak.setup, leak.scope)
    let again = try Audit(
      sound, AuditLimits(seed: seed, sequences: max(500, 2 * report.sequences), seconds: 2)
    ).run()
    #expect(again.finding == nil, "\(again.finding?.words ?? "")")
  }

  /// What is no fault, and why there are limits.
  @Test(arguments: SharedGain.all)
  func findsWhatLimitsAreFor(_ gain: SharedGain) throws {
    let seed = RandomCurves.seed("audit: \(gain.name)", 4)
    let subject = try Audits.subject(gain.setup, gain.scope)
    let limits = try AuditLimits(seed: seed, sequences: 100_000, seconds: 60)
    let report = try Audit(subject, limits).run()
    let finding = try #require(report.finding, "\(gain.name): nothing in \(report.sequences)")
    print("audit: \(gain.name): \(report.sequences), \(report.seconds) s: \(finding.words)")
    #expect(finding.reason == .gain)
    #expect(
      gain.needs.allSatisfy { word in finding.loop.contains { $0.action.name.hasPrefix(word) } })
  }

  /// Liquidity at any time gains a part of each move that a market makes behind it. A fee of a quarter of the move a
  /// leg takes that away: `g / (2 (1 + g)) (1 - 1/u)`, `u` the root of the ratio of prices, for `g` times the
  /// shares.
  @Test func feeThatStopsLiquidityAtAnyTime() throws {
    let move = 0.02
    let limits = try AuditLimits(seed: 1, sequences: 400)
    let fee = try Audit<AuditedSharedPool<SharedPool>>.smallestFee(0...200, step: 0.5, limits) {
      try Audits.subject(
        Audits.setup([Audits.product(feeBps: $0)]),
        Self.scope(.anytime, priceMove: move))
    }
    print("fee that stops liquidity at any time: \(fee.without ?? .nan) bp, \(fee.sequences)")
    // from the middle, where it begins
    let most = 1e4 * (1 - 1 / (1 + move).squareRoot()) / 2
    let (with, without) = (try #require(fee.with), try #require(fee.without))
    #expect(without <= most && with >= most / 4, "from \(with) to \(without), at most \(most)")
  }
}
