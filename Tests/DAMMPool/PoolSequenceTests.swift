import DAMMModel
import DAMMPool
import Testing
import TestSupport

/// Random sequences of everything that can be done with a pool, all laws after every action.
@Suite struct PoolSequenceTests {
  static let length = 200

  /// Sequences on so many pools; a failure is printed with its seed and its shortest sequence.
  static func run(
    _ name: String, pools: Int, seed: UInt64, storesAlways: Bool = false,
    largest: Double = Double(Domain.reserveLots.upperBound),
    leastShare: (of: Double, ofEach: Double) = (0.6, 0.15),
    sequence: (Int, inout SplitMix64) -> [PoolStep] = PoolStep.sequence
  ) throws {
    let seed = RandomCurves.seed(name, seed)
    var random = SplitMix64(seed: seed)
    var counts = ActionCounts()
    let clock = ContinuousClock()
    let start = clock.now
    var failures = 0
    let pools = RandomCurves.runs(pools)
    for number in 0..<pools where failures < 3 {
      let trial = PoolTrial(
        setup: try RandomPools.setup(&random, largest: largest), storesAlways: storesAlways,
        ledger: SoundPool.init)
      let steps = sequence(length, &random)
      if let failure = try trial.failure(steps, counts: &counts) {
        failures += 1
        Issue.record("seed \(seed), pool \(number): \(failure)")
      }
    }
    let seconds = (clock.now - start) / .seconds(1)
    print(
      "\(name): \(pools) pools, \(counts.all) actions of which \(counts.effective) took effect, "
        + "\(counts.loops) in loops of an attacker, \(seconds) s: \(counts.description)")
    #expect(counts.loops * 5 > counts.all)
    // most actions do something, and each kind often enough
    #expect(Double(counts.effective) > leastShare.of * Double(counts.all))
    for kind in counts.tried.keys
    where kind != "refused" && kind != "reform again" && kind != "wait" {
      #expect(counts.share(kind) > leastShare.ofEach, "\(kind): \(counts.share(kind))")
    }
  }

  @Test func allLawsHoldAfterEveryAction() throws {
    try Self.run("allLawsHoldAfterEveryAction", pools: 4000, seed: 7)
  }

  /// Pools of few lots, an attacker alone with dust: one loop of two hundred actions.
  @Test func dustAloneTakesNothing() throws {
    try Self.run(
      "dustAloneTakesNothing", pools: 800, seed: 9, largest: 1e6, leastShare: (0.4, 0.08),
      sequence: PoolStep.dust)
  }

  @Test func aPoolStoredAfterEveryActionIsTheSame() throws {
    try Self.run("aPoolStoredAfterEveryActionIsTheSame", pools: 100, seed: 8, storesAlways: true)
  }
}
