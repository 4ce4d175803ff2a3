import DAMMModel
import DAMMPool
import Testing

/// Each reason of a policy just below, at and above its threshold. Numbers are powers of two, so that a threshold
/// is met to the bit.
@Suite struct ReformPolicyTests {
  static let formed = try! OracleReading(price: 64, relativeSigma: 0.5)

  static func reading(price: Double = 64, sigma: Double = 0.5) throws -> OracleReading {
    try OracleReading(price: price, relativeSigma: sigma)
  }

  static func reason(
    _ policy: ReformPolicy, price: Double = 64, sigma: Double = 0.5, seconds: Double = 0
  ) throws -> ReformPolicy.Reason? {
    policy.reason(
      for: try reading(price: price, sigma: sigma), after: formed, seconds: seconds)
  }

  @Test func deviation() throws {
    let policy = try ReformPolicy(deviationBps: 2500)
    for price in [(80.0).nextDown, 48.0.nextUp, 64.0.nextUp] {
      #expect(try Self.reason(policy, price: price, sigma: 2, seconds: 1e9) == nil)
    }
    for price in [80, 80.0.nextUp, 1e9, 48, 48.0.nextDown, 1e-9] {
      #expect(try Self.reason(policy, price: price) == .deviation)
    }
  }

  @Test func age() throws {
    let policy = try ReformPolicy(ageSeconds: 3600)
    #expect(try Self.reason(policy, price: 1e9, sigma: 2, seconds: 3600.0.nextDown) == nil)
    for seconds in [3600, 3600.0.nextUp, 1e12] {
      #expect(try Self.reason(policy, price: 64.0.nextUp, seconds: seconds) == .age)
      #expect(try Self.reason(policy, sigma: 0.5.nextUp, seconds: seconds) == .age)
    }
  }

  @Test func volatility() throws {
    let policy = try ReformPolicy(volatilityChange: 0.5)
    for sigma in [(0.75).nextDown, 0.25.nextUp, 0.5.nextUp] {
      #expect(try Self.reason(policy, price: 1e9, sigma: sigma, seconds: 1e9) == nil)
    }
    for sigma in [0.75, 0.75.nextUp, 9, 0.25, 0.25.nextDown, 1e-9] {
      #expect(try Self.reason(policy, sigma: sigma) == .volatility)
    }
  }

  @Test func theFirstThatApplies() throws {
    let policy = try ReformPolicy(deviationBps: 2500, ageSeconds: 3600, volatilityChange: 0.5)
    #expect(try Self.reason(policy, price: 80, sigma: 1, seconds: 3600) == .deviation)
    #expect(try Self.reason(policy, price: 70, sigma: 1, seconds: 3600) == .age)
    #expect(try Self.reason(policy, price: 70, sigma: 1, seconds: 3599) == .volatility)
    #expect(try Self.reason(policy, price: 70, sigma: 0.6, seconds: 3599) == nil)
    #expect(try Self.reason(policy, seconds: 1e9) == nil, "a reading that it was formed with")
    #expect(try Self.reason(.manual, price: 1e9, sigma: 9, seconds: 1e9) == nil)
  }

  /// A pool counts its age from its forming, reforms for what the policy says, and is as it was otherwise.
  @Test func aPoolFollowsIt() throws {
    let policy = try ReformPolicy(deviationBps: 2500, ageSeconds: 3600, volatilityChange: 0.5)
    let terms = try PoolTerms(
      a: LotSize(decimals: 6, exponent: 0), b: LotSize(decimals: 6, exponent: 0),
      tickWidthBps: 100, fees: FeeSchedule(baseBps: 60), policy: policy)
    let pool = try Pool(
      terms, reading: Self.formed, at: PoolTests.start,
      deposit: LotPair(a: 64_000_000, b: 1_000_000))
    func update(
      _ price: Double, _ sigma: Double, _ seconds: Int64
    ) throws -> ReformPolicy.Reason? {
      var copy = pool
      let (reading, now) = (try Self.reading(price: price, sigma: sigma), PoolTests.later(seconds))
      let reason = try copy.update(reading, at: now)
      if reason == nil {
        #expect(copy == pool)
      } else {
        #expect(copy.reading == reading && copy.formedAt == now && copy.time == now)
        #expect(copy.curveInLots?.oraclePrice == price)
      }
      return reason
    }
    #expect(try update(80.0.nextDown, 0.75.nextDown, 3599) == nil)
    #expect(try update(80, 0.5, 1) == .deviation)
    #expect(try update(64.0.nextUp, 0.5, 3600) == .age)
    #expect(try update(64, 0.75, 1) == .volatility)
    #expect(try update(64, 0.5, 1_000_000) == nil)
  }
}
