import Foundation
import TestSupport
import Testing

@Suite("damm iv --chain")
struct IVChainTests {
  private static let demo = Files.root.appending(path: "data/demo/chain.csv").path
  private static let week = ["iv", "--chain", demo, "--horizon-days", "7"]

  private func object(_ run: DammProcess) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
  }

  @Test("the chain that ships, for a person")
  func text() async throws {
    let run = try await DammProcess.run(Self.week)
    #expect(run.status == 0 && run.error.isEmpty)
    #expect(run.output.contains("Chain       TOY, 2024-03-01 12:00:00 UTC, chain.csv"))
    #expect(run.output.contains("Black-76, either prices"))
    #expect(run.output.contains("between two expiries: 2024-03-04 08:00:00, 2024-03-09 08:00:00"))
    #expect(run.output.contains("Quotes used"))
    #expect(run.lines.allSatisfy { $0.count <= 110 })
    // Two strikes below and above each of two forwards, a call and a put each.
    #expect(run.lines.count { $0.hasPrefix("TOY-") } == 8)
  }

  @Test("JSON has every key, and the volatility between those of its expiries")
  func json() async throws {
    let run = try await DammProcess.run(Self.week + ["--json"])
    #expect(run.status == 0)
    let answer = try object(run)
    #expect(Set(answer.keys) == ["term", "comparisons"] && answer["comparisons"] is NSNull)
    let term = try #require(answer["term"] as? [String: Any])
    #expect(
      Set(term.keys) == [
        "source", "underlying", "time", "price", "ageLimitSeconds", "horizon", "quotes",
        "usableQuotes", "excludedQuotes", "expiries", "expiriesWithout", "fallsOfTotalVariance",
      ])
    let expiries = try #require(term["expiries"] as? [[String: Any]])
    #expect(expiries.count == 6)
    let used = expiries.filter { $0["isUsed"] as? Bool == true }
    #expect(
      used.compactMap { $0["expiry"] as? String } == ["2024-03-04 08:00:00", "2024-03-09 08:00:00"])
    let horizon = try #require(term["horizon"] as? [String: Any])
    let volatility = try #require(horizon["volatility"] as? Double)
    let ends = used.compactMap { $0["volatility"] as? Double }.sorted()
    #expect(volatility > ends[0] && volatility < ends[1])
    let strikes = try #require(used[0]["strikes"] as? [[String: Any]])
    let quotes = try #require(strikes[0]["quotes"] as? [[String: Any]])
    #expect(
      Set(quotes[0].keys) == [
        "instrument", "kind", "price", "premium", "quotation", "forward", "volatility",
        "quotedVolatility", "time",
      ])
  }

  @Test("mids leave out what nobody bids for, and say so")
  func mids() async throws {
    let run = try await DammProcess.run(Self.week + ["--price", "mid", "--json"])
    #expect(run.status == 0)
    let term = try #require(try object(run)["term"] as? [String: Any])
    #expect(term["price"] as? String == "mid")
    let excluded = try #require(term["excludedQuotes"] as? [String: Int])
    #expect(excluded["no bid", default: 0] > 0)
    let usable = try #require(term["usableQuotes"] as? Int)
    #expect(usable + excluded.values.reduce(0, +) == term["quotes"] as? Int)
  }

  @Test("the comparison: every row that counts agrees by rounding")
  func comparison() async throws {
    let run = try await DammProcess.run(["iv", "--chain", Self.demo, "--compare"])
    #expect(run.status == 0 && run.error.isEmpty)
    #expect(run.output.contains("Compared    TOY"))
    #expect(run.output.contains("    0 unexplained\n"))
    #expect(!run.output.contains("Quotes used"))
    let json = try await DammProcess.run(Self.week + ["--compare", "--json"])
    let answer = try object(json)
    #expect(answer["term"] is [String: Any])
    let rows = try #require(answer["comparisons"] as? [[String: Any]])
    #expect(rows.count == 1)
    let counted = try #require(rows[0]["counted"] as? [String: Any])
    #expect(rows[0]["agreement"] as? [String: Int] == ["rounding": counted["count"] as? Int ?? 0])
    #expect(
      Set(rows[0].keys) == [
        "source", "underlying", "time", "steps", "rows", "inverted", "refused", "excluded",
        "refusedWithoutQuotedVolatility", "withoutQuotedVolatility", "notCounted", "all", "counted",
        "countedAtPairForward", "agreement", "refusedInvertedAtPairForward",
        "largestPremiumDifference", "moments",
      ])
  }

  @Test("the same from standard input")
  func standardInput() async throws {
    let file = try await DammProcess.run(Self.week)
    let piped = try await DammProcess.run(
      ["iv", "--chain", "-", "--horizon-days", "7"],
      input: Data(contentsOf: URL(filePath: Self.demo)))
    #expect(piped.status == 0)
    #expect(
      piped.output == file.output.replacingOccurrences(of: "chain.csv", with: "standard input"))
  }

  @Test(
    "what is refused is said in one line",
    arguments: [
      (
        ["/no/such.csv", "--horizon-days", "7"],
        "'/no/such.csv' cannot be read: no such file or directory."
      ),
      (
        [demo, "--horizon-days", "0"], "horizon in days is 0.0, but it must be a number from 1e-06"
      ),
      ([demo, "--horizon-days", "nan"], "horizon in days is nan, but it must be a number from"),
      ([demo, "--horizon-days", "7", "--max-age", "0"], "age limit of a quote in seconds is 0.0"),
      (
        [demo, "--horizon-days", "7", "--underlying", "X"], "the underlying is \"X\", but the file"
      ),
      ([demo, "--horizon-days", "7", "--at", "noon"], "--at is 'noon', but it must be a UTC time"),
      (
        [demo, "--horizon-days", "7", "--at", "2024-02-01"],
        "the time is 2024-02-01 00:00:00, but the first chain of the file is of 2024-03-01 12:00:00."
      ),
      (
        [Files.root.appending(path: "data/demo/orders.csv").path, "--compare"],
        "line 1: the header has "
      ),
    ])
  func refusals(_ options: [String], _ message: String) async throws {
    let run = try await DammProcess.run(["iv", "--chain"] + options)
    #expect(run.status == 1 && run.output.isEmpty)
    #expect(run.error.hasPrefix("Error: ") && run.error.contains(message), "\(run.error)")
    #expect(run.error.split(separator: "\n").count == 1)
  }

  @Test("wrong usage", arguments: [["--chain", demo], ["--horizon-days", "7"]])
  func wrongUsage(_ options: [String]) async throws {
    let run = try await DammProcess.run(["iv"] + options)
    #expect(run.status == 64 && run.output.isEmpty)
  }
}
