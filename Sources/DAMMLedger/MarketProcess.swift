import DAMMModel
import DAMMShared

/// A market in a process of its own: what it does is in a book on disk before anybody is told, and what it posts to a
/// ledger it posts until it is answered. So it may end at any moment, and go on from its book.
///
/// The book is a store of its own, which no other process writes. Not for several threads at once.
public final class MarketProcess<Pricing: MarketPricing & Codable> {
  /// The market as its book has it.
  public private(set) var market: Market<Pricing>
  private let book: any LedgerStorage
  private let ledger: Ledger

  /// Goes on from a book, or opens a market and begins one.
  ///
  /// - Parameters:
  ///   - id: its name.
  ///   - kind: of its prices, to tell books apart.
  ///   - book: a store that holds nothing, or the book of this market.
  ///   - ledger: where it settles.
  ///   - now: the time.
  ///   - pricing: prices for a market that is opened, formed on what it knows of the pool.
  /// - Throws: `LedgerError.otherMarket` for another market's book; `SharedPoolError`; `StorageError`.
  public init(
    _ id: MarketID, kind: String, book: any LedgerStorage, ledger: Ledger, at now: UTCTime,
    pricing: (PoolSnapshot) throws -> Pricing
  ) throws {
    self.book = book
    self.ledger = ledger
    let name = "\(id) of \(kind) prices"
    // the key is in the book before the ledger knows it: who ends between the two shows it again
    var random = SystemRandomNumberGenerator()
    let fresh = MarketKey.random(using: &random)
    let (key, state) = try book.transaction { transaction in
      if let other = try transaction.value(of: BookKey.name), other != name {
        throw LedgerError.otherMarket("it is that of \(other), not of \(name)")
      }
      try transaction.set(name, for: BookKey.name)
      if try transaction.value(of: BookKey.key) == nil {
        try transaction.set(fresh.digits, for: BookKey.key)
      }
      return (
        try transaction.value(of: BookKey.key) ?? fresh.digits,
        try transaction.value(of: BookKey.market)
      )
    }
    if let state {
      market = try Market(LedgerText.value(state), of: ledger.founding)
    } else {
      let key = try MarketKey(key)
      let snapshot = try ledger.open(id, key: key, at: now)
      market = try Market(
        id, key: key, of: ledger.founding, snapshot, pricing: try pricing(snapshot))
      try write([])
    }
  }

  // MARK: Acting

  /// Carries an order out; it is in the book when this returns.
  ///
  /// - Throws: `SharedPoolError` as the market's `swap`; `StorageError`. Nothing has changed then.
  @discardableResult
  public func swap(_ order: LotOrder, at now: UTCTime) throws -> MarketQuote {
    try act { market, entries in
      let quote = try market.swap(order, at: now)
      if quote.fill.lots > 0 { entries.append(.traded(quote.fill)) }
      return quote
    }
  }

  /// Changes the market in another way: a reform, liquidity, lots that are paid in.
  ///
  /// - Throws: what `body` throws; `StorageError`. Nothing has changed then.
  @discardableResult
  public func change<Result>(
    _ body: (inout Market<Pricing>) throws -> Result
  ) throws -> Result {
    try act { market, entries in
      let before = market.book
      let result = try body(&market)
      if market.book != before { entries.append(.changed(market.book)) }
      return result
    }
  }

  /// Settles all that is in the book, or posts again what was not answered yet.
  ///
  /// - Parameters:
  ///   - now: the time.
  ///   - isLast: whether the market closes with it.
  /// - Returns: the pool's receipt, or why it refused.
  /// - Throws: `SharedPoolError.noSuchMarket` for a market that has closed. `StorageError`: of the ledger, and the
  ///   settlement stays posted; of the book, and it is posted again by who goes on from there.
  @discardableResult
  public func settle(
    at now: UTCTime, isLast: Bool = false
  ) throws -> Swift.Result<SettlementReceipt, SharedPoolError> {
    let settlement = try act { market, entries in
      if case .posted(let settlement) = market.phase { return settlement }
      let settlement = try market.post(isLast: isLast)
      entries.append(.posted(settlement))
      return settlement
    }
    let receipt: SettlementReceipt
    do {
      guard let answer = try ledger.apply(.settle(settlement), at: now).settlement else {
        throw LedgerError.stateDiffers("no receipt for settlement \(settlement.sequence)")
      }
      receipt = answer
    } catch let refusal as SharedPoolError {
      try act { market, entries in
        try market.refused(refusal)
        entries.append(.refused(sequence: settlement.sequence, reason: "\(refusal)"))
      }
      return .failure(refusal)
    }
    try act { market, entries in
      try market.applied(receipt)
      entries.append(.applied(sequence: receipt.sequence, revision: receipt.revision))
    }
    return .success(receipt)
  }

  // MARK: The book

  /// Does something to a copy, writes it down, and takes it over.
  private func act<Result>(
    _ body: (inout Market<Pricing>, inout [BookEntry]) throws -> Result
  ) throws -> Result {
    var next = market
    var entries: [BookEntry] = []
    let result = try body(&next, &entries)
    let before = market
    market = next
    do { try write(entries) } catch {
      market = before
      throw error
    }
    return result
  }

  private func write(_ entries: [BookEntry]) throws {
    let state = try LedgerText.text(market.state)
    try book.transaction { transaction in
      try transaction.set(state, for: BookKey.market)
      for entry in entries {
        try transaction.append(entry.row(try transaction.lastNumber() + 1, market.id))
      }
    }
  }
}

/// Where a book keeps what it is of.
enum BookKey {
  static let name = "name"
  static let key = "key"
  static let market = "market"
}
