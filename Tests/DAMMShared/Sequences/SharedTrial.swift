import DAMMModel
import DAMMPrices
import TestSupport

import DAMMShared

/// How often each kind of action was tried and took effect.
struct SharedCounts {
  var tried: [String: Int] = [:]
  var done: [String: Int] = [:]
  /// Settlements within a credit.
  var granted = 0

  var all: Int { tried.values.reduce(0, +) }
  var effective: Int { done.values.reduce(0, +) }

  var description: String {
    tried.keys.sorted().map { "\($0) \(done[$0] ?? 0)/\(tried[$0]!)" }.joined(separator: ", ")
  }
}

/// A shared pool and what is done with it, on a ledger of some kind.
struct SharedTrial<Ledger: SharedLedger> {
  var setup: SharedSetup
  var watched = Set(SharedLaw.allCases)
  var ledger: (SharedSetup) throws -> Ledger

  /// The first law that a sequence breaks; `nil` if it breaks none.
  func violation(
    _ steps: [SharedStep], counts: inout SharedCounts
  ) throws -> (violation: SharedViolation, step: Int)? {
    var world = try SharedWorld(setup, ledger(setup))
    world.watched = watched
    defer { counts.granted += world.settledWithin }
    for (number, step) in steps.enumerated() {
      counts.tried[step.action.kind, default: 0] += 1
      do throws(SharedViolation) {
        if try world.perform(step) { counts.done[step.action.kind, default: 0] += 1 }
      } catch {
        return (error, number)
      }
    }
    return nil
  }

  /// What broke and a short sequence that does it: `nil` if nothing broke.
  func failure(
    _ steps: [SharedStep], counts: inout SharedCounts
  ) throws -> (violation: SharedViolation, steps: [SharedStep])? {
    guard let found = try violation(steps, counts: &counts) else { return nil }
    var again = SharedCounts()
    let short = Shrinker.shortest(
      Array(steps.prefix(found.step + 1)), simpler: \.simpler
    ) { (try? violation($0, counts: &again))??.violation.law == found.violation.law }
    return (try violation(short, counts: &again)?.violation ?? found.violation, short)
  }
}
