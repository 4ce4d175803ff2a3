import DAMMKernel
import DAMMModel
import Foundation
import Testing
import TestSupport

/// Fee schedules and the sums of fees in a table.
@Suite struct FeeTableTests {
  private func forAll(
    _ name: String, seed: UInt64, runs: Int = 60,
    _ law: (inout SplitMix64, CurveShape, FeeSchedule) throws -> Bool
  ) throws {
    let seed = RandomCurves.seed(name, seed)
    var random = SplitMix64(seed: seed)
    var run = 0
    while run < RandomCurves.runs(runs) {
      let shape = try RandomCurves.shape(&random)
      let fees = try RandomCurves.fees(&random)
      guard let extent = try? TickTable(shape), extent.count <= 8_000 else { continue }
      run += 1
      guard try law(&random, shape, fees) else {
        Issue.record("\(name) fails in run \(run) of seed \(seed): \(fees) on \(shape)")
        return
      }
    }
  }

  /// Fees below and above each edge.
  private func sums(_ table: TickTable) throws -> [UInt64] {
    try (table.lowestTick...table.upperTick).flatMap { tick in
      try Side.allCases.flatMap {
        try [
          table.cumulativeFee($0, below: tick), table.cumulativeFee($0, from: tick),
          table.feeRate($0, ofTick: tick),
        ].map(\.bitPattern)
      }
    }
  }

  @Test func everyInstructionSetGivesTheSameBits() throws {
    try forAll("instruction sets, fees", seed: 501, runs: 30) { _, shape, fees in
      let first = try sums(TickTable(shape, fees: fees, kernels: KernelSet.available[0]))
      return try KernelSet.available.dropFirst().allSatisfy {
        try sums(TickTable(shape, fees: fees, kernels: $0)) == first
      }
    }
  }

  /// Masses and capacities know nothing of fees.
  @Test func capacitiesStayWhatTheyAre() throws {
    try forAll("capacities with and without fees", seed: 502) { _, shape, fees in
      let (bare, table) = (try TickTable(shape), try TickTable(shape, fees: fees))
      return try (bare.lowestTick..<bare.upperTick).allSatisfy { tick in
        let (bareB, bareA) = try bare.cumulative(below: tick)
        let (b, a) = try table.cumulative(below: tick)
        return bare.mass(ofTick: tick) == table.mass(ofTick: tick) && a == bareA && b == bareB
          && bare.capacityA(ofTick: tick) == table.capacityA(ofTick: tick)
      }
    }
  }

  @Test func sumsAreMonotoneAndAddUp() throws {
    var (rising, clamped) = (0, 0)
    try forAll("fee sums", seed: 503) { _, shape, fees in
      let table = try TickTable(shape, fees: fees)
      for side in Side.allCases {
        var (below, from, summed) = (0.0, Double.infinity, 0.0)
        let whole = try table.cumulativeFee(side, below: table.upperTick)
        for tick in table.lowestTick...table.upperTick {
          let next = try table.cumulativeFee(side, below: tick)
          let rest = try table.cumulativeFee(side, from: tick)
          guard next >= below, rest <= from, abs(next + rest - whole) <= 1e-15 * whole,
            abs(next - summed) <= Double(table.count) * Double.ulpOfOne * whole
          else { return false }
          if next > below { rising += 1 }
          (below, from) = (next, rest)
          let rate = table.feeRate(side, ofTick: tick)
          if rate == fees.minimumBps / 1e4 || rate == fees.maximumBps / 1e4 { clamped += 1 }
          summed += table.capacityA(ofTick: tick) * rate
        }
      }
      return true
    }
    #expect(rising > 10_000 && clamped > 10_000)
  }

  /// Moving away from the oracle price never costs less than moving back, and further away never less.
  @Test func skewMakesMovingAwayDearer() throws {
    var dearer = 0
    try forAll("skew makes moving away dearer", seed: 504) { _, shape, fees in
      let table = try TickTable(shape, fees: fees)
      return (table.lowestTick..<table.upperTick).allSatisfy { tick in
        let (buy, sell) = (table.feeRate(.buy, ofTick: tick), table.feeRate(.sell, ofTick: tick))
        let (away, back) = tick >= 0 ? (buy, sell) : (sell, buy)
        if away > back { dearer += 1 }
        return away >= back && back >= fees.minimumBps / 1e4 && away <= fees.maximumBps / 1e4
          && table.feeRate(.buy, ofTick: tick + 1) >= buy
          && table.feeRate(.sell, ofTick: tick + 1) <= sell
      }
    }
    #expect(dearer > 10_000)
  }

  /// By hand: s = 0.01, 1 bp ticks; f0 = 5 bp, v s = 2 bp, and c i w = 0.02 i bp.
  @Test func worked() throws {
    let shape = try CurveShape(relativeSigma: 0.01)
    let fees = try FeeSchedule(
      baseBps: 5, volatility: 0.02, skew: 0.02, minimumBps: 3, maximumBps: 12)
    let table = try TickTable(shape, fees: fees)
    for (tick, buy, sell) in [
      (0, 7.0, 7.0), (100, 9, 5), (-100, 5, 9), (150, 10, 4), (200, 11, 3), (250, 12, 3),
      (500, 12, 3), (-500, 3, 12),
    ] {
      #expect(abs(table.feeRate(.buy, ofTick: tick) * 1e4 - buy) < 1e-12)
      #expect(abs(table.feeRate(.sell, ofTick: tick) * 1e4 - sell) < 1e-12)
    }
  }

