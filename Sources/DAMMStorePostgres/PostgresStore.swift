import DAMMLedger
import DAMMModel
import Foundation

/// A ledger in a PostgreSQL database, through libpq: as many machines may use it at once as reach the server.
///
/// A store has one connection, and makes a new one when it is lost. Writers queue for their turn; readers of other
/// stores do not wait for them, nor they for readers. Durable is what the server calls durable; a session in which
/// it would not wait for its disk (`synchronous_commit = off`) is told to.
public final class PostgresStore: LedgerStorage, @unchecked Sendable {
  // @unchecked: the connection is used by whose turn it is.
  /// Where the ledger is, without a password.
  public let place: String
  private let text: ConnectionText
  private let schema: PostgresSchema
  private let patience: StoragePatience
  private let turn = StoreTurn()
  private var connection: PostgresConnection?

  /// Opens a ledger.
  ///
  /// - Parameters:
  ///   - connection: a connection string of libpq, `host=... dbname=...` or `postgresql://...`.
  ///   - schema: the name of the schema that has the ledger, 1 to 63 bytes; a database may have many.
  ///   - create: whether to make the ledger if there is none; one that is there is opened all the same.
  ///   - patience: how long to wait for a turn and for a lost server, and how often to try again.
  /// - Throws: `StorageError.cannotOpen`, `.notALedger` (and nothing was changed), `.newerSchema`, `.full`,
  ///   `.database`.
  public init(
    connection: String, schema: String, create: Bool, patience: StoragePatience = .usual
  ) throws(StorageError) {
    guard let known = PostgresSchema(schema) else {
      throw .cannotOpen(
        place: "PostgreSQL", why: "the name of a schema has 1 to 63 bytes and no U+0000")
    }
    guard let text = ConnectionText(connection, schema: schema) else {
      throw .cannotOpen(
        place: "PostgreSQL", why: "libpq does not understand the connection string")
    }
    self.text = text
    self.schema = known
    self.patience = patience
    place = text.place
    let opened: PostgresConnection
    do { opened = try connect() } catch {
      throw .cannotOpen(place: text.place, why: error.why)
    }
    do { try known.prepare(opened, text.place, create: create) } catch let error as StorageError {
      throw error
    } catch let error as PostgresFailure {
      throw error.storageError(text.place, patience, attempts: 1)
    } catch {
      throw .database(place: text.place, code: "an error", why: "\(error)")
    }
    self.connection = opened
  }

  /// Runs `body` while no other transaction runs on the ledger, from anywhere.
  ///
  /// - Throws: what `body` throws, unchanged; else `StorageError`: `.full`, `.busy`, `.retriesExhausted`,
  ///   `.connectionLost`, `.outcomeUnknown`, `.corrupt`, `.nested`, `.database`.
  public func transaction<Result>(
    _ body: (any LedgerTransaction) throws -> Result
  ) throws -> Result {
    try run(schema.beginWriting, writes: true, body)
  }

  /// Runs `body` on the ledger as it is now, and `body` again when the server cannot fit that in between
  /// transactions.
  ///
  /// - Throws: what `body` throws, unchanged; else `StorageError`: `.busy` (by other threads of this store),
  ///   `.retriesExhausted`, `.connectionLost`, `.corrupt`, `.nested`, `.database`.
  public func read<Result>(_ body: (any LedgerView) throws -> Result) throws -> Result {
    try run(PostgresSchema.beginReading, writes: false) { try body($0) }
  }

  private func run<Result>(
    _ begin: String, writes: Bool, _ body: (any LedgerTransaction) throws -> Result
  ) throws -> Result {
    try turn.exclusively(place, patience) {
      var conflicts = 0
      while true {
        let connection = try begun(begin)
        let transaction = PostgresTransaction(connection, schema) { [place, patience] in
          $0.storageError(place, patience, attempts: conflicts + 1)
        }
        let given = Swift.Result { try body(transaction) }
        transaction.end()
        var failure = transaction.failure
        if failure == nil, case .success(let result) = given {
          do throws(PostgresFailure) {
            try commit(connection)
            return result
          } catch {
            failure = error
            if error.kind == .lost, writes {
              self.connection = nil
              throw StorageError.outcomeUnknown(place: place, why: error.why)
            }
          }
        }
        abandon(connection)
        // without one, `body` has thrown
        guard let failure else { return try given.get() }
        if failure.kind == .conflict {
          conflicts += 1
          if conflicts < patience.attempts {
            pause(conflicts)
            continue
          }
        }
        if case .failure(let error) = given, failure.kind != .conflict { throw error }
        throw failure.storageError(place, patience, attempts: conflicts)
      }
    }
  }

  private func commit(_ connection: PostgresConnection) throws(PostgresFailure) {
    let done = try connection.run("COMMIT").command
    guard done == "COMMIT" else {
      throw .init(.other, "", "the transaction ended with \(done)")
    }
  }

  /// Ends a transaction that shall not have been.
  private func abandon(_ connection: PostgresConnection) {
    guard !connection.isLost, connection.isInTransaction else { return }
    do throws(PostgresFailure) { try connection.run("ROLLBACK") } catch {
      // the server does it when the connection ends
      self.connection = nil
    }
  }

  /// A connection in a new transaction. One that was lost since the last is replaced: nothing has happened on it.
  private func begun(_ begin: String) throws(StorageError) -> PostgresConnection {
    let start = ContinuousClock.now
    var losses = 0
    while true {
      do throws(PostgresFailure) {
        if connection?.isLost ?? true { connection = try connect() }
        let connection = self.connection!
        do throws(PostgresFailure) { try connection.run(begin) } catch {
          abandon(connection)
          throw error
        }
        return connection
      } catch {
        guard error.kind == .lost else {
          throw error.storageError(place, patience, attempts: 1)
        }
        connection = nil
        losses += 1
        // a connection may be lost without the server being gone
        guard losses == 1 || ContinuousClock.now - start < .seconds(patience.waitSeconds) else {
          throw .connectionLost(place: place, why: error.why)
        }
        if losses > 1 { pause(losses + 4) }
      }
    }
  }

  private func connect() throws(PostgresFailure) -> PostgresConnection {
    let connection = try PostgresConnection(text, patience: patience)
    // 0 would be for ever
    let milliseconds = max(1, Int(patience.waitSeconds * 1_000))
    try connection.run(
      """
      SET lock_timeout = \(milliseconds);
      SELECT set_config('synchronous_commit', 'on', false)
      WHERE current_setting('synchronous_commit') = 'off'
      """)
    return connection
  }

  /// The pause after a failure, in milliseconds: `2^failures`, at most 500, of which between a half and the whole is
  /// taken, so that many who failed together do not come back together.
  private func pause(_ failures: Int) {
    let longest = min(Double(sign: .plus, exponent: failures, significand: 1), 500)
    Thread.sleep(forTimeInterval: Double.random(in: 0.5...1) * longest / 1_000)
  }
}
