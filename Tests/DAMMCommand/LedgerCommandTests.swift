import Foundation
import Testing
import TestSupport

@Suite("damm ledger and damm market")
struct LedgerCommandTests {
  private struct Status: Decodable {
    struct Market: Decodable {
      let name: String
      let settlements, creditA, creditB: Int
      let isClosed: Bool
    }
    let reserveA, reserveB, unallocatedA, unallocatedB, fees, shares, positions, rows: Int
    let health, floor: Double
    let dailyAllowance: Double?
    let reference: String
    let markets: [Market]
  }

  private struct Run: Decodable {
    let trades, settlements, refusals, feesInLots: Int
  }

  /// Runs `damm` with a ledger of 3 million A and 1,000 B in a folder of its own.
  private func withLedger(
    _ more: [String] = [],
    _ body: (_ ledger: String, _ damm: ([String]) async throws -> DammProcess) async throws -> Void
  ) async throws {
    try await TemporaryFolder.with { folder in
      let ledger = folder.appending(path: "pool.ledger").path
      let made = try await DammProcess.run(
        ["ledger", "init", "--ledger", ledger, "--reserve-a", "3000000", "--reserve-b", "1000"]
          + more)
      #expect(made.status == 0, "\(made.error)")
      try await body(ledger) { try await DammProcess.run($0) }
    }
  }

  private func status(
    _ ledger: String, _ damm: ([String]) async throws -> DammProcess
  ) async throws -> Status {
    let answer = try await damm(["ledger", "status", "--ledger", ledger, "--json"])
    #expect(answer.status == 0, "\(answer.error)")
    return try JSONDecoder().decode(Status.self, from: Data(answer.output.utf8))
  }

  @Test func aPoolIsFoundedOnce() async throws {
    try await withLedger { ledger, damm in
      let found = try await status(ledger, damm)
      #expect(found.reserveA == 3_000_000_000_000 && found.reserveB == 100_000_000_000)
      // floor(sqrt(3e12 * 1e11))
      #expect(found.shares == 547_722_557_505)
      #expect(found.health == 1 && found.reference == "constant-product" && found.rows == 1)
      let again = try await damm(
        ["ledger", "init", "--ledger", ledger, "--reserve-a", "1", "--reserve-b", "1"])
      #expect(again.status == 1 && again.error.contains("holds a pool already"))
      #expect(try await status(ledger, damm).rows == 1)
    }
  }

  @Test func marketsSettleAndTheLogProvesIt() async throws {
    try await withLedger { ledger, damm in
      let folder = URL(filePath: ledger).deletingLastPathComponent()
      func book(_ name: String) -> String { folder.appending(path: "\(name).book").path }
      for (name, more) in [
        ("north", ["--fee-bps", "30"]),
        ("south", ["--prices", "ticks", "--price", "3000", "--iv", "0.8", "--horizon-days", "7"]),
      ] {
        let run = try await damm(
          ["market", "run", "--ledger", ledger, "--name", name, "--book", book(name), "--trades"]
            + ["120", "--json"] + more)
        #expect(run.status == 0, "\(run.error)")
        let told = try JSONDecoder().decode(Run.self, from: Data(run.output.utf8))
        #expect(told.trades == 120 && told.settlements == 3 && told.refusals == 0)
        #expect((told.feesInLots > 0) == (name == "north"))
      }
      let found = try await status(ledger, damm)
      #expect(found.markets.map(\.name) == ["north", "south"])
      #expect(found.markets.allSatisfy { $0.settlements == 3 && !$0.isClosed })
      #expect(found.fees > 0 && found.health != 1)
      let verified = try await damm(["ledger", "verify", "--ledger", ledger])
      #expect(verified.status == 0 && verified.output.contains("6 settlements of 2 markets"))
      let checked = try await damm(["market", "check", "--book", book("north")])
      #expect(checked.status == 0 && checked.output.contains("120 trades, 3 settlements"))

      // the log alone tells the same, and a changed one does not
      let log = folder.appending(path: "log.jsonl")
      let exported = try await damm(["ledger", "export", "--ledger", ledger])
      try exported.output.write(to: log, atomically: true, encoding: .utf8)
      let alone = try await damm(["ledger", "verify", "--log", log.path])
      #expect(alone.status == 0 && alone.output == verified.output)
      var lines = exported.output.split(separator: "\n").map(String.init)
      #expect(lines.count == found.rows)
      lines.swapAt(4, 5)
      try lines.joined(separator: "\n").write(to: log, atomically: true, encoding: .utf8)
      let changed = try await damm(["ledger", "verify", "--log", log.path])
      #expect(changed.status == 1 && changed.error.contains("of the log is wrong"))

      // the last one closes
      let close = try await damm(
        ["market", "run", "--ledger", ledger, "--name", "north", "--book", book("north")]
          + ["--trades", "0", "--close", "--json"])
      #expect(close.status == 0, "\(close.error)")
      #expect(try await status(ledger, damm).markets.first?.isClosed == true)
      let closed = try await damm(
        ["market", "run", "--ledger", ledger, "--name", "north", "--book", book("north")])
      #expect(closed.status == 1 && closed.error.contains("no open market north"))
    }
  }

