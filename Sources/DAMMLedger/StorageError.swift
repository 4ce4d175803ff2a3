/// Why a store could not do what it was asked for. Nothing has changed then, but for `.outcomeUnknown`. No case
/// carries a password.
public enum StorageError: Error, Equatable, Sendable {
  /// The database cannot be opened or made: which, and why.
  case cannotOpen(place: String, why: String)
  /// There is a database, but no ledger in it.
  case notALedger(place: String, why: String)
  /// The ledger was written by a newer version of this software.
  case newerSchema(place: String, found: Int, known: Int)
  /// There is no room left for what should be written.
  case full(place: String)
  /// Others kept the ledger busy for longer than this store waits, in seconds.
  case busy(place: String, seconds: Double)
  /// Another transaction came between as often as this store tries.
  case retriesExhausted(place: String, attempts: Int)
  /// The connection ended before the transaction did: it has not happened.
  case connectionLost(place: String, why: String)
  /// The connection ended while the transaction did: it has happened, or not.
  case outcomeUnknown(place: String, why: String)
  /// What is stored cannot be what was written.
  case corrupt(place: String, why: String)
  /// The log does not take a row.
  case rowRefused(RowRefusal)
  /// A text cannot be stored: which, and why.
  case textRefused(name: String, why: String)
  /// A transaction or a reading was begun inside another one on the same store.
  case nested
  /// A transaction was used after its end.
  case transactionOver
  /// Anything else that the database reported, with its code.
  case database(place: String, code: String, why: String)
}

/// Why a log does not take a row.
public enum RowRefusal: Error, Equatable, Sendable {
  /// The row would leave a gap, or be where there is one already.
  case outOfOrder(number: Int, expected: Int)
  /// The log has this settlement, in the row with that number.
  case settled(LogRow.Settlement, row: Int)
}

extension StorageError: CustomStringConvertible {
  /// One sentence: what happened and, where it helps, what to do.
  public var description: String {
    switch self {
    case .cannotOpen(let place, let why): "\(place) cannot be opened: \(why)."
    case .notALedger(let place, let why): "\(place) is no ledger: \(why)."
    case .newerSchema(let place, let found, let known):
      "\(place) has version \(found) of the ledger's tables, but this software knows versions up to \(known): "
        + "use a newer one."
    case .full(let place):
      "there is no room left for \(place), so nothing was written: make room and try again."
    case .busy(let place, let seconds):
      "\(place) was kept busy by others for more than \(seconds) seconds, so nothing was written."
    case .retriesExhausted(let place, let attempts):
      "another transaction on \(place) came between in each of \(attempts) attempts, so nothing was written."
    case .connectionLost(let place, let why):
      "the connection to \(place) was lost before the transaction ended, so nothing was written: \(why)."
    case .outcomeUnknown(let place, let why):
      "the connection to \(place) was lost while the transaction ended, so it is not known whether it was "
        + "written; ask for its row: \(why)."
    case .corrupt(let place, let why): "\(place) is damaged: \(why)."
    case .rowRefused(let refusal): "the log does not take the row: \(refusal)."
    case .textRefused(let name, let why): "\(name) cannot be stored: \(why)."
    case .nested:
      "a transaction or reading was begun inside another one on the same store, which would wait for itself."
    case .transactionOver: "a transaction was used after its end."
    case .database(let place, let code, let why): "\(place) reported \(code): \(why)."
    }
  }
}

extension RowRefusal: CustomStringConvertible {
  /// What the row has and what the log would take, without a full stop.
  public var description: String {
    switch self {
    case .outOfOrder(let number, let expected):
      "its number is \(number), but the next one is \(expected)"
    case .settled(let settlement, let row):
      "row \(row) has settlement \(settlement.sequence) of market \(settlement.market) already"
    }
  }
}
