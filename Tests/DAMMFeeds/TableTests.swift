import DAMMFeeds
import DAMMModel
import Foundation
import TestSupport
import Testing

/// Cutting text into rows, piece by piece, plain and compressed.
@Suite("Tables") struct TableTests {
  /// Rows of all columns, and what ended the reading.
  static func read(_ bytes: [UInt8], badRowLimit: Int = 0) -> (
    rows: [[String]], error: TableError?
  ) {
    var rows: [[String]] = []
    do throws(TableError) {
      let table = try Table(ByteSource(bytes), badRowLimit: badRowLimit)
      rows.append(table.header)
      try table.choose(table.header)
      try table.forEachRow { (row) throws(TableError) in
        rows.append(table.header.indices.map { row.text($0) })
      }
      return (rows, nil)
    } catch {
      return (rows, error)
    }
  }

  /// A table with values of all lengths and kinds, some in quotes, and its text.
  static func random(_ random: inout SplitMix64, rows: Int) -> (
    values: [[String]], text: String
  ) {
    let pieces = ["a", "1", ".", " ", "é", "€", "🙂", "\"", ",", "\n", "x1", "-"]
    let columns = Int.random(in: 2...6, using: &random)
    var values = [(0..<columns).map { "c\($0)" }]
    var text = values[0].joined(separator: ",") + "\n"
    for _ in 0..<rows {
      var row: [String] = []
      var fields: [String] = []
      for _ in 0..<columns {
        let length = random.oneIn(40) ? 3000 : Int.random(in: 0...30, using: &random)
        let value = (0..<length).map { _ in pieces.randomElement(using: &random)! }.joined()
        let needs = value.contains { "\",\n".contains($0) }
        row.append(value)
        fields.append(
          needs || random.oneIn(5)
            ? "\"\(value.replacing("\"", with: "\"\""))\"" : value)
      }
      values.append(row)
      text += fields.joined(separator: ",") + (random.oneIn(3) ? "\r\n" : "\n")
    }
    return (values, text)
  }

  @Test("every value comes back, wherever pieces end: plain, compressed, in several members")
  func everyValue() {
    let seed = RandomCurves.seed("tables", 21)
    var random = SplitMix64(seed: seed)
    var (long, quoted) = (0, 0)
    for _ in 0..<8 {
      let (values, text) = Self.random(&random, rows: 1000)
      let bytes = Array(text.utf8)
      long += bytes.count > 1 << 17 ? 1 : 0
      quoted += text.contains("\"\"") ? 1 : 0
      let cut = Int.random(in: 0...bytes.count, using: &random)
      for source in [
        bytes, Gzip.member(bytes),
        Gzip.member(Array(bytes[..<cut])) + Gzip.member([]) + Gzip.member(Array(bytes[cut...])),
      ] {
        let read = Self.read(source)
        #expect(read.error == nil)
        #expect(read.rows == values)
      }
    }
    // larger than what is read at once, and with doubled quotes
    #expect(long == 8 && quoted == 8)
  }

  @Test("gzip that ends too soon, anywhere, is an error that says so")
  func truncated() throws {
    let bytes = Gzip.member(Array("a,b\n1,2\n3,4\n".utf8))
    for count in 2..<bytes.count {
      guard case .damaged(_, let reason) = Self.read(Array(bytes[..<count])).error else {
        Issue.record("\(count) bytes of \(bytes.count) were read")
        continue
      }
      #expect(reason.contains("end in the middle"))
    }
    let second = Self.read(bytes + bytes.dropLast()).error
    #expect(second?.description.contains("end in the middle") == true)
  }

  @Test("gzip with a wrong byte gives the same rows or an error, and the checksum tells")
  func corrupt() {
    let seed = RandomCurves.seed("corrupt gzip", 22)
    var random = SplitMix64(seed: seed)
    let text = "a,b\n" + (0..<3000).map { "\($0),\($0 &* 2_654_435_761 % 1000)\n" }.joined()
    let (good, bytes) = (Self.read(Array(text.utf8)), Gzip.member(Array(text.utf8)))
    var refused = 0
    for _ in 0..<400 {
      var bad = bytes
      let at = Int.random(in: 2..<bytes.count, using: &random)
      bad[at] ^= 1 << UInt8.random(in: 0...7, using: &random)
      let read = Self.read(bad)
      if read.error != nil { refused += 1 } else { #expect(read.rows == good.rows) }
    }
    #expect(refused > 380)
    // what follows a member and is none
    guard case .damaged = Self.read(bytes + Array("a,b\n".utf8)).error else {
      Issue.record("text after a member was read")
      return
    }
  }

  @Test("quotes: what is refused, with its line")
  func quotes() {
    for (text, line) in [
      ("a,b\n\"1\"x,2\n", 2), ("a,b\n1,2\n1,x\"2\n", 3), ("a,b\n\"1\n2,3\n", 2),
      ("a,b\n\"1\n2\",3\n4,\"\n", 4),
    ] {
      guard case .malformed(let found, _) = Self.read(Array(text.utf8)).error else {
        Issue.record("\(text) was read")
        continue
      }
      #expect(found == line)
    }
    #expect(Self.read(Array("a,b\n1,\"2\"".utf8)).rows == [["a", "b"], ["1", "2"]])
    #expect(Self.read(Array("a,b\r\n\"\",\"x\"\"\"\r\n".utf8)).rows[1] == ["", "x\""])
  }

  @Test("bytes that are no UTF-8 end the reading at once, with their line")
  func notUTF8() {
    var bytes = Array("a,b\n1,2\n\"x\ny\",".utf8)
    bytes += [0xC3, 0x28, 0x0A]
    #expect(Self.read(bytes, badRowLimit: 100).error == .notUTF8(line: 4))
  }

  @Test("a row without an end is refused before it fills the memory")
  func endless() {
    let bytes = Array("a,b\n".utf8) + Array(repeating: 0x31, count: 3 << 20)
    guard case .malformed(line: 2, let reason) = Self.read(bytes).error else {
      Issue.record("a row of 3 MiB was read")
      return
    }
    #expect(reason.contains("\(Domain.tableRowBytes)"))
  }

  @Test("bad rows are left out, counted and reported, up to the limit")
  func badRows() throws {
    func read(_ limit: Int, bad: Int) throws(TableError) -> (rows: Int, bad: BadRows) {
      var text = "time,price\n"
      for row in 0..<50 { text += row % 3 == 1 && row / 3 < bad ? "1,2,3\n" : "x,\(row)\n" }
      let table = try Table(ByteSource(Array(text.utf8)), badRowLimit: limit)
      try table.choose(["price"])
      var rows = 0
      try table.forEachRow { (row) throws(TableError) in
        _ = try row.number(0, in: 0...1000)
        rows += 1
      }
      return (rows, table.badRows)
    }
    let some = try read(12, bad: 12)
    #expect(some.rows == 38 && some.bad.count == 12)
    #expect(some.bad.reports.count == BadRows.mostReports)
    #expect(some.bad.reports[1] == .wrongFieldCount(line: 6, found: 3, expected: 2))
    #expect(throws: TableError.wrongFieldCount(line: 3, found: 3, expected: 2)) {
      try read(0, bad: 12)
    }
    #expect {
      try read(11, bad: 12)
    } throws: { error in
      guard case .tooManyBadRows(12, limit: 11, let first) = error as? TableError else {
        return false
      }
      let text = "\(error)"
      return first.count == 10 && text.contains("line 3 has 3 values") && text.contains("12 rows")
    }
    #expect(throws: TableError.badRowLimit(-1, allowed: Domain.badRows)) { try read(-1, bad: 0) }
  }

  @Test("numbers are the nearest Double, by the quick way and by the slow one")
  func numbers() throws {
    let seed = RandomCurves.seed("numbers", 23)
    var random = SplitMix64(seed: seed)
    var texts = ["0", "-0.0", "1.", ".5", "+1", "1e5", "9007199254740993", "123456789012345"]
    for _ in 0..<5000 {
      let digits = (0..<Int.random(in: 1...20, using: &random)).map { _ in
        String(Int.random(in: 0...9, using: &random))
      }
      var text = digits.joined()
      if random.oneIn(2) {
        text.insert(
          ".",
          at: text.index(
            text.startIndex, offsetBy: Int.random(in: 0...digits.count, using: &random)))
      }
      if random.oneIn(8) { text += "e\(Int.random(in: -40...40, using: &random))" }
      texts.append(random.oneIn(4) ? "-" + text : text)
    }
    let table = try Table(
      ByteSource(Array(("v,x\n" + texts.map { "\($0),\n" }.joined()).utf8)))
    try table.choose(["v"])
    var (row, wrong) = (0, 0)
    try table.forEachRow { (cells) throws(TableError) in
      let all = -Double.infinity...Double.infinity
      let (plain, percent) = (
        try cells.number(0, in: all), try cells.number(0, isPercent: true, in: all)
      )
      if plain != Double(texts[row]) { wrong += 1 }
      let parts = texts[row].split(separator: "e")
      let power = parts.count > 1 ? Int(parts[1])! - 2 : -2
      if percent != Double("\(parts[0])e\(power)") { wrong += 1 }
      row += 1
    }
    #expect(row == texts.count && wrong == 0)
  }
}
