import DAMMModel
import DAMMPool
import DAMMPrices
import Testing
import TestSupport

/// Each law finds faults that are planted, each on its own, and the sequence that shows one is short.
@Suite struct PlantedFaultTests {
  @Test(arguments: PoolFault.allCases)
  func isFoundByItsLaws(fault: PoolFault) throws {
    let seed = RandomCurves.seed("isFoundByItsLaws \(fault)", 11)
    for law in fault.laws {
      var random = SplitMix64(seed: seed)
      var counts = ActionCounts()
      var found: PoolFailure?
      for _ in 0..<400 where found == nil {
        let setup = try RandomPools.setup(&random)
        let trial = PoolTrial(
          setup: setup, storesAlways: fault == .jsonDropsABit, watched: [law],
          ledger: { FaultyPool($0, fault) })
        let steps = PoolStep.sequence(200, &random)
        found = try trial.failure(steps, counts: &counts)
      }
      let failure = try #require(found, "\(fault) is not found by: \(law.rawValue)")
      #expect(failure.violation.law == law)
      #expect(failure.steps.count <= 6, "\(fault): \(failure)")
      print("\(fault), \(failure.steps.count) steps: \(failure.violation)")
      // the same sequence without the fault is lawful
      let sound = PoolTrial(setup: failure.setup, ledger: SoundPool.init)
      #expect(try sound.violation(failure.steps, counts: &counts) == nil)
    }
  }

  @Test func everyLawFindsAFault() {
    let found = Set(PoolFault.allCases.flatMap(\.laws))
    #expect(Set(PoolLaw.allCases).subtracting(found).isEmpty)
  }

  /// A planted law, broken by two of many steps: just these two stay, as small as they may be.
  @Test func sequencesShrinkToTheShortest() {
    var random = SplitMix64(seed: RandomCurves.seed("sequencesShrinkToTheShortest", 3))
    for _ in 0..<200 {
      var steps = (0..<200).map { _ in Int.random(in: 0..<50, using: &random) }
      let places = [
        Int.random(in: 0..<100, using: &random), Int.random(in: 100..<200, using: &random),
      ]
      steps[places[0]] = Int.random(in: 100..<1000, using: &random)
      steps[places[1]] = Int.random(in: 1000..<9000, using: &random)
      // one of at least 100 and, behind it, one of at least 1000
      func fails(_ steps: [Int]) -> Bool {
        guard let first = steps.firstIndex(where: { $0 >= 100 && $0 < 1000 }) else { return false }
        return steps[first...].contains { $0 >= 1000 }
      }
      let short = Shrinker.shortest(
        steps, simpler: { [$0 / 2, $0 - 1].filter { $0 >= 0 } }, fails: fails)
      #expect(short == [100, 1000])
    }
  }

  /// What cannot fail is not made longer or smaller, and tries are bounded.
  @Test func shrinkingEnds() {
    var asked = 0
    let steps = Array(0..<64)
    let kept = Shrinker.shortest(steps, tries: 100) { _ in
      asked += 1
      return false
    }
    #expect(kept == steps && asked <= 100)
  }
}
