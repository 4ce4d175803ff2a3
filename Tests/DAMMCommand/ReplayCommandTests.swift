import Foundation
import TestSupport
import Testing

@Suite("damm replay")
struct ReplayCommandTests {
  private static let demo = Files.root.appending(path: "data/demo/pool-day.csv").path
  private static let reserves = ["--reserve-a", "8500000", "--reserve-b", "3400"]
  private static let volatility = ["--iv", "0.65", "--horizon-days", "7"]

  private func object(_ run: DammProcess) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
  }

  @Test("the log that ships, for a person")
  func text() async throws {
    let run = try await DammProcess.run(["replay", Self.demo] + Self.volatility + Self.reserves)
    #expect(run.status == 0)
    #expect(run.error.isEmpty)
    #expect(run.output.contains("2006 rows, 2000 swaps (skipped: 2 BURN, 1 COLLECT, 3 MINT)"))
    #expect(run.output.contains("1999 replayed: 1999 filled, 0 in part, 0 not at all"))
    #expect(run.output.contains("proportional"))
    #expect(run.output.contains("* tick pool"))
    #expect(run.lines.allSatisfy { $0.count <= 100 })
  }

  @Test("JSON has every key, null where there is none")
  func json() async throws {
    let run = try await DammProcess.run(
      ["replay", Self.demo, "--sigma", "150", "--json"] + Self.reserves)
    #expect(run.status == 0)
    let report = try object(run)
    let keys: [String: Set<String>] = [
      "": [
        "log", "relativeSigma", "sigmaConvention", "pool", "fills", "tickPool", "realPool",
        "deviation", "speed", "path",
      ],
      "log": [
        "file", "rows", "swaps", "emptySwaps", "badRows", "otherEvents", "firstSwap", "lastSwap",
      ],
      "pool": [
        "oraclePrice", "shape", "k", "tickBps", "ticks", "lowestPrice", "highestPrice", "reserveA",
        "reserveB", "funding", "offeredA", "offeredB",
      ],
      "fills": ["orders", "complete", "partial", "nothing"],
      "tickPool": ["finalPrice", "volume", "slippageBps"],
      "realPool": ["finalPrice", "volume", "slippageBps"],
      "deviation": ["finalBps", "maximumBps", "meanBps"],
      "speed": ["swapsPerSecond", "passes", "medianPassSeconds"],
    ]
    for (name, expected) in keys {
      let part = name.isEmpty ? report : report[name] as? [String: Any]
      #expect(Set(part?.keys.map { $0 } ?? []) == expected, "\(name)")
    }
    #expect(report["sigmaConvention"] is NSNull)
    let path = try #require(report["path"] as? [[String: Any]])
    #expect(path.count == 241)
    #expect(path.allSatisfy { Set($0.keys) == ["swaps", "time", "poolPrice", "realPrice"] })

    let named = try await DammProcess.run(
      ["replay", Self.demo, "--json"] + Self.volatility + Self.reserves)
    #expect(try object(named)["sigmaConvention"] as? String == "proportional")
  }

  @Test("a pool that is used up at once still has figures")
  func usedUp() async throws {
    let run = try await DammProcess.run(
      ["replay", Self.demo, "--sigma", "1e-3", "--json", "--reserve-a", "1e-20"]
        + ["--reserve-b", "1e-20"])
    #expect(run.status == 0)
    let fills = try #require(try object(run)["fills"] as? [String: Int])
    #expect(fills["orders"] == 1999)
    #expect(fills["complete"] == 0)
  }

  @Test(
    "what is refused is said in one line",
    arguments: [
      (
        ["/no/such/log.csv"] + volatility,
        "'/no/such/log.csv' cannot be read: there is no such file."
      ),
      (["/"] + volatility, "'/' cannot be read: it is a folder."),
      (
        [Files.root.appending(path: "data/demo/orders.csv").path] + volatility,
        "line 1: the column block_timestamp is missing; the header has"
      ),
      ([demo, "--sigma", "-1"], "sigma is -1.0, but it must be a number from 1e-39 to 1e+33."),
      ([demo, "--sigma", "1e-9"], "sigma over price is "),
      ([demo, "--decimals-a", "99"] + volatility, "the decimals of a token are 99, but"),
    ])
  func refusals(_ options: [String], _ message: String) async throws {
    let run = try await DammProcess.run(["replay"] + options + Self.reserves)
    #expect(run.status == 1)
    #expect(run.output.isEmpty)
    #expect(run.error.hasPrefix("Error: ") && run.error.contains(message), "\(run.error)")
    #expect(run.error.split(separator: "\n").count == 1)
  }

  @Test("a hostile header is shown on one line, from standard input too")
  func hostileHeader() async throws {
    let log = "\"a\nb\u{1b}[31m\u{2028}\",c\n1,2\n"
    let run = try await DammProcess.run(
      ["replay", "-"] + Self.volatility + Self.reserves, input: Data(log.utf8))
    #expect(run.status == 1)
    #expect(run.error.hasPrefix("Error: standard input: line 1: the column block_timestamp"))
    #expect(run.error.hasSuffix("\n") && run.error.count(where: \.isNewline) == 1)
    #expect(!run.error.contains("\u{1b}"))
  }

  @Test("bad rows are left out and told of on standard error, up to the limit; gzip is read")
  func badRows() async throws {
    let lines = try String(contentsOfFile: Self.demo, encoding: .utf8).split(separator: "\n")
    var changed = lines.map(String.init)
    changed[4] += ",more"
    changed[8] = changed[8].replacing("2024-02-29", with: "2024-02-30")
    let log = changed.joined(separator: "\n")
    let options = Self.volatility + Self.reserves
    let run = try await DammProcess.run(["replay", "-", "--json"] + options, input: Data(log.utf8))
    #expect(run.status == 0)
    let report = try #require(try object(run)["log"] as? [String: Any])
    #expect(report["badRows"] as? Int == 2 && report["swaps"] as? Int == 1998)
    let said = run.error.split(separator: "\n")
    #expect(said.count == 3 && said[0] == "standard input: 2 rows are left out:")
    #expect(said[1].contains("line 5 has 20 values") && said[2].contains("line 9: block_timestamp"))
    for (limit, message) in [("0", "line 5 has"), ("1", "2 rows are wrong"), ("-1", "must be")] {
      let refused = try await DammProcess.run(
        ["replay", "-", "--bad-rows", limit] + options, input: Data(log.utf8))
      #expect(refused.status == 1 && refused.error.contains(message), "\(refused.error)")
    }
    try await TemporaryFolder.with { folder in
      let file = folder.appending(path: "log")
      try FileManager.default.copyItem(at: URL(filePath: Self.demo), to: file)
      let gzip = Process()
      gzip.executableURL = URL(filePath: "/usr/bin/env")
      gzip.arguments = ["gzip", file.path]
      try gzip.run()
      gzip.waitUntilExit()
      let plain = try await DammProcess.run(["replay", Self.demo, "--json"] + options)
      let packed = try await DammProcess.run(
        ["replay", file.path + ".gz", "--json"] + options)
      #expect(packed.status == 0)
      let paths = try [plain, packed].map { try #require(object($0)["path"] as? NSArray) }
      #expect(paths[0] == paths[1])
    }
  }

  @Test("wrong usage", arguments: [[], [demo], [demo, "--sigma", "1", "--iv", "1"]])
  func wrongUsage(_ options: [String]) async throws {
    let run = try await DammProcess.run(["replay"] + options + Self.reserves)
    #expect(run.status == 64)
    #expect(run.output.isEmpty)
  }
}
