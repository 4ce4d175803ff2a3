/// Why a log was refused. Each case says where, what was found and what is allowed; `description`
/// says it in one sentence. Lines are counted from 1, the header.
public enum ReplayError: Error, Equatable, Sendable {
  /// The file could not be read.
  case unreadable(path: String, reason: String)
  /// The file is empty.
  case empty
  /// A line is not UTF-8.
  case notUTF8(line: Int)
  /// Quotes do not match in or after a line.
  case malformed(line: Int, reason: String)
  /// The header lacks a column.
  case missingColumn(name: String, found: [String])
  /// The header names a column twice.
  case repeatedColumn(name: String)
  /// A row has fewer or more values than the header has columns.
  case wrongFieldCount(line: Int, found: Int, expected: Int)
  /// A value is not an integer in decimal digits.
  case notAnInteger(line: Int, column: String, value: String)
  /// An integer is outside what the column may hold.
  case outOfRange(line: Int, column: String, value: String, allowed: String)
  /// A time is not written as `YYYY-MM-DD HH:MM:SS`, or there is no such moment.
  case badTime(line: Int, column: String, value: String)
  /// A row is earlier than the one before it.
  case timeBackwards(line: Int, column: String, value: String, previous: String)
  /// A swap in which nothing is paid in, or both tokens are.
  case swapSigns(line: Int, amount0: String, amount1: String)
  /// Too few swaps for a replay: the first one sets the price.
  case tooFewSwaps(found: Int, needed: Int)
  /// A number of decimal places outside `TokenPair.allowedDecimals`.
  case decimals(Int, allowed: ClosedRange<Int>)
}

extension ReplayError: CustomStringConvertible {
  /// One sentence: where, what was found and what is allowed.
  public var description: String {
    switch self {
    case .unreadable(let path, let reason):
      return "\(Self.short(path)) cannot be read: \(reason)."
    case .empty:
      return "the file is empty, but it must begin with a header that names its columns."
    case .notUTF8(let line):
      return "line \(line) is not UTF-8 text."
    case .malformed(let line, let reason):
      return "line \(line) is not comma-separated text: \(reason)."
    case .missingColumn(let name, let found):
      return "line 1: the column \(name) is missing; "
        + "the header has \(Self.short(found.joined(separator: ", ")))."
    case .repeatedColumn(let name):
      return "line 1: the column \(name) stands there twice."
    case .wrongFieldCount(let line, let found, let expected):
      return "line \(line) has \(found) values, but the header has \(expected) columns."
    case .notAnInteger(let line, let column, let value):
      return "line \(line): \(column) is \"\(Self.short(value))\", "
        + "but it must be an integer in decimal digits."
    case .outOfRange(let line, let column, let value, let allowed):
      return "line \(line): \(column) is \(Self.short(value)), but it must be \(allowed)."
    case .badTime(let line, let column, let value):
      return "line \(line): \(column) is \"\(Self.short(value))\", "
        + "but it must be a UTC time written as YYYY-MM-DD HH:MM:SS."
    case .timeBackwards(let line, let column, let value, let previous):
      return
        "line \(line): \(column) is \(Self.short(value)), but it must not be earlier than \(previous) "
        + "of the row before."
    case .swapSigns(let line, let amount0, let amount1):
      return "line \(line): a swap has amount0 \(amount0) and amount1 \(amount1), "
        + "but exactly one of them must be positive, which is paid in."
    case .tooFewSwaps(let found, let needed):
      return "the log has \(found) swaps, but a replay needs at least \(needed): "
        + "the first one sets the price."
    case .decimals(let value, let allowed):
      return "the decimals of a token are \(value), but they must be from \(allowed.lowerBound) "
        + "to \(allowed.upperBound)."
    }
  }

  /// A value as a message shows it: on one line, a long one cut.
  private static func short(_ value: String) -> String { OneLine.of(value, most: 200) }
}
