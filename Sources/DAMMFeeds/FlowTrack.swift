import DAMMModel
import Foundation

/// Files of one format, one after the other in time, read row by row.
///
/// Times rise. Rows of intervals are whole intervals apart, and the nearest two exactly one. What is
/// wrong with a row is a bad row; an unreadable or damaged file, a wrong header or bytes that are not
/// UTF-8 end the track.
final class FlowTrack {
  private(set) var report = FlowReport()

  /// How many bytes of its files were read so far.
  var bytesRead: Int { bytesOfClosed + (table?.bytesRead ?? 0) }
  private var bytesOfClosed = 0

  private let urls: [URL]
  private let badRowLimit: Int
  private var opened = 0
  private var table: Table?
  private var rows: (any FlowRows)?
  /// Time of the last row that was read.
  private var last: UTCTime?
  /// Whether the rows of the file fall; `nil` while that is not known.
  private var falls: Bool? = false
  /// Events that were read ahead, the next one last.
  private var ahead: [FlowEvent] = []
  /// The last event that was given, and the nearest two so far.
  private var given: (time: UTCTime, line: Int)?
  private var nearest: (line: Int, seconds: Int64)?
  private var hasEnded = false

  init(_ urls: [URL], badRowLimit: Int) {
    self.urls = urls
    self.badRowLimit = badRowLimit
  }

  /// The next event; `nil` at the end of the last file.
  func next() throws(FlowError) -> FlowEvent? {
    do throws(TableError) {
      while !hasEnded {
        var event = ahead.popLast()
        if event == nil { event = try read() }
        if let event {
          give(event)
          return event
        }
        close()
        if opened < urls.count { try open(urls[opened]) } else { try end() }
      }
      return nil
    } catch {
      hasEnded = true
      throw FlowError(file: urls[max(opened - 1, 0)].lastPathComponent, problem: error)
    }
  }

  private func open(_ url: URL) throws(TableError) {
    opened += 1
    let table = try Table(ByteSource(url), badRowLimit: badRowLimit)
    let format = try FlowFormat(header: table.header)
    if let expected = report.format, expected != format {
      throw .unknownFormat(
        found: table.header, allowed: [expected.columns.joined(separator: ",")])
    }
    report.format = format
    report.files.append(FlowReport.File(name: OneLine.of(url.lastPathComponent, most: 200)))
    (self.table, rows) = (table, try format.rows(table))
    if format.mayFall { try readAhead() }
  }

  /// Reads the first two rows, and all of a file whose rows stand newest first.
  private func readAhead() throws(TableError) {
    (last, falls) = (nil, nil)
    while ahead.count < 2 || falls == true, let event = try read() { ahead.append(event) }
    if falls == true { last = ahead.first?.time } else { ahead.reverse() }
    falls = false
    if let given, let oldest = ahead.last, oldest.time <= given.time {
      throw .timeBackwards(
        line: oldest.line, column: table?.columns.first ?? "time", value: "\(oldest.time)",
        previous: "\(given.time)")
    }
  }

  private func read() throws(TableError) -> FlowEvent? {
    guard let table, let rows else { return nil }
    return try table.next { (row) throws(TableError) -> FlowEvent? in
      guard let event = try rows.event(row) else { return nil }
      try order(event, row)
      return event
    }
  }

  /// Checks that an event follows the last one.
  private func order(_ event: FlowEvent, _ row: TableRow) throws(TableError) {
    guard let last, let format = report.format else {
      last = event.time
      return
    }
    let later = event.time.secondsSince1970 - last.secondsSince1970
    let mayFall = falls ?? (later < 0)
    let seconds = mayFall ? -later : later
    guard seconds > 0 || seconds == 0 && format.mayRepeatTimes else {
      if falls == true {
        throw .timesMixed(
          line: row.line, column: row.column(0), value: row.text(0), previous: "\(last)")
      }
      throw .timeBackwards(
        line: row.line, column: row.column(0), value: row.text(0), previous: "\(last)")
    }
    if format.intervalSeconds > 0, seconds % format.intervalSeconds != 0 {
      throw row.outOfRange(
        0,
        allowed: "a whole number of intervals of \(format.intervalSeconds) s from the row before")
    }
    (falls, self.last) = (mayFall, event.time)
  }

  /// Counts an event, and what is missing before it.
  private func give(_ event: FlowEvent) {
    report.files[report.files.count - 1].events += 1
    if let given, let interval = report.format?.intervalSeconds, interval > 0 {
      let seconds = event.time.secondsSince1970 - given.time.secondsSince1970
      if seconds < nearest?.seconds ?? .max { nearest = (event.line, seconds) }
      if seconds > interval {
        report.addGap(
          after: UTCTime(secondsSince1970: given.time.secondsSince1970 - interval),
          missing: Int(seconds / interval) - 1)
      }
    }
    given = (event.time, event.line)
  }

  private func close() {
    guard let table, let rows else { return }
    report.files[report.files.count - 1].others = rows.others
    report.files[report.files.count - 1].badRows = table.badRows
    bytesOfClosed += table.bytesRead
    (self.table, self.rows) = (nil, nil)
  }

  /// Checks what only the whole track tells.
  private func end() throws(TableError) {
    hasEnded = true
    guard let given, let format = report.format else { throw .noRows }
    let (interval, column) = (format.intervalSeconds, format.columns[0])
    // whether a row is a minute or a day, only a second one tells
    guard interval > 0 else { return }
    guard let nearest else { throw .oneRow(line: given.line, column: column, expected: interval) }
    guard nearest.seconds == interval else {
      throw .wrongSpacing(
        line: nearest.line, column: column, seconds: nearest.seconds, expected: interval)
    }
  }
}
