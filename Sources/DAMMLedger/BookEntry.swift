import DAMMModel
import DAMMShared

/// What a market's own book writes down.
public enum BookEntry: Sendable, Hashable, Codable {
  /// An order moved something.
  case traded(MarketFill)
  /// What is to be settled has changed in another way: it is this now.
  case changed(MarketBook)
  /// A settlement was posted.
  case posted(Settlement)
  /// It was applied, in this revision.
  case applied(sequence: Int, revision: Int)
  /// It was refused, for this reason.
  case refused(sequence: Int, reason: String)

  // names in JSON of what has none here
  enum TradedCodingKeys: String, CodingKey { case _0 = "fill" }
  enum ChangedCodingKeys: String, CodingKey { case _0 = "book" }
  enum PostedCodingKeys: String, CodingKey { case _0 = "settlement" }

  /// The row of it: one that tells of an applied settlement is filed under it, so that there can be one only.
  func row(_ number: Int, _ market: MarketID) throws -> LogRow {
    var settlement: LogRow.Settlement?
    if case .applied(let sequence, _) = self {
      settlement = LogRow.Settlement(market: market.name, sequence: sequence)
    }
    return LogRow(
      number: number, settlement: settlement, action: try LedgerText.text(self), receipt: "")
  }
}

/// What a market's book proves: what it traded, what of it was settled, and what is open.
public struct BookVerification: Sendable, Hashable {
  /// Orders that moved something.
  public private(set) var trades = 0
  /// Settlements that were applied.
  public private(set) var applied = 0
  /// Settlements that were refused.
  public private(set) var refused = 0
  /// Lots that settlements which were applied have brought to the reserves, or taken where negative.
  public private(set) var settled = LotPair.zero
  /// Fees that they have brought.
  public private(set) var settledFees = 0
  /// Lots and fees that are in the book.
  public private(set) var open = LotPair.zero
  /// Fees that are in the book.
  public private(set) var openFees = 0
  private var posted: Settlement?
  /// All that was posted under the next number.
  private var revisions: [Settlement] = []

  /// Whether a settlement was posted that is not answered yet.
  public var isPosted: Bool { posted != nil }

  /// Runs a market's book again.
  ///
  /// - Throws: `LedgerError.otherMarket` for a store without a book; `.wrongRow` for a row that others contradict:
  ///   a settlement that is not what had been traded, or was answered without being posted; `StorageError`.
  public init(_ book: any LedgerStorage) throws {
    guard try book.read({ try $0.value(of: BookKey.name) }) != nil else {
      throw LedgerError.otherMarket("the store holds no book of a market")
    }
    try book.eachRow { row in
      let entry: BookEntry
      do { entry = try LedgerText.value(row.action) } catch {
        throw LedgerError.wrongRow(row.number, why: "it cannot be read: \(error)")
      }
      try take(entry, row.number)
    }
  }

  private mutating func take(_ entry: BookEntry, _ number: Int) throws(LedgerError) {
    func check(_ holds: Bool, _ why: String) throws(LedgerError) {
      guard holds else { throw .wrongRow(number, why: why) }
    }
    switch entry {
    case .traded(let fill):
      try check(posted == nil, "a trade while a settlement was posted")
      trades += 1
      open = open + fill.flow
      openFees += fill.fee
    case .changed(let book):
      try check(posted == nil, "a change while a settlement was posted")
      (open, openFees) = (book.flow, book.fee)
    case .posted(let settlement):
      try check(posted == nil, "a settlement while another one was posted")
      try check(
        settlement.flow == open && settlement.fee == openFees,
        "it posts \(settlement.flow) and \(settlement.fee), but \(open) and \(openFees) are open")
      try check(settlement.sequence == applied + 1, "settlement \(settlement.sequence) comes next")
      posted = settlement
      revisions.append(settlement)
    case .applied(let sequence, let revision):
      let settlement = revisions.last { $0.sequence == sequence && $0.revision == revision }
      try check(posted != nil && settlement != nil, "settlement \(sequence) was not posted")
      applied += 1
      settled = settled + (settlement?.flow ?? .zero)
      settledFees += settlement?.fee ?? 0
      open = open - (settlement?.flow ?? .zero)
      openFees -= settlement?.fee ?? 0
      (posted, revisions) = (nil, [])
    case .refused(let sequence, _):
      try check(posted?.sequence == sequence, "settlement \(sequence) was not posted")
      refused += 1
      posted = nil
    }
  }
}
