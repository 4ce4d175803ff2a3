import CPQ
import DAMMLedger

/// One connection to a server. One thread at a time.
final class PostgresConnection {
  private let connection: OpaquePointer
  private let text: ConnectionText
  // the server cuts names at 63 bytes, so they are not the statements themselves
  private var prepared: [String: String] = [:]

  /// Connects.
  ///
  /// - Throws: `PostgresFailure`.
  init(_ text: ConnectionText, patience: StoragePatience) throws(PostgresFailure) {
    self.text = text
    let pairs = [
      // what the string may say otherwise; libpq takes 0 seconds for ever, and 1 for 2
      ("connect_timeout", "\(max(2, Int(patience.waitSeconds.rounded(.up))))"),
      ("keepalives_idle", "30"), ("keepalives_interval", "10"), ("keepalives_count", "3"),
      ("fallback_application_name", "damm ledger"),
      ("dbname", text.text),
      // what it may not
      ("client_encoding", "UTF8"),
    ]
    let opened = CStrings.with(pairs.map(\.0)) { names in
      CStrings.with(pairs.map(\.1)) { values in
        PQconnectdbParams(names, values, 1)
      }
    }
    guard let opened else { throw .init(.lost, "", "libpq has no memory") }
    guard PQstatus(opened) == CONNECTION_OK else {
      let why = text.clean(String(cString: PQerrorMessage(opened)))
      PQfinish(opened)
      throw .init(.lost, "", why)
    }
    connection = opened
    // notices are for people at a terminal
    PQsetNoticeReceiver(opened, { _, _ in }, nil)
  }

  deinit { PQfinish(connection) }

  /// Whether the connection has ended.
  var isLost: Bool { PQstatus(connection) == CONNECTION_BAD }

  /// Whether a transaction is open, or has failed and waits for its end.
  var isInTransaction: Bool { PQtransactionStatus(connection) != PQTRANS_IDLE }

  /// Runs statements without parameters.
  @discardableResult
  func run(_ statements: String) throws(PostgresFailure) -> PostgresRows {
    try rows(PQexec(connection, statements))
  }

  /// Runs a statement with parameters, which is prepared when it is first run.
  func run(_ statement: String, _ parameters: [String?]) throws(PostgresFailure) -> PostgresRows {
    if let known = prepared[statement] { return try execute(known, parameters) }
    let name = "s\(prepared.count)"
    _ = try rows(PQprepare(connection, name, statement, Int32(parameters.count), nil))
    prepared[statement] = name
    return try execute(name, parameters)
  }

  private func execute(
    _ name: String, _ parameters: [String?]
  ) throws(PostgresFailure) -> PostgresRows {
    try rows(
      CStrings.with(parameters) { values in
        PQexecPrepared(connection, name, Int32(parameters.count), values, nil, nil, 0)
      })
  }

  private func rows(_ result: OpaquePointer?) throws(PostgresFailure) -> PostgresRows {
    let status = PQresultStatus(result)
    if let result, status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK {
      return PostgresRows(result)
    }
    let code = PQresultErrorField(result, PostgresFailure.codeField).map { String(cString: $0) }
    let message = result.flatMap { PQresultErrorMessage($0) } ?? PQerrorMessage(connection)
    let why = text.clean(message.map { String(cString: $0) } ?? "")
    PQclear(result)
    throw PostgresFailure(code: code ?? "", why: why, lost: isLost)
  }
}

/// What a statement gave.
struct PostgresRows: ~Copyable {
  private let result: OpaquePointer

  init(_ result: OpaquePointer) { self.result = result }

  deinit { PQclear(result) }

  var count: Int { Int(PQntuples(result)) }

  /// What was done, in the server's words.
  var command: String { String(cString: PQcmdStatus(result)) }

  /// A value as text, or `nil` for a NULL.
  func text(_ row: Int, _ column: Int) -> String? {
    let (row, column) = (Int32(row), Int32(column))
    guard PQgetisnull(result, row, column) == 0, let start = PQgetvalue(result, row, column) else {
      return nil
    }
    let bytes = UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(result, row, column)))
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A value as a whole number, or `nil` for what is none.
  func int(_ row: Int, _ column: Int) -> Int? { text(row, column).flatMap { Int($0) } }
}

/// Texts for C, with a null pointer behind the last.
enum CStrings {
  /// Calls `body` with pointers that are good until it returns.
  static func with<Result>(
    _ texts: [String?], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
  ) -> Result {
    let length = texts.reduce(0) { $0 + ($1?.utf8.count ?? 0) + 1 }
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: length) { bytes in
      var pointers: [UnsafePointer<CChar>?] = []
      var free = bytes.baseAddress!
      for text in texts {
        guard let text else {
          pointers.append(nil)
          continue
        }
        pointers.append(UnsafePointer(free))
        for byte in text.utf8 {
          free.initialize(to: CChar(bitPattern: byte))
          free += 1
        }
        free.initialize(to: 0)
        free += 1
      }
      pointers.append(nil)
      return pointers.withUnsafeBufferPointer { body($0.baseAddress!) }
    }
  }
}
