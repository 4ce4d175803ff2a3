import DAMMModel
import DAMMPool
import DAMMShared

/// A shared pool in a store: each action is one transaction, which changes the state and writes a row of the log.
///
/// The log alone tells all: `verify` runs it again from the founding. Several processes may use one ledger; a
/// settlement that is posted twice is applied once, and answered twice.
public final class Ledger: Sendable {
  /// Where it is kept.
  public let storage: any LedgerStorage
  /// How the pool began.
  public let founding: SharedPoolFounding
  private let loader: SharedPool.Loader

  /// Where the parts of the state are kept.
  enum Key {
    static let founding = "founding"
    static let account = "account"
    static let owners = "owners"
    static let markets = "market/"

    static func market(_ id: MarketID) -> String { markets + id.name }
  }

  /// The ledger that a store holds.
  ///
  /// - Throws: `LedgerError.notFounded`, `.stateDiffers` for a state that cannot be read, `StorageError`.
  public init(_ storage: any LedgerStorage) throws {
    self.storage = storage
    let text = try storage.read { view in try view.value(of: Key.founding) }
    guard let text else { throw LedgerError.notFounded }
    founding = try Self.decoded(text, Key.founding)
    loader = try SharedPool.Loader(founding)
  }

  /// Founds a pool in a store that holds none; the founder's position is `SharedPool.founder`.
  ///
  /// - Throws: `LedgerError.founded`, `SharedPoolError` as the pool's `init`, `StorageError`.
  public static func found(
    in storage: any LedgerStorage, _ terms: SharedPoolTerms, deposit: LotPair, lock: Lock? = nil,
    at now: UTCTime
  ) throws -> Ledger {
    let pool = try SharedPool(terms, deposit: deposit, at: now, lock: lock)
    let entry = TimedEntry(
      secondsSince1970: now.secondsSince1970, entry: .found(terms, deposit: deposit, lock: lock))
    try storage.transaction { transaction in
      guard try transaction.lastNumber() == 0 else { throw LedgerError.founded }
      try transaction.set(LedgerText.text(pool.founding), for: Key.founding)
      try transaction.set(LedgerText.text(pool.account), for: Key.account)
      try transaction.set(LedgerText.text(pool.owners), for: Key.owners)
      try transaction.append(LogRow(1, entry, pool.foundingReceipt))
    }
    return try Ledger(storage)
  }

  // MARK: Acting

  /// Does an action in one transaction. A settlement that was applied before is answered as it was then.
  ///
  /// - Parameters:
  ///   - action: what is asked for.
  ///   - now: the time; where it is earlier than the last that the pool was told, that one counts.
  /// - Throws: `SharedPoolError`, and nothing has changed; `StorageError`, of which only `.outcomeUnknown` leaves open
  ///   whether it has happened: a settlement is then posted again.
  @discardableResult
  public func apply(_ action: LedgerAction, at now: UTCTime) throws -> LedgerReceipt {
    try storage.transaction { transaction in
      if case .settle(let settlement) = action,
        let known = try Self.answer(to: settlement, transaction)
      {
        return known
      }
      var pool = try load(transaction, action.markets, owners: action.touchesOwners)
      let receipt = try pool.apply(action, at: now)
      try transaction.set(LedgerText.text(pool.account), for: Key.account)
      for id in action.markets {
        try transaction.set(LedgerText.text(pool.markets[id]), for: Key.market(id))
      }
      if action.touchesOwners { try transaction.set(LedgerText.text(pool.owners), for: Key.owners) }
      let entry = TimedEntry(secondsSince1970: now.secondsSince1970, entry: .act(action))
      try transaction.append(LogRow(try transaction.lastNumber() + 1, entry, receipt))
      return receipt
    }
  }

  /// Opens a market, or tells one that was opened with the same key what it trades from.
  ///
  /// - Throws: `SharedPoolError.marketExists` for another key, `StorageError`.
  public func open(_ id: MarketID, key: MarketKey, at now: UTCTime) throws -> PoolSnapshot {
    do {
      let receipt = try apply(.open(market: id, key: key), at: now)
      if let snapshot = receipt.snapshot { return snapshot }
    } catch SharedPoolError.marketExists {
      let pool = try storage.read { view in try load(view, [id], owners: false) }
      if let market = pool.markets[id], market.key == key { return try pool.snapshot(for: id) }
      throw SharedPoolError.marketExists(id)
    }
    throw LedgerError.stateDiffers("no snapshot for market \(id)")
  }

  /// What was answered to a settlement, if it was applied before.
  private static func answer(
    to settlement: Settlement, _ view: any LedgerView
  ) throws -> LedgerReceipt? {
    let row = try view.row(market: settlement.market.name, sequence: settlement.sequence)
    guard let row, let applied = try row.entry().entry.settlement else { return nil }
    guard settlement.key == applied.key else { throw SharedPoolError.wrongKey(settlement.market) }
    // an earlier revision that came late: its receipt tells the market
    guard settlement == applied || settlement.revision != applied.revision else {
      throw SharedPoolError.sequenceTaken(settlement.market, sequence: settlement.sequence)
    }
    return try row.outcome()
  }

  // MARK: Reading

  /// All of the pool as it is now.
  public func pool() throws -> SharedPool { try storage.read { view in try pool(view) } }

  func pool(_ view: any LedgerView) throws -> SharedPool {
    let names = try view.keys(withPrefix: Key.markets).map { $0.dropFirst(Key.markets.count) }
    return try load(view, names.map { try MarketID(String($0)) }, owners: true)
  }

  private func load(
    _ view: any LedgerView, _ markets: [MarketID], owners: Bool
  ) throws -> SharedPool {
    func value<Value: Decodable>(_ key: String) throws -> Value {
      guard let text = try view.value(of: key) else {
        throw LedgerError.stateDiffers("\(key) is not there")
      }
      return try Self.decoded(text, key)
    }
    return try loader.pool(
      try value(Key.account),
      try markets.compactMap { id -> MarketAccount? in
        guard let text = try view.value(of: Key.market(id)) else { return nil }
        return try Self.decoded(text, Key.market(id))
      }, owners ? try value(Key.owners) as PoolOwners : nil)
  }

  private static func decoded<Value: Decodable>(_ text: String, _ key: String) throws -> Value {
    do { return try LedgerText.value(text) } catch {
      throw LedgerError.stateDiffers("\(key) cannot be read: \(error)")
    }
  }
}
