/// A file of questions: a header, then one a line. What is wrong with one line is the answer to that
/// line and does not keep the others from theirs.
struct LineFile {
  private static let newline = UInt8(ascii: "\n")

  /// The fields of a line, or why it has none.
  struct Line {
    /// Counted from 1, header and blank lines included.
    let number: Int
    let fields: Result<[String], Refusal>
  }

  private let bytes: [UInt8]
  /// Where the lines after the header begin.
  private let start: Int
  /// The number of the first of them.
  private let first: Int

  /// Reads a file; `-` is standard input.
  ///
  /// - Parameters:
  ///   - path: of the file.
  ///   - columns: what its header must say.
  /// - Throws: `Refusal` for a file that cannot be read, is empty or has another header.
  init(_ path: String, columns: [String]) throws(Refusal) {
    let header = columns.joined(separator: ",")
    bytes = try InputFile.text(path)
    var (at, number) = (0, 1)
    while let line = Self.line(bytes, at) {
      (at, number) = (line.next, number + 1)
      if Self.isBlank(line.text) { continue }
      guard (try? CSVLines.fields(line.text)) == columns else {
        let given = Refusal.quoted(String(decoding: line.text, as: UTF8.self))
        throw Refusal(
          "the first line of \(InputFile.name(path)) is \(given), but it must be the header \(header)."
        )
      }
      (start, first) = (at, number)
      return
    }
    throw Refusal("\(InputFile.name(path)) is empty, but it must begin with the header \(header).")
  }

  /// Hands the lines out one by one.
  func forEach(_ body: (Line) throws -> Void) throws {
    var (at, number) = (start, first)
    var lines: [(number: Int, text: ArraySlice<UInt8>)] = []
    while let line = Self.line(bytes, at) {
      if !Self.isBlank(line.text) { lines.append((number, line.text)) }
      (at, number) = (line.next, number + 1)
      if lines.count == Self.batch {
        try Self.cut(lines).forEach(body)
        lines.removeAll(keepingCapacity: true)
      }
    }
    try Self.cut(lines).forEach(body)
  }

  /// How many lines are parsed together.
  private static let batch = 1024

  private static func cut(_ lines: [(number: Int, text: ArraySlice<UInt8>)]) -> [Line] {
    zip(lines, CSVLines.fields(lines.map(\.text))).map { Line(number: $0.number, fields: $1) }
  }

  /// The line that begins at an offset, without its end (LF or CRLF), and where the next one begins.
  private static func line(
    _ bytes: [UInt8], _ start: Int
  ) -> (text: ArraySlice<UInt8>, next: Int)? {
    guard start < bytes.count else { return nil }
    var end = start
    while end < bytes.count, bytes[end] != newline { end += 1 }
    let next = end + 1
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return (bytes[start..<end], next)
  }

  private static func isBlank(_ text: ArraySlice<UInt8>) -> Bool {
    text.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
  }
}
