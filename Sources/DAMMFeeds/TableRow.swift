import DAMMModel

/// The current row of a table. Its values stand in slots, in the order in which `Table.choose` named
/// their columns.
package struct TableRow {
  // a row never outlives the body that it was handed to, and counting references costs as much as reading
  private unowned(unsafe) let table: Table

  init(_ table: Table) { self.table = table }

  /// Line of the file, from 1, the header.
  package var line: Int { table.line }

  /// The bytes of a value, until the next row is read.
  @inline(__always)
  func bytes(_ slot: Int) -> UnsafeRawBufferPointer { table.bytes(slot) }

  /// The name of a column.
  package func column(_ slot: Int) -> String { table.columns[slot] }

  /// The text of a value.
  package func text(_ slot: Int) -> String { String(decoding: bytes(slot), as: UTF8.self) }

  /// Whether a value is empty.
  package func isEmpty(_ slot: Int) -> Bool { bytes(slot).isEmpty }

  /// Whether a value is a word of ASCII.
  package func has(_ word: StaticString, _ slot: Int) -> Bool {
    let bytes = bytes(slot)
    return bytes.count == word.utf8CodeUnitCount
      && bytes.elementsEqual(UnsafeRawBufferPointer(start: word.utf8Start, count: bytes.count))
  }

  /// That a value is not what it may be.
  package func outOfRange(_ slot: Int, allowed: String) -> TableError {
    .outOfRange(line: line, column: column(slot), value: text(slot), allowed: allowed)
  }

  /// A moment, in a form of ISO 8601.
  ///
  /// - Throws: `TableError.badTime`.
  package func time(_ slot: Int) throws(TableError) -> UTCTime {
    guard let time = UTCTime(iso8601: bytes(slot)) else {
      throw badTime(slot, UTCTime.iso8601Forms)
    }
    return time
  }

  /// A moment in another form.
  ///
  /// - Parameters:
  ///   - slot: where it stands.
  ///   - forms: what may stand there, for the message.
  ///   - read: reads it.
  /// - Throws: `TableError.badTime`.
  package func time(
    _ slot: Int, as forms: String, _ read: (String) -> UTCTime?
  ) throws(TableError) -> UTCTime {
    guard let time = read(text(slot)) else { throw badTime(slot, forms) }
    return time
  }

  private func badTime(_ slot: Int, _ forms: String) -> TableError {
    .badTime(line: line, column: column(slot), value: text(slot), allowed: forms)
  }

  /// An exact integer.
  ///
  /// - Throws: `TableError.notAnInteger` and `.outOfRange`.
  package func integer(_ slot: Int) throws(TableError) -> ChainInteger {
    try integer(slot, bytes(slot))
  }

  /// An exact integer of a range, such as the index of a tick. A fraction of zero is allowed: tools
  /// that keep missing values write `199720.0`.
  ///
  /// - Throws: `TableError.notAnInteger` and `.outOfRange`.
  package func integer(
    _ slot: Int, in allowed: ClosedRange<Int>
  ) throws(TableError) -> Int {
    let integer = try integerWithFraction(slot)
    guard let small = integer.small, allowed.contains(small) else {
      throw outOfRange(slot, allowed: "from \(allowed.lowerBound) to \(allowed.upperBound)")
    }
    return small
  }

  /// An exact integer that may have a fraction of zero.
  package func integerWithFraction(_ slot: Int) throws(TableError) -> ChainInteger {
    var digits = bytes(slot)
    if digits.count > 2, digits[digits.count - 1] == 0x30, digits[digits.count - 2] == 0x2E {
      digits = UnsafeRawBufferPointer(rebasing: digits.dropLast(2))
    }
    return try integer(slot, digits)
  }

  private func integer(
    _ slot: Int, _ digits: UnsafeRawBufferPointer
  ) throws(TableError) -> ChainInteger {
    do throws(ChainInteger.Refusal) {
      return try ChainInteger(digits: digits)
    } catch {
      switch error {
      case .notAnInteger:
        throw .notAnInteger(line: line, column: column(slot), value: text(slot))
      case .overflow: throw outOfRange(slot, allowed: "smaller than 2^255 in size")
      }
    }
  }

  /// A number of a range, in decimal digits with an optional exponent: the nearest `Double`.
  ///
  /// - Parameters:
  ///   - slot: where it stands.
  ///   - isPercent: whether it is to be divided by 100.
  ///   - allowed: what the result may be; both ends are included.
  /// - Throws: `TableError.notANumber` and `.outOfRange`.
  package func number(
    _ slot: Int, isPercent: Bool = false, in allowed: ClosedRange<Double>
  ) throws(TableError) -> Double {
    guard let number = DecimalText.number(bytes(slot), isPercent: isPercent) else {
      throw .notANumber(line: line, column: column(slot), value: text(slot))
    }
    guard allowed.contains(number) else {
      throw outOfRange(
        slot,
        allowed: (isPercent ? "a number whose hundredth is" : "a number")
          + " from \(allowed.lowerBound) to \(allowed.upperBound)")
    }
    return number
  }
}
