import DAMM

/// Fields of a line, and why one is not what it should be.
enum Field {
  /// As many fields as there are columns.
  ///
  /// - Throws: `Refusal` that says how many were given; `remark` is added to the names of the columns.
  static func check(
    _ fields: [String], _ columns: [String], _ remark: String = ""
  ) throws(Refusal) {
    guard fields.count == columns.count else {
      throw Refusal(
        "there are \(fields.count) fields, but there must be \(columns.count): "
          + "\(columns.joined(separator: ","))\(remark).")
    }
  }

  static func choice<Choice: RawRepresentable & CaseIterable>(
    _ given: String, _ name: String, _: Choice.Type
  ) throws(Refusal) -> Choice where Choice.RawValue == String {
    guard let choice = Choice(rawValue: given) else {
      let names = Choice.allCases.map(\.rawValue)
      let allowed = names.dropLast().joined(separator: ", ") + " or " + names[names.count - 1]
      throw Refusal("\(name) is \(Refusal.quoted(given)), but it must be \(allowed).")
    }
    return choice
  }

  static func number(
    _ given: String, _ name: String, allowed: ClosedRange<Double>
  ) throws(Refusal) -> Double {
    // `Double` stops at a NUL; a number has visible ASCII characters only
    guard given.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), let number = Double(given),
      allowed.contains(number)
    else {
      throw Refusal(
        "\(name) is \(Refusal.quoted(given)), but it must be a number from \(allowed.lowerBound) "
          + "to \(allowed.upperBound).")
    }
    return number
  }
}
