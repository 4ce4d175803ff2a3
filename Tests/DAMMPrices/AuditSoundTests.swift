import DAMMModel
import DAMMPool
import DAMMPrices
import TestSupport
import Testing

/// The auditor finds nothing in what cannot leak: pools of this project, ledgers in lots and pools of price
/// functions.
@Suite(.serialized) struct AuditSoundTests {
  static let now = UTCTime(secondsSince1970: 1_767_225_600)

  static func ledger(
    _ deposit: LotPair, _ fees: FeeSchedule, _ funding: Funding, sigma: Double, bps: Double
  ) throws -> AuditedPool {
    let (a, b) = try (LotSize(decimals: 6, exponent: 0), LotSize(decimals: 18, exponent: 9))
    let pool = try Pool(
      PoolTerms(a: a, b: b, tickWidthBps: bps, fees: fees, funding: funding),
      reading: OracleReading(price: 3000, relativeSigma: sigma), at: now, deposit: deposit)
    return try AuditedPool(pool)
  }

  /// Seconds for each; a soak takes as many times longer. With those of the gallery, half a minute, and ten in a soak.
  static let seconds = 1.9

  static let cases: [AuditedCase] = [
    AuditedCase("tick pool without fees") {
      try ledger(
        LotPair(a: 3_000_000_000_000, b: 1_000_000_000_000), .none, .geometricMean, sigma: 0.1,
        bps: 1)
    },
    AuditedCase("tick pool with fees") {
      try ledger(
        LotPair(a: 3_000_000_000_000, b: 1_000_000_000_000),
        FeeSchedule(baseBps: 5, volatility: 0.01, skew: 0.3, minimumBps: 1, surgeBps: 50),
        .geometricMean, sigma: 0.1, bps: 1)
    },
    AuditedCase("tick pool, unbalanced, all of it on offer") {
      try ledger(
        LotPair(a: 150_000_000_000, b: 1_000_000_000_000), .none, .full, sigma: 0.05, bps: 10)
    },
    AuditedCase("tick pool of few lots") {
      try ledger(LotPair(a: 900, b: 300), .none, .full, sigma: 0.02, bps: 25)
    },
    AuditedCase("constant product without fees") {
      try AuditedPricePool(
        PricePool(ConstantProduct.withoutFee, reserves: Reserves(a: 3e6, b: 1000)), at: now)
    },
    AuditedCase("constant product with fees") {
      try AuditedPricePool(
        PricePool(ConstantProduct(feeBps: 30), reserves: Reserves(a: 3e6, b: 1000)), at: now)
    },
    AuditedCase("constant price") {
      try AuditedPricePool(
        PricePool(ConstantPrice(3000), reserves: Reserves(a: 3e6, b: 1000)), at: now)
    },
    AuditedCase("prices that widen, by integration") {
      try AuditedPricePool(
        PricePool(
          PriceClosures(
            ask: { r in r * (1 + 0.001 + 0.005 * r / (3000 + r)) },
            bid: { r in r * (1 - 0.001 - 0.005 * r / (3000 + r)) }),
          reserves: Reserves(a: 3e6, b: 1000)), at: now)
    },
  ]

  @Test(arguments: cases)
  func findsNothing(_ sound: AuditedCase) throws {
    let seed = RandomCurves.seed("audit", 20_263)
    let report = try sound.audit(
      AuditLimits(seed: seed, seconds: Self.seconds * Double(RandomCurves.runs(1))))
    print(
      "audit: \(sound.name): \(report.sequences) sequences, \(report.actions) actions in "
        + "\(report.seconds) s, \(report.scaleSequences ?? 0) at other scales")
    #expect(report.finding == nil, "\(sound.name): \(report.finding?.summary ?? "")")
    #expect(report.sequences > 100 && report.scaleSequences ?? 0 > 5)
  }
}
