import DAMM
import DAMMFeeds
import Foundation
import TestSupport
import Testing

@Suite("damm reading")
struct ReadingCommandTests {
  private struct Answer: Decodable {
    let price: Double
    let impliedVolatility: Double
    let time: String
    let ageSeconds: Double
    let source: String
    let horizonDays: Double
    let sigmaConvention: String
    let relativeSigma: Double
    let sigma: Double
    let readings: Int?
    let pricesWithoutVolatility: Int?
  }

  private static let demo = Files.root.appending(path: "data/demo/readings.csv").path
  private static let contract = "0x5f4ec3df9cbd43714fe2740f5e3616155c5b8419"
  private static let secret = "k3y0fNobody"

  @Test("the page about readings shows what the command prints")
  func page() async throws {
    let page = try String(
      contentsOf: Files.root.appending(path: "docs/readings.md"), encoding: .utf8)
    let start = try #require(page.range(of: "```text\n$ damm "))
    let end = try #require(page.range(of: "```", range: start.upperBound..<page.endIndex))
    let shown = page[start.upperBound..<end.lowerBound].split(
      separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
    let run = try await DammProcess.shell(
      "cd '\(Files.root.path)' && \"$DAMM\" \(shown[0])")
    #expect(run.output == shown[1])
    #expect(run.error.isEmpty)
  }

  @Test("every key is there, and the convention is the one that was used")
  func json() async throws {
    for convention in SigmaConvention.allCases {
      let run = try await DammProcess.run([
        "reading", "--readings", Self.demo, "--at", "2024-01-02T16:00:00Z", "--horizon-days", "30",
        "--sigma-convention", convention.rawValue, "--json",
      ])
      let answer = try run.decoded(Answer.self)
      let expected = try OracleReading(
        price: 2366.3, impliedVolatility: 0.641, horizonDays: 30, convention: convention)
      #expect((answer.price, answer.impliedVolatility) == (2366.3, 0.641))
      #expect(
        (answer.relativeSigma, answer.sigma) == (
          expected.relativeSigma, expected.relativeSigma * 2366.3
        ))
      #expect((answer.sigmaConvention, answer.horizonDays) == (convention.rawValue, 30))
      #expect((answer.time, answer.ageSeconds) == ("2024-01-02 16:00:00", 0))
      #expect((answer.source, answer.readings) == ("readings.csv", 7))
      #expect(answer.pricesWithoutVolatility == 0)
    }
  }

  @Test("what is refused is said in one line")
  func refusals() async throws {
    try await TemporaryFolder.with { folder in
      let bad = folder.appending(path: "bad.csv").path
      try Data("time,price\n2024-01-01,0\n".utf8).write(to: URL(filePath: bad))
      for (options, message) in [
        (["--readings", "/no/such/file"], "/no/such/file cannot be read: there is no such file."),
        (["--readings", bad], "bad.csv: line 2: price is 0, but it must be"),
        (
          ["--prices", bad, "--iv", "1"],
          "bad.csv: line 2: price is 0, but it must be a number from"
        ),
        (["--readings", Self.demo, "--at", "noon"], "--at is 'noon', but it must be a UTC time"),
        (
          ["--readings", Self.demo, "--at", "2023-01-01"],
          "readings.csv knows nothing at 2023-01-01"
        ),
        (
          ["--readings", Self.demo, "--at", "2024-01-03 01:00:00", "--max-age-minutes", "59"],
          "the reading of 2024-01-03 00:00:00 is 3600.0 s old, but it must be at most 3540.0 s old."
        ),
        (["--readings", Self.demo, "--max-age-minutes", "0"], "age limit in seconds is 0.0"),
        (
          ["--aggregator", "0x1", "--iv", "1", "--node", "https://node.example/\(Self.secret)"],
          "the address of a contract is \"0x1\", but it must be"
        ),
        (
          [
            "--aggregator", Self.contract, "--iv", "1", "--node",
            "http://node.example/\(Self.secret)",
          ],
          "plain http is for this machine only"
        ),
        (
          [
            "--aggregator", Self.contract, "--iv", "-1", "--node",
            "http://localhost/\(Self.secret)",
          ],
          "implied volatility is -1.0"
        ),
      ] {
        let run = try await DammProcess.run(["reading", "--horizon-days", "7"] + options)
        #expect(run.status == 1)
        #expect(run.output.isEmpty)
        #expect(run.error.hasPrefix("Error: ") && run.error.contains(message), "\(run.error)")
        #expect(run.error.split(separator: "\n").count == 1)
        #expect(!run.error.contains(Self.secret))
      }
    }
  }

