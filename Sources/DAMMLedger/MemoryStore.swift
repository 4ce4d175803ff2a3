import Synchronization

/// A ledger in memory, for tests and for what need not survive: with the semantics of those on disk, but for that.
///
/// A transaction works on a copy, which is made when it first writes: in time and memory of the order of the
/// number of keys and rows.
public final class MemoryStore: LedgerStorage {
  private let turn = StoreTurn()
  private let patience: StoragePatience
  private let contents = Mutex(MemoryContents())

  /// An empty ledger.
  ///
  /// - Parameter patience: how long a transaction waits for those of other threads.
  public init(patience: StoragePatience = .usual) { self.patience = patience }

  /// Runs `body` while no other transaction runs, and takes over what it wrote.
  ///
  /// - Throws: what `body` throws, unchanged; else `StorageError.nested` or `.busy`.
  public func transaction<Result>(
    _ body: (any LedgerTransaction) throws -> Result
  ) throws -> Result {
    try turn.exclusively("a ledger in memory", patience) {
      let transaction = MemoryTransaction(contents.withLock { $0 })
      defer { transaction.contents = nil }
      let result = try body(transaction)
      if let written = transaction.contents { contents.withLock { $0 = written } }
      return result
    }
  }

  /// Runs `body` on the ledger as it is now. It waits for nobody, and nobody for it.
  ///
  /// - Throws: what `body` throws, unchanged; else `StorageError.nested`.
  public func read<Result>(_ body: (any LedgerView) throws -> Result) throws -> Result {
    try turn.marked {
      let view = MemoryTransaction(contents.withLock { $0 })
      defer { view.contents = nil }
      return try body(view)
    }
  }
}

/// What is in a ledger. Texts are told apart by their bytes, as databases do, where Swift takes those that look
/// the same for equal.
struct MemoryContents: Sendable {
  struct Text: Hashable, Comparable {
    let bytes: [UInt8]
    init(_ text: String) { bytes = Array(text.utf8) }
    static func < (a: Text, b: Text) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }
  }

  struct Settlement: Hashable {
    let market: Text
    let sequence: Int
  }

  var values: [Text: String] = [:]
  var rows: [LogRow] = []
  var settlements: [Settlement: Int] = [:]
}

/// A transaction, or a view, on contents of its own; over once it has none.
final class MemoryTransaction: LedgerTransaction {
  var contents: MemoryContents?

  init(_ contents: MemoryContents) { self.contents = contents }

  private func current() throws(StorageError) -> MemoryContents {
    guard let contents else { throw .transactionOver }
    return contents
  }

  func value(of key: String) throws(StorageError) -> String? {
    try StoredText.checkKey(key, "a key")
    return try current().values[.init(key)]
  }

  func keys(withPrefix prefix: String) throws(StorageError) -> [String] {
    try StoredText.checkPrefix(prefix)
    let start = Array(prefix.utf8)
    return try current().values.keys.filter { $0.bytes.starts(with: start) }.sorted()
      .map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  func lastNumber() throws(StorageError) -> Int { try current().rows.count }

  func row(_ number: Int) throws(StorageError) -> LogRow? {
    let rows = try current().rows
    return number >= 1 && number <= rows.count ? rows[number - 1] : nil
  }

  func row(market: String, sequence: Int) throws(StorageError) -> LogRow? {
    try StoredText.checkKey(market, "the name of a market")
    let contents = try current()
    return contents.settlements[.init(market: .init(market), sequence: sequence)].map {
      contents.rows[$0 - 1]
    }
  }

  func rows(after number: Int, limit: Int) throws(StorageError) -> [LogRow] {
    Array(try current().rows.dropFirst(max(number, 0)).prefix(max(limit, 0)))
  }

  func set(_ value: String, for key: String) throws(StorageError) {
    try StoredText.checkKey(key, "a key")
    try StoredText.checkValue(value, "a value")
    guard contents != nil else { throw .transactionOver }
    contents?.values[.init(key)] = value
  }

  func remove(_ key: String) throws(StorageError) {
    try StoredText.checkKey(key, "a key")
    guard contents != nil else { throw .transactionOver }
    contents?.values[.init(key)] = nil
  }

  func append(_ row: LogRow) throws(StorageError) {
    try StoredText.check(row)
    let last = try lastNumber()
    guard row.number == last + 1 else {
      throw .rowRefused(.outOfOrder(number: row.number, expected: last + 1))
    }
    if let settlement = row.settlement {
      let market = MemoryContents.Text(settlement.market)
      let key = MemoryContents.Settlement(market: market, sequence: settlement.sequence)
      if let taken = try current().settlements[key] {
        throw .rowRefused(.settled(settlement, row: taken))
      }
      contents?.settlements[key] = row.number
    }
    contents?.rows.append(row)
  }
}
