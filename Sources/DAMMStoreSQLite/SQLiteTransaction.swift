import DAMMLedger
import GRDB

/// A transaction, or a view, of a ledger in a file. Its statements are compiled once a connection.
final class SQLiteTransaction: LedgerTransaction {
  private var database: Database?
  private let failure: SQLiteFailure
  private var reported: StorageError?

  init(_ database: Database, _ failure: SQLiteFailure) {
    self.database = database
    self.failure = failure
  }

  /// Ends the use of it, and says what failed first.
  func end() -> StorageError? {
    database = nil
    return reported
  }

  private func use<Result>(_ body: (Database) throws -> Result) throws(StorageError) -> Result {
    guard let database else { throw .transactionOver }
    if let reported { throw reported }
    do { return try failure.mapped(database) { try body(database) } } catch {
      reported = error
      throw error
    }
  }

  func value(of key: String) throws(StorageError) -> String? {
    try StoredText.checkKey(key, "a key")
    return try use { db in
      try String.fetchOne(
        db.cachedStatement(sql: "SELECT value FROM state WHERE key = ?"), arguments: [key])
    }
  }

  func keys(withPrefix prefix: String) throws(StorageError) -> [String] {
    try StoredText.checkPrefix(prefix)
    return try use { db in
      guard let end = StoredText.end(ofPrefix: prefix) else {
        let all = try db.cachedStatement(sql: "SELECT key FROM state WHERE key >= ? ORDER BY key")
        return try String.fetchAll(all, arguments: [prefix])
      }
      let some = try db.cachedStatement(
        sql: "SELECT key FROM state WHERE key >= ? AND key < ? ORDER BY key")
      return try String.fetchAll(some, arguments: [prefix, end])
    }
  }

  func lastNumber() throws(StorageError) -> Int {
    try use { db in
      try Int.fetchOne(db.cachedStatement(sql: "SELECT max(number) FROM log")) ?? 0
    }
  }

  private static let columns = "SELECT number, market, sequence, action, receipt FROM log"

  func row(_ number: Int) throws(StorageError) -> LogRow? {
    try rows("WHERE number = ?", [number]).first
  }

  func row(market: String, sequence: Int) throws(StorageError) -> LogRow? {
    try StoredText.checkKey(market, "the name of a market")
    return try rows("WHERE market = ? AND sequence = ?", [market, sequence]).first
  }

  func rows(after number: Int, limit: Int) throws(StorageError) -> [LogRow] {
    try rows("WHERE number > ? ORDER BY number LIMIT ?", [number, max(limit, 0)])
  }

  private func rows(
    _ condition: String, _ arguments: StatementArguments
  ) throws(StorageError) -> [LogRow] {
    try use { db in
      let statement = try db.cachedStatement(sql: "\(Self.columns) \(condition)")
      return try Row.fetchAll(statement, arguments: arguments).map { row in
        let market: String? = row[1]
        let sequence: Int? = row[2]
        let settlement = market.flatMap { market in
          sequence.map { LogRow.Settlement(market: market, sequence: $0) }
        }
        return LogRow(number: row[0], settlement: settlement, action: row[3], receipt: row[4])
      }
    }
  }

  func set(_ value: String, for key: String) throws(StorageError) {
    try StoredText.checkKey(key, "a key")
    try StoredText.checkValue(value, "a value")
    try use { db in
      let statement = try db.cachedStatement(
        sql: """
          INSERT INTO state (key, value) VALUES (?, ?)
          ON CONFLICT (key) DO UPDATE SET value = excluded.value
          """)
      try statement.execute(arguments: [key, value])
    }
  }

  func remove(_ key: String) throws(StorageError) {
    try StoredText.checkKey(key, "a key")
    try use { db in
      let statement = try db.cachedStatement(sql: "DELETE FROM state WHERE key = ?")
      try statement.execute(arguments: [key])
    }
  }

  func append(_ row: LogRow) throws(StorageError) {
    try StoredText.check(row)
    let expected = try lastNumber() + 1
    guard row.number == expected else {
      throw .rowRefused(.outOfOrder(number: row.number, expected: expected))
    }
    if let settlement = row.settlement,
      let taken = try self.row(market: settlement.market, sequence: settlement.sequence)
    {
      throw .rowRefused(.settled(settlement, row: taken.number))
    }
    try use { db in
      let statement = try db.cachedStatement(
        sql: "INSERT INTO log (number, market, sequence, action, receipt) VALUES (?, ?, ?, ?, ?)")
      try statement.execute(arguments: [
        row.number, row.settlement?.market, row.settlement?.sequence, row.action, row.receipt,
      ])
    }
  }
}
