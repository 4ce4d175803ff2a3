import DAMMModel
import DAMMPool
import DAMMShared

/// What a row of the log asks for: the founding in the first, an action in every other.
public enum LedgerEntry: Sendable, Hashable, Codable {
  /// The pool begins.
  case found(SharedPoolTerms, deposit: LotPair, lock: Lock?)
  /// Something is done to it.
  case act(LedgerAction)

  // names in JSON of what has none here
  enum FoundCodingKeys: String, CodingKey { case _0 = "terms", deposit, lock }
  enum ActCodingKeys: String, CodingKey { case _0 = "action" }

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

extension LogRow {
  /// The row as it may be shown: with another key in place of each market's, always the same for the same, so that the
  /// log leads to the same all the same.
  ///
  /// - Parameter keys: those that have been met; begin with none.
  /// - Throws: `LedgerError.wrongRow` for a row that nobody has written so.
  public func withoutKeys(_ keys: inout [MarketKey: MarketKey]) throws -> LogRow {
    func shown(_ key: MarketKey) throws -> MarketKey {
      if let known = keys[key] { return known }
      let digits = String(keys.count, radix: 16)
      let fresh = try MarketKey(String(repeating: "0", count: 32 - digits.count) + digits)
      keys[key] = fresh
      return fresh
    }
    let timed = try entry()
    let entry: LedgerEntry
    switch timed.entry {
    case .act(.open(let id, let key)): entry = .act(.open(market: id, key: try shown(key)))
    case .act(.settle(let settlement)):
      entry = .act(.settle(settlement.showing(try shown(settlement.key))))
    default: return self
    }
    return LogRow(
      number: number, settlement: settlement,
      action: try LedgerText.text(
        TimedEntry(secondsSince1970: timed.secondsSince1970, entry: entry)), receipt: receipt)
  }
}

extension Settlement {
  fileprivate func showing(_ key: MarketKey) -> Settlement {
    Settlement(
      market: market, key: key, sequence: sequence, revision: revision, flow: flow, fee: fee,
      requests: requests, isLast: isLast)
  }
}
