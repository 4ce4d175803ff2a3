import DAMMModel

/// Something that an axis of a sweep may set: an option of a replay, by the name that it has there.
public struct SweepParameter: Sendable {
  /// The name of the option, such as `fee-bps`.
  public let name: String
  /// The column that tells its value.
  public let column: SweepColumn
  /// What a value may be, in words.
  public let allowed: String

  let value: @Sendable (SweepDraft) -> SweepValue
  private let write: @Sendable (inout SweepDraft, Substring) -> Bool

  /// The parameter of a name.
  public static func named(_ name: some StringProtocol) -> SweepParameter? {
    all.first { $0.name == name }
  }

  /// Sets a value in its one form: what it reads as is what is told of it.
  ///
  /// - Throws: `SweepError.value` for a text that is no value, or one that is not allowed whatever the others are.
  func set(_ text: Substring, in draft: inout SweepDraft) throws(SweepError) -> SweepValue {
    guard write(&draft, text) else {
      throw .value(name: name, given: String(text), allowed: allowed)
    }
    return value(draft)
  }

  private init(
    _ name: String, _ kind: SweepValue.Kind, _ unit: String, _ meaning: String, allowed: String,
    value: @escaping @Sendable (SweepDraft) -> SweepValue,
    write: @escaping @Sendable (inout SweepDraft, Substring) -> Bool
  ) {
    self.name = name
    self.allowed = allowed
    self.value = value
    self.write = write
    column = SweepColumn(
      String(name.map { $0 == "-" ? "_" : $0 }), kind, unit: unit, meaning: meaning,
      role: .parameter)
  }
}

extension SweepParameter {
  typealias Path<Value> = WritableKeyPath<SweepDraft, Value> & Sendable

  /// The word for no value.
  static let none = "none"

  /// Sets what a text reads as, if it does.
  private static func setting<Value>(
    _ path: Path<Value>, _ read: @escaping @Sendable (Substring) -> Value?
  ) -> @Sendable (inout SweepDraft, Substring) -> Bool {
    { draft, text in
      guard let value = read(text) else { return false }
      draft[keyPath: path] = value
      return true
    }
  }

  /// The same where a word sets nothing.
  private static func setting<Value>(
    orNone path: Path<Value?>, _ read: @escaping @Sendable (Substring) -> Value?
  ) -> @Sendable (inout SweepDraft, Substring) -> Bool {
    setting(path) { $0 == none ? .some(nil) : read($0).map(Optional.some) }
  }

  private static func number(
    in range: ClosedRange<Double>
  ) -> @Sendable (Substring) -> Double? {
    // a zero has one sign
    { text in Double(text).flatMap { range.contains($0) ? $0 + 0 : nil } }
  }

  private static func count(in range: ClosedRange<Int>) -> @Sendable (Substring) -> Int? {
    { text in Int(text).flatMap { range.contains($0) ? $0 : nil } }
  }

  static func number(
    _ name: String, _ path: Path<Double>, in range: ClosedRange<Double>, _ unit: String,
    _ meaning: String
  ) -> Self {
    Self(
      name, .float64, unit, meaning,
      allowed: "a number from \(range.lowerBound) to \(range.upperBound)",
      value: { .number($0[keyPath: path]) }, write: setting(path, number(in: range)))
  }

  static func number(
    _ name: String, orNone path: Path<Double?>, in range: ClosedRange<Double>, _ unit: String,
    _ meaning: String
  ) -> Self {
    Self(
      name, .float64, unit, meaning,
      allowed: "a number from \(range.lowerBound) to \(range.upperBound), or \(none)",
      value: { SweepValue($0[keyPath: path]) }, write: setting(orNone: path, number(in: range)))
  }

  static func count(
    _ name: String, _ path: Path<Int>, in range: ClosedRange<Int>, _ unit: String,
    _ meaning: String
  ) -> Self {
    Self(
      name, .int64, unit, meaning,
      allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)",
      value: { .integer($0[keyPath: path]) }, write: setting(path, count(in: range)))
  }

  static func count(
    _ name: String, orNone path: Path<Int?>, in range: ClosedRange<Int>, _ unit: String,
    _ meaning: String
  ) -> Self {
    Self(
      name, .int64, unit, meaning,
      allowed: "a whole number from \(range.lowerBound) to \(range.upperBound), or \(none)",
      value: { SweepValue($0[keyPath: path]) }, write: setting(orNone: path, count(in: range)))
  }

  static func choice<Value: RawRepresentable & CaseIterable & Sendable>(
    _ name: String, _ path: Path<Value>, _ meaning: String
  ) -> Self where Value.RawValue == String {
    Self(
      name, .string, "", meaning,
      allowed: Value.allCases.map(\.rawValue).joined(separator: " or "),
      value: { .text($0[keyPath: path].rawValue) },
      write: setting(path) { Value(rawValue: String($0)) })
  }

  static func flag(_ name: String, _ path: Path<Bool>, _ meaning: String) -> Self {
    Self(
      name, .bool, "", meaning, allowed: "true or false",
      value: { .flag($0[keyPath: path]) }, write: setting(path) { Bool(String($0)) })
  }

  static func seed(_ name: String, _ path: Path<UInt64>, _ meaning: String) -> Self {
    Self(
      name, .uint64, "", meaning, allowed: "a whole number from 0 to \(UInt64.max)",
      value: { .natural($0[keyPath: path]) }, write: setting(path) { UInt64($0) })
  }
}
