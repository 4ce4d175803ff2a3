import DAMMFeeds
import Foundation

extension SwapLog {
  /// Reads a log from a file.
  ///
  /// - Parameter url: a file of comma-separated UTF-8 text.
  /// - Throws: `ReplayError`, with the line of the first row that is wrong.
  public init(contentsOf url: URL) throws(ReplayError) {
    let text: String
    do { text = try Table.text(contentsOf: url) } catch { throw .table(error) }
    try self.init(csv: text)
  }

  /// Reads a log from the bytes of a file.
  ///
  /// Line ends may be LF or CRLF, a byte order mark is skipped, blank lines are skipped.
  ///
  /// - Parameter data: comma-separated UTF-8 text.
  /// - Throws: `ReplayError`, with the line of the first row that is wrong.
  /// - Complexity: linear in the size of the file.
  public init(csv data: Data) throws(ReplayError) {
    let text: String
    do { text = try Table.text(data) } catch { throw .table(error) }
    try self.init(csv: text)
  }

  /// Reads a log from text.
  ///
  /// - Parameter text: comma-separated text.
  /// - Throws: `ReplayError`, with the line of the first row that is wrong.
  /// - Complexity: linear in the size of the text.
  public init(csv text: String) throws(ReplayError) {
    let rows = SwapRows()
    try Table.forEachRow(
      of: text, columns: Column.allCases.map(\.rawValue), failure: { ReplayError.table($0) }
    ) { (row) throws(ReplayError) in try rows.add(row) }
    self = rows.log
  }
}
