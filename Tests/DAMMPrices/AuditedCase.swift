import DAMMModel
import DAMMPrices
import Testing

/// Something to be audited, whatever its type.
struct AuditedCase: Sendable, CustomTestStringConvertible {
  let name: String
  let audit: @Sendable (AuditLimits) throws -> AuditReport
  /// Holdings before and behind a loop, played again on the thing itself behind its approach.
  let replay:
    @Sendable (_ approach: [AuditStep], _ loop: [AuditStep]) throws -> (
      before: Holdings, after: Holdings
    )

  init<Subject: Auditable & Sendable>(
    _ name: String, _ subject: @escaping @Sendable () throws -> Subject
  ) {
    self.name = name
    audit = { try Audit(subject(), $0).run() }
    replay = { approach, loop in
      var subject = try subject()
      let actions = subject.actions
      func play(_ steps: [AuditStep]) throws {
        for step in steps {
          let action = try #require(actions.firstIndex(of: step.action))
          let amounts = step.amounts + [0, 0]
          try subject.perform(action, AuditAmounts(amounts[0], amounts[1]))
        }
      }
      try play(approach)
      let before = subject.holdings
      try play(loop)
      return (before, subject.holdings)
    }
  }

  var testDescription: String { name }
}

extension AuditFinding {
  /// One line.
  var summary: String {
    func words(_ step: AuditStep) -> String {
      ([step.action.name] + step.amounts.map { "\($0)" }).joined(separator: " ")
    }
    let scaled =
      scale.map { ", times \($0.factor) changes \($0.change.a) A, \($0.change.b) B" } ?? ""
    let first = approach.map(words).joined(separator: ", ")
    return "\(reason) of \(gain.a) A, \(gain.b) B by [\(first)] "
      + "\(loop.count): \(loop.prefix(8).map(words).joined(separator: ", "))" + scaled
  }
}