  @Test func creditsGiftsAndLiquidity() async throws {
    try await withLedger { ledger, damm in
      let folder = URL(filePath: ledger).deletingLastPathComponent()
      _ = try await damm(
        ["market", "run", "--ledger", ledger, "--name", "m", "--trades", "1"]
          + ["--book", folder.appending(path: "m.book").path])
      let before = try await status(ledger, damm)
      func change(_ arguments: [String]) async throws -> DammProcess {
        try await damm(["ledger", arguments[0], "--ledger", ledger] + arguments.dropFirst())
      }
      #expect(
        try await change(["grant", "--market", "m", "--a", "30000", "--b", "10"]).status == 0)
      #expect(try await change(["pay-in", "--a", "1000.5"]).status == 0)
      #expect(try await change(["add", "--shares", "5000000000"]).status == 0)
      var now = try await status(ledger, damm)
      #expect(now.markets[0].creditA == 30_000_000_000 && now.markets[0].creditB == 1_000_000_000)
      #expect(now.unallocatedA == now.reserveA - 30_000_000_000)
      #expect(now.shares == before.shares + 5_000_000_000 && now.positions == 2)
      #expect(now.health > before.health)
      #expect(
        try await change(["remove", "--shares", "5000000000", "--position", "2"]).status == 0)
      now = try await status(ledger, damm)
      #expect(now.shares == before.shares && now.positions == 1)

      // more than the floor leaves room for
      let much = try await change(["grant", "--market", "m", "--a", "600000", "--b", "0"])
      #expect(much.status == 1 && much.error.contains("no longer be covered"))
      let dust = try await change(["pay-in", "--a", "0.0000001"])
      #expect(dust.status == 1 && dust.error.contains("--a: 0.0000001 is not a whole number"))
      let nobody = try await change(["grant", "--market", "x", "--a", "1"])
      #expect(nobody.status == 1 && nobody.error.contains("no open market x"))
      let locked = try await change(["remove", "--shares", "1", "--position", "7"])
      #expect(locked.status == 1 && locked.error.contains("no position 7"))
      #expect(try await damm(["ledger", "verify", "--ledger", ledger]).status == 0)
    }
  }

  @Test func ticksAsAReference() async throws {
    let reference = ["--reference", "ticks", "--price", "3000", "--iv", "0.8"]
    try await withLedger(reference + ["--horizon-days", "7", "--floor", "0.8"]) { ledger, damm in
      let found = try await status(ledger, damm)
      #expect(found.reference == "ticks" && abs(found.floor - 0.8) < 1e-12 && found.health == 1)
    }
    try await withLedger(["--no-limits"]) { ledger, damm in
      let found = try await status(ledger, damm)
      #expect(found.floor == 0 && found.dailyAllowance == nil)
    }
  }

  @Test func refusals() async throws {
    try await TemporaryFolder.with { folder in
      let nothing = folder.appending(path: "nothing").path
      let text = folder.appending(path: "text.txt")
      try "not a database, but long enough for one".write(
        to: text, atomically: true, encoding: .utf8)
      for (arguments, status, words) in [
        (["ledger", "status", "--ledger", nothing], 1, "there is no such file"),
        (["ledger", "status", "--ledger", text.path], 1, "is no ledger"),
        (["ledger", "verify"], 64, "Give either --ledger or --log."),
        (["ledger", "verify", "--log", text.path], 1, "line 1 of"),
        (
          ["ledger", "init", "--ledger", nothing, "--reserve-a", "0", "--reserve-b", "1"], 1,
          "lots of A is 0"
        ),
        (
          ["ledger", "init", "--ledger", nothing, "--reserve-a", "1", "--reserve-b", "x"], 1,
          "--reserve-b: \"x\" is no amount"
        ),
        (
          [
            "ledger", "init", "--ledger", nothing, "--reserve-a", "1", "--reserve-b", "1",
            "--floor",
            "1.5",
          ], 1, "floor of the health factor"
        ),
        (
          [
            "ledger", "init", "--ledger", nothing, "--reserve-a", "1", "--reserve-b", "1",
            "--price",
            "3",
          ], 64, "belong to --reference ticks"
        ),
        (
          ["market", "run", "--ledger", nothing, "--name", "m", "--book", nothing, "--size", "2"],
          64, "--size is 2"
        ),
        (
          ["market", "run", "--ledger", nothing, "--name", "m", "--book", nothing, "--prices"]
            + ["ticks"], 64, "needs --sigma, or --iv"
        ),
        (["market", "check", "--book", nothing], 1, "there is no such file"),
      ] {
        let answer = try await DammProcess.run(arguments)
        #expect(answer.status == status, "\(arguments): \(answer.error)")
        #expect(answer.error.contains(words), "\(arguments): \(answer.error)")
      }
    }
    try await withLedger { ledger, damm in
      let noBook = try await damm(["market", "check", "--book", ledger])
      #expect(noBook.status == 1 && noBook.error.contains("no book of a market"))
      let bad = try await damm(
        ["market", "run", "--ledger", ledger, "--name", "no spaces", "--book", ledger + ".book"])
      #expect(bad.status == 1 && bad.error.contains("is no name of a market"))
    }
  }

  /// What the page shows runs as it is, in a folder of its own.
  @Test func thePageRuns() async throws {
    let page = try String(
      contentsOf: Files.root.appending(path: "docs/ledger.md"), encoding: .utf8)
    let blocks = page.split(separator: "```").map(String.init).filter { $0.hasPrefix("sh\n") }
    #expect(blocks.count == 2)
    try await TemporaryFolder.with { folder in
      let lines = blocks.map { $0.dropFirst(3).replacing("damm ", with: "\"$DAMM\" ") }
      let run = try await DammProcess.shell("set -e; cd \(folder.path)\n" + lines.joined())
      #expect(run.status == 0, "\(run.error)")
      #expect(run.error.isEmpty, "\(run.error)")
      for words in [
        "Founded with 3000000 A and 1000 B", "north: settled 10", "south: settled 10",
        "20 settlements of 2 markets", "500 trades, 10 settlements applied",
        "Market north has a credit of 30000 A and 10 B", "Paid in 1000 A and 0 B",
        "for 5000000000 shares, position 2",
      ] {
        #expect(run.output.contains(words), "\(words) is not in \(run.output)")
      }
    }
  }
}
