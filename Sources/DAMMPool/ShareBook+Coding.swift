import DAMMModel

extension ShareBook: Codable {
  private enum Key: String, CodingKey {
    case shares, collected, paid, pending, index, carry, nextNumber, positions
  }

  /// A position as it is stored.
  private struct Record: Codable {
    let number: Int
    let shares: DecimalText<Int>
    let lock: Lock?
    let accrued: DecimalText<UInt128>
    let entry: DecimalText<UInt128>
  }

  /// Reads a book, and takes it only if it keeps its own laws.
  ///
  /// - Throws: `DecodingError`; `PoolError.corruptState` that says what is wrong; what `Lock` throws.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    func count(_ key: Key) throws -> Int {
      try values.decode(DecimalText<Int>.self, forKey: key).value
    }
    shares = try count(.shares)
    collected = try count(.collected)
    paid = try count(.paid)
    pending = try count(.pending)
    index = try values.decode(DecimalText<UInt128>.self, forKey: .index).value
    carry = try values.decode(DecimalText<UInt128>.self, forKey: .carry).value
    nextNumber = try values.decode(Int.self, forKey: .nextNumber)
    for record in try values.decode([Record].self, forKey: .positions) {
      let stake = Stake(
        shares: record.shares.value, lock: record.lock, accrued: record.accrued.value,
        entry: record.entry.value)
      guard stakes.updateValue(stake, forKey: PositionID(record.number)) == nil else {
        throw PoolError.corruptState("position \(record.number) is there twice")
      }
    }
    try check()
  }

  /// Writes every bit: counts that a `Double` might not hold are decimal text, because many readers of
  /// JSON know no other number. The same book gives the same text, positions in their order.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    try values.encode(DecimalText(value: shares), forKey: .shares)
    try values.encode(DecimalText(value: collected), forKey: .collected)
    try values.encode(DecimalText(value: paid), forKey: .paid)
    try values.encode(DecimalText(value: pending), forKey: .pending)
    try values.encode(DecimalText(value: index), forKey: .index)
    try values.encode(DecimalText(value: carry), forKey: .carry)
    try values.encode(nextNumber, forKey: .nextNumber)
    let records = stakes.sorted { $0.key < $1.key }.map { id, stake in
      Record(
        number: id.number, shares: DecimalText(value: stake.shares), lock: stake.lock,
        accrued: DecimalText(value: stake.accrued), entry: DecimalText(value: stake.entry))
    }
    try values.encode(records, forKey: .positions)
  }
}

extension ShareBook {
  /// Throws unless the book keeps all its laws: shares sum to `S`, no earnings exceed what was collected,
  /// the carry is below `S`, names are below the next one, and `collected = owed + paid + remainder`.
  ///
  /// No action breaks them; this is for states that come from elsewhere.
  ///
  /// - Throws: `PoolError.corruptState` that says which.
  /// - Complexity: the number of positions.
  public func check() throws(PoolError) {
    func demand(_ holds: Bool, _ what: @autoclosure () -> String) throws(PoolError) {
      if !holds { throw .corruptState(what()) }
    }
    try demand(
      (0...Domain.shares.upperBound).contains(shares), "there are \(shares) shares")
    try demand(
      Domain.collectedFees.contains(collected) && (0...collected).contains(paid)
        && (0...collected).contains(pending),
      "of \(collected) lots of fees \(paid) are paid and \(pending) pending")
    try demand(
      shares == 0 ? carry == 0 && pending == 0 : carry < UInt128(shares),
      "\(pending) lots and \(carry) units wait for \(shares) shares")
    let (index, _) = settled()
    var sum = 0
    var units: UInt128 = 0
    for (id, stake) in stakes {
      try demand(
        (1..<max(nextNumber, 1)).contains(id.number),
        "\(id) is the name of a position, "
          + "but the next one is \(nextNumber)")
      try demand(
        stake.shares >= 1 && stake.shares <= shares && sum <= shares - stake.shares,
        "position \(id) has \(stake.shares) shares of \(shares)")
      sum += stake.shares
      // units of what was collected are below 2^127, so that a sum of two is no overflow
      let (earned, overflow) = earned(stake, upTo: index)
      try demand(
        !overflow && earned <= UInt128(collected) << 64 && units <= UInt128(collected) << 64,
        "position \(id) has earned more than was collected")
      units += earned
    }
    try demand(nextNumber >= 1, "the next position is \(nextNumber)")
    try demand(sum == shares, "positions have \(sum) shares, not \(shares)")
    try demand(
      units <= UInt128(collected) << 64, "positions have earned more than was collected")
    let fees = fees
    try demand(
      fees.isExact,
      "\(fees.collected) lots of fees were collected, but \(fees.owed) are owed, "
        + "\(fees.paid) paid, \(fees.remainder) and \(fees.stray)/2^64 left over")
  }
}

/// An integer that is stored as decimal digits.
struct DecimalText<Value: FixedWidthInteger & LosslessStringConvertible & Sendable>: Codable {
  let value: Value

  init(value: Value) { self.value = value }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    // one text for a number: no sign of plus, no zeros in front
    guard let value = Value(text), String(value) == text else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "\"\(text)\" is no whole number that fits")
    }
    self.value = value
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(String(value))
  }
}
