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

  static func number(
    _ name: String, _ path: Path<Double>, in range: ClosedRange<Double>, _ unit: String,
    _ meaning: String
  ) -> Self {
    Self(
      name, .float64, unit, meaning,
      allowed: "a number from \(range.lowerBound) to \(range.upperBound)",
      value: { .number($0[keyPath: path]) },
      write: {
        guard let value = Double($1), range.contains(value) else { return false }
        // a zero has one sign
        $0[keyPath: path] = value + 0
        return true
      })
  }

  static func number(
    _ name: String, orNone path: Path<Double?>, in range: ClosedRange<Double>, _ unit: String,
    _ meaning: String
  ) -> Self {
    Self(
      name, .float64, unit, meaning,
      allowed: "a number from \(range.lowerBound) to \(range.upperBound), or \(none)",
      value: { SweepValue($0[keyPath: path]) },
      write: {
        if $1 == none {
          $0[keyPath: path] = nil
          return true
        }
        guard let value = Double($1), range.contains(value) else { return false }
        $0[keyPath: path] = value + 0
        return true
      })
  }

  static func count(
    _ name: String, _ path: Path<Int>, in range: ClosedRange<Int>, _ unit: String,
    _ meaning: String
  ) -> Self {
    Self(
      name, .int64, unit, meaning,
      allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)",
      value: { .integer($0[keyPath: path]) },
      write: {
        guard let value = Int($1), range.contains(value) else { return false }
        $0[keyPath: path] = value
        return true
      })
  }

  static func count(
    _ name: String, orNone path: Path<Int?>, in range: ClosedRange<Int>, _ unit: String,
    _ meaning: String
  ) -> Self {
    Self(
      name, .int64, unit, meaning,
      allowed: "a whole number from \(range.lowerBound) to \(range.upperBound), or \(none)",
      value: { SweepValue($0[keyPath: path]) },
      write: {
        if $1 == none {
          $0[keyPath: path] = nil
          return true
        }
        guard let value = Int($1), range.contains(value) else { return false }
        $0[keyPath: path] = value
        return true
      })
  }

  static func choice<Value: RawRepresentable & CaseIterable & Sendable>(
    _ name: String, _ path: Path<Value>, _ meaning: String
  ) -> Self where Value.RawValue == String {
    Self(
      name, .string, "", meaning,
      allowed: Value.allCases.map(\.rawValue).joined(separator: " or "),
      value: { .text($0[keyPath: path].rawValue) },
      write: {
        guard let value = Value(rawValue: String($1)) else { return false }
        $0[keyPath: path] = value
        return true
      })
  }

  static func flag(_ name: String, _ path: Path<Bool>, _ meaning: String) -> Self {
    Self(
      name, .bool, "", meaning, allowed: "true or false",
      value: { .flag($0[keyPath: path]) },
      write: {
        guard let value = Bool(String($1)) else { return false }
        $0[keyPath: path] = value
        return true
      })
  }

  static func seed(_ name: String, _ path: Path<UInt64>, _ meaning: String) -> Self {
    Self(
      name, .uint64, "", meaning, allowed: "a whole number from 0 to \(UInt64.max)",
      value: { .natural($0[keyPath: path]) },
      write: {
        guard let value = UInt64($1) else { return false }
        $0[keyPath: path] = value
        return true
      })
  }
}
