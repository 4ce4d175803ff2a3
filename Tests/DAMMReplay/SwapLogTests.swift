import DAMMReplay
import Foundation
import Testing

@Suite("Reading a log")
struct SwapLogTests {
  @Test("swaps are read, other events counted")
  func kinds() throws {
    let log = try LogFixture.read(
      LogFixture.text([
        LogFixture.swap(), LogFixture.event("MINT"), LogFixture.event("BURN"),
        LogFixture.event("MINT"), LogFixture.swap("-5", "7", tick: "-3"), LogFixture.event("FLASH"),
        LogFixture.swap("0", "0"),
      ]))
    #expect(log.swaps.map(\.line) == [2, 6])
    #expect(log.otherEvents == ["MINT": 2, "BURN": 1, "FLASH": 1])
    #expect(log.emptySwaps == 1)
    #expect(log.rows == 7)
    let swap = log.swaps[1]
    #expect((swap.amount0, swap.amount1) == (ChainInteger(-5), ChainInteger(7)))
    #expect(swap.sqrtPriceX96.description == "1584563250285286751870879006720000")
    #expect(swap.tick == -3)
    #expect(swap.time.description == "2024-02-29 12:00:00")
  }

  @Test("columns may stand in any order, among others")
  func order() throws {
    let rows = [LogFixture.swap(), LogFixture.swap("-5", "7")]
    let columns = ["extra"] + LogFixture.columns.reversed()
    #expect(
      try LogFixture.read(LogFixture.text(rows, columns: columns))
        == LogFixture.read(LogFixture.text(rows)))
  }

  @Test("line ends, byte order mark, blank lines, a missing last line end")
  func layout() throws {
    // The last column is empty: the last row must not lose it without a line end.
    let rows = [LogFixture.swap(), LogFixture.event("BURN"), LogFixture.swap("-5", "7")]
    let plain = try LogFixture.read(LogFixture.text(rows))
    for text in [
      LogFixture.text(rows, lineEnd: "\r\n"), LogFixture.text(rows, closed: false),
      "\u{FEFF}" + LogFixture.text(rows), LogFixture.text(rows) + "\n\n",
    ] {
      #expect(try LogFixture.read(text) == plain)
    }
    let spaced = try LogFixture.read(LogFixture.text(rows, lineEnd: "\n\n"))
    #expect(spaced.swaps.map(\.line) == [3, 7])
  }

  @Test("a value in quotes may hold commas and line ends; lines are still counted")
  func quotes() throws {
    var row = LogFixture.swap()
    row["transaction_hash"] = "\"a, b\n\"\"c\"\"\""
    let text = LogFixture.text([row, LogFixture.swap(), LogFixture.swap("x")])
    #expect(
      LogFixture.refusal(text) == .notAnInteger(line: 5, column: "amount0", value: "x"))
  }

  @Test("dust may be paid in for nothing")
  func dust() throws {
    let log = try LogFixture.read(
      LogFixture.text([LogFixture.swap("1", "0"), LogFixture.swap("0", "1")]))
    #expect(log.swaps.count == 2)
    let tape = try Tape(log, tokens: TokenPair())
    #expect(tape.swaps[0].b == 1e-18)
    #expect(tape.swaps[0].averagePrice == nil)
  }

  @Test("the ends of the allowed roots and ticks are allowed")
  func ends() throws {
    let (lowest, highest) = (
      SwapLog.allowedSqrtPriceX96.lowerBound.description,
      SwapLog.allowedSqrtPriceX96.upperBound.description
    )
    let log = try LogFixture.read(
      LogFixture.text([
        LogFixture.swap(root: lowest, tick: "-887272"),
        LogFixture.swap(root: highest, tick: "887272.0"),
      ]))
    #expect(highest.count == 49)
    #expect(log.swaps.map(\.sqrtPriceX96.description) == [lowest, highest])
    #expect(log.swaps.map(\.tick) == [-887272, 887272])
  }

  @Test("a header without rows is a log without swaps, and no tape")
  func headerOnly() throws {
    let log = try LogFixture.read(LogFixture.text([]))
    #expect(log.rows == 0)
    for count in 0...1 {
      let log = try LogFixture.read(
        LogFixture.text(Array(repeating: LogFixture.swap(), count: count)))
      #expect(throws: ReplayError.tooFewSwaps(found: count, needed: 2)) {
        try Tape(log, tokens: TokenPair())
      }
    }
  }
}

@Suite("UTC times")
struct UTCTimeTests {
  @Test(
    "agree with the calendar",
    arguments: [
      ("1970-01-01 00:00:00", 0), ("2000-02-29 23:59:59", 951_868_799),
      ("2023-11-10 00:00:11", 1_699_574_411), ("2024-02-29 12:00:00", 1_709_208_000),
      ("2100-03-01 00:00:00", 4_107_542_400), ("9999-12-31 23:59:59", 253_402_300_799),
    ] as [(String, Int64)])
  func calendar(text: String, seconds: Int64) throws {
    let time = try #require(UTCTime(text))
    #expect(time.secondsSince1970 == seconds)
    #expect(UTCTime(secondsSince1970: seconds).description == text)
  }

  @Test("every day until 2107 is read back")
  func everyDay() throws {
    let wrong = (0..<Int64(50_000)).filter { day in
      let time = UTCTime(secondsSince1970: day * 86400)
      return UTCTime(time.description) != time
    }
    #expect(wrong == [])
  }

  @Test(
    "there is no such moment",
    arguments: [
      "", "2023-02-29 00:00:00", "2100-02-29 00:00:00", "2024-13-01 00:00:00",
      "2024-00-01 00:00:00", "2024-01-00 00:00:00", "2024-04-31 00:00:00", "2024-01-01 24:00:00",
      "2024-01-01 00:60:00", "2024-01-01 00:00:60", "2024-01-01T00:00:00", "2024-01-01",
      "2024-1-01 00:00:00", "1969-12-31 23:59:59", "2024-01-01 00:00:00Z", "-024-01-01 00:00:00",
    ])
  func refused(text: String) { #expect(UTCTime(text) == nil) }
}
