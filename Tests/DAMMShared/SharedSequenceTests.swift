import DAMMModel
import Testing
import TestSupport

import DAMMShared

/// Random sequences of everything that can be done with a shared pool, all laws after every action; and faults that
/// each law must find.
@Suite struct SharedSequenceTests {
  static let length = 150

  @Test func allLawsHoldAfterEveryAction() throws {
    let seed = RandomCurves.seed("shared: allLawsHoldAfterEveryAction", 7)
    var random = SplitMix64(seed: seed)
    var counts = SharedCounts()
    let began = ContinuousClock.now
    let pools = RandomCurves.runs(200)
    var failures = 0
    for number in 0..<pools where failures < 3 {
      let trial = SharedTrial(setup: try SharedSetup.random(&random)) { try $0.pool() }
      let steps = SharedStep.sequence(Self.length, &random)
      if let found = try trial.failure(steps, counts: &counts) {
        failures += 1
        let list = found.steps.map { "  " + $0.description }.joined(separator: "\n")
        Issue.record("seed \(seed), pool \(number): \(found.violation)\n\(trial.setup)\n\(list)")
      }
    }
    print(
      "shared: \(pools) pools, \(counts.all) actions of which \(counts.effective) took effect, "
        + "\(counts.granted) settlements within a credit, \(ContinuousClock.now - began): "
        + counts.description)
    // the sequences do something: most actions, and each kind now and then
    #expect(2 * counts.effective > counts.all && counts.granted > pools)
    for kind in counts.tried.keys {
      #expect(40 * (counts.done[kind] ?? 0) > counts.tried[kind]!, "\(kind)")
    }
  }

  @Test(arguments: SharedFault.allCases)
  func eachFaultIsFoundByItsLaws(fault: SharedFault) throws {
    let seed = RandomCurves.seed("shared: \(fault)", 11)
    for law in fault.laws {
      var random = SplitMix64(seed: seed)
      var counts = SharedCounts()
      var found: (violation: SharedViolation, steps: [SharedStep])?
      var setup = try SharedSetup.random(&random)
      for _ in 0..<200 where found == nil {
        setup = try SharedSetup.random(&random)
        let trial = SharedTrial(setup: setup, watched: [law]) { try FaultyShared($0, fault) }
        found = try trial.failure(SharedStep.sequence(Self.length, &random), counts: &counts)
      }
      let failure = try #require(found, "\(fault) is not found by: \(law.rawValue)")
      #expect(failure.violation.law == law)
      #expect(failure.steps.count <= 8, "\(fault): \(failure)")
      print("\(fault), \(failure.steps.count) steps: \(failure.violation)")
      // the same sequence without the fault is lawful
      let sound = SharedTrial(setup: setup) { try $0.pool() }
      #expect(try sound.violation(failure.steps, counts: &counts) == nil)
    }
  }

  @Test func everyLawFindsAFault() {
    let found = Set(SharedFault.allCases.flatMap(\.laws))
    #expect(Set(SharedLaw.allCases).subtracting(found) == [.quoteIsSwap])
  }
}
