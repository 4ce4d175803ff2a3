import DAMMKernel
import DAMMModel

extension Pool: Codable {
  private enum Key: String, CodingKey {
    case version, terms, reading, formedAt, surgeFrom, time, reserves, book, curve
  }

  /// Writes the whole state; numbers keep every bit in any coder that keeps those of a `Double`.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Key.self)
    try fields.encode(1, forKey: .version)
    try fields.encode(terms, forKey: .terms)
    try fields.encode(StoredReading(reading), forKey: .reading)
    try fields.encode(formedAt.secondsSince1970, forKey: .formedAt)
    try fields.encodeIfPresent(maker.surgeFrom?.secondsSince1970, forKey: .surgeFrom)
    try fields.encode(time.secondsSince1970, forKey: .time)
    try fields.encode(reserves, forKey: .reserves)
    try fields.encode(book, forKey: .book)
    if !isEmpty { try fields.encode(curve.state, forKey: .curve) }
  }

  /// Reads a state, and takes it only if it keeps the laws of a pool.
  ///
  /// - Throws: `DecodingError`; `PoolError.corruptState` that says what is wrong; what its parts throw.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    let version = try fields.decode(Int.self, forKey: .version)
    guard version == 1 else {
      throw PoolError.corruptState("it has version \(version), and 1 is known")
    }
    func time(_ key: Key) throws -> UTCTime {
      UTCTime(secondsSince1970: try fields.decode(Int64.self, forKey: key))
    }
    let terms = try fields.decode(PoolTerms.self, forKey: .terms)
    let reading = try fields.decode(StoredReading.self, forKey: .reading).checked()
    let formedAt = try time(.formedAt)
    let surgeFrom = fields.contains(.surgeFrom) ? try time(.surgeFrom) : nil
    if let state = try fields.decodeIfPresent(LotCurve.State.self, forKey: .curve) {
      maker = try TickMaker(
        terms, reading: reading, formedAt: formedAt, surgeFrom: surgeFrom, state)
    } else {
      maker = TickMaker(terms, reading: reading, formedAt: formedAt, surgeFrom: surgeFrom)
    }
    self.time = try time(.time)
    reserves = try fields.decode(LotPair.self, forKey: .reserves)
    book = try fields.decode(ShareBook.self, forKey: .book)
    try checkLaws()
  }

  /// Throws unless the reserves cover what the curve offers, a pool has a curve just when it has shares, and its
  /// times are moments of the years 1970 to 9999 in their order.
  ///
  /// No action breaks this; it is for states that come from elsewhere.
  ///
  /// - Throws: `PoolError.corruptState`, `.overflow`.
  public func checkLaws() throws(PoolError) {
    try Self.check(reserves)
    try book.check()
    guard (curve == .nothing) == isEmpty else {
      throw .corruptState("it has \(shares) shares and \(isEmpty ? "a" : "no") curve")
    }
    guard !isEmpty || reserves == .zero else {
      throw .corruptState("it holds \(reserves.a) lots of A and \(reserves.b) of B for nobody")
    }
    // Scales are Doubles, and a side that was empty while its pool grew offers their last bits as lots, which
    // are never given.
    let (offered, most) = (curve.offered, curve.capacities)
    let (extraA, extraB) = (most.a * 0x1p-50, most.b * 0x1p-50)
    guard offered.a >= 0, offered.b >= 0,
      Double(offered.a - reserves.a) <= extraA, Double(offered.b - reserves.b) <= extraB
    else {
      throw .corruptState(
        "it offers \(offered.a) lots of A and \(offered.b) of B, and holds \(reserves.a) and "
          + "\(reserves.b)")
    }
    for moment in [formedAt, maker.surgeFrom ?? formedAt, time] {
      guard (0...Domain.lastSecond).contains(moment.secondsSince1970) else {
        throw .corruptState("it knows a time beyond the years 1970 to 9999, \(moment)")
      }
    }
    guard formedAt <= time, maker.surgeFrom.map({ $0 <= time }) ?? true else {
      throw .corruptState("it was formed after the last time it knows")
    }
  }
}
