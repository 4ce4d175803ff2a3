import DAMMModel

/// Comma-separated UTF-8 text with a header, read row by row and never whole. Line ends may be LF or
/// CRLF, a byte order mark and blank lines are skipped, columns may stand in any order and among others.
///
/// Rows that are wrong are left out up to a limit. What cannot be read, is not UTF-8, is damaged, has
/// quotes that do not match, or a wrong header, ends the reading at once.
package final class Table {
  /// The names of the columns.
  package let header: [String]
  /// The rows that were left out so far.
  package private(set) var badRows = BadRows()

  /// The columns that rows are asked for, by slot.
  private(set) var columns: [String] = []
  private var places: [Int] = []
  private let source: ByteSource
  private let records: RecordReader
  private let badRowLimit: Int

  /// Reads the header.
  ///
  /// - Parameters:
  ///   - source: where the text comes from.
  ///   - badRowLimit: how many rows may be left out; with 0 the first that is wrong ends the reading.
  /// - Throws: `TableError`.
  package init(_ source: ByteSource, badRowLimit: Int = 0) throws(TableError) {
    guard Domain.badRows.contains(badRowLimit) else {
      throw .badRowLimit(badRowLimit, allowed: Domain.badRows)
    }
    self.badRowLimit = badRowLimit
    self.source = source
    records = RecordReader(source)
    repeat {
      guard try records.next() else { throw .empty }
      // a line of spaces is no header
    } while records.count == 1 && records.value(0).allSatisfy { $0 == 0x20 || $0 == 0x09 }
    header = (0..<records.count).map { [records] in
      String(decoding: records.value($0), as: UTF8.self)
    }
  }

  /// Says which columns are read: rows have their values in slots of this order.
  ///
  /// - Parameters:
  ///   - needed: the header must name each once.
  ///   - optional: the header may name each once; a slot without a column has empty values.
  /// - Throws: `TableError.missingColumn` and `.repeatedColumn`.
  package func choose(_ needed: [String], optional: [String] = []) throws(TableError) {
    columns = needed + optional
    places = []
    for (slot, column) in columns.enumerated() {
      guard let place = header.firstIndex(of: column) else {
        if slot >= needed.count {
          places.append(-1)
          continue
        }
        throw .missingColumn(name: column, found: header)
      }
      guard header.lastIndex(of: column) == place else { throw .repeatedColumn(name: column) }
      places.append(place)
    }
  }

  /// Whether the header has a column that was chosen as optional.
  package func has(_ slot: Int) -> Bool { places[slot] >= 0 }

  /// Hands out rows until one gives something.
  ///
  /// - Parameter body: reads one row. Where it throws, the row is left out, as long as the limit allows:
  ///   it must not have kept anything of the row by then.
  /// - Returns: what the body gave first, or `nil` at the end of the table.
  /// - Throws: `TableError`; of a row that is wrong where none may be left out, else `.tooManyBadRows`.
  package func next<Value>(
    _ body: (TableRow) throws(TableError) -> Value?
  ) throws(TableError) -> Value? {
    while try records.next() {
      if records.isEmptyLine { continue }
      do throws(TableError) {
        guard records.count == header.count else {
          throw .wrongFieldCount(line: records.line, found: records.count, expected: header.count)
        }
        if let value = try body(TableRow(self)) { return value }
      } catch {
        guard badRowLimit > 0 else { throw error }
        badRows.add(error)
        guard badRows.count <= badRowLimit else {
          throw .tooManyBadRows(badRows.count, limit: badRowLimit, first: badRows.reports)
        }
      }
    }
    return nil
  }

  /// Hands out all rows.
  ///
  /// - Parameter body: reads one row; as in `next`.
  /// - Throws: as `next`.
  /// - Complexity: linear in the size of the text.
  package func forEachRow(
    _ body: (TableRow) throws(TableError) -> Void
  ) throws(TableError) {
    _ = try next { (row) throws(TableError) -> Void? in
      try body(row)
      return nil
    }
  }

  /// How many bytes of the source were read so far, compressed ones where it is.
  var bytesRead: Int { source.bytesRead }

  /// Line of the current row, from 1, the header.
  var line: Int { records.line }

  /// The bytes of a value of the current row.
  @inline(__always)
  func bytes(_ slot: Int) -> UnsafeRawBufferPointer {
    let place = places[slot]
    return place < 0 ? UnsafeRawBufferPointer(start: nil, count: 0) : records.value(place)
  }
}
