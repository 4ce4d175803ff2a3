import Foundation
import SwiftCSV

/// Comma-separated UTF-8 text with a header, read row by row. Line ends may be LF or CRLF, a byte order
/// mark and blank lines are skipped, columns may stand in any order and among others.
package enum Table {
  /// The text of a file.
  ///
  /// - Throws: `TableError.unreadable` and `.notUTF8`.
  package static func text(contentsOf url: URL) throws(TableError) -> String {
    let data: Data
    do {
      data = try Data(contentsOf: url)
    } catch {
      var isFolder: ObjCBool = false
      let exists = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
      let reason =
        !exists ? "there is no such file" : isFolder.boolValue ? "it is a folder" : "not permitted"
      throw .unreadable(path: url.path, reason: reason)
    }
    return try text(data)
  }

  /// The text of the bytes of a file.
  ///
  /// - Throws: `TableError.notUTF8` with the first line that is not.
  package static func text(_ data: Data) throws(TableError) -> String {
    guard let text = String(validating: data, as: UTF8.self) else {
      throw .notUTF8(line: UTF8Lines.firstBad(in: data) ?? 1)
    }
    return text
  }

  /// The names of the columns.
  ///
  /// - Throws: `TableError.empty` and `.malformed`.
  package static func header(of text: String) throws(TableError) -> [String] {
    try rows(of: text, { $0 }, reader: { _ throws(TableError) in nil as TableReader<TableError>? })
  }

  /// Hands out the rows one by one, until one is wrong.
  ///
  /// - Parameters:
  ///   - text: comma-separated text.
  ///   - columns: the columns that the header must name, each once.
  ///   - failure: turns what is wrong with the table into the caller's error.
  ///   - body: reads one row.
  /// - Throws: what is wrong with the first row that is.
  /// - Complexity: linear in the size of the text.
  package static func forEachRow<Failure: Error>(
    of text: String, columns: [String], failure: @escaping (TableError) -> Failure,
    _ body: @escaping (TableRow) throws(Failure) -> Void
  ) throws(Failure) {
    _ = try rows(of: text, failure) { (header) throws(Failure) in
      try TableReader(header: header, columns: columns, failure: failure, body: body)
    }
  }

  private static func rows<Failure: Error>(
    of text: String, _ failure: (TableError) -> Failure,
    reader make: ([String]) throws(Failure) -> TableReader<Failure>?
  ) throws(Failure) -> [String] {
    guard text.contains(where: { !$0.isWhitespace && $0 != "\u{FEFF}" }) else {
      throw failure(.empty)
    }
    // The parser forgets an empty last value where the text does not end with a line end.
    let closed = text.last?.isNewline == true ? text : text + "\n"
    var reader: TableReader<Failure>?
    do {
      // The rows are taken one by one below: here they would be padded to the same length.
      let file = try EnumeratedCSV(
        string: closed, delimiter: .comma, loadColumns: false, rowLimit: 0)
      reader = try make(file.header)
      if let rows = reader {
        try file.enumerateAsArray(startAt: 1, rowLimit: nil) { rows.read($0) }
      }
      if let refusal = reader?.refusal { throw refusal }
      return file.header
    } catch let error as Failure {
      throw error
    } catch {
      if let refusal = reader?.refusal { throw refusal }
      let reason =
        switch error {
        case CSVParseError.generic(let reason), CSVParseError.quotation(let reason): reason
        default: "\(error)"
        }
      throw failure(.malformed(line: (reader?.line ?? 0) + 1, reason: reason))
    }
  }
}

/// Hands out rows until one is wrong.
///
/// A class because the parser hands out rows through an escaping closure that cannot throw.
private final class TableReader<Failure: Error> {
  /// The first row that is wrong ends the reading.
  private(set) var refusal: Failure?
  /// Line of the last row that was read, from 1, the header.
  private(set) var line: Int

  private let columns: Int
  private let index: [String: Int]
  private let failure: (TableError) -> Failure
  private let body: (TableRow) throws(Failure) -> Void

  init(
    header: [String], columns: [String], failure: @escaping (TableError) -> Failure,
    body: @escaping (TableRow) throws(Failure) -> Void
  ) throws(Failure) {
    var index: [String: Int] = [:]
    for column in columns {
      guard let place = header.firstIndex(of: column) else {
        throw failure(.missingColumn(name: column, found: header))
      }
      guard header.lastIndex(of: column) == place else {
        throw failure(.repeatedColumn(name: column))
      }
      index[column] = place
    }
    self.index = index
    self.columns = header.count
    self.failure = failure
    self.body = body
    line = Self.lines(of: header)
  }

  /// How many lines a row takes: a value in quotes may contain line ends.
  private static func lines(of row: [String]) -> Int {
    row.reduce(1) { $0 + $1.count(where: \.isNewline) }
  }

  /// Reads a row, unless an earlier one was wrong.
  func read(_ row: [String]) {
    guard refusal == nil else { return }
    do {
      // A row of several lines is named by its first.
      try add(row, line: line + 1)
      line += Self.lines(of: row)
    } catch {
      refusal = error
    }
  }

  private func add(_ row: [String], line: Int) throws(Failure) {
    if row == [""] { return }
    guard row.count == columns else {
      throw failure(.wrongFieldCount(line: line, found: row.count, expected: columns))
    }
    try body(TableRow(line: line, values: row, index: index))
  }
}
