import DAMMModel
import DAMMPool
import DAMMPrices
import TestSupport

/// How often each kind of action was tried and took effect.
struct ActionCounts {
  var tried: [String: Int] = [:]
  var done: [String: Int] = [:]
  /// Actions of an attacker alone, since it had no shares, behind which its gain was looked for.
  var loops = 0

  mutating func count(_ kind: String, done took: Bool) {
    tried[kind, default: 0] += 1
    done[kind, default: 0] += took ? 1 : 0
  }

  var all: Int { tried.values.reduce(0, +) }
  var effective: Int { done.values.reduce(0, +) }

  func share(_ kind: String) -> Double {
    Double(done[kind] ?? 0) / Double(max(1, tried[kind] ?? 0))
  }

  var description: String {
    tried.keys.sorted().map { "\($0) \(done[$0] ?? 0)/\(tried[$0]!)" }.joined(separator: ", ")
  }
}

/// A pool and what is done with it, on a ledger of some kind.
struct PoolTrial<Ledger: LedgerUnderTest> {
  var setup: PoolSetup
  var storesAlways = false
  var watched = Set(PoolLaw.allCases)
  var ledger: (Pool) -> Ledger

  /// The first law that a sequence breaks; `nil` if it breaks none.
  func violation(
    _ steps: [PoolStep], counts: inout ActionCounts
  ) throws -> (violation: PoolViolation, step: Int)? {
    var world = PoolWorld(ledger(try setup.pool()), deposit: setup.deposit)
    world.storesAlways = storesAlways
    world.watched = watched
    for (number, step) in steps.enumerated() {
      do throws(PoolViolation) {
        counts.count(step.action.kind, done: try world.perform(step))
        counts.loops += world.loopStart != nil ? 1 : 0
      } catch {
        return (error, number)
      }
    }
    return nil
  }

  /// The shortest sequence found that breaks the law that this one broke.
  func shortest(_ steps: [PoolStep], breaking law: PoolLaw) -> [PoolStep] {
    var counts = ActionCounts()
    return Shrinker.shortest(steps, simpler: \.simpler) {
      (try? violation($0, counts: &counts))??.violation.law == law
    }
  }

  /// What broke and the shortest sequence that does it: `nil` if nothing broke.
  func failure(
    _ steps: [PoolStep], counts: inout ActionCounts
  ) throws -> PoolFailure? {
    guard let found = try violation(steps, counts: &counts) else { return nil }
    let law = found.violation.law
    let short = shortest(Array(steps.prefix(found.step + 1)), breaking: law)
    var again = ActionCounts()
    let last = try violation(short, counts: &again)
    return PoolFailure(
      setup: setup, violation: last?.violation ?? found.violation, steps: short)
  }
}

/// A broken law with the shortest sequence that breaks it.
struct PoolFailure: CustomStringConvertible {
  var setup: PoolSetup
  var violation: PoolViolation
  var steps: [PoolStep]

  var description: String {
    "\(violation)\n  pool: \(setup)\n"
      + steps.enumerated().map { "  \($0 + 1). \($1)" }.joined(separator: "\n")
  }
}
