/// Where a ledger lives: named values (its state) and a log, changed together in transactions.
///
/// Several threads and, if the database has any, several processes may use one ledger at once; what comes
/// out is what some order of their transactions, one after another, would give.
public protocol LedgerStorage: Sendable {
  /// Runs `body` in one serializable transaction: all that it wrote is durable when this returns, and none of it
  /// is there when this throws.
  ///
  /// `body` is run again when another transaction came between, so it should have no other effects. What it is
  /// handed may not be used after it, and it may not begin another transaction on the same store.
  ///
  /// - Throws: what `body` throws, unchanged; else `StorageError`. With `.outcomeUnknown` alone the changes may
  ///   be there: whoever gets it asks for the row that it wanted to append.
  func transaction<Result>(
    _ body: (any LedgerTransaction) throws -> Result
  ) throws -> Result

  /// Runs `body` on one consistent state of the ledger, that of a moment between two transactions. No
  /// transaction on another store waits for it.
  ///
  /// - Throws: what `body` throws, unchanged; else `StorageError`.
  func read<Result>(_ body: (any LedgerView) throws -> Result) throws -> Result
}

/// What one transaction sees of a ledger: what was there when it began, and what it has written since.
public protocol LedgerView {
  /// The value of a key, or `nil` where there is none.
  func value(of key: String) throws(StorageError) -> String?

  /// The keys that begin with a prefix, in the order of their UTF-8; all of them for an empty prefix.
  func keys(withPrefix prefix: String) throws(StorageError) -> [String]

  /// The number of the last row of the log; 0 for an empty log.
  func lastNumber() throws(StorageError) -> Int

  /// The row with a number, or `nil` where the log has none.
  func row(_ number: Int) throws(StorageError) -> LogRow?

  /// The row of a settlement, or `nil` where the log has none.
  func row(market: String, sequence: Int) throws(StorageError) -> LogRow?

  /// The rows behind a number, in their order, at most `limit` of them.
  func rows(after number: Int, limit: Int) throws(StorageError) -> [LogRow]
}

/// A transaction that may write. An error that it throws of what is refused (`.rowRefused`, `.textRefused`) has
/// changed nothing, and the transaction can go on; after any other it can only fail.
public protocol LedgerTransaction: LedgerView {
  /// Gives a key a value, whether or not it had one.
  ///
  /// - Throws: `StorageError.textRefused` for a key outside `Domain.ledgerKeyBytes`, a value longer than
  ///   `Domain.ledgerTextBytes`, and a U+0000 in either.
  func set(_ value: String, for key: String) throws(StorageError)

  /// Removes a key and its value; nothing happens where there is none.
  func remove(_ key: String) throws(StorageError)

  /// Writes a row behind the last one.
  ///
  /// - Throws: `StorageError.rowRefused` if its number is not the last plus one, or if the log has its settlement;
  ///   `.textRefused` as for keys (its market) and values (its action and receipt).
  func append(_ row: LogRow) throws(StorageError)
}

extension LedgerView {
  /// Hands on all rows of the log in their order, so many at a time that memory does not grow with it.
  ///
  /// - Throws: what `body` throws; `StorageError`.
  public func eachRow(_ body: (LogRow) throws -> Void) throws {
    var number = 0
    while true {
      let rows = try rows(after: number, limit: 1_000)
      for row in rows { try body(row) }
      guard let last = rows.last else { return }
      number = last.number
    }
  }
}

extension LedgerStorage {
  /// Hands on all rows of the log as it is at one moment, in their order.
  ///
  /// - Throws: what `body` throws; `StorageError`.
  public func eachRow(_ body: (LogRow) throws -> Void) throws {
    try read { view in try view.eachRow(body) }
  }
}
