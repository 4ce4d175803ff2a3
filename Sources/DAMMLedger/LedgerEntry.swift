import DAMMModel
import DAMMPool
import DAMMShared

/// What a row of the log asks for: the founding in the first, an action in every other.
public enum LedgerEntry: Sendable, Hashable, Codable {
  /// The pool begins.
  case found(SharedPoolTerms, deposit: LotPair, lock: Lock?)
  /// Something is done to it.
  case act(LedgerAction)

  /// The settlement, if it is one.
  public var settlement: Settlement? {
    if case .act(.settle(let settlement)) = self { return settlement }
    return nil
  }
}

/// What the log keeps of what was asked for: with the time that the pool was told.
struct TimedEntry: Codable, Equatable {
  let secondsSince1970: Int64
  let entry: LedgerEntry

  var time: UTCTime { UTCTime(secondsSince1970: secondsSince1970) }
}

extension LogRow {
  /// A row for an entry and what came of it.
  init(_ number: Int, _ entry: TimedEntry, _ receipt: LedgerReceipt) throws {
    self.init(
      number: number,
      settlement: entry.entry.settlement.map {
        LogRow.Settlement(market: $0.market.name, sequence: $0.sequence)
      },
      action: try LedgerText.text(entry), receipt: try LedgerText.text(receipt))
  }

  /// The entry.
  ///
  /// - Throws: `LedgerError.wrongRow` for a row that nobody has written so.
  func entry() throws(LedgerError) -> TimedEntry {
    let entry: TimedEntry
    do { entry = try LedgerText.value(action) } catch {
      throw .wrongRow(number, why: "its action cannot be read: \(error)")
    }
    let named = entry.entry.settlement.map {
      LogRow.Settlement(market: $0.market.name, sequence: $0.sequence)
    }
    guard named == settlement else {
      throw .wrongRow(number, why: "it is filed under another settlement than it holds")
    }
    return entry
  }

  /// What came of it.
  ///
  /// - Throws: `LedgerError.wrongRow` for a row that nobody has written so.
  func outcome() throws(LedgerError) -> LedgerReceipt {
    do { return try LedgerText.value(receipt) } catch {
      throw .wrongRow(number, why: "its receipt cannot be read: \(error)")
    }
  }
}
