import DAMMModel
import DAMMPool
import DAMMPrices
import Testing

/// What docs/audit.md says of fees and surges against reforms that are known before they come.
@Suite struct AuditReformTests {
  static let now = UTCTime(secondsSince1970: 0)

  /// A pool at 80 % over 7 days, with a reading that moves by 0.1 % in price and 5 % in sigma.
  static func pool(
    _ fees: FeeSchedule, _ funding: Funding = .geometricMean, a: Int = 3_000_000_000_000,
    b: Int = 1_000_000_000_000, part: Double
  ) throws -> AuditedPool {
    let (lotA, lotB) = try (LotSize(decimals: 6, exponent: 0), LotSize(decimals: 9, exponent: 0))
    let pool = try Pool(
      PoolTerms(a: lotA, b: lotB, fees: fees, funding: funding),
      reading: OracleReading(price: 3000, relativeSigma: 0.8 * (7.0 / 365).squareRoot()), at: now,
      deposit: LotPair(a: a, b: b))
    var scope = AuditedPool.Scope()
    (scope.liquidity, scope.waits, scope.part) = (false, false, part)
    scope.readings = AuditedPool.ReadingChange.all(price: 0.001, sigma: 0.05)
    return try AuditedPool(pool, scope)
  }

  /// The fees of the defaults.
  static let defaults = try! FeeSchedule(baseBps: 5, surgeBps: 60)
  static let limits = try! AuditLimits(seed: 1, sequences: 600)

  @Test func surgeIsTwiceWhatTheBaseFeeLacks() throws {
    let (a, base) = (150_000_000_000, 5.0)
    let fee = try Audit<AuditedPool>.smallestFee(10...40, step: 0.05, Self.limits) {
      try Self.pool(FeeSchedule(baseBps: $0), a: a, part: 0.1)
    }
    let surge = try Audit<AuditedPool>.smallestFee(10...60, step: 0.05, Self.limits) {
      try Self.pool(FeeSchedule(baseBps: base, surgeBps: $0), a: a, part: 0.1)
    }
    let (alone, besides) = (try #require(fee.without), try #require(surge.without))
    // the fee is of the A of both legs, of which the one back is the larger by the gain itself
    #expect((besides - 2 * (alone - base)).magnitude <= 0.02 * besides, "\(alone) \(besides)")
    let loop = try #require(fee.finding).loop
    #expect(loop.contains { $0.action.name.hasPrefix("reading") } && loop.count >= 3)
  }

  @Test(arguments: [
    (Funding.geometricMean, 3_000_000_000_000, 1_000_000_000_000, 1.0),
    (.geometricMean, 1_000_000_000_000, 1_000_000_000_000, 1),
    (.geometricMean, 3_000_000_000_000, 333_333_333_333, 1),
    (.geometricMean, 150_000_000_000, 1_000_000_000_000, 0.1),
    (.full, 3_000_000_000_000, 50_000_000_000, 0.1),
    (.full, 150_000_000_000, 1_000_000_000_000, 0.1),
  ])
  func defaultsTakeTheGainAway(_ funding: Funding, _ a: Int, _ b: Int, _ part: Double) throws {
    func audit(_ fees: FeeSchedule) throws -> AuditFee {
      // at one fee alone: whether anything gains from where the pool stands
      try Audit<AuditedPool>.smallestFee(0...1, step: 1, Self.limits) { _ in
        try Self.pool(fees, funding, a: a, b: b, part: part)
      }
    }
    #expect(try audit(Self.defaults).without == 0)
    // the base fee alone does not, but for a part of a balanced side
    #expect(try audit(FeeSchedule(baseBps: 5)).with == 1)
  }
}
