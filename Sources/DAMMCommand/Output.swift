import Foundation

/// The one place where answers leave for standard output.
package enum Output {
  /// Lines of text.
  static func text(_ text: String) throws {
    var output = ByteWriter()
    output.write(text)
    try output.endRow()
    try output.finish()
  }

  /// One JSON value, indented unless it is long.
  static func json(_ value: some Encodable, indented: Bool = true) throws {
    let encoder = encoder()
    if indented { encoder.outputFormatting.insert(.prettyPrinted) }
    var output = ByteWriter()
    output.write(try encoder.encode(value))
    try output.endRow()
    try output.finish()
  }

  /// How every JSON value is written: keys in order, numbers that read back to the same bits. JSON
  /// has no infinity; it is the text `inf`.
  package static func encoder() -> JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }
}

/// A JSON array on standard output that is never whole in memory: one element a line.
struct JSONArray: ~Copyable {
  private var output = ByteWriter()
  private let encoder = Output.encoder()
  private var isEmpty = true

  init() { output.write("[") }

  /// Writes one element more.
  mutating func append(_ element: some Encodable) throws {
    if !isEmpty { output.write(",") }
    isEmpty = false
    try output.endRow()
    output.write(try encoder.encode(element))
  }

  /// Closes the array.
  mutating func finish() throws {
    try output.endRow()
    output.write("]")
    try output.endRow()
    try output.finish()
  }
}

/// A value that there may be none of: then JSON has an explicit `null` and not a missing key.
@propertyWrapper package struct OrNull<Value: Encodable>: Encodable {
  package let wrappedValue: Value?

  package init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let wrappedValue {
      try container.encode(wrappedValue)
    } else {
      try container.encodeNil()
    }
  }
}
