import DAMMModel

/// What was read of a track of files, so far.
public struct FlowReport: Sendable, Equatable {
  /// One of its files.
  public struct File: Sendable, Equatable {
    /// Its name, without the folder.
    public let name: String
    /// How many events it gave.
    public internal(set) var events = 0
    /// Rows that are none of a replay, such as fees that were collected, by kind.
    public internal(set) var others: [String: Int] = [:]
    /// Rows that were left out because something is wrong with them.
    public internal(set) var badRows = BadRows()
  }

  /// Intervals for which there is no row. They are not filled in.
  public struct Gap: Sendable, Hashable {
    /// When the row before the gap began.
    public let after: UTCTime
    /// How many intervals are missing.
    public let missing: Int

    package init(after: UTCTime, missing: Int) { (self.after, self.missing) = (after, missing) }
  }

  /// The format of its files; `nil` before the first was opened.
  public internal(set) var format: FlowFormat?
  /// The files that were opened, in order.
  public internal(set) var files: [File] = []
  /// How many gaps there are.
  public internal(set) var gapCount = 0
  /// How many intervals are missing in all gaps.
  public internal(set) var missingIntervals = 0
  /// The first ten gaps.
  public internal(set) var gaps: [Gap] = []

  mutating func addGap(after: UTCTime, missing: Int) {
    gapCount += 1
    missingIntervals += missing
    if gaps.count < BadRows.mostReports { gaps.append(Gap(after: after, missing: missing)) }
  }
}

/// Why a stream of flow ended before its time: the file, and what is wrong with it.
public struct FlowError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The name of the file.
  public let file: String
  /// What is wrong.
  public let problem: TableError

  package init(file: String, problem: TableError) {
    (self.file, self.problem) = (file, problem)
  }

  /// One sentence: file, line, what was found and what is allowed.
  public var description: String { "\(OneLine.of(file, most: 200)): \(problem)" }
}
