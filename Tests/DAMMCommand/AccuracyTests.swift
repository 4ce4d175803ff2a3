import DAMM
import DAMMCommand
import Foundation
import Testing

@Suite("damm accuracy")
struct AccuracyTests {
  private struct Row: Decodable {
    let quantity: String
    let domain: String
    let samples: Int
    let worstUlp: Double
    let meanUlp: Double
    let worstRelative: Double
    let meanRelative: Double
    let bound: Double
    let pass: Bool
    let worstAt: String?
  }

  private static let options = ["accuracy", "--largest", "2000", "--swaps", "20"]

  @Test("every quantity is measured and keeps its bound")
  func rows() async throws {
    let run = try await DammProcess.run(Self.options + ["--json"])
    #expect(run.status == 0)
    let rows = try run.decoded([Row].self)
    let declared: [Tolerance] = [
      .massSeriesTo6, .massSeriesTo12, .massGSL, .capacity, .cumulative, .amount, .amountFixed,
      .priceReached, .fee,
    ]
    #expect(rows.map(\.quantity) == declared.map(\.name))
    #expect(rows.map(\.domain) == declared.map(\.domain))
    #expect(rows.map(\.bound) == declared.map(\.relative))
    for row in rows {
      #expect(row.pass && row.worstRelative <= row.bound, "\(row.quantity)")
      #expect(row.samples > 500, "\(row.quantity)")
      #expect(row.meanRelative <= row.worstRelative && row.meanUlp <= row.worstUlp)
      #expect((row.worstAt == nil) == (row.worstRelative == 0))
    }
    let objects = try #require(
      JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]])
    let keys: Set = [
      "quantity", "domain", "samples", "worstUlp", "meanUlp", "worstRelative", "meanRelative",
      "bound", "pass", "worstAt",
    ]
    #expect(objects.allSatisfy { Set($0.keys) == keys })
  }

  @Test("the table fits 100 columns and speaks in words")
  func text() async throws {
    let run = try await DammProcess.run(Self.options)
    #expect(run.status == 0)
    #expect(run.lines.allSatisfy { $0.count <= 100 })
    #expect(run.lines.contains { $0.contains("mean ulp") })
    #expect(!run.output.contains("DAMMModel"))
    #expect(!run.output.contains("NO"))
  }

  @Test("what has no samples does not pass, and the command says so")
  func nothingMeasured() async throws {
    #expect(!AccuracyRow(.capacity).pass)
    let run = try await DammProcess.run(["accuracy", "--largest", "1", "--swaps", "1", "--json"])
    #expect(run.status == 1)
    #expect(try run.decoded([Row].self).allSatisfy { !$0.pass && $0.samples == 0 })
  }

  @Test("an error above its bound fails, however many are within it")
  func broken() throws {
    let tolerance = Tolerance.capacity
    var row = AccuracyRow(tolerance)
    for _ in 0..<1000 { row.add(2, error: tolerance.relative, at: ["within"]) }
    #expect(row.pass)
    #expect(abs(row.meanUlp * 2.0.ulp / tolerance.relative - 1) < 1e-12)
    row.add(2, error: -tolerance.relative * 2.001, at: ["tick 7", "on a curve"])
    #expect(!row.pass)
    #expect(row.worst == ["tick 7", "on a curve"])
    #expect(row.worstUlp == tolerance.relative * 2.001 / 2.0.ulp)
    #expect(AccuracyText([row]).text.contains(" NO\n"))
  }

  @Test(
    "what is no number fails, and can be told as JSON",
    arguments: [(1.0, Double.nan), (.nan, .nan), (.infinity, .nan), (0, 1e-300)])
  func notANumber(_ value: Double, _ error: Double) throws {
    var row = AccuracyRow(.capacity)
    row.add(value, error: error, at: ["here"])
    #expect(!row.pass)
    #expect(row.worst == ["here"])
    #expect(String(decoding: try Output.encoder().encode(row), as: UTF8.self).contains("\"inf\""))
  }

  @Test("no error at all passes a bound of zero")
  func exact() {
    var row = AccuracyRow(.priceReached)
    row.add(0, error: 0, at: ["here"])
    row.add(1, error: 0, at: ["here"])
    #expect(row.pass)
    #expect(row.worst == nil)
    row.add(1, error: .leastNonzeroMagnitude, at: ["here"])
    #expect(!row.pass)
  }

  @Test("wrong usage", arguments: [["--largest", "0"], ["--swaps", "0"], ["--seed", "-1"]])
  func wrongUsage(_ options: [String]) async throws {
    #expect(try await DammProcess.run(["accuracy"] + options).status == 64)
  }
}
