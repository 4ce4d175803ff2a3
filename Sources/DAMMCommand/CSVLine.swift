import SwiftCSV

/// The fields of one line of CSV.
enum CSVLine {
  /// Splits a line, without its line end, into fields; spaces around a field do not count.
  ///
  /// Almost every line is plain: no field has quotes, or quotes only around all of it. It is cut at
  /// its commas. Any other line goes through SwiftCSV. No field holds a line break, so what is wrong
  /// with a line stays with it.
  ///
  /// - Throws: `Refusal` for quotes that do not pair.
  static func fields(_ line: ArraySlice<UInt8>) throws(Refusal) -> [String] {
    var fields: [String] = []
    fields.reserveCapacity(4)
    var rest = line
    while let comma = rest.firstIndex(of: UInt8(ascii: ",")) {
      guard let field = plain(rest[..<comma]) else { return try quotedFields(line) }
      fields.append(field)
      rest = rest[(comma + 1)...]
    }
    guard let field = plain(rest) else { return try quotedFields(line) }
    fields.append(field)
    return fields
  }

  /// A field with no quotes or with one pair around it; `nil` for any other.
  private static func plain(_ field: ArraySlice<UInt8>) -> String? {
    var field = trimmed(field)
    if field.count > 1, field.first == quote, field.last == quote {
      field = trimmed(field.dropFirst().dropLast())
    }
    return field.contains(quote) ? nil : String(decoding: field, as: UTF8.self)
  }

  private static func quotedFields(_ line: ArraySlice<UInt8>) throws(Refusal) -> [String] {
    guard line.count(where: { $0 == quote }).isMultiple(of: 2) else {
      throw Refusal("a quote is opened but not closed.")
    }
    do {
      // The line end lets the parser see an empty last field.
      let text = String(decoding: line, as: UTF8.self) + "\n"
      let csv = try EnumeratedCSV(string: text, delimiter: .comma, loadColumns: false)
      return csv.header.map { String(decoding: trimmed(Array($0.utf8)[...]), as: UTF8.self) }
    } catch {
      throw Refusal("a quoted field must be followed by a comma or the end of the line.")
    }
  }

  private static let quote = UInt8(ascii: "\"")

  private static func trimmed(_ field: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    var field = field
    while let first = field.first, isSpace(first) { field.removeFirst() }
    while let last = field.last, isSpace(last) { field.removeLast() }
    return field
  }
}
