import DAMMFeeds
import DAMMModel
import DAMMReplay
import Foundation
import Testing

@Suite("Refusing a log")
struct RefusalTests {
  @Test("no file, a folder")
  func unreadable() {
    let folder = FileManager.default.temporaryDirectory
    let absent = folder.appending(path: "damm-\(UUID()).csv")
    let refusal = FlowError(
      file: absent.lastPathComponent,
      problem: .unreadable(path: absent.path, reason: "there is no such file"))
    #expect(throws: refusal) { try SwapLog(contentsOf: absent) }
    let empty = folder.appending(path: "damm-\(UUID())")
    try? FileManager.default.createDirectory(at: empty, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: empty) }
    let none = FlowError(
      file: empty.lastPathComponent,
      problem: .unreadable(
        path: empty.path, reason: "it is a folder without files that end in .csv or .csv.gz"))
    #expect(throws: none) { try SwapLog(contentsOf: empty) }
  }

  @Test("an empty file", arguments: ["", "\n", " \r\n\t\n", "\u{FEFF}"])
  func empty(text: String) { #expect(LogFixture.refusal(text) == .empty) }

  @Test("every missing or repeated column is named", arguments: PoolSwap.Column.allCases)
  func columns(column: PoolSwap.Column) {
    let without = LogFixture.columns.filter { $0 != column.rawValue }
    let text = LogFixture.text([LogFixture.swap()], columns: without)
    guard case .unknownFormat(let found, let allowed) = LogFixture.refusal(text) else {
      Issue.record("a log without \(column.rawValue) is refused")
      return
    }
    #expect(found == without && allowed.contains { $0.contains(column.rawValue) })
    let twice = LogFixture.columns + [column.rawValue]
    #expect(
      LogFixture.refusal(LogFixture.text([LogFixture.swap()], columns: twice))
        == .repeatedColumn(name: column.rawValue))
  }

  @Test("rows that are too short or too long")
  func fieldCount() {
    let good = LogFixture.text([LogFixture.swap()])
    let count = LogFixture.columns.count
    #expect(
      LogFixture.refusal(good + "1,2024-02-29 12:00:00,SWAP,,25")
        == .wrongFieldCount(line: 3, found: 5, expected: count))
    #expect(
      LogFixture.refusal(good.dropLast() + ",more\n")
        == .wrongFieldCount(line: 2, found: count + 1, expected: count))
    // Also in a row that is only counted.
    #expect(
      LogFixture.refusal(good + "1,2024-02-29 12:00:00,MINT\n")
        == .wrongFieldCount(line: 3, found: 3, expected: count))
  }

  @Test("what is not an integer", arguments: ["", "1.5", "1e18", "12 ", "0x1f", "nan", "--1"])
  func notIntegers(value: String) {
    for column in ["amount0", "amount1", "sqrtPriceX96", "current_tick"] {
      var row = LogFixture.swap()
      row[column] = value
      #expect(
        LogFixture.refusal(LogFixture.text([LogFixture.swap(), row]))
          == .notAnInteger(line: 3, column: column, value: value))
    }
  }

  @Test("integers that are too large")
  func overflow() {
    let large = "-1" + String(repeating: "0", count: 77)
    for column in ["amount0", "amount1"] {
      var row = LogFixture.swap()
      row[column] = large
      #expect(
        LogFixture.refusal(LogFixture.text([row]))
          == .outOfRange(
            line: 2, column: column, value: large, allowed: "smaller than 2^255 in size"))
    }
  }

  @Test("roots and ticks outside of what a pool can have")
  func ranges() {
    let roots = PoolSwap.allowedSqrtPriceX96
    for root in [
      "0", "-1", "4295128738", "1461446703485210103287273052203988822378723970343",
    ] {
      #expect(
        LogFixture.refusal(LogFixture.text([LogFixture.swap(root: root)]))
          == .outOfRange(
            line: 2, column: "sqrtPriceX96", value: root,
            allowed: "from \(roots.lowerBound) to \(roots.upperBound)"))
    }
    for tick in ["887273", "-887273.0", "99999999999999999999"] {
      #expect(
        LogFixture.refusal(LogFixture.text([LogFixture.swap(tick: tick)]))
          == .outOfRange(
            line: 2, column: "current_tick", value: tick, allowed: "from -887272 to 887272"))
    }
  }

  @Test(
    "swaps in which nothing or both is paid in",
    arguments: [("1", "1"), ("-1", "-1"), ("0", "-1"), ("-1", "0")])
  func signs(amount0: String, amount1: String) {
    #expect(
      LogFixture.refusal(
        LogFixture.text([LogFixture.swap(), LogFixture.swap(amount0, amount1)]))
        == .swapSigns(line: 3, amount0: amount0, amount1: amount1))
  }

  @Test("times, in rows of every kind")
  func times() {
    for row in [
      LogFixture.swap(time: "2023-02-29 00:00:00"),
      LogFixture.event("MINT", time: "2023-02-29 00:00:00"),
    ] {
      #expect(
        LogFixture.refusal(LogFixture.text([row]))
          == .badTime(
            line: 2, column: "block_timestamp", value: "2023-02-29 00:00:00",
            allowed: "YYYY-MM-DD HH:MM:SS"))
    }
    #expect(
      LogFixture.refusal(
        LogFixture.text([LogFixture.swap(), LogFixture.swap(time: "2024-02-29 11:59:59")]))
        == .timeBackwards(
          line: 3, column: "block_timestamp", value: "2024-02-29 11:59:59",
          previous: "2024-02-29 12:00:00"))
  }

  @Test("bytes that are not UTF-8")
  func notUTF8() {
    let data = Data(LogFixture.text([LogFixture.swap()]).utf8) + Data([0x31, 0xFF, 0x0A])
    #expect(throws: FlowError(file: "log.csv", problem: .notUTF8(line: 3))) {
      try LogFixture.read(data)
    }
  }

  @Test("quotes that do not match, and the first of several errors")
  func malformed() {
    let good = LogFixture.text([LogFixture.swap()])
    guard case .malformed(line: 3, _) = LogFixture.refusal(good + "\"a\"b,\n") else {
      Issue.record("a quote inside a value is refused with its line")
      return
    }
    #expect(
      LogFixture.refusal(LogFixture.text([LogFixture.swap("x")]) + "\"a\"b,\n")
        == .notAnInteger(line: 2, column: "amount0", value: "x"))
  }

  @Test("every message is one sentence, and a long value is cut")
  func messages() {
    let long = String(repeating: "7", count: 100_000)
    let tables: [TableError] = [
      .unreadable(path: "/x", reason: "it is a folder"), .empty, .notUTF8(line: 3),
      .malformed(line: 4, reason: "stray quote"), .missingColumn(name: "amount0", found: [long]),
      .repeatedColumn(name: "amount0"), .wrongFieldCount(line: 5, found: 1, expected: 2),
      .notAnInteger(line: 6, column: "amount0", value: long),
      .outOfRange(line: 7, column: "amount0", value: long, allowed: "small"),
      .badTime(line: 8, column: "block_timestamp", value: long, allowed: "YYYY"),
      .timeBackwards(line: 9, column: "block_timestamp", value: "a", previous: "b"),
      .swapSigns(line: 10, amount0: "1", amount1: long), .damaged(line: 11, reason: long),
      .badRowLimit(-1, allowed: Domain.badRows),
      .tooManyBadRows(
        3, limit: 2,
        first: (1...3).map { .notAnInteger(line: $0, column: "amount0", value: long) }),
    ]
    let refusals =
      tables.map { ReplayError.flow(FlowError(file: long, problem: $0)) } + [
        .noVolatility, .tooFewSteps(found: 1), .decimals(99, allowed: 0...36),
        .timeGoesBack(UTCTime(secondsSince1970: 0), last: UTCTime(secondsSince1970: 1)),
        .pool(.empty), .market(.malformed("a")),
      ]
    for refusal in refusals {
      #expect(refusal.description.hasSuffix("."))
      #expect(!refusal.description.contains("\n"))
      #expect(refusal.description.count < 700)
    }
  }
}
