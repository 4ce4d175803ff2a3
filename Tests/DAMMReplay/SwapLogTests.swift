import DAMMFeeds
import DAMMModel
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
  }

  @Test("the ends of the allowed roots and ticks are allowed")
  func ends() throws {
    let (lowest, highest) = (
      PoolSwap.allowedSqrtPriceX96.lowerBound.description,
      PoolSwap.allowedSqrtPriceX96.upperBound.description
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

  @Test("a header without rows is refused")
  func headerOnly() { #expect(LogFixture.refusal(LogFixture.text([])) == .noRows) }
}
