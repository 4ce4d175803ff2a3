import DAMMModel
import DAMMPool

/// A small market without a vault of its own: what traders pay in waits in the market, what they are owed is
/// a message to the pool, which pays when the message comes. Messages have numbers.
struct SettledLedger: Auditable {
  private struct Message {
    var number = 0
    var paid = (a: 0, b: 0)
    var owed = (a: 0, b: 0)
  }

  /// Whether the pool pays a message as often as it comes.
  private let paysTwice: Bool
  /// The reserves as the market counts them, for its price.
  private var price = (a: 1_000_000, b: 1_000_000)
  /// What the pool holds.
  private var vault = (a: 1_000_000, b: 1_000_000)
  private var next = Message(number: 1)
  private var last: Message?
  private var applied = 0

  let actions = [
    AuditAction("buy, exact in", .trade, .init("lots of A in", grain: 1)),
    AuditAction("sell, exact in", .trade, .init("lots of B in", grain: 1)),
    AuditAction("settle", .withdrawal), AuditAction("send the last message again", .other),
  ]

  init(paysTwice: Bool) { self.paysTwice = paysTwice }

  var holdings: Holdings {
    Holdings(a: Double(vault.a + next.paid.a), b: Double(vault.b + next.paid.b))
  }

  var owesOutsider: Bool { next.owed != (0, 0) }

  func range(ofAmount number: Int, of action: Int) -> ClosedRange<Double>? {
    action < 2 ? 1...1e6 : nil
  }

  mutating func perform(_ action: Int, _ amounts: AuditAmounts) throws(Refused) {
    switch action {
    case 0, 1:
      guard amounts.first >= 1, amounts.first < 1e9 else { throw .amount }
      let lots = Int(amounts.first)
      let (a, b) = price
      let out = action == 0 ? lots * b / (a + lots) : lots * a / (b + lots)
      guard out > 0 else { throw .amount }
      if action == 0 {
        price = (a + lots, b - out)
        next.paid.a += lots
        next.owed.b += out
      } else {
        price = (a - out, b + lots)
        next.paid.b += lots
        next.owed.a += out
      }
    case 2:
      guard next.owed != (0, 0) else { throw .noSuchThing }
      // what was paid in comes along with the message, once
      vault.a += next.paid.a
      vault.b += next.paid.b
      try apply(next)
      last = next
      next = Message(number: next.number + 1)
    default:
      guard let last else { throw .noSuchThing }
      try apply(last)
    }
  }

  private mutating func apply(_ message: Message) throws(Refused) {
    guard message.number > applied || paysTwice else { throw .noSuchThing }
    guard message.owed.a <= vault.a, message.owed.b <= vault.b else { throw .amount }
    vault.a -= message.owed.a
    vault.b -= message.owed.b
    applied = message.number
  }
}

/// A pool of this project whose reform forms anew though the reading is the same, or does not.
struct ReformedPool: Auditable {
  private let formsAgain: Bool
  private var pool: Pool
  private static let now = UTCTime(secondsSince1970: 1_700_000_000)

  let actions = [
    AuditAction("buy", .trade, .init("lots of B out", grain: 1)),
    AuditAction("sell", .trade, .init("lots of B in", grain: 1)),
    AuditAction("reform with the same reading", .other),
  ]

  init(formsAgain: Bool) throws {
    self.formsAgain = formsAgain
    let lots = try LotSize(decimals: 6, exponent: 0)
    pool = try Pool(
      PoolTerms(a: lots, b: lots, fees: FeeSchedule(baseBps: 1), funding: .full),
      reading: OracleReading(price: 100, sigma: 1), at: Self.now,
      deposit: LotPair(a: 100_000_000, b: 3_000_000))
  }

  var holdings: Holdings {
    Holdings(a: Double(pool.reserves.a + pool.book.collected), b: Double(pool.reserves.b))
  }

  func range(ofAmount number: Int, of action: Int) -> ClosedRange<Double>? {
    guard action < 2 else { return nil }
    return 1...Double(max(1, action == 0 ? pool.offered.b : 2 * pool.reserves.b))
  }

  mutating func perform(_ action: Int, _ amounts: AuditAmounts) throws {
    switch action {
    case 0: try pool.swap(LotOrder(.buy, .amount(Int(amounts.first))), at: Self.now)
    case 1: try pool.swap(LotOrder(.sell, .amount(Int(amounts.first))), at: Self.now)
    default:
      let reading = pool.reading
      guard formsAgain else {
        try pool.reform(reading, at: Self.now)
        return
      }
      // the smallest change there is
      try pool.reform(
        OracleReading(price: reading.price.nextUp, relativeSigma: reading.relativeSigma),
        at: Self.now)
    }
  }
}