  // MARK: Surge

  @Test func surgeHalves() throws {
    let fees = try FeeSchedule(surgeBps: 50, surgeHalfLifeSeconds: 3)
    #expect(fees.surgeRate(afterSeconds: 0) == 0.005)
    for early in [-1, -Double.infinity, .nan] {
      #expect(fees.surgeRate(afterSeconds: early) == 0.005)
    }
    for count in 1...56 {
      #expect(
        fees.surgeRate(afterSeconds: Double(3 * count)) == 0.005
          / Double(UInt64(1) << UInt64(count)))
    }
    for late in [200, 1e9, Double.infinity] { #expect(fees.surgeRate(afterSeconds: late) == 0) }
    #expect(FeeSchedule.none.surgeRate(afterSeconds: 1) == 0)
    #expect(try FeeSchedule(baseBps: 1).surgeRate(afterSeconds: 0) == 0)
  }

  /// Between the halvings, against the C library's `exp2`, and never rising.
  @Test func surgeDecays() throws {
    let seed = RandomCurves.seed("surge decays", 505)
    var random = SplitMix64(seed: seed)
    var worst = 0.0
    for _ in 0..<RandomCurves.runs(20_000) {
      let half = random.logUniform(1e-3...1e6)
      let seconds = half * random.uniform(0...50)
      let fees = try FeeSchedule(surgeBps: 0x1p12, surgeHalfLifeSeconds: half)
      let left = fees.surgeRate(afterSeconds: seconds) / fees.surgeRate(afterSeconds: 0)
      // the quotient in two doubles
      let whole = seconds / half
      let low = seconds.addingProduct(-whole, half) / half
      let exact = exp2(-whole) * (1 - low * 0.693147180559945309)
      worst = max(worst, abs(left / exact - 1))
      #expect(fees.surgeRate(afterSeconds: seconds.nextUp) <= fees.surgeRate(afterSeconds: seconds))
    }
    print("decay: worst \(worst)")
    #expect(worst <= Tolerance.decay.relative)
  }

  // MARK: What is refused

  @Test func refusals() throws {
    func refused(_ name: String, _ make: () throws -> Void) {
      do {
        try make()
        Issue.record("\(name) is not refused")
      } catch DAMMError.outOfRange(let given, _, _) {
        #expect(given.contains(name), "\(given)")
      } catch {
        Issue.record("\(name): \(error)")
      }
    }
    for bad in [-1e-9, -5, 10_000, .nan, .infinity] {
      refused("base fee") { _ = try FeeSchedule(baseBps: bad) }
      refused("minimum fee") { _ = try FeeSchedule(minimumBps: bad) }
      refused("maximum fee") { _ = try FeeSchedule(maximumBps: bad) }
      refused("surge") { _ = try FeeSchedule(surgeBps: bad) }
    }
    for bad in [-1e-9, 1e4, .nan, -.infinity] {
      refused("volatility") { _ = try FeeSchedule(volatility: bad) }
      refused("skew") { _ = try FeeSchedule(skew: bad) }
    }
    for bad in [0, -1, 1e11, Double.nan] {
      refused("half-life") { _ = try FeeSchedule(surgeHalfLifeSeconds: bad) }
    }
    refused("maximum fee") { _ = try FeeSchedule(minimumBps: 5, maximumBps: 4.9) }
    let shape = try CurveShape(relativeSigma: 0.05)
    let sale = "fee of a sale"
    refused(sale) { _ = try TickTable(shape, fees: FeeSchedule(baseBps: 5_000, surgeBps: 5_000)) }
    refused(sale) {
      _ = try TickTable(shape, fees: FeeSchedule(baseBps: 8_000, skew: 1, surgeBps: 1))
    }
    refused(sale) { _ = try TickTable(shape, fees: FeeSchedule(volatility: 20, surgeBps: 1)) }
    refused(sale) {
      _ = try TickTable(
        relativeSigma: 0.05, fees: FeeSchedule(baseBps: 5_000, surgeBps: 5_000), density: { _ in 1 }
      )
    }
    // the most that is left to a seller
    _ = try TickTable(shape, fees: FeeSchedule(baseBps: 5_000, surgeBps: 4_999))
    _ = try TickTable(shape, fees: FeeSchedule(baseBps: 8_000, skew: 1, maximumBps: 9_000))
  }

  @Test func codable() throws {
    let fees = try FeeSchedule(
      baseBps: 5, volatility: 0.02, skew: 0.1, minimumBps: 1.0 / 3, maximumBps: 50, surgeBps: 30,
      surgeHalfLifeSeconds: 90)
    let json = try JSONEncoder().encode(fees)
    #expect(try JSONDecoder().decode(FeeSchedule.self, from: json) == fees)
    let text = String(decoding: json, as: UTF8.self)
    for (part, bad) in [("\"baseBps\":5", "\"baseBps\":-5"), ("\"skew\":0.1", "\"skew\":-0.1")] {
      #expect(text.contains(part))
      let wrong = Data(text.replacingOccurrences(of: part, with: bad).utf8)
      #expect(throws: DAMMError.self) {
        try JSONDecoder().decode(FeeSchedule.self, from: wrong)
      }
    }
  }
}