  @Test(
    "wrong usage",
    arguments: [
      [], ["--readings", demo, "--iv", "1"], ["--prices", demo], ["--iv", "1"],
      ["--prices", demo, "--iv", "1", "--node", "https://x"],
      ["--prices", demo, "--aggregator", contract, "--iv", "1"],
      ["--aggregator", contract, "--iv", "1"],
      ["--aggregator", contract, "--iv", "1", "--at", "2024-01-01"],
    ])
  func wrongUsage(_ options: [String]) async throws {
    let run = try await DammProcess.run(
      ["reading", "--horizon-days", "7"] + options, environment: ["DAMM_NODE_URL": ""])
    #expect(run.status == 64)
    #expect(run.output.isEmpty)
  }

  /// A node with one aggregator for both: price 3000.5 with 2 decimals, updated at a time.
  private static func server(updatedAt: Int64) throws -> LocalServer {
    @Sendable func word(_ value: Int64) -> String {
      let digits = String(value, radix: 16)
      return String(repeating: "0", count: 64 - digits.count) + digits
    }
    let round = [7, 300_050, updatedAt, updatedAt, 7].map(word).joined()
    return try LocalServer { request in
      guard let object = try? JSONSerialization.jsonObject(with: request.body) as? [String: Any],
        let id = object["id"] as? Int, let method = object["method"] as? String
      else { return .answer("", status: 400) }
      let isDecimals = String(decoding: request.body, as: UTF8.self).contains("0x313ce567")
      let result =
        switch method {
        case "eth_chainId": "0x5"
        case "eth_blockNumber": "0x10"
        default: isDecimals ? word(2) : round
        }
      let text = result.hasPrefix("0x") ? result : "0x" + result
      return .answer("{\"jsonrpc\":\"2.0\",\"id\":\(id),\"result\":\"\(text)\"}")
    }
  }

  @Test("a node: its address from an option or the environment, and only its host in the output")
  func node() async throws {
    let updated = UTCTime.now.secondsSince1970 - 60
    let server = try Self.server(updatedAt: updated)
    let url = "http://127.0.0.1:\(server.port)/v2/\(Self.secret)"
    let options = [
      "reading", "--aggregator", Self.contract, "--horizon-days", "7", "--chain-id", "5",
      "--max-age-minutes", "60",
    ]
    let run = try await DammProcess.run(options + ["--node", url, "--iv", "0.65", "--json"])
    #expect(run.status == 0, "\(run.error)")
    let answer = try run.decoded(Answer.self)
    #expect((answer.price, answer.impliedVolatility) == (3000.5, 0.65))
    #expect(answer.time == "\(UTCTime(secondsSince1970: updated))")
    #expect(answer.ageSeconds >= 60 && answer.readings == nil)
    #expect(answer.source == "http://127.0.0.1, aggregator \(Self.contract)")
    #expect(!run.output.contains(Self.secret))

    let text = try await DammProcess.run(
      options + ["--volatility-aggregator", Self.contract, "--volatility-unit", "percent"],
      environment: ["DAMM_NODE_URL": url])
    #expect(text.status == 0, "\(text.error)")
    #expect(text.output.contains("30.005 a year") && text.output.contains("proportional"))
    #expect(!text.output.contains(Self.secret))

    let other = try await DammProcess.run(
      options + ["--node", url, "--iv", "0.65", "--chain-id", "1"])
    #expect(other.status == 1)
    #expect(other.error.contains("http://127.0.0.1 is on chain 5, but it must be on chain 1."))
    #expect(!other.error.contains(Self.secret))

    let old = try await DammProcess.run(
      options + ["--node", url, "--iv", "0.65", "--max-age-minutes", "0.5"])
    #expect(old.status == 1)
    #expect(old.error.contains("but it must be at most 30.0 s old."))
  }
}
