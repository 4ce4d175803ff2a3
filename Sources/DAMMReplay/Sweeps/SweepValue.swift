/// One value of a table of a sweep, of the kind of its column.
public enum SweepValue: Sendable, Hashable {
  /// A finite number.
  case number(Double)
  /// A count.
  case integer(Int)
  /// A seed.
  case natural(UInt64)
  /// Yes or no.
  case flag(Bool)
  /// A text.
  case text(String)
  /// There is none.
  case none

  /// The kinds of columns, by the names that column stores have for them.
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// A finite number.
    case float64
    /// A count.
    case int64
    /// A seed.
    case uint64
    /// Yes or no.
    case bool
    /// A text.
    case string
  }

  /// A number, or `none` for what is no finite one.
  public init(_ value: Double?) {
    self = if let value, value.isFinite { .number(value) } else { .none }
  }

  /// A count, or `none`.
  public init(_ value: Int?) { self = value.map { .integer($0) } ?? .none }

  /// What can be compared and drawn: a number or a count.
  public var real: Double? {
    switch self {
    case .number(let value): value
    case .integer(let value): Double(value)
    case .natural(let value): Double(value)
    case .flag, .text, .none: nil
    }
  }

  /// As a field of a CSV before quotes, as an axis has it and as a key tells it: a number in the fewest digits that read
  /// back to the same bits, without a needless fraction; nothing for `none`.
  public var field: String {
    switch self {
    case .number(let value):
      let text = value.description
      return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    case .integer(let value): return value.description
    case .natural(let value): return value.description
    case .flag(let value): return value ? "true" : "false"
    case .text(let value): return value
    case .none: return ""
    }
  }

  /// As a value of JSON. Numbers have the same text as in a CSV.
  var json: String {
    switch self {
    case .text(let value): return Self.quoted(value)
    case .none: return "null"
    default: return field
    }
  }

  /// A text of JSON.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
