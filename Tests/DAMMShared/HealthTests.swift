import DAMMKernel
import DAMMModel
import DAMMPool
import Testing
import TestSupport

import DAMMShared

/// The health factor against its definition, tick by tick.
@Suite struct HealthTests {
  /// A running sum with its low part, by two-sum.
  private struct Sum {
    var (high, low) = (0.0, 0.0)
    mutating func add(_ x: Double) {
      let next = high + x
      let back = next - high
      low += (high - (next - back)) + (x - back)
      high = next
    }
    var value: Double { high + low }
  }

  @Test func isTheLargestPartThatSomePositionHolds() throws {
    let seed = RandomCurves.seed("health", 41)
    var random = SplitMix64(seed: seed)
    var worst = 0.0
    var emptied = 0
    for _ in 0..<RandomCurves.runs(150) {
      var setup = try SharedSetup.random(&random)
      let grid = Int.random(in: 0..<SharedSetup.grids.count, using: &random)
      let terms = try setup.tickTerms(grid, .none, random.oneIn(2) ? .full : .geometricMean)
      let reading = try OracleReading(
        price: setup.price * random.uniform(0.7...1.4), relativeSigma: SharedSetup.grids[grid].s)
      setup.terms = try SharedPoolTerms(
        a: setup.terms.a, b: setup.terms.b, reference: .ticks(terms, reading), limits: .off)
      guard let pool = try? setup.pool(),
        let maker = try? TickMaker(
          terms, reading, liquidity: LotLiquidity(founding: setup.deposit),
          reserves: setup.deposit, at: SharedSetup.start)
      else { continue }
      for _ in 0..<8 {
        func part(_ all: Int, _ random: inout SplitMix64) -> Int {
          random.oneIn(6) ? 0 : Int(Double(all) * random.logUniform(1e-6...1.9))
        }
        let reserves = LotPair(
          a: part(setup.deposit.a, &random), b: part(setup.deposit.b, &random))
        let slow = definition(maker.curve.current, setup.deposit, reserves)
        let fast = pool.health(of: reserves).value
        emptied += reserves.a == 0 || reserves.b == 0 ? 1 : 0
        guard slow.isFinite, slow < 2 else { continue }
        worst = max(worst, abs(fast - slow))
        #expect(abs(fast - slow) <= Tolerance.health.relative, "\(reserves) of \(setup): \(slow)")
      }
      #expect(abs(pool.health.value - 1) <= Tolerance.health.relative, "\(setup)")
    }
    print("health: worst \(worst), \(emptied) with an empty side")
    #expect(emptied > 50)
  }

  /// The largest `c` with `RA >= c A(x)` and `RB >= c B(x)`, at every edge and, by halving, within every tick.
  private func definition(_ curve: Curve, _ deposit: LotPair, _ reserves: LotPair) -> Double {
    let ticks = curve.table.lowestTick..<curve.table.upperTick
    let depths = ticks.map { try! curve.depth(ofTick: $0) }
    let offered = curve.offered
    var (a, b) = (Sum(), Sum())
    a.add(max(0, Double(deposit.a) - offered.a))
    b.add(max(0, Double(deposit.b) - offered.b))
    for depth in depths { b.add(depth.b) }
    let (heldA, heldB) = (Double(reserves.a), Double(reserves.b))
    func part(_ held: Double, _ needed: Double) -> Double {
      needed > 0 ? held / needed : .infinity
    }
    func at(_ a: Double, _ b: Double) -> Double { min(part(heldA, a), part(heldB, max(0, b))) }
    var best = at(a.value, b.value)
    for (number, depth) in depths.enumerated() {
      let (fromA, fromB) = (a.value, b.value)
      a.add(depth.a)
      b.add(-depth.b)
      // behind the last tick nothing but the idle B is left, exactly
      let toB = number == depths.count - 1 ? max(0, Double(deposit.b) - offered.b) : b.value
      var (low, high) = (0.0, 1.0)
      for _ in 0..<60 {
        let middle = (low + high) / 2
        let isA =
          part(heldA, fromA + middle * depth.a) > part(heldB, fromB + middle * (toB - fromB))
        if isA { low = middle } else { high = middle }
      }
      for f in [low, high] {
        best = max(best, at(fromA + f * depth.a, fromB + f * (toB - fromB)))
      }
      best = max(best, at(a.value, toB))
    }
    return best
  }
}
