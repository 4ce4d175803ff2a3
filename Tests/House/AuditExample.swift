import Foundation
import TestSupport
import Testing

// The lines between the two markers are the example of docs/audit.md, word for word.
// example
import DAMM

/// Tokens sold from a bonding curve in whole lots: the price is one lot of A, and one more for every 1000
/// lots of B sold. Buying rounds up; selling rounds down, or should.
struct BondingCurve: Auditable {
  enum Refused: Error { case amount }

  var sold = 50_000
  var held: Int
  let sellsRoundUp: Bool

  init(sellsRoundUp: Bool) {
    self.sellsRoundUp = sellsRoundUp
    held = 1_400_000
  }

  // what it holds: B that is not sold, and A
  var holdings: Holdings { Holdings(a: Double(held), b: Double(100_000 - sold)) }

  // what an outsider may do; a trade is told one amount, of which whole lots are drawn
  let actions = [
    AuditAction("buy", .trade, .init("lots of B", grain: 1)),
    AuditAction("sell", .trade, .init("lots of B", grain: 1)),
  ]

  // between which amounts it makes sense now
  func range(ofAmount number: Int, of action: Int) -> ClosedRange<Double>? {
    let most = action == 0 ? 100_000 - sold : sold
    return most > 0 ? 1...Double(most) : nil
  }

  // A for the first so many lots, times 2000
  private func paid(_ lots: Int) -> Int { lots * (2000 + lots) }

  mutating func perform(_ action: Int, _ amounts: AuditAmounts) throws(Refused) {
    let lots = Int(amounts.first)
    let after = sold + (action == 0 ? lots : -lots)
    guard lots > 0, (0...100_000).contains(after) else { throw .amount }
    let moved = abs(paid(after) - paid(sold))
    if action == 0 {
      held += (moved + 1999) / 2000
    } else {
      held -= sellsRoundUp ? (moved + 1999) / 2000 : moved / 2000
    }
    sold = after
  }
}

/// What the auditor says of both; returns what it would print.
func audit() throws -> [String] {
  var lines: [String] = []
  for sellsRoundUp in [false, true] {
    let limits = try AuditLimits(seed: 1, sequences: 20_000)
    let report = try Audit(BondingCurve(sellsRoundUp: sellsRoundUp), limits).run()
    guard let finding = report.finding else {
      lines.append("nothing in \(report.sequences) sequences")
      continue
    }
    for step in finding.loop {
      lines.append("\(step.action.name) \(step.amounts): \(step.change.a) A, \(step.change.b) B")
    }
    lines.append("takes out \(finding.gain.a) A and \(finding.gain.b) B")
  }
  return lines
}
// end

@Suite struct AuditExample {
  @Test func runs() throws {
    let lines = try audit()
    let page = try String(contentsOf: Files.root.appending(path: "docs/audit.md"), encoding: .utf8)
    let shown = lines.map { $0 + "\n" }.joined()
    #expect(page.contains("```text\n" + shown + "```"), "docs/audit.md does not show\n\(shown)")
  }
}
