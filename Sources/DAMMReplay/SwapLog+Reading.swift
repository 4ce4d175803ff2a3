import Foundation
import SwiftCSV

extension SwapLog {
  /// Reads a log from a file.
  ///
  /// - Parameter url: a file of comma-separated UTF-8 text.
  /// - Throws: `ReplayError`, with the line of the first row that is wrong.
  public init(contentsOf url: URL) throws(ReplayError) {
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
    try self.init(csv: data)
  }

  /// Reads a log from the bytes of a file.
  ///
  /// Line ends may be LF or CRLF, a byte order mark is skipped, blank lines are skipped.
  ///
  /// - Parameter data: comma-separated UTF-8 text.
  /// - Throws: `ReplayError`, with the line of the first row that is wrong.
  /// - Complexity: linear in the size of the file.
  public init(csv data: Data) throws(ReplayError) {
    guard let text = String(validating: data, as: UTF8.self) else {
      throw .notUTF8(line: UTF8Lines.firstBad(in: data) ?? 1)
    }
    try self.init(csv: text)
  }

  /// Reads a log from text.
  ///
  /// - Parameter text: comma-separated text.
  /// - Throws: `ReplayError`, with the line of the first row that is wrong.
  /// - Complexity: linear in the size of the text.
  public init(csv text: String) throws(ReplayError) {
    guard text.contains(where: { !$0.isWhitespace && $0 != "\u{FEFF}" }) else { throw .empty }
    // The parser forgets an empty last value where the text does not end with a line end.
    let closed = text.last?.isNewline == true ? text : text + "\n"
    var reader: RowReader?
    do {
      // The rows are taken one by one below: here they would be padded to the same length.
      let file = try EnumeratedCSV(
        string: closed, delimiter: .comma, loadColumns: false, rowLimit: 0)
      let rows = try RowReader(header: file.header)
      reader = rows
      try file.enumerateAsArray(startAt: 1, rowLimit: nil) { rows.read($0) }
    } catch let error as ReplayError {
      throw error
    } catch CSVParseError.generic(let reason), CSVParseError.quotation(let reason) {
      if let refusal = reader?.refusal { throw refusal }
      throw .malformed(line: (reader?.line ?? 0) + 1, reason: reason)
    } catch {
      throw .malformed(line: (reader?.line ?? 0) + 1, reason: "\(error)")
    }
    guard let reader else { throw .empty }
    if let refusal = reader.refusal { throw refusal }
    self = reader.log
  }
}
