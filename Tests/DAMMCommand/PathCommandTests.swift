import DAMMFeeds
import Foundation
import TestSupport
import Testing

@Suite("damm path")
struct PathCommandTests {
  private static let options = [
    "path", "--price", "3000", "--regime", "0.4:2", "--regime", "1.2:1", "--jumps-per-year", "500",
    "--jump-mean", "-0.02", "--jump-deviation", "0.03", "--steps", "300", "--step-seconds", "3600",
  ]

  @Test("what is written is what is read, and a seed gives the same again")
  func file() async throws {
    let run = try await DammProcess.run(Self.options + ["--seed", "7"])
    #expect(run.status == 0 && run.error.isEmpty)
    let again = try await DammProcess.run(Self.options + ["--seed", "7"])
    let other = try await DammProcess.run(Self.options + ["--seed", "8"])
    #expect(again.output == run.output && other.output != run.output)
    try await TemporaryFolder.with { folder in
      let url = folder.appending(path: "path.csv")
      try Data(run.output.utf8).write(to: url)
      let stream = try FlowStream([[url]], badRowLimit: 0)
      var points: [PricePoint] = []
      while let event = try stream.next() {
        if case .price(let point) = event.kind { points.append(point) }
      }
      #expect(points.count == 301 && points[0].price == 3000)
      #expect(Set(points.map(\.impliedVolatility)).count == 2)
      let readings = try CSVReadings(contentsOf: url)
      #expect(readings.readings.map(\.price) == points.map(\.price))
    }
  }

  @Test(
    "what is refused is said in one line",
    arguments: [
      (["--iv", "0.8", "--steps", "0"], Int32(1), "steps of a path"),
      (["--iv", "nan"], 1, "volatility"), (["--regime", "1"], 1, "--regime is '1'"),
      ([], 64, "Give one volatility"),
      (["--iv", "1", "--regime", "1:1"], 64, "Give one volatility"),
    ])
  func refusals(_ options: [String], _ status: Int32, _ message: String) async throws {
    let run = try await DammProcess.run(["path", "--price", "3000"] + options)
    #expect(run.status == status && run.output.isEmpty)
    #expect(run.error.contains(message), "\(run.error)")
  }
}
