import DAMMLedger
import DAMMModel
import LedgerSupport
import Testing

extension LedgerTests {
  /// Texts: any of them comes back as it was, byte by byte, or is refused.
  @Suite struct StoreTextTests {
    /// Quotes, wildcards and placeholders of SQL, signs of all lengths, and two spellings of one word.
    static let keys = [
      "market/", "market/1", "market/10", "market/2", "market0", "marke", "%", "_", "m%", "'", "\"",
      "\\",
      "$1", "?1", ";--", " ", "\n", "\u{1}", "\u{7F}", "é", "e\u{301}", "ß", "中", "\u{D7FF}",
      "\u{E000}",
      "\u{FFFF}", "\u{10FFFF}", "\u{10FFFF}\u{10FFFF}", "a\u{10FFFF}", "a\u{10FFFF}b", "b", "👩‍🚀",
      String(repeating: "k", count: 512),
    ]

    private static func bytes(_ texts: [String]) -> [[UInt8]] { texts.map { Array($0.utf8) } }

    @Test(arguments: StoreKind.allCases) func keysAreTheirBytes(_ kind: StoreKind) throws {
      try kind.with { place, _ in
        let store = try place.open()
        let sorted = Self.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        try store.transaction { ledger in
          for key in Self.keys { try ledger.set("<\(key)>", for: key) }
        }
        try store.read { ledger in
          for key in Self.keys {
            let value = try ledger.value(of: key)
            #expect(
              value.map { Array($0.utf8) } == Array("<\(key)>".utf8), "\(key.debugDescription)")
          }
          for prefix in Self.keys + ["", "m", "market", "a", "\u{D7FF}\u{D7FF}", "none"] {
            let found = try ledger.keys(withPrefix: prefix)
            let expected = sorted.filter { $0.utf8.starts(with: prefix.utf8) }
            #expect(Self.bytes(found) == Self.bytes(expected), "\(prefix.debugDescription)")
          }
        }
        try store.transaction { ledger in for key in Self.keys { try ledger.remove(key) } }
        #expect(try store.read { try $0.keys(withPrefix: "").isEmpty })
      }
    }

    @Test(arguments: StoreKind.allCases) func textsComeBack(_ kind: StoreKind) throws {
      try kind.with { place, _ in
        let store = try place.open()
        let texts = Self.keys + ["", "NULL", String(repeating: "é👩‍🚀\"\n", count: 400_000)]
        let rows = texts.enumerated().map { index, text in
          LogRow(
            number: index + 1,
            settlement: text.isEmpty || text.utf8.count > 512
              ? nil : .init(market: text, sequence: .max - index),
            action: text, receipt: "\(text)\(text)")
        }
        try store.transaction { ledger in
          for row in rows {
            try ledger.set(row.action, for: "key")
            #expect(try ledger.value(of: "key").map { Array($0.utf8) } == Array(row.action.utf8))
            try ledger.append(row)
          }
        }
        try store.read { ledger in
          let read = try ledger.rows(after: 0, limit: .max)
          #expect(read == rows)
          #expect(Self.bytes(read.map(\.action)) == Self.bytes(rows.map(\.action)))
          for row in rows {
            guard let settlement = row.settlement else { continue }
            let market = settlement.market
            #expect(try ledger.row(market: market, sequence: settlement.sequence) == row)
          }
        }
      }
    }

    @Test(arguments: StoreKind.allCases) func whatCannotBeStoredIsRefused(_ kind: StoreKind) throws
    {
      try kind.with { place, _ in
        let store = try place.open()
        func refused(_ what: String, _ body: @escaping () throws -> Void) {
          do {
            try body()
            Issue.record("\(what) was taken")
          } catch StorageError.textRefused {} catch { Issue.record("\(what): \(error)") }
        }
        try store.transaction { ledger in
          for key in [
            "", "a\0b", String(repeating: "k", count: 513), String(repeating: "é", count: 257),
          ] {
            refused("value(of:)") { _ = try ledger.value(of: key) }
            refused("set") { try ledger.set("1", for: key) }
            refused("remove") { try ledger.remove(key) }
            if !key.isEmpty { refused("keys") { _ = try ledger.keys(withPrefix: key) } }
            refused("row(market:)") { _ = try ledger.row(market: key, sequence: 1) }
            refused("append") { try ledger.append(StoreTests.row(1, key, 1)) }
          }
          let long = String(
            decoding: [UInt8](repeating: 0x78, count: Domain.ledgerTextBytes + 1), as: UTF8.self)
          for text in ["a\0", long] {
            refused("set") { try ledger.set(text, for: "a") }
            refused("append") { try ledger.append(StoreTests.row(1, action: text)) }
            refused("append") {
              try ledger.append(LogRow(number: 1, action: "{}", receipt: text))
            }
          }
          try ledger.set("1", for: "a")
        }
        #expect(try store.read { try $0.keys(withPrefix: "") } == ["a"])
        #expect(try store.read { try $0.lastNumber() } == 0)
      }
    }
  }
}
