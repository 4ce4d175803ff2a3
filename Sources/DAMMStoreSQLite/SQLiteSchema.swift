import DAMMLedger
import Foundation
import GRDB

/// The tables of a ledger in a file, and how a file is known for one.
enum SQLiteSchema {
  /// "DAMM", where SQLite keeps what a file is for.
  static let application = 0x4441_4D4D
  static let version = 1

  private static let tables = """
    CREATE TABLE state (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE log (
      number INTEGER NOT NULL PRIMARY KEY CHECK (number > 0),
      market TEXT, sequence INTEGER,
      action TEXT NOT NULL, receipt TEXT NOT NULL,
      UNIQUE (market, sequence),
      CHECK ((market IS NULL) = (sequence IS NULL)));
    CREATE TRIGGER log_update BEFORE UPDATE ON log
      BEGIN SELECT RAISE(ABORT, 'the log is never changed'); END;
    CREATE TRIGGER log_delete BEFORE DELETE ON log
      BEGIN SELECT RAISE(ABORT, 'the log is never changed'); END;
    PRAGMA application_id = \(application);
    PRAGMA user_version = \(version);
    """

  private enum Content { case nothing, ledger }

  /// Throws unless the file is a ledger, or has nothing in it and that is fine. It only reads,
  /// but for what a process that was killed has left undone.
  static func check(_ file: String, patience: StoragePatience, mayBeEmpty: Bool) throws {
    func looked(readonly: Bool) throws -> Content {
      var configuration = Configuration()
      configuration.readonly = readonly
      configuration.busyMode = .timeout(patience.waitSeconds)
      return try DatabaseQueue(path: file, configuration: configuration).read { try look($0, file) }
    }
    let content: Content
    do { content = try looked(readonly: true) } catch let error as DatabaseError
      where error.resultCode == .SQLITE_READONLY
    {
      // whoever wrote last was killed, and the index of the log beside the file must be made again
      content = try looked(readonly: false)
    }
    if content == .nothing, !mayBeEmpty {
      throw StorageError.notALedger(place: file, why: "it is an empty database")
    }
  }

  /// Makes the tables where there are none.
  static func prepare(_ db: Database, _ file: String, create: Bool) throws {
    // no other process may make them between the look and the making
    try db.inTransaction(.immediate) {
      guard try look(db, file) == .nothing else { return .rollback }
      guard create else {
        throw StorageError.notALedger(place: file, why: "it is an empty database")
      }
      try db.execute(sql: tables)
      return .commit
    }
  }

  private static func look(_ db: Database, _ file: String) throws -> Content {
    let application = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
    let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    if application == Self.application {
      guard version <= Self.version else {
        throw StorageError.newerSchema(place: file, found: version, known: Self.version)
      }
      guard version >= 1 else {
        throw StorageError.corrupt(place: file, why: "version \(version) of its tables never was")
      }
      return .ledger
    }
    let objects = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0
    guard application == 0, version == 0, objects == 0 else {
      throw StorageError.notALedger(place: file, why: "it is another application's database")
    }
    return .nothing
  }
}
