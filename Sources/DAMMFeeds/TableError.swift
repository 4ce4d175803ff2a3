/// Why a table of comma-separated text was refused. Each case says where, what was found and what is
/// allowed; `description` says it in one sentence. Lines are counted from 1, the header.
public enum TableError: Error, Equatable, Sendable {
  /// The file could not be read.
  case unreadable(path: String, reason: String)
  /// The file is empty.
  case empty
  /// The header is all there is.
  case noRows
  /// A line is not UTF-8.
  case notUTF8(line: Int)
  /// Compressed data are wrong or end too soon; it was noticed in a line or after it.
  case damaged(line: Int, reason: String)
  /// Quotes do not match in or after a line, or a row is too long.
  case malformed(line: Int, reason: String)
  /// The header lacks a column.
  case missingColumn(name: String, found: [String])
  /// The header names a column twice.
  case repeatedColumn(name: String)
  /// The header is that of no format that is known.
  case unknownFormat(found: [String], allowed: [String])
  /// A row has fewer or more values than the header has columns.
  case wrongFieldCount(line: Int, found: Int, expected: Int)
  /// A value is not an integer in decimal digits.
  case notAnInteger(line: Int, column: String, value: String)
  /// A value is not a number in decimal digits.
  case notANumber(line: Int, column: String, value: String)
  /// A number is outside what the column may hold.
  case outOfRange(line: Int, column: String, value: String, allowed: String)
  /// A time is not written as it must be, or there is no such moment.
  case badTime(line: Int, column: String, value: String, allowed: String)
  /// A row is earlier than the one before it.
  case timeBackwards(line: Int, column: String, value: String, previous: String)
  /// Rows are neither all later nor all earlier than the one before.
  case timesMixed(line: Int, column: String, value: String, previous: String)
  /// A single row of a format whose rows are intervals: nothing shows how long they are.
  case oneRow(line: Int, column: String, expected: Int64)
  /// Rows follow each other faster or slower than the format says, so that it is not known when their
  /// values were.
  case wrongSpacing(line: Int, column: String, seconds: Int64, expected: Int64)
  /// A swap in which nothing is paid in, or both tokens are.
  case swapSigns(line: Int, amount0: String, amount1: String)
  /// A number of bad rows to leave out that is outside `Domain.badRows`.
  case badRowLimit(Int, allowed: ClosedRange<Int>)
  /// More rows are wrong than may be left out; the first of them.
  case tooManyBadRows(Int, limit: Int, first: [TableError])
}

extension TableError: CustomStringConvertible {
  /// One sentence: where, what was found and what is allowed.
  public var description: String {
    switch self {
    case .unreadable(let path, let reason):
      return "\(Self.short(path)) cannot be read: \(reason)."
    case .empty:
      return "the file is empty, but it must begin with a header that names its columns."
    case .noRows:
      return "the file has a header and no rows, but it must have at least one."
    case .notUTF8(let line):
      return "line \(line) is not UTF-8 text."
    case .malformed(let line, let reason):
      return "line \(line) is not comma-separated text: \(reason)."
    case .missingColumn(let name, let found):
      return "line 1: the column \(name) is missing; "
        + "the header has \(Self.short(found.joined(separator: ", ")))."
    case .repeatedColumn(let name):
      return "line 1: the column \(name) stands there twice."
    case .unknownFormat(let found, let allowed):
      return "line 1: the header has \(Self.short(found.joined(separator: ", "))), "
        + "but it must have the columns \(allowed.joined(separator: "; or "))."
    case .wrongFieldCount(let line, let found, let expected):
      return "line \(line) has \(found) values, but the header has \(expected) columns."
    case .notAnInteger(let line, let column, let value):
      return "line \(line): \(column) is \"\(Self.short(value))\", "
        + "but it must be an integer in decimal digits."
    case .notANumber(let line, let column, let value):
      return "line \(line): \(column) is \"\(Self.short(value))\", "
        + "but it must be a number in decimal digits."
    case .outOfRange(let line, let column, let value, let allowed):
      return "line \(line): \(column) is \(Self.short(value)), but it must be \(allowed)."
    case .badTime(let line, let column, let value, let allowed):
      return "line \(line): \(column) is \"\(Self.short(value))\", "
        + "but it must be a UTC time written as \(allowed)."
    case .timeBackwards(let line, let column, let value, let previous):
      return
        "line \(line): \(column) is \(Self.short(value)), but it must not be earlier than \(previous) "
        + "of the row before."
    case .timesMixed(let line, let column, let value, let previous):
      return "line \(line): \(column) is \(Self.short(value)) after \(previous) of the row before, "
        + "but times must all rise or all fall."
    case .wrongSpacing(let line, let column, let seconds, let expected):
      return
        "line \(line): \(column) is \(seconds) s from the row before, and no two rows are nearer, "
        + "but the nearest must be \(expected) s apart."
    case .oneRow(let line, let column, let expected):
      return
        "line \(line) is the only row, but there must be two, \(expected) s apart in \(column), "
        + "to show how long the interval of a row is."
    case .swapSigns(let line, let amount0, let amount1):
      return "line \(line): a swap has amount0 \(Self.short(amount0)) and amount1 "
        + "\(Self.short(amount1)), but exactly one of them must be positive, which is paid in."
    case .damaged(let line, let reason):
      return "line \(line) or what follows cannot be decompressed: \(Self.short(reason))."
    case .badRowLimit(let limit, let allowed):
      return "the limit of bad rows is \(limit), but it must be from \(allowed.lowerBound) to "
        + "\(allowed.upperBound)."
    case .tooManyBadRows(let count, let limit, let first):
      return "\(count) rows are wrong, but at most \(limit) may be left out; the first: "
        + first.prefix(3).map { OneLine.of("\($0)", most: 120) }.joined(separator: " ")
    }
  }

  /// A value as a message shows it: on one line, a long one cut.
  private static func short(_ value: String) -> String { OneLine.of(value, most: 200) }
}
