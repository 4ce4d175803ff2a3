import DAMM

/// One line of an orders file: `side,kind,value,limit`.
enum OrderLine {
  static let header = ["side", "kind", "value", "limit"]

  /// What `value` means in a line.
  enum Kind: String, CaseIterable {
    /// Amount of B.
    case amount
    /// Amount of A.
    case notional
    /// A price coordinate, A per B.
    case toPrice = "to-price"
  }

  /// The order of a line.
  ///
  /// - Throws: `Refusal` that names what was given and what is allowed.
  static func order(_ fields: [String]) throws(Refusal) -> Order {
    guard fields.count == header.count else {
      throw Refusal(
        "there are \(fields.count) fields, but there must be \(header.count): "
          + "\(header.joined(separator: ",")), of which limit may be empty.")
    }
    let side = try choice(fields[0], "side", Side.self)
    let kind = try choice(fields[1], "kind", Kind.self)
    let value = try number(
      fields[2], "value", allowed: kind == .toPrice ? Domain.target : Domain.amount)
    let size: Order.Size =
      switch kind {
      case .amount: .amount(value)
      case .notional: .notional(value)
      case .toPrice: .toPrice(value)
      }
    let limit = fields[3].isEmpty ? nil : try number(fields[3], "limit", allowed: Domain.target)
    do {
      return try Order(side, size, limit: limit)
    } catch {
      throw Refusal(error.description)
    }
  }

  private static func choice<Choice: RawRepresentable & CaseIterable>(
    _ given: String, _ name: String, _: Choice.Type
  ) throws(Refusal) -> Choice where Choice.RawValue == String {
    guard let choice = Choice(rawValue: given) else {
      let names = Choice.allCases.map(\.rawValue)
      let allowed = names.dropLast().joined(separator: ", ") + " or " + names[names.count - 1]
      throw Refusal("\(name) is \(Refusal.quoted(given)), but it must be \(allowed).")
    }
    return choice
  }

  private static func number(
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
