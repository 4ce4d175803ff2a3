import CMachine
import Testing

@testable import DAMMBench

@Suite struct StatisticsTests {
  @Test func percentilesAreNearestRanks() {
    let series = [5.0, 1, 4, 2, 3]
    #expect(Statistics.percentile(series, 0) == 1)
    #expect(Statistics.percentile(series, 0.5) == 3)
    #expect(Statistics.percentile(series, 0.9) == 5)
    #expect(Statistics.percentile(series, 1) == 5)
    #expect(Statistics.percentile([], 0.5).isNaN)
  }

  @Test func theRatioIsTakenRoundByRound() {
    // a slow moment of the machine in the second round falls on both
    #expect(Statistics.ratio([10, 100, 10], to: [1, 10, 1]) == 10)
    // medians alone would say 10 / 1
    #expect(Statistics.ratio([10, 10, 60], to: [1, 2, 6]) == 10)
    #expect(Statistics.ratio([2, 2, 2], to: [4, 4, 4]) == 0.5)
  }

  @Test func theBestPeerIsTheFastest() {
    #expect(Statistics.fastest([[9, 9, 9], [3, 4, 100], [5, 5, 5]]) == 1)
    #expect(Statistics.fastest([]) == nil)
    let demand = Row.faster(0, thanBestOf: [1, 2], atLeast: 10)
    #expect(demand.value([[1, 1], [20, 20], [9, 9]]) == 9)
    #expect(!demand.bound.holds(9))
    #expect(demand.bound.holds(10))
    #expect(!demand.bound.holds(.nan))
  }

  @Test func theSpreadIsSlowestOverFastest() {
    #expect(Statistics.spread([[1, 2, 1], [2, 2, 2], [3, 2, 4]]) == 3)
  }
}

@Suite struct SizesTests {
  @Test func twoThirdsEndInTheFirstTick() {
    var random = Random(seed: 1)
    let sizes = Sizes.logUniform(whole: 500, firstTick: 0.2, using: &random)
    let inside = Double(sizes.count { $0 <= 0.2 }) / Double(sizes.count)
    #expect(abs(inside - 2.0 / 3) < 0.02)
    #expect(sizes.allSatisfy { $0 < 500 })
    #expect(Set(sizes).count >= 4_096)
  }

  @Test func alternatingSizesStayInRangeAndComeBack() {
    var random = Random(seed: 2)
    let (sizes, start) = Sizes.alternating(centre: 3, reach: 10, using: &random)
    var sold = start
    for (i, size) in sizes.enumerated() {
      #expect(size >= 4 && size <= 20)
      sold += i % 2 == 0 ? size : -size
      #expect(abs(sold - 3) < 10.001)
    }
    #expect(abs(sold - start) < 1e-9)
  }

  @Test func aSeedGivesTheSameSizes() {
    var (one, other) = (Random(seed: 3), Random(seed: 3))
    #expect(
      Sizes.uniform(whole: 1, using: &one) == Sizes.uniform(whole: 1, using: &other))
  }
}

@Suite struct ProofTests {
  private func row(_ answer: Double) -> Row {
    let exact = [Exact(value: .init(2.0), condition: 1)]
    let contender = Contender(
      "one", count: 1, prove: { _ in Proof.compare([answer], exact, allowed: 1e-6) },
      work: { _ in })
    return Row(section: .quotes, title: "test", unit: "quote", contenders: [contender])
  }

  @Test func aWrongAnswerStopsTheRun() throws {
    #expect(try Proof.run(row(2 + 1e-9), samples: 1)[0]?.worst ?? 1 < 1e-8)
    #expect(throws: Proof.Wrong.self) { try Proof.run(row(2.00001), samples: 1) }
    #expect(throws: Proof.Wrong.self) { try Proof.run(row(.nan), samples: 1) }
  }

  @Test func contendersThatDifferStopTheRun() {
    var row = row(2)
    row.agreement = { 1e-5 }
    #expect(throws: Proof.Wrong.self) { try Proof.run(row, samples: 1) }
  }

  @Test func everyContenderGoesRoundItsElements() {
    final class Seen { var ranges: [Range<Int>] = [] }
    let seen = Seen()
    let contender = Contender("", count: 10, granule: 4, work: { seen.ranges.append($0) })
    let sampler = Sampler(contender, atLeast: .microseconds(200))
    sampler.sample()
    #expect(seen.ranges.allSatisfy { $0.count <= 4 && $0.upperBound <= 10 && !$0.isEmpty })
    #expect(Set(seen.ranges.flatMap { Array($0) }) == Set(0..<10))
    #expect(sampler.times.count == 1 && sampler.times[0] > 0)
  }
}

@Suite struct MachineTests {
  #if os(Linux)
    @Test func allocationsAreCounted() {
      let before = machine_allocations()
      let array = [Double](repeating: 1, count: Int.random(in: 1_000...2_000))
      array.withUnsafeBytes { machine_keep($0.baseAddress) }
      #expect(machine_allocations() > before)
    }
  #endif

  @Test func aReportNamesNoPaths() throws {
    let machine = Machine()
    for text in [machine.cpu, machine.system, machine.swift, machine.peerCompiler] {
      #expect(!text.contains("/usr") && !text.contains("://"), "\(text)")
    }
  }
}

@Suite struct ReportTests {
  @Test func figuresHaveThreeDigits() {
    #expect(
      [0, 0.0012, 1.234, 12.34, 123.4, 12_345].map(figure) == [
        "0", "0.0012", "1.23", "12.3", "123", "12,345",
      ])
    #expect(figure(.nan) == "-")
    #expect(grouped(1_234_567) == "1,234,567" && grouped(-100) == "-100")
  }

  @Test func labelsOfAChartDoNotOverlap() {
    let places = Chart.spread([10, 11, 12, 50, 99, 100], gap: 10, within: 0...100)
    let sorted = places.sorted()
    for (one, other) in zip(sorted, sorted.dropFirst()) { #expect(other - one > 9.999) }
    #expect(sorted.first! >= 0 && sorted.last! <= 100)
    #expect(places[3] == 50)
    // the order stays
    #expect(places == sorted)
  }

  @Test func aRowTellsWhatBecameOfItsTargets() {
    let contenders = [
      Contender("ours", count: 1, target: 2, work: { _ in }),
      Contender("slow peer", isOurs: false, count: 1, work: { _ in }),
      Contender("peer", isOurs: false, count: 1, work: { _ in }),
    ]
    let row = Row(
      section: .quotes, title: "test", unit: "quote", contenders: contenders,
      demands: [Row.faster(0, thanBestOf: [1, 2], atLeast: 10)])
    let times = [[3.0, 3, 3], [90, 90, 90], [33, 33, 33]]
    let result = Report.RowResult(row, [nil, nil, nil], times)
    #expect(result.lines.map(\.timesBestPeer) == [11, 33.0 / 90, 1])
    let outcomes = result.outcomes(row, times)
    #expect(outcomes.map(\.holds) == [false, true])
    #expect(outcomes.map(\.measured) == [3, 11])
  }
}
