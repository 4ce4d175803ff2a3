import DAMMLedger
import Foundation

/// What workers do to a ledger: settlement after settlement, each of which reads and writes what all others do. Their
/// lots follow from market and sequence, so that the log can be told from a wrong one.
public enum Settling {
  struct Action: Codable, Equatable {
    var market: String
    var sequence: Int
    var lots: Int
  }

  struct Receipt: Codable, Equatable {
    var total: Int
    var memo: String
  }

  /// A settlement is told from any other by its lots.
  static func lots(_ market: String, _ sequence: Int) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in "\(market)/\(sequence)".utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return Int(hash % 1_000_000) + 1
  }

  /// Applies the next settlement of a market, and gives its number.
  ///
  /// - Parameter padding: how long its memo is.
  @discardableResult
  public static func settle(
    _ store: any LedgerStorage, market: String, padding: Int = 100
  ) throws -> Int {
    let memo = LedgerText.random(padding, UInt64(padding))
    return try store.transaction { ledger in
      let total = try ledger.value(of: "total").flatMap { Int($0) } ?? 0
      let sequence = (try ledger.value(of: "market/\(market)").flatMap { Int($0) } ?? 0) + 1
      let action = Action(market: market, sequence: sequence, lots: lots(market, sequence))
      let receipt = Receipt(total: total + action.lots, memo: memo)
      try ledger.set("\(receipt.total)", for: "total")
      try ledger.set("\(sequence)", for: "market/\(market)")
      try ledger.append(
        LogRow(
          number: try ledger.lastNumber() + 1,
          settlement: .init(market: market, sequence: sequence),
          action: try json(action), receipt: try json(receipt)))
      return sequence
    }
  }

  /// What is wrong with a ledger, and how many settlements it has of each market: the log without gaps, each
  /// settlement once and as it must be, the state what follows from the log.
  public static func verify(
    _ store: any LedgerStorage
  ) throws -> (faults: [String], settled: [String: Int]) {
    try store.read { ledger in
      var faults: [String] = []
      var (total, settled, number) = (0, [String: Int](), 0)
      while case let rows = try ledger.rows(after: number, limit: 500), !rows.isEmpty {
        for row in rows {
          number += 1
          if row.number != number { faults.append("row \(row.number) where \(number) should be") }
          let action = try JSONDecoder().decode(Action.self, from: Data(row.action.utf8))
          let receipt = try JSONDecoder().decode(Receipt.self, from: Data(row.receipt.utf8))
          let sequence = settled[action.market, default: 0] + 1
          settled[action.market] = sequence
          total += action.lots
          if action.sequence != sequence || row.settlement?.sequence != sequence
            || row.settlement?.market != action.market
          {
            faults.append("row \(number) has settlement \(action.sequence), not \(sequence)")
          }
          if action.lots != lots(action.market, sequence) { faults.append("lots of row \(number)") }
          if receipt.total != total { faults.append("receipt of row \(number)") }
        }
      }
      if try ledger.lastNumber() != number { faults.append("the last number is not \(number)") }
      let known = try ledger.value(of: "total").flatMap { Int($0) } ?? 0
      if known != total { faults.append("the state has \(known) lots, the log \(total)") }
      let keys = try ledger.keys(withPrefix: "market/")
      if Set(keys) != Set(settled.keys.map { "market/\($0)" }) { faults.append("markets: \(keys)") }
      for (market, sequence) in settled
      where try ledger.value(of: "market/\(market)") != "\(sequence)" {
        faults.append("the state of \(market) is not \(sequence)")
      }
      return (faults, settled)
    }
  }

  private static func json(_ value: some Encodable) throws -> String {
    String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
  }
}
