import DAMMModel
import DAMMPool
import Testing
import TestSupport

/// Random sequences of everything that can be done with a pool, all laws after every action.
@Suite struct PoolSequenceTests {
  static let length = 200

  /// Sequences on so many pools; a failure is printed with its seed and its shortest sequence.
  static func run(_ name: String, pools: Int, seed: UInt64, storesAlways: Bool) throws {
    let seed = RandomCurves.seed(name, seed)
    var random = SplitMix64(seed: seed)
    var counts = ActionCounts()
    let clock = ContinuousClock()
    let start = clock.now
    var failures = 0
    let pools = RandomCurves.runs(pools)
    for number in 0..<pools where failures < 3 {
      let trial = PoolTrial(
        setup: try RandomPools.setup(&random), storesAlways: storesAlways, ledger: SoundPool.init)
      let steps = PoolStep.sequence(length, &random)
      if let failure = try trial.failure(steps, counts: &counts) {
        failures += 1
        Issue.record("seed \(seed), pool \(number): \(failure)")
      }
    }
    let seconds = (clock.now - start) / .seconds(1)
    print(
      "\(name): \(pools) pools, \(counts.all) actions of which \(counts.effective) took effect, "
        + "\(seconds) s: \(counts.description)")
    // most actions do something, and each kind often enough
    #expect(Double(counts.effective) > 0.6 * Double(counts.all))
    for kind in counts.tried.keys
    where kind != "refused" && kind != "reform again" && kind != "wait" {
      #expect(counts.share(kind) > 0.2, "\(kind): \(counts.share(kind))")
    }
  }

  @Test func allLawsHoldAfterEveryAction() throws {
    try Self.run("allLawsHoldAfterEveryAction", pools: 400, seed: 7, storesAlways: false)
  }

  @Test func aPoolStoredAfterEveryActionIsTheSame() throws {
    try Self.run("aPoolStoredAfterEveryActionIsTheSame", pools: 20, seed: 8, storesAlways: true)
  }
}
