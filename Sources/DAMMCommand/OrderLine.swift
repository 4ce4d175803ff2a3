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
    try Field.check(fields, header, ", of which limit may be empty")
    let side = try Field.choice(fields[0], "side", Side.self)
    let kind = try Field.choice(fields[1], "kind", Kind.self)
    let value = try Field.number(
      fields[2], "value", allowed: kind == .toPrice ? Domain.target : Domain.amount)
    let size: Order.Size =
      switch kind {
      case .amount: .amount(value)
      case .notional: .notional(value)
      case .toPrice: .toPrice(value)
      }
    let limit =
      fields[3].isEmpty ? nil : try Field.number(fields[3], "limit", allowed: Domain.target)
    do {
      return try Order(side, size, limit: limit)
    } catch {
      throw Refusal(error.description)
    }
  }
}
