import DAMMFeeds
import Foundation

extension SwapLog {
  /// Reads a log from a file, which may be compressed with gzip.
  ///
  /// - Parameters:
  ///   - url: a file of comma-separated UTF-8 text.
  ///   - badRowLimit: how many rows may be left out because something is wrong with them, in
  ///     `Domain.badRows`; with 0 the first is an error.
  /// - Throws: `ReplayError`, with the line of the first row that is wrong.
  public init(contentsOf url: URL, badRowLimit: Int = 0) throws(ReplayError) {
    do throws(TableError) {
      try self.init(ByteSource(url), badRowLimit: badRowLimit)
    } catch {
      throw .table(error)
    }
  }

  /// Reads a log from the bytes of a file.
  ///
  /// Line ends may be LF or CRLF, a byte order mark is skipped, blank lines are skipped.
  ///
  /// - Parameter data: comma-separated UTF-8 text, which may be compressed with gzip.
  /// - Throws: `ReplayError`, with the line of the first row that is wrong.
  /// - Complexity: linear in the size of the file.
  public init(csv data: Data) throws(ReplayError) {
    do throws(TableError) {
      try self.init(ByteSource(Array(data)), badRowLimit: 0)
    } catch {
      throw .table(error)
    }
  }

  /// Reads a log from text.
  ///
  /// - Parameter text: comma-separated text.
  /// - Throws: `ReplayError`, with the line of the first row that is wrong.
  /// - Complexity: linear in the size of the text.
  public init(csv text: String) throws(ReplayError) { try self.init(csv: Data(text.utf8)) }

  /// Reads a log from any source.
  ///
  /// - Throws: `TableError`.
  package init(_ source: ByteSource, badRowLimit: Int) throws(TableError) {
    let table = try Table(source, badRowLimit: badRowLimit)
    let rows = try PoolEventRows(table, readsLiquidity: false)
    var log = SwapLog()
    try table.forEachRow { (row) throws(TableError) in
      switch try rows.read(row) {
      case .swap(let swap):
        if swap.amount0.signum == 0 && swap.amount1.signum == 0 {
          log.emptySwaps += 1
        } else {
          log.swaps.append(swap)
        }
      case .other(let kind): log.otherEvents[kind, default: 0] += 1
      case .mint, .burn: break
      }
    }
    log.badRows = table.badRows
    self = log
  }
}
