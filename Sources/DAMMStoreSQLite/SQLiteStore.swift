import DAMMLedger
import DAMMModel
import Foundation
import GRDB

/// A ledger in a file, through SQLite: several threads and processes on one machine may use it at once.
///
/// The file has a write-ahead log beside it (`-wal`, `-shm`), so readers do not wait for writers, nor writers for
/// readers; writers wait for one another. Not for file systems that several machines share.
public final class SQLiteStore: LedgerStorage {
  /// What survives of a transaction that has returned.
  public enum Durability: Sendable {
    /// All of it, also when the machine loses power: one wait for the disk a transaction.
    case full
    /// All of it when processes die; when the machine loses power the last transactions may be gone, as if they
    /// had not been: the ledger stays whole.
    case normal
  }

  /// Where the file is.
  public let path: String
  private let pool: DatabasePool
  private let turn = StoreTurn()
  private let patience: StoragePatience

  /// Opens a ledger.
  ///
  /// - Parameters:
  ///   - path: of the file.
  ///   - create: whether to make the ledger if there is none; one that is there is opened all the same.
  ///   - durability: what survives when the machine loses power.
  ///   - patience: how long a transaction waits for others; there is nothing to try again.
  /// - Throws: `StorageError.cannotOpen`, `.notALedger` (and the file is as it was), `.newerSchema`, `.corrupt`,
  ///   `.full`, `.busy`.
  public init(
    path: String, create: Bool, durability: Durability = .full,
    patience: StoragePatience = .usual
  ) throws(StorageError) {
    self.path = path
    self.patience = patience
    let failure = SQLiteFailure(place: path, patience: patience)
    pool = try failure.mapped {
      try Self.open(path, create: create, durability: durability, patience: patience)
    }
  }

  private static func open(
    _ path: String, create: Bool, durability: Durability, patience: StoragePatience
  ) throws -> DatabasePool {
    if path.utf8.contains(0) { throw StorageError.cannotOpen(place: path, why: "it has a U+0000") }
    // no URI, and no name that SQLite takes for a database in memory
    let file = URL(filePath: path).path
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: file, isDirectory: &isFolder) {
      if isFolder.boolValue { throw StorageError.cannotOpen(place: path, why: "it is a folder") }
      // before the mode of its log is changed
      try SQLiteSchema.check(file, patience: patience, mayBeEmpty: create)
    } else if !create {
      throw StorageError.cannotOpen(place: path, why: "there is no such file")
    }
    var configuration = Configuration()
    configuration.label = "ledger"
    configuration.foreignKeysEnabled = false
    configuration.busyMode = SQLiteFailure.waiting(patience)
    // changing the mode of its log is not something that SQLite waits for
    let pool = try SQLiteFailure.patiently(patience) {
      try DatabasePool(path: file, configuration: configuration)
    }
    try pool.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA synchronous = \(durability == .full ? "FULL" : "NORMAL")")
      // what a Mac calls done is not on its disk yet
      if durability == .full {
        try db.execute(sql: "PRAGMA fullfsync = 1; PRAGMA checkpoint_fullfsync = 1")
      }
      try SQLiteSchema.prepare(db, path, create: create)
    }
    return pool
  }

  /// Runs `body` while no other transaction runs, in this process or another.
  ///
  /// - Throws: what `body` throws, unchanged; else `StorageError`: `.full`, `.busy`, `.corrupt`, `.nested`,
  ///   `.database`.
  public func transaction<Result>(
    _ body: (any LedgerTransaction) throws -> Result
  ) throws -> Result {
    let failure = SQLiteFailure(place: path, patience: patience)
    return try turn.exclusively(path, patience) {
      var result: Swift.Result<Result, any Error>?
      try pool.writeWithoutTransaction { db in
        try failure.mapped(db) {
          try db.inTransaction(.immediate) {
            let transaction = SQLiteTransaction(db, failure)
            let given = Swift.Result { try body(transaction) }
            let reported = transaction.end()
            result = given
            guard case .success = given else { return .rollback }
            // what failed is not committed, even if nobody looked
            if let reported { throw reported }
            return .commit
          }
        }
      }
      return try result!.get()
    }
  }

  /// Runs `body` on the ledger as it is now. It waits for no writer, and no writer for it.
  ///
  /// - Throws: what `body` throws, unchanged; else `StorageError`: `.corrupt`, `.nested`, `.database`.
  public func read<Result>(_ body: (any LedgerView) throws -> Result) throws -> Result {
    let failure = SQLiteFailure(place: path, patience: patience)
    return try turn.marked {
      var result: Swift.Result<Result, any Error>?
      try failure.mapped {
        try pool.read { db in
          let view = SQLiteTransaction(db, failure)
          result = Swift.Result { try body(view) }
          _ = view.end()
        }
      }
      return try result!.get()
    }
  }
}
