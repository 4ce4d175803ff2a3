import DAMMKernel
import DAMMModel
import Testing
import TestSupport

/// Tables: what they hold, what they refuse, and that all instruction sets make the same bits.
@Suite struct TickTableTests {
  /// FNV-1a over the bits of everything that a table holds.
  private func hash(_ table: TickTable) throws -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func add(_ value: Double) { hash = (hash ^ value.bitPattern) &* 0x100_0000_01b3 }
    for tick in table.lowestTick..<table.upperTick {
      add(table.mass(ofTick: tick))
      add(table.capacityA(ofTick: tick))
      add(table.capacityB(ofTick: tick))
      let (b, a) = try table.cumulative(below: tick)
      add(b)
      add(a)
    }
    return hash
  }

  @Test func everyInstructionSetGivesTheSameBits() throws {
    let seed = RandomCurves.seed("instruction sets", 31)
    var random = SplitMix64(seed: seed)
    print("instruction sets: \(KernelSet.available.map(\.name)), best \(KernelSet.best.name)")
    var compared = 0
    while compared < 60 {
      let shape = try RandomCurves.shape(&random)
      guard let first = try? TickTable(shape, kernels: KernelSet.available[0]),
        first.count <= 20_000
      else { continue }
      let expected = try hash(first)
      for set in KernelSet.available.dropFirst() {
        #expect(try hash(TickTable(shape, kernels: set)) == expected, "\(set.name) \(shape)")
      }
      compared += 1
    }
  }

  @Test func everyInstructionSetSwapsTheSameBits() throws {
    let seed = RandomCurves.seed("instruction sets, swaps", 32)
    // one seed gives one sequence of curves and orders, whatever they are computed with
    func answers(_ set: KernelSet) throws -> [Quote] {
      var curves = try RandomCurves(seed: seed, tables: 12, largest: 20_000, kernels: set)
      return try (0..<4_000).map { _ in
        let curve = try curves.curve()
        return curve.quote(try curves.order(curve))
      }
    }
    let expected = try answers(KernelSet.available[0])
    #expect(expected.filter { $0.amountIn > 0 }.count > 1_000)
    for set in KernelSet.available.dropFirst() {
      #expect(try answers(set) == expected, "\(set.name)")
    }
  }

  /// The bits themselves, so that a change of one of them on any machine shows.
  @Test func bitsAreThoseOfRecord() throws {
    let worked = try TickTable(CurveShape(relativeSigma: 0.01))
    let workedHash = try hash(worked)
    #expect(workedHash == 392_104_132_857_500_043)
    let wide = try TickTable(CurveShape(.logNormal, relativeSigma: 0.2, tickWidthBps: 5))
    let wideHash = try hash(wide)
    #expect(wideHash == 10_740_139_273_604_823_612)
  }

  @Test(arguments: Shape.allCases) func massesSumToOne(_ shape: Shape) throws {
    for s in [0.0005, 0.01, 0.3] {
      let table = try TickTable(CurveShape(shape, relativeSigma: s))
      let sum = table.withMasses { masses in
        masses.indices.reduce(into: 0.0) { sum, i in sum += masses[i] }
      }
      #expect(abs(sum - 1) < Double(table.count) * Double.ulpOfOne)
    }
  }

  @Test func slivers() throws {
    // 0.06 / 0.0001 is 600 and a little more in doubles, but no 601st tick
    #expect(try TickTable(CurveShape(relativeSigma: 0.01)).upperTick == 600)
    #expect(try TickTable(CurveShape(relativeSigma: 0.01 * (1 + 1e-8))).upperTick == 601)
  }

  @Test func pricesStayPositive() throws {
    let wide = try TickTable(CurveShape(relativeSigma: 0.3))
    #expect(wide.lowestTick == -9999)
    #expect(wide.relativePrice(ofTick: -9999) == 1e-4)
    // -10^4 / 3000 lies between ticks
    #expect(try TickTable(CurveShape(relativeSigma: 0.3, tickWidthBps: 3000)).lowestTick == -3)
    // ticks wider than the price itself
    let huge = try TickTable(CurveShape(relativeSigma: 0.5, tickWidthBps: 20_000))
    #expect(huge.lowestTick == 0 && huge.upperTick == 2)
  }

  @Test func widthIsExact() throws {
    // 1 + 3 w with w = 10^-4: the double nearest to 1.0003, where 3 * 1e-4 in doubles is not
    let table = try TickTable(CurveShape(relativeSigma: 0.01))
    for tick in [3, 7, 123, -257, 599] {
      #expect(table.relativePrice(ofTick: tick) == Double(10_000 + tick) / 10_000)
    }
  }

  @Test func refusals() {
    func refusal(_ make: () throws -> Void) -> DAMMError? {
      do { try make() } catch { return error as? DAMMError }
      return nil
    }
    for bad in [Double.nan, .infinity, -.infinity, 0, -1] {
      for name in ["sigma", "k", "bps"] {
        let error = refusal {
          _ = try CurveShape(
            relativeSigma: name == "sigma" ? bad : 0.01, halfWidth: name == "k" ? bad : 6,
            tickWidthBps: name == "bps" ? bad : 1)
        }
        #expect(error?.description.contains("\(bad)") == true, "\(name) \(bad)")
      }
    }
    func build(_ shape: Shape, _ s: Double, _ k: Double, _ bps: Double) -> DAMMError? {
      refusal {
        _ = try TickTable(
          CurveShape(shape, relativeSigma: s, halfWidth: k, tickWidthBps: bps))
      }
    }
    for shape in Shape.allCases {
      guard case .tooManyTicks = build(shape, 900, 32, 1) else {
        Issue.record("\(shape) has too many ticks")
        continue
      }
      guard case .noTicks = build(shape, 1e-9, 0.001, 1e6) else {
        Issue.record("\(shape) has no ticks")
        continue
      }
    }
    #expect(build(.normal, 0.5, 12, 0.04) == nil)
  }

  @Test func largestTable() throws {
    // 2^20 ticks above the price, 10^4 / 0.05 below it
    let table = try TickTable(
      CurveShape(relativeSigma: 0.87381, halfWidth: 6, tickWidthBps: 0.05))
    #expect(table.count > 1_200_000 && table.count <= Domain.maximumTicks)
    #expect(table.lowestTick == -199_999)
  }

  @Test func extremesOfTheDomain() throws {
    for shape in Shape.allCases {
      for (s, k, bps) in [
        (1e-9, 32.0, 1e-6), (1e-9, 6, 1e6), (1e3, 0.001, 1e6), (1e3, 1, 1e6), (0.02, 32, 1),
        (0.5, 0.001, 1), (1.0, 32, 1e6), (0.1, 32, 33.3),
      ] {
        let curve = try CurveShape(shape, relativeSigma: s, halfWidth: k, tickWidthBps: bps)
        guard let table = try? TickTable(curve) else { continue }
        let finite = table.withMasses { masses in
          masses.indices.allSatisfy { masses[$0] > 0 && masses[$0] <= 1 }
        }
        #expect(finite, "\(curve)")
      }
    }
  }
}
