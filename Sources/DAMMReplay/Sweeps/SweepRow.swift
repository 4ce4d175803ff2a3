/// One cell of a sweep as a row of a flat table: a value for each of `SweepColumn.all`, in their order.
public struct SweepRow: Sendable, Hashable {
  /// The values.
  public let values: [SweepValue]

  /// The row of a replay.
  init(_ draft: SweepDraft, _ figures: ReplayFigures) {
    values =
      SweepParameter.all.map { $0.value(draft) } + SweepFigure.all.map { $0.value(figures) }
      + [.none]
  }

  /// The row of a cell without figures.
  init(_ draft: SweepDraft, error: String) {
    values =
      SweepParameter.all.map { $0.value(draft) } + SweepFigure.all.map { _ in .none }
      + [.text(error)]
  }

  /// A row of values that are known to be of the kinds of their columns.
  package init(values: [SweepValue]) { self.values = values }

  /// The value of a column.
  ///
  /// - Parameter name: of `SweepColumn.all`; any other has `none`.
  public subscript(_ name: String) -> SweepValue {
    SweepColumn.index(name).map { values[$0] } ?? .none
  }

  /// Why there are no figures, if there are none.
  public var error: String? {
    if case .text(let text)? = values.last { text } else { nil }
  }

  /// As an object of JSON, its keys in the order of the columns.
  public var json: String {
    let fields = zip(SweepColumn.all, values).map { "\"\($0.name)\":\($1.json)" }
    return "{\(fields.joined(separator: ","))}"
  }

  /// As a line of a CSV, without its end.
  public var csv: String { values.map { Self.quoted($0.field) }.joined(separator: ",") }

  /// The header of the CSV.
  public static var csvHeader: String {
    SweepColumn.all.map(\.name).joined(separator: ",")
  }

  /// A field in quotes where it needs them (RFC 4180).
  private static func quoted(_ field: String) -> String {
    let special: Set<Character> = [",", "\"", "\n", "\r", "\r\n"]
    guard field.contains(where: { special.contains($0) }) else { return field }
    return "\""
      + field.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}

extension SweepRow: Decodable {
  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { return nil }
  }

  /// Reads what `json` writes, to the same bits.
  ///
  /// - Throws: `DecodingError` for a column that is missing or has a value of another kind.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Name.self)
    values = try SweepColumn.all.map { column in
      let key = Name(stringValue: column.name)
      if try fields.decodeNil(forKey: key) { return .none }
      switch column.kind {
      case .float64: return .number(try fields.decode(Double.self, forKey: key))
      case .int64: return .integer(try fields.decode(Int.self, forKey: key))
      case .uint64: return .natural(try fields.decode(UInt64.self, forKey: key))
      case .bool: return .flag(try fields.decode(Bool.self, forKey: key))
      case .string: return .text(try fields.decode(String.self, forKey: key))
      }
    }
  }
}
