import Foundation
import SwiftCSV

/// Lines of CSV, cut into fields by SwiftCSV.
///
/// No field holds a line break: what is wrong with a line stays with it.
enum CSVLines {
  /// The fields of each line, spaces around them left out, or what is wrong with it. The lines come
  /// without their ends.
  ///
  /// Lines without quotes are parsed together, 8 us each; alone they take 18, for SwiftCSV reads the
  /// first row of a text twice.
  static func fields(_ lines: [ArraySlice<UInt8>]) -> [Result<[String], Refusal>] {
    let text = Array(lines.joined(separator: [newline]))
    if !text.contains(quote), let rows = rows(text[...]), rows.count == lines.count {
      return rows.map { .success($0) }
    }
    return lines.map { line in Result { () throws(Refusal) in try fields(line) } }
  }

  /// The fields of one line.
  ///
  /// - Throws: `Refusal` for quotes that do not pair, or a line break of another kind.
  static func fields(_ line: ArraySlice<UInt8>) throws(Refusal) -> [String] {
    guard line.count(where: { $0 == quote }).isMultiple(of: 2) else {
      throw Refusal("a quote is opened but not closed.")
    }
    guard let rows = rows(line) else {
      throw Refusal("a quoted field must be followed by a comma or the end of the line.")
    }
    guard rows.count == 1 else { throw Refusal("a line must end with LF or CRLF.") }
    return rows[0]
  }

  /// All rows of a text, unless its quotes are wrong.
  private static func rows(_ text: ArraySlice<UInt8>) -> [[String]]? {
    // The line end lets the parser see an empty last field.
    let closed = String(decoding: text, as: UTF8.self) + "\n"
    var rows: [[String]] = []
    do {
      let csv = try EnumeratedCSV(
        string: closed, delimiter: .comma, loadColumns: false, rowLimit: 0)
      try csv.enumerateAsArray(startAt: 0, rowLimit: nil) { rows.append($0.map(trimmed)) }
    } catch {
      return nil
    }
    return rows
  }

  private static func trimmed(_ field: String) -> String {
    func isSpace(_ byte: UInt8?) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    guard isSpace(field.utf8.first) || isSpace(field.utf8.last) else { return field }
    return field.trimmingCharacters(in: .whitespaces)
  }

  private static let newline = UInt8(ascii: "\n")
  private static let quote = UInt8(ascii: "\"")
}
