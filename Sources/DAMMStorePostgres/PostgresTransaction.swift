import DAMMLedger

/// A transaction, or a view, of a ledger in a database.
final class PostgresTransaction: LedgerTransaction {
  private var connection: PostgresConnection?
  private let schema: PostgresSchema
  private let error: (PostgresFailure) -> StorageError
  /// What failed first: the server refuses all that comes behind it.
  private(set) var failure: PostgresFailure?

  init(
    _ connection: PostgresConnection, _ schema: PostgresSchema,
    error: @escaping (PostgresFailure) -> StorageError
  ) {
    self.connection = connection
    self.schema = schema
    self.error = error
  }

  /// Ends the use of it.
  func end() { connection = nil }

  private func run(
    _ statement: String, _ parameters: [String?] = []
  ) throws(StorageError) -> PostgresRows {
    guard let connection else { throw .transactionOver }
    if let failure { throw error(failure) }
    do { return try connection.run(statement, parameters) } catch {
      failure = error
      throw self.error(error)
    }
  }

  private func damaged(_ why: String) -> StorageError {
    let failure = PostgresFailure(.corrupt, "", why)
    self.failure = failure
    return error(failure)
  }

  func value(of key: String) throws(StorageError) -> String? {
    try StoredText.checkKey(key, "a key")
    let rows = try run(schema.value, [key])
    return rows.count > 0 ? rows.text(0, 0) : nil
  }

  func keys(withPrefix prefix: String) throws(StorageError) -> [String] {
    try StoredText.checkPrefix(prefix)
    let rows =
      if let end = StoredText.end(ofPrefix: prefix) {
        try run(schema.keysBetween, [prefix, end])
      } else { try run(schema.keysFrom, [prefix]) }
    return (0..<rows.count).compactMap { rows.text($0, 0) }
  }

  func lastNumber() throws(StorageError) -> Int {
    guard let number = try run(schema.lastNumber).int(0, 0) else {
      throw damaged("the number of the last row is none")
    }
    return number
  }

  func row(_ number: Int) throws(StorageError) -> LogRow? {
    try logRows(schema.row, ["\(number)"]).first
  }

  func row(market: String, sequence: Int) throws(StorageError) -> LogRow? {
    try StoredText.checkKey(market, "the name of a market")
    return try logRows(schema.settlement, [market, "\(sequence)"]).first
  }

  func rows(after number: Int, limit: Int) throws(StorageError) -> [LogRow] {
    try logRows(schema.rowsAfter, ["\(number)", "\(max(limit, 0))"])
  }

  private func logRows(
    _ statement: String, _ parameters: [String?]
  ) throws(StorageError) -> [LogRow] {
    let rows = try run(statement, parameters)
    var read: [LogRow] = []
    read.reserveCapacity(rows.count)
    for row in 0..<rows.count {
      guard let number = rows.int(row, 0), let action = rows.text(row, 3),
        let receipt = rows.text(row, 4)
      else { throw damaged("a row of the log lacks its number, action or receipt") }
      let sequence = rows.int(row, 2)
      let settlement = rows.text(row, 1).flatMap { market in
        sequence.map { LogRow.Settlement(market: market, sequence: $0) }
      }
      read.append(LogRow(number: number, settlement: settlement, action: action, receipt: receipt))
    }
    return read
  }

  func set(_ value: String, for key: String) throws(StorageError) {
    try StoredText.checkKey(key, "a key")
    try StoredText.checkValue(value, "a value")
    _ = try run(schema.set, [key, value])
  }

  func remove(_ key: String) throws(StorageError) {
    try StoredText.checkKey(key, "a key")
    _ = try run(schema.remove, [key])
  }

  func append(_ row: LogRow) throws(StorageError) {
    try StoredText.check(row)
    let (market, sequence) = (row.settlement?.market, row.settlement?.sequence)
    let parameters = [
      "\(row.number)", market, sequence.map { "\($0)" }, row.action, row.receipt,
    ]
    if try run(schema.append, parameters).command == "INSERT 0 1" { return }
    let expected = try lastNumber() + 1
    guard row.number == expected else {
      throw .rowRefused(.outOfOrder(number: row.number, expected: expected))
    }
    guard let settlement = row.settlement,
      let taken = try self.row(market: settlement.market, sequence: settlement.sequence)
    else { throw damaged("the log does not take row \(expected), which is the next one") }
    throw .rowRefused(.settled(settlement, row: taken.number))
  }
}
