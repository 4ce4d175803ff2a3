import DAMMModel
import DAMMOracle
import Foundation

extension TimeSeries {
  /// Reads a series from a file.
  ///
  /// - Parameters:
  ///   - url: a file of comma-separated UTF-8 text, which may be compressed with gzip.
  ///   - quantity: what the file must hold.
  ///   - format: its format; by default the one of `SeriesFormat.known` whose columns the header has.
  /// - Throws: `TableError`, with the line of the first row that is wrong.
  public init(
    contentsOf url: URL, _ quantity: SeriesFormat.Quantity, format: SeriesFormat? = nil
  ) throws(TableError) {
    try self.init(
      Table(ByteSource(url)), quantity, format: format, name: url.lastPathComponent)
  }

  /// Reads a series from text.
  ///
  /// Rows stand in the order of time or, as some venues publish them, newest first; never mixed.
  ///
  /// - Parameters:
  ///   - text: comma-separated text.
  ///   - quantity: what the text must hold.
  ///   - format: its format; by default the one of `SeriesFormat.known` whose columns the header has.
  ///   - name: what to call the series.
  /// - Throws: `TableError`, with the line of the first row that is wrong.
  /// - Complexity: linear in the size of the text.
  public init(
    csv text: String, _ quantity: SeriesFormat.Quantity, format: SeriesFormat? = nil, name: String
  ) throws(TableError) {
    try self.init(
      Table(ByteSource(Array(text.utf8))), quantity, format: format, name: name)
  }

  private init(
    _ table: Table, _ quantity: SeriesFormat.Quantity, format: SeriesFormat?, name: String
  ) throws(TableError) {
    let format = if let format { format } else { try Self.format(of: table.header, quantity) }
    let rows = SeriesRows(format)
    try table.choose(format.columns)
    try table.forEachRow { (row) throws(TableError) in try rows.add(row) }
    let points = try rows.finished()
    do throws(ReadingError) {
      try self.init(points, name: OneLine.of(name, most: 200))
    } catch {
      // The rows have been found to rise or fall: only none at all is left.
      throw .noRows
    }
  }

  /// The known format whose columns a header has.
  private static func format(
    of header: [String], _ quantity: SeriesFormat.Quantity
  ) throws(TableError) -> SeriesFormat {
    let known = SeriesFormat.known.filter { $0.quantity == quantity }
    guard let format = known.first(where: { $0.columns.allSatisfy(header.contains) }) else {
      throw .unknownFormat(
        found: header, allowed: known.map { $0.columns.joined(separator: ",") })
    }
    return format
  }
}

/// Turns rows into points of a series.
private final class SeriesRows {
  private let format: SeriesFormat
  private var points: [TimeSeries.Point] = []
  private var last: (line: Int, time: UTCTime)?
  private var rises = true
  /// The nearest two rows so far.
  private var nearest: (line: Int, seconds: Int64)?

  init(_ format: SeriesFormat) { self.format = format }

  func add(_ row: TableRow) throws(TableError) {
    let time = try row.time(SeriesFormat.timeSlot)
    let value = try format.value(row)
    if let last {
      if points.count == 1 { rises = time > last.time }
      guard rises ? time > last.time : time < last.time else {
        throw .timesMixed(
          line: row.line, column: format.timeColumn, value: row.text(SeriesFormat.timeSlot),
          previous: "\(last.time)")
      }
      let seconds = abs(time.secondsSince1970 - last.time.secondsSince1970)
      if nearest.map({ seconds < $0.seconds }) ?? true { nearest = (row.line, seconds) }
    }
    last = (row.line, time)
    let known = UTCTime(secondsSince1970: time.secondsSince1970 + format.intervalSeconds)
    points.append(TimeSeries.Point(time: known, value: value))
  }

  /// The points, oldest first.
  func finished() throws(TableError) -> [TimeSeries.Point] {
    guard !points.isEmpty, let last else { throw .noRows }
    // whether a row ends an hour or a day, only a second one tells
    guard format.intervalSeconds == 0 || points.count > 1 else {
      throw .oneRow(
        line: last.line, column: format.timeColumn, expected: format.intervalSeconds)
    }
    if format.intervalSeconds > 0, let nearest, nearest.seconds != format.intervalSeconds {
      throw .wrongSpacing(
        line: nearest.line, column: format.timeColumn, seconds: nearest.seconds,
        expected: format.intervalSeconds)
    }
    return rises ? points : points.reversed()
  }
}
