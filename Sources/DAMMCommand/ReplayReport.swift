import DAMM
import DAMMFeeds
import DAMMReplay

/// A replay that was run, for all forms in which it is told.
struct ReplayReport {
  let setup: ReplaySetup
  let figures: ReplayFigures
  /// What was read of each file.
  let tracks: [FlowReport]
  /// Orders that came before a price and a volatility were known, and were left out.
  let ordersBefore: Int

  var summary: ReplaySummary { ReplaySummary(figures) }

  /// What is told of rows that were left out and of what is missing, for each file.
  var notes: [String] {
    let early =
      ordersBefore == 1
      ? "1 order came" : "\(ordersBefore) orders came"
    return tracks.flatMap(FlowNotes.lines)
      + (ordersBefore == 0
        ? [] : ["\(early) before a price and a volatility were known, and had to be left out."])
  }
}

/// The JSON of `damm replay`.
extension ReplayReport: Encodable {
  private enum CodingKeys: CodingKey { case input, setup, summary, figures, hourly }

  private struct Track: Encodable {
    let name: String
    let format: String?
    let events: Int
    let badRows: Int
    let others: [String: Int]
    let gaps: Int
    let missingIntervals: Int

    init(_ report: FlowReport) {
      name = report.files.map(\.name).joined(separator: ", ")
      format = report.format?.rawValue
      events = report.files.reduce(0) { $0 + $1.events }
      badRows = report.files.reduce(0) { $0 + $1.badRows.count }
      others = report.files.reduce(into: [:]) { $0.merge($1.others, uniquingKeysWith: +) }
      (gaps, missingIntervals) = (report.gapCount, report.missingIntervals)
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(tracks.map(Track.init), forKey: .input)
    try container.encode(setup, forKey: .setup)
    try container.encode(summary, forKey: .summary)
    try container.encode(figures, forKey: .figures)
    try container.encode(figures.hours.map(ReplayHourRow.init), forKey: .hourly)
  }
}

/// What standard error says of files.
enum FlowNotes {
  /// Of all files of a track.
  static func lines(_ report: FlowReport) -> [String] {
    let bad = report.files.flatMap { file in
      BadRowNote.text(file.badRows, of: file.name).split(separator: "\n").map(String.init)
    }
    guard report.gapCount > 0 else { return bad }
    let others = report.gapCount - report.gaps.count
    let name = report.files.first?.name ?? ""
    let head =
      "\(name): \(report.missingIntervals) intervals are missing in "
      + (report.gapCount == 1 ? "1 gap" : "\(report.gapCount) gaps")
      + (others > 0 ? "; the first \(report.gaps.count):" : ":")
    return bad + [head] + report.gaps.map { "  \($0.missing) after \($0.after)" }
  }
}
