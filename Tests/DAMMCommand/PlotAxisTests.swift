import DAMM
import DAMMCommand
import Foundation
import TestSupport
import Testing

@Suite("axes of plots")
struct PlotAxisTests {
  @Test("axes of numbers hold all values, with a few different labels that read back")
  func numbers() {
    let seed = RandomCurves.seed("axes of numbers", 81)
    var random = SplitMix64(seed: seed)
    for _ in 0..<2000 {
      let centre =
        pow(10, Double.random(in: -6...12, using: &random))
        * (Bool.random(using: &random) ? 1.0 : -1.0)
      let spread = abs(centre) * pow(10, Double.random(in: -6...1, using: &random))
      let values = (0..<5).map { _ in centre + spread * Double.random(in: -1...1, using: &random) }
      let axis = PlotAxis.numbers(values, title: "", zero: Bool.random(using: &random))
      #expect(values.allSatisfy { (0...1).contains(axis.part($0)) }, "seed \(seed): \(values)")
      let labels = axis.ticks.map(\.label)
      #expect((2...12).contains(labels.count), "seed \(seed): \(values), \(labels)")
      #expect(Set(labels).count == labels.count, "seed \(seed): \(values), \(labels)")
      let main = axis.ticks.filter(\.isMain)
      #expect(main.count <= 5, "seed \(seed): \(values), \(main.map(\.label))")
      for tick in axis.ticks {
        #expect(axis.range.contains(tick.value))
        let units: [Character: Double] = ["k": 1e3, "M": 1e6, "G": 1e9]
        let unit = tick.label.last.flatMap { units[$0] }
        let number = Double(unit == nil ? tick.label : String(tick.label.dropLast())) ?? .nan
        let step = axis.range.upperBound - axis.range.lowerBound
        #expect(abs(number * (unit ?? 1) - tick.value) < step * 0.02, "seed \(seed): \(tick)")
      }
    }
  }

  @Test(
    "one value, none, and what is no number",
    arguments: [[5.0], [0], [], [-3, -3], [.nan], [.infinity, 2]])
  func few(_ values: [Double]) {
    let axis = PlotAxis.numbers(values, title: "")
    #expect(axis.range.lowerBound < axis.range.upperBound && axis.ticks.count >= 2)
    for value in values where value.isFinite { #expect(abs(axis.part(value) - 0.5) < 0.01) }
    for tick in axis.ticks { #expect(axis.part(tick.value).isFinite) }
  }

  @Test("axes of times: from seconds to decades, at whole units, not too many")
  func times() throws {
    let seed = RandomCurves.seed("axes of times", 82)
    var random = SplitMix64(seed: seed)
    for _ in 0..<2000 {
      let start = Int64.random(in: 0...2_000_000_000, using: &random)
      let length = Int64(pow(10, Double.random(in: 0...9.5, using: &random)))
      let (first, last) = (
        UTCTime(secondsSince1970: start), UTCTime(secondsSince1970: start + length)
      )
      let axis = PlotAxis.times(first, last)
      #expect(axis.ticks.count <= 10, "seed \(seed): \(first) \(length)")
      #expect(length < 8 || axis.ticks.count >= 2, "seed \(seed): \(first) \(length)")
      #expect(axis.ticks.allSatisfy { axis.range.contains($0.value) })
      #expect(
        zip(axis.ticks, axis.ticks.dropFirst()).allSatisfy {
          $0.value < $1.value && $0.label != $1.label
        })
    }
    let week = PlotAxis.times(
      try #require(UTCTime("2024-02-26 12:00:00")), try #require(UTCTime("2024-03-04 00:00:00")))
    #expect(
      week.ticks.map(\.label) == ["27 Feb", "28 Feb", "29 Feb", "1 Mar", "2 Mar", "3 Mar", "4 Mar"])
    let day = PlotAxis.times(
      try #require(UTCTime("2024-02-29 00:00:00")), try #require(UTCTime("2024-03-01 00:00:00")))
    #expect(
      day.ticks.map(\.label) == [
        "29 Feb", "03:00", "06:00", "09:00", "12:00", "15:00", "18:00", "21:00", "1 Mar",
      ])
    #expect(
      day.ticks.filter(\.isMain).map(\.label) == ["29 Feb", "06:00", "12:00", "18:00", "1 Mar"])
  }

  @Test("axes by the logarithm: equal factors are equally far")
  func logarithms() {
    let axis = PlotAxis.logarithms([3, 30_000, 0, -1, .nan], title: "")
    #expect(axis.ticks.map(\.label) == ["10", "100", "1000", "10k"])
    let parts = axis.ticks.map { axis.part($0.value) }
    #expect(
      zip(parts, parts.dropFirst()).allSatisfy { abs($1 - $0 - (parts[1] - parts[0])) < 1e-12 })
    #expect(PlotAxis.logarithms([1e-9, 1e9], title: "").ticks.count <= 7)
    #expect(PlotAxis.logarithms([5, 9], title: "").ticks.count >= 3)
    #expect(PlotAxis.logarithms([], title: "").ticks.count >= 2)
  }
}
