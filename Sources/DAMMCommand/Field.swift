/// One value of an answer, to be written as JSON or as a CSV field.
enum Field {
  case text(String)
  case number(Double)
  case integer(Int)
  /// There is none: `null` in JSON, nothing in CSV.
  case none

  /// A number, if there is one.
  init(_ number: Double?) { self = number.map(Field.number) ?? .none }

  /// A text, if there is one.
  init(_ text: String?) { self = text.map(Field.text) ?? .none }
}

/// Named values in the order in which they are written.
typealias Record = [(key: StaticString, value: Field)]

extension ByteWriter {
  /// One JSON value. Numbers read back to the same bits; JSON has none that are not finite.
  mutating func writeJSON(_ field: Field) {
    switch field {
    case .text(let text): writeJSON(text)
    case .number(let number) where number.isFinite: write(number)
    case .integer(let number): write(number)
    case .number, .none: write("null")
    }
  }

  private mutating func writeJSON(_ text: String) {
    write("\"")
    defer { write("\"") }
    guard text.utf8.contains(where: { $0 < 32 || $0 == 34 || $0 == 92 }) else { return write(text) }
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": write("\\\"")
      case "\\": write("\\\\")
      case _ where scalar.value < 32:
        let hex = String(scalar.value, radix: 16)
        write("\\u" + String(repeating: "0", count: 4 - hex.count) + hex)
      default: write(String(scalar))
      }
    }
  }

  /// A JSON object on one line, keys in order.
  mutating func writeJSONObject(_ record: Record) {
    write("{")
    writeJSONMembers(record, separator: ", ")
    write("}")
  }

  /// The members of a JSON object, without its braces.
  mutating func writeJSONMembers(_ record: Record, separator: StaticString) {
    var first = true
    for (key, value) in record {
      if !first { write(separator) }
      first = false
      writeJSONMember(key, value)
    }
  }

  /// One member of a JSON object.
  mutating func writeJSONMember(_ key: StaticString, _ value: Field) {
    write("\"")
    write(key)
    write("\": ")
    writeJSON(value)
  }

  /// A CSV field, quoted where it must be.
  mutating func writeCSV(_ field: Field) {
    switch field {
    case .text(let text):
      guard text.utf8.contains(where: { ",\"\r\n".utf8.contains($0) }) else { return write(text) }
      write("\"" + text.replacing("\"", with: "\"\"") + "\"")
    case .number(let number): write(number)
    case .integer(let number): write(number)
    case .none: break
    }
  }
}
