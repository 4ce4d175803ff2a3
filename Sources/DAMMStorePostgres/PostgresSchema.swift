import DAMMLedger

/// The tables of a ledger in a schema of a database, and the statements on them.
struct PostgresSchema: Sendable {
  static let version = 1
  private static let software = "damm ledger"
  /// One key for the making of all ledgers of a database: that is rare, and soon done.
  private static let makersKey = 0x4441_4D4D_0001

  let name: String
  private let quoted: String

  /// A schema with a name; `nil` for one that the server would not take, or would cut.
  init?(_ name: String) {
    guard (1...63).contains(name.utf8.count), !name.utf8.contains(0) else { return nil }
    self.name = name
    quoted = "\"" + name.replacing("\"", with: "\"\"") + "\""
  }

  /// Begins a transaction that writes. The lock makes of many writers a queue, where otherwise all but one of those
  /// that are there at once would have to begin again; it is on a table of its own, so that vacuuming the others
  /// waits for nobody. To lock takes no snapshot: the transaction sees what there is when its turn has come.
  var beginWriting: String {
    "BEGIN ISOLATION LEVEL SERIALIZABLE; LOCK TABLE \(quoted).turn IN EXCLUSIVE MODE"
  }

  static let beginReading = "BEGIN ISOLATION LEVEL SERIALIZABLE, READ ONLY"

  var value: String { "SELECT value FROM \(quoted).state WHERE key = $1" }
  var keysFrom: String { "SELECT key FROM \(quoted).state WHERE key >= $1 ORDER BY key" }
  var keysBetween: String {
    "SELECT key FROM \(quoted).state WHERE key >= $1 AND key < $2 ORDER BY key"
  }
  var lastNumber: String { "SELECT coalesce(max(number), 0) FROM \(quoted).log" }
  var row: String { "\(rows) WHERE number = $1" }
  var settlement: String { "\(rows) WHERE market = $1 AND sequence = $2" }
  var rowsAfter: String { "\(rows) WHERE number > $1 ORDER BY number LIMIT $2" }
  private var rows: String {
    "SELECT number, market, sequence, action, receipt FROM \(quoted).log"
  }
  var set: String {
    """
    INSERT INTO \(quoted).state (key, value) VALUES ($1, $2)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value
    """
  }
  var remove: String { "DELETE FROM \(quoted).state WHERE key = $1" }
  /// One way to the server where three questions would be three; it inserts nothing if the row has no place.
  var append: String {
    """
    INSERT INTO \(quoted).log (number, market, sequence, action, receipt)
    SELECT $1::bigint, $2::text, $3::bigint, $4, $5
    WHERE $1::bigint = (SELECT coalesce(max(number), 0) + 1 FROM \(quoted).log)
      AND NOT EXISTS (SELECT FROM \(quoted).log WHERE market = $2::text AND sequence = $3::bigint)
    """
  }

  private var tables: String {
    """
    CREATE SCHEMA IF NOT EXISTS \(quoted);
    CREATE TABLE \(quoted).about (software text NOT NULL, version bigint NOT NULL);
    INSERT INTO \(quoted).about VALUES ('\(Self.software)', \(Self.version));
    CREATE TABLE \(quoted).turn ();
    CREATE TABLE \(quoted).state (key text COLLATE "C" PRIMARY KEY, value text NOT NULL);
    CREATE TABLE \(quoted).log (
      number bigint PRIMARY KEY CHECK (number > 0),
      market text COLLATE "C", sequence bigint,
      action text NOT NULL, receipt text NOT NULL,
      UNIQUE (market, sequence),
      CHECK ((market IS NULL) = (sequence IS NULL)));
    CREATE FUNCTION \(quoted).refuse() RETURNS trigger LANGUAGE plpgsql
      AS $$ BEGIN RAISE EXCEPTION 'the log is never changed'; END $$;
    CREATE TRIGGER log_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON \(quoted).log
      FOR EACH STATEMENT EXECUTE FUNCTION \(quoted).refuse();
    """
  }

  /// Checks the ledger, and makes it where there is nothing and `create` says so.
  ///
  /// - Throws: `PostgresFailure`, `StorageError`.
  func prepare(_ connection: PostgresConnection, _ place: String, create: Bool) throws {
    let encoding = try connection.run("SHOW server_encoding").text(0, 0) ?? ""
    guard encoding == "UTF8" else {
      throw StorageError.cannotOpen(
        place: place, why: "the encoding of its database is \(encoding), but must be UTF8")
    }
    guard try look(connection, place) == false else { return }
    guard create else {
      throw StorageError.notALedger(place: place, why: "there is no such schema, or it is empty")
    }
    try connection.run("BEGIN; SELECT pg_advisory_xact_lock(\(Self.makersKey))")
    // others may have made it in the meantime
    if try look(connection, place) == false { try connection.run(tables) }
    try connection.run("COMMIT")
  }

  /// Whether the ledger is there; `false` where there is nothing.
  private func look(_ connection: PostgresConnection, _ place: String) throws -> Bool {
    let found = try connection.run(
      """
      SELECT count(*), count(*) FILTER (WHERE relname = 'about') FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1
      """, [name])
    guard let tables = found.int(0, 0), tables > 0 else { return false }
    let foreign = StorageError.notALedger(
      place: place, why: "the schema has the tables of another application")
    guard found.int(0, 1) == 1 else { throw foreign }
    let version: Int?
    do { version = try storedVersion(connection) } catch let error as PostgresFailure {
      // such a table, but without such columns
      if error.code.hasPrefix("42") { throw foreign }
      throw error
    }
    guard let version else { throw foreign }
    guard version <= Self.version else {
      throw StorageError.newerSchema(place: place, found: version, known: Self.version)
    }
    return true
  }

  private func storedVersion(_ connection: PostgresConnection) throws -> Int? {
    let about = try connection.run(
      "SELECT version FROM \(quoted).about WHERE software = '\(Self.software)'")
    return about.count == 1 ? about.int(0, 0) : nil
  }
}
