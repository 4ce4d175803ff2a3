import DAMMModel
import DAMMPool
import DAMMPrices
import TestSupport
import Testing

/// The auditor finds prices that depend on the scale, and none in the same AMM where they do not.
@Suite(.serialized) struct AuditScaleTests {
  static func gallery(_ dependsOnScale: Bool) -> [AuditedCase] {
    [
      AuditedCase("a flat fee in lots a trade") { FlatFeeLedger(flatFee: dependsOnScale) },
      AuditedCase("a tick width in lots") { LinearBook(widthIsInLots: dependsOnScale) },
    ]
  }

  @Test(arguments: gallery(true))
  func findsPricesThatDependOnScale(_ broken: AuditedCase) throws {
    let seed = RandomCurves.seed("audit scale", 20_264)
    let report = try broken.audit(AuditLimits(seed: seed, seconds: AuditGalleryTests.seconds))
    let finding = try #require(report.finding, "\(broken.name): none in \(report)")
    print(
      "audit: \(broken.name): found in \(report.seconds) s, \(report.sequences) sequences: "
        + finding.summary)
    #expect(finding.reason == .scale)
    #expect(finding.approach.count <= 2 && finding.loop.count == 1, "\(finding.summary)")
    let scale = try #require(finding.scale)
    #expect(report.scaleSequences ?? 0 > 0)
    let (before, after) = try broken.replay(finding.approach, finding.loop)
    #expect(before == finding.before && after == finding.after)
    let times = Holdings(
      a: scale.factor * (after.a - before.a), b: scale.factor * (after.b - before.b))
    #expect((scale.change.a - times.a).magnitude + (scale.change.b - times.b).magnitude > 2)
  }

  @Test(arguments: gallery(false))
  func findsNothingWhereTheyDoNot(_ sound: AuditedCase) throws {
    let seed = RandomCurves.seed("audit scale", 20_265)
    let report = try sound.audit(
      AuditLimits(seed: seed, seconds: Double(RandomCurves.runs(1)) * 1))
    print("audit: \(sound.name), sound: \(report.scaleSequences ?? 0) sequences at other scales")
    #expect(report.finding == nil, "\(sound.name): \(report.finding?.summary ?? "")")
    #expect(report.scaleSequences ?? 0 > 100)
  }

  /// A dealer without copies at other scales is searched as before, and the report says so.
  @Test func withoutCopiesNothingIsCompared() throws {
    let report = try Audit(
      AuditSearchTests.Dealer(fee: 0.01), AuditLimits(seed: 1, sequences: 500)
    ).run()
    #expect(report.scaleSequences == nil && report.finding == nil)
  }

  /// The copy of a tick pool is the pool times the factor, and trades as `PoolScaleTests` says.
  @Test func copiesOfTickPools() throws {
    let pool = try AuditedPool(AuditReformTests.pool(.none, part: 0.1).pool)
    let copy = try #require(pool.scaled(by: 3))
    #expect(copy.holdings == Holdings(a: 3 * pool.holdings.a, b: 3 * pool.holdings.b))
    #expect(copy.pool.price == pool.pool.price)
    for factor in [1, 0.5, 2.5, 0x1p62, -2, .nan, .infinity] {
      #expect(pool.scaled(by: factor) == nil, "\(factor)")
    }
  }
}
