import DAMMModel
import DAMMPrices
import TestSupport
import Testing

/// The auditor finds what is planted in each AMM of the gallery, and nothing in the same one without it.
@Suite(.serialized) struct AuditGalleryTests {
  static func gallery(_ isThere: Bool) -> [AuditedCase] {
    [
      AuditedCase("bid above ask on a narrow interval") {
        TickBook(.bidAboveAsk, isThere: isThere)
      },
      AuditedCase("tick priced at the entered edge") {
        TickBook(.enteredEdge, isThere: isThere)
      },
      AuditedCase("rounding towards the trader at dust sizes") {
        ProductLedger(.dust, isThere: isThere)
      },
      AuditedCase("floor rounding of idle balance under tiny withdrawals") {
        ProductLedger(.idle, isThere: isThere)
      },
      AuditedCase("fee skew with the wrong sign") { TickBook(.skew, isThere: isThere) },
      AuditedCase("a reform with an unchanged reading recomputes scales") {
        try ReformedPool(formsAgain: isThere)
      },
      AuditedCase("shares minted by sqrt(dA dB)") { ProductLedger(.rootShares, isThere: isThere) },
      AuditedCase("ticks rounded up to lots") { TickLots(roundsUp: isThere) },
      AuditedCase("single-sided add at the pre-trade price") {
        ProductLedger(.preTradePrice, isThere: isThere)
      },
      AuditedCase("a settlement applied twice") { SettledLedger(paysTwice: isThere) },
    ]
  }

  /// What a finding may take to be found, each.
  static let seconds = 60.0

  @Test(arguments: gallery(true))
  func findsWhatIsPlanted(_ broken: AuditedCase) throws {
    let seed = RandomCurves.seed("audit", 20_261)
    let report = try broken.audit(AuditLimits(seed: seed, seconds: Self.seconds))
    let finding = try #require(report.finding, "\(broken.name): none in \(report)")
    print(
      "audit: \(broken.name): found in \(report.seconds) s, \(report.sequences) sequences, "
        + "\(report.actions) actions: \(finding.summary)")
    let (before, after) = try broken.replay(finding.approach, finding.loop)
    #expect(before == finding.before && after == finding.after)
    switch finding.reason {
    case .gain: #expect(after.a <= before.a && after.b <= before.b && after != before)
    case .insolvent: #expect(after.a < 0 || after.b < 0)
    case .scale: Issue.record("\(broken.name) offers no other scale")
    }
    #expect(finding.approach.count + finding.loop.count <= 12, "\(finding.summary)")
    // no action can be left out: then it is refused, or gains nothing
    for index in finding.loop.indices {
      var shorter = finding.loop
      shorter.remove(at: index)
      guard let (before, after) = try? broken.replay(finding.approach, shorter) else { continue }
      let gains = after.a <= before.a && after.b <= before.b && after != before
      #expect(!gains || finding.reason == .insolvent, "\(finding.summary), without \(index)")
    }
  }

  @Test(arguments: gallery(false))
  func findsNothingWithoutIt(_ sound: AuditedCase) throws {
    let seed = RandomCurves.seed("audit", 20_262)
    let report = try sound.audit(
      AuditLimits(seed: seed, seconds: Double(RandomCurves.runs(1)) * 1.5))
    print("audit: \(sound.name), sound: \(report.sequences) sequences, \(report.actions) actions")
    #expect(report.finding == nil, "\(sound.name): \(report.finding?.summary ?? "")")
    #expect(report.sequences > 100)
  }
}
