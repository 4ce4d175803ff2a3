import DAMMKernel
import DAMMModel
import DAMMPool
import Testing

/// A pool that reforms by its policy must keep ask and bid a tick apart.
@Suite struct SpreadRuleTests {
  static let policy = try! ReformPolicy(ageSeconds: 60)

  static func pool(
    _ fees: FeeSchedule, policy: ReformPolicy = policy, thin: Bool = false, sigma: Double = 0.01
  ) throws -> Pool {
    let terms = try PoolTerms(
      a: LotSize(decimals: 6, exponent: 0), b: LotSize(decimals: 6, exponent: 0),
      tickWidthBps: 10, fees: fees, policy: policy, allowsThinSpread: thin)
    return try Pool(
      terms, reading: OracleReading(price: 100, relativeSigma: sigma), at: PoolTests.start,
      deposit: LotPair(a: 1_000_000_000, b: 10_000_000))
  }

  /// Schedules with the least sum of both rates on any tick in basis points; ticks have 10.
  static let schedules: [(fees: FeeSchedule, least: Double)] = try! [
    (.none, 0), (FeeSchedule(baseBps: 4.999), 9.998), (FeeSchedule(baseBps: 5), 10),
    (FeeSchedule(baseBps: 30), 60), (FeeSchedule(surgeBps: 500), 0),
    // at the oracle price 12, at both ends nothing and the most
    (FeeSchedule(baseBps: 6, skew: 1, maximumBps: 9.99), 9.99),
    (FeeSchedule(baseBps: 6, skew: 1, maximumBps: 10), 10),
    // at the ends 1 and the most, at the oracle price less
    (FeeSchedule(baseBps: 4.9, skew: 1, minimumBps: 1), 9.8),
    (FeeSchedule(volatility: 0.05), 10), (FeeSchedule(volatility: 0.04), 8),
  ]

  @Test func atLeastATick() throws {
    for (fees, least) in Self.schedules {
      let manual = try Self.pool(fees, policy: .manual)
      #expect(try Self.pool(fees, thin: true).policyIsKept)
      let table = try #require(manual.table)
      let ticks = table.lowestTick..<table.upperTick
      let rates = ticks.map { table.feeRate(.buy, ofTick: $0) + table.feeRate(.sell, ofTick: $0) }
      #expect(abs(try #require(rates.min()) * 1e4 - least) < 1e-9, "\(fees)")
      if least >= 10 {
        #expect(try Self.pool(fees).policyIsKept, "\(fees)")
        // which is what the rule is for: ask over bid
        for tick in ticks {
          let ask = 1 + table.feeRate(.buy, ofTick: tick)
          let bid = 1 - table.feeRate(.sell, ofTick: tick)
          #expect(ask / bid - 1 >= 10e-4 * (1 - 1e-12))
        }
      } else {
        do {
          _ = try Self.pool(fees)
          Issue.record("\(fees) was accepted")
        } catch PoolError.spreadBelowTick(let spread, let width) {
          #expect(abs(spread - least) < 1e-9 && width == 10, "\(fees)")
        }
      }
    }
  }

  /// Fees that fall with the volatility are refused when it falls, by every action that forms a curve.
  @Test func actionsKeepIt() throws {
    let fees = try FeeSchedule(volatility: 0.05)
    let (pool, now) = (try Self.pool(fees, sigma: 0.02), PoolTests.later(60))
    let calm = try OracleReading(price: 100, relativeSigma: 0.005)
    let error = PoolError.spreadBelowTick(spreadBps: 2 * 0.05 * 0.005 * 1e4, tickWidthBps: 10)
    expectRefusal(error, pool) { try $0.reform(calm, at: now) }
    expectRefusal(error, pool) { try $0.update(calm, at: now) }
    var copy = pool
    #expect(try copy.reform(OracleReading(price: 100, relativeSigma: 0.01), at: now))
  }
}

extension Pool {
  fileprivate var policyIsKept: Bool { terms.policy == SpreadRuleTests.policy }
}
