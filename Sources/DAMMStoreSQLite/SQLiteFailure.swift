import DAMMLedger
import Foundation
import GRDB
import GRDBSQLite

/// From what SQLite reports to what a store throws.
struct SQLiteFailure {
  let place: String
  let patience: StoragePatience

  /// Runs `body`, and throws what it throws as a `StorageError`.
  ///
  /// - Parameter database: the connection, which knows what the system said.
  func mapped<Result>(
    _ database: Database? = nil, _ body: () throws -> Result
  ) throws(StorageError) -> Result {
    do { return try body() } catch let error as StorageError { throw error } catch {
      throw storageError(error, database)
    }
  }

  private func storageError(_ error: any Error, _ database: Database?) -> StorageError {
    guard let error = error as? DatabaseError else {
      return .database(place: place, code: "an error", why: "\(error)")
    }
    let why = error.message ?? "without a message"
    switch error.resultCode {
    case .SQLITE_FULL: return .full(place: place)
    case .SQLITE_BUSY: return .busy(place: place, seconds: patience.waitSeconds)
    case .SQLITE_CORRUPT: return .corrupt(place: place, why: why)
    case .SQLITE_NOTADB: return .notALedger(place: place, why: why)
    case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_READONLY, .SQLITE_AUTH:
      return .cannotOpen(place: place, why: why)
    case .SQLITE_IOERR:
      if Self.noRoom(error, database) { return .full(place: place) }
      return .database(place: place, code: "\(error.extendedResultCode)", why: why)
    default:
      return .database(place: place, code: "\(error.extendedResultCode)", why: why)
    }
  }

  /// SQLite has one code for a disk that fails and for a quota or a limit that is reached, but its files know what the
  /// system said. And the file that readers share with writers is one that it could not lengthen.
  private static func noRoom(_ error: DatabaseError, _ database: Database?) -> Bool {
    if error.extendedResultCode == .SQLITE_IOERR_SHMSIZE { return true }
    guard let connection = database?.sqliteConnection else { return false }
    return [SQLITE_FCNTL_FILE_POINTER, SQLITE_FCNTL_JOURNAL_POINTER].contains { which in
      var file: UnsafeMutablePointer<sqlite3_file>?
      var said: Int32 = 0
      guard sqlite3_file_control(connection, "main", which, &file) == SQLITE_OK, let file,
        let control = file.pointee.pMethods?.pointee.xFileControl,
        control(file, SQLITE_FCNTL_LAST_ERRNO, &said) == SQLITE_OK
      else { return false }
      return [ENOSPC, EDQUOT, EFBIG].contains(said)
    }
  }

  /// How a writer waits for another process. There is no queue: who asks first when it is done is next. So each asks
  /// often, at moments of its own, and nobody has waited too long in vain.
  static func waiting(_ patience: StoragePatience) -> Database.BusyMode {
    let wait = Wait(seconds: patience.waitSeconds)
    return .callback { wait.again(after: $0) }
  }

  /// Runs `body` again for as long as the database is busy and there is patience.
  static func patiently<Result>(
    _ patience: StoragePatience, _ body: () throws -> Result
  ) throws -> Result {
    let wait = Wait(seconds: patience.waitSeconds)
    var tries = 0
    while true {
      do { return try body() } catch let error as DatabaseError
        where error.resultCode == .SQLITE_BUSY && wait.again(after: tries)
      { tries += 1 }
    }
  }
}

/// Waiting for one thing after another, on one connection.
private final class Wait: @unchecked Sendable {
  // @unchecked: a connection is used by one thread at a time.
  private let seconds: Double
  private var start = ContinuousClock.now

  init(seconds: Double) { self.seconds = seconds }

  /// Pauses, unless the patience is at its end. `tries` is 0 for the first time that the same is waited for.
  func again(after tries: Int) -> Bool {
    if tries == 0 { start = .now }
    let left = .seconds(seconds) - (ContinuousClock.now - start)
    guard left > .zero else { return false }
    let longest = min(200.0 * Double(1 << min(tries, 4)), 2_000)
    usleep(UInt32(Double.random(in: 0.25...1) * longest))
    return true
  }
}
