import DAMMModel
import DAMMPrices
import Testing
import TestSupport

import DAMMShared

/// Markets to be audited, and where an outsider may provide liquidity.
struct SharedAuditCase: Sendable, CustomTestStringConvertible {
  let name: String
  let kinds: [SharedSetup.Kind]
  let liquidity: SharedAuditScope.Liquidity
  let deposit: LotPair
  let reference: Int?

  init(
    _ name: String, _ kinds: [SharedSetup.Kind], _ liquidity: SharedAuditScope.Liquidity,
    deposit: LotPair = SharedAudits.deposit, reference: Int? = nil
  ) {
    (self.name, self.kinds, self.liquidity) = (name, kinds, liquidity)
    (self.deposit, self.reference) = (deposit, reference)
  }

  var testDescription: String { name }

  func expectNothing(_ scope: SharedAuditScope, seconds: Double) throws {
    let seed = RandomCurves.seed("audit: \(name)", 20_277)
    let setup = try SharedAudits.setup(
      kinds, limits: scope.allowed ?? .off, ticks: reference, deposit: deposit)
    let report = try Audit(
      SharedAudits.subject(setup, scope),
      AuditLimits(seed: seed, seconds: seconds * Double(RandomCurves.runs(1)))
    ).run()
    print(
      "audit: \(name), liquidity \(scope.liquidity): \(report.sequences) sequences of "
        + "\(report.actions) actions in \(report.seconds) s")
    #expect(report.finding == nil, "\(name): \(report.finding?.words ?? "")")
    #expect(report.sequences > 20 && report.actions > 2000)
  }
}

/// A fault that an outsider can use, where nothing could be gained without.
struct SharedLeak: Sendable, CustomTestStringConvertible {
  let name: String
  let fault: SharedFault
  let setup: SharedSetup
  let scope: SharedAuditScope

  var testDescription: String { name }

  static let all: [SharedLeak] = {
    let (product, ticks) = (SharedAudits.product(), SharedAudits.ticks(1))
    let limits = SharedAudits.limits
    var (trades, settled, allowed) = (SharedAuditScope(), SharedAuditScope(), SharedAuditScope())
    (trades.liquidity, trades.gifts, trades.waits) = (.none, false, false)
    settled.liquidity = .settled
    (allowed.liquidity, allowed.allowed) = (.none, limits)
    var floor = allowed
    floor.allowed = try! HealthLimits(floor: 0.9, dailyAllowance: nil)
    let apart = [product, SharedAudits.product(ratio: 3), ticks]
    return [
      .init(
        name: "an allowance that never binds", fault: .ignoresAllowance,
        setup: try! SharedAudits.setup(apart, limits: limits), scope: allowed),
      .init(
        name: "a floor that never binds", fault: .ignoresFloor,
        setup: try! SharedAudits.setup(apart, limits: floor.allowed!), scope: floor),
      .init(
        name: "a settlement applied twice", fault: .appliesTwice,
        setup: try! SharedAudits.setup([ticks, ticks]), scope: trades),
      .init(
        name: "own liquidity counted twice", fault: .countsLiquidityTwice,
        setup: try! SharedAudits.setup([product]), scope: settled),
      .init(
        name: "own liquidity counted twice on ticks", fault: .countsLiquidityTwice,
        setup: try! SharedAudits.setup([ticks]), scope: settled),
    ]
  }()
}

/// What is gained from sound pools without limits.
struct SharedGain: Sendable, CustomTestStringConvertible {
  let name: String
  let setup: SharedSetup
  let scope: SharedAuditScope
  /// How the names of actions begin that it needs.
  let needs: [String]

  var testDescription: String { name }

  static let all: [SharedGain] = {
    let (product, ticks) = (SharedAudits.product(), SharedAudits.ticks(1))
    var (trades, anytime, reads) = (SharedAuditScope(), SharedAuditScope(), SharedAuditScope())
    trades.liquidity = .none
    (reads.liquidity, reads.readings) = (.none, [0.01, -0.01])
    anytime.gifts = false
    return [
      .init(
        name: "markets that stand apart",
        setup: try! SharedAudits.setup([product, SharedAudits.product(ratio: 1.001)]),
        scope: trades, needs: ["buy", "sell"]),
      .init(
        name: "a new reading on one market", setup: try! SharedAudits.setup([ticks, product]),
        scope: reads, needs: ["reading"]),
      .init(
        name: "liquidity at any time", setup: try! SharedAudits.setup([product]), scope: anytime,
        needs: ["add", "remove"]),
      .init(
        name: "liquidity at any time on two markets",
        setup: try! SharedAudits.setup([ticks, ticks]),
        scope: anytime, needs: ["add", "remove"]),
    ]
  }()
}
