import DAMMLedger

/// What a server or libpq reported, sorted by what can be done about it.
struct PostgresFailure: Error {
  enum Kind {
    /// Another transaction came between: run it again.
    case conflict
    /// The connection has ended.
    case lost
    /// The server waited for its lock as long as it was told to.
    case busy
    case full
    case corrupt
    /// The statement alone was refused.
    case other
  }

  /// `PG_DIAG_SQLSTATE`, a character in C.
  static let codeField = Int32(UInt8(ascii: "C"))

  let kind: Kind
  let code: String
  let why: String

  init(_ kind: Kind, _ code: String, _ why: String) {
    self.kind = kind
    self.code = code
    self.why = why
  }

  /// - Parameters:
  ///   - code: the SQLSTATE, empty when the failure is libpq's own.
  ///   - lost: whether the connection has ended.
  init(code: String, why: String, lost: Bool) {
    let kind: Kind =
      switch code {
      // serialization_failure, deadlock_detected
      case "40001", "40P01": .conflict
      // lock_not_available
      case "55P03": .busy
      // disk_full
      case "53100": .full
      // data_corrupted, index_corrupted
      case "XX001", "XX002": .corrupt
      // admin_shutdown, crash_shutdown, cannot_connect_now, idle_session_timeout
      case "57P01", "57P02", "57P03", "57P05": .lost
      // statement_completion_unknown; connection exceptions
      case "40003": .lost
      case let code where code.hasPrefix("08"): .lost
      default: lost ? .lost : .other
      }
    self.init(kind, code, why)
  }

  /// The error of a store for it.
  func storageError(_ place: String, _ patience: StoragePatience, attempts: Int) -> StorageError {
    switch kind {
    case .conflict: .retriesExhausted(place: place, attempts: attempts)
    case .lost: .connectionLost(place: place, why: why)
    case .busy: .busy(place: place, seconds: patience.waitSeconds)
    case .full: .full(place: place)
    case .corrupt: .corrupt(place: place, why: why)
    case .other: .database(place: place, code: code.isEmpty ? "a failure" : code, why: why)
    }
  }
}
