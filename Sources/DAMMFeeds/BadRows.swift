/// Rows of a file that were left out because something is wrong with them.
///
/// A row has another number of values than the header, no number where one must stand, one outside its
/// domain, or a time before that of an earlier row.
public struct BadRows: Sendable, Equatable {
  /// How many may be left out of a replay's file before it is refused.
  public static let defaultLimit = 100
  /// How many are reported with what is wrong.
  public static let mostReports = 10

  /// How many there are.
  public private(set) var count = 0
  /// What is wrong with the first ten, each with its line.
  public private(set) var reports: [TableError] = []

  /// None.
  public init() {}

  mutating func add(_ error: TableError) {
    count += 1
    if reports.count < Self.mostReports { reports.append(error) }
  }
}
