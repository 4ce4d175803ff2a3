import DAMMModel

/// One row of a table, whose values are read by the name of their column.
package struct TableRow {
  /// Line of the file, from 1, the header.
  package let line: Int
  let values: [String]
  let index: [String: Int]

  /// The text of a value.
  ///
  /// - Parameter column: one of those that the reading of the table asked for.
  package func text(_ column: String) -> String {
    guard let place = index[column] else { preconditionFailure("\(column) was not asked for") }
    return values[place]
  }

  /// A moment.
  ///
  /// - Parameters:
  ///   - column: where it stands.
  ///   - forms: what may stand there, for the message.
  ///   - read: reads it.
  /// - Throws: `TableError.badTime`.
  package func time(
    _ column: String, as forms: String = UTCTime.iso8601Forms,
    _ read: (String) -> UTCTime? = { UTCTime(iso8601: $0) }
  ) throws(TableError) -> UTCTime {
    guard let time = read(text(column)) else {
      throw .badTime(line: line, column: column, value: text(column), allowed: forms)
    }
    return time
  }

  /// An exact integer.
  ///
  /// - Throws: `TableError.notAnInteger` and `.outOfRange`.
  package func integer(_ column: String) throws(TableError) -> ChainInteger {
    try integer(column, digits: text(column))
  }

  /// An exact integer of a range, such as the index of a tick. A fraction of zero is allowed: tools
  /// that keep missing values write `199720.0`.
  ///
  /// - Throws: `TableError.notAnInteger` and `.outOfRange`.
  package func integer(
    _ column: String, in allowed: ClosedRange<Int>
  ) throws(TableError) -> Int {
    let text = text(column)
    let digits = text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    let integer = try integer(column, digits: digits)
    guard let small = Int(integer.description), allowed.contains(small) else {
      throw .outOfRange(
        line: line, column: column, value: text,
        allowed: "from \(allowed.lowerBound) to \(allowed.upperBound)")
    }
    return small
  }

  private func integer(_ column: String, digits: String) throws(TableError) -> ChainInteger {
    do {
      return try ChainInteger(digits)
    } catch {
      switch error {
      case .notAnInteger: throw .notAnInteger(line: line, column: column, value: text(column))
      case .overflow:
        throw .outOfRange(
          line: line, column: column, value: text(column), allowed: "smaller than 2^255 in size")
      }
    }
  }

  /// A number of a range, in decimal digits with an optional exponent: the nearest `Double`.
  ///
  /// - Parameters:
  ///   - column: where it stands.
  ///   - isPercent: whether it is to be divided by 100.
  ///   - allowed: what the result may be; both ends are included.
  /// - Throws: `TableError.notANumber` and `.outOfRange`.
  package func number(
    _ column: String, isPercent: Bool = false, in allowed: ClosedRange<Double>
  ) throws(TableError) -> Double {
    let text = text(column)
    // `Double` also reads hexadecimal digits, words such as nan, and stops at a NUL.
    guard text.utf8.contains(where: { (0x30...0x39).contains($0) }),
      text.utf8.allSatisfy({ (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }),
      let number = Double(isPercent ? Self.hundredth(text) : text)
    else {
      throw .notANumber(line: line, column: column, value: text)
    }
    guard allowed.contains(number) else {
      throw .outOfRange(
        line: line, column: column, value: text,
        allowed: (isPercent ? "a number whose hundredth is" : "a number")
          + " from \(allowed.lowerBound) to \(allowed.upperBound)")
    }
    return number
  }

  /// The text of a hundredth of a number: its digits are rounded once, and not again by a division.
  private static func hundredth(_ text: String) -> String {
    let parts = text.split(separator: /[eE]/, maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return text + "e-2" }
    // What is no exponent stays wrong.
    return "\(parts[0])e\(Int32(parts[1]).map { "\(Int($0) - 2)" } ?? "?")"
  }
}
