import DAMM
import DAMMLedger
import Foundation
import LedgerSupport
import Testing
import TestSupport

extension LedgerTests {
  /// A shared pool in each of the stores: what is applied, what is refused, and what the log proves of it.
  @Suite struct LedgerActionTests {
    /// Whatever comes twice, too early, from somebody else or with other content is not applied, and changes nothing.
    @Test(arguments: StoreKind.allCases) func settlementsAreAppliedOnce(_ kind: StoreKind) throws {
      try kind.with { place, _ in
        let fixture = try LedgerFixture(place)
        for market in ["north", "south"] { try fixture.open(market) }
        let flow = LotPair(a: 3_000_001, b: -100_000)
        let first = try fixture.settlement("north", 1, flow: flow, fee: 7)
        let receipt = try fixture.settle(first)
        #expect(receipt.moved == LotPair(a: flow.a + 7, b: flow.b))
        let before = try fixture.contents()

        // duplicated, and replayed later: the same answer
        #expect(try fixture.settle(first) == receipt)
        #expect(try fixture.contents() == before)
        func refused(_ settlement: Settlement, _ error: SharedPoolError) throws {
          #expect(throws: error) { try fixture.settle(settlement) }
          #expect(try fixture.contents() == before)
          _ = try fixture.ledger.verify()
        }
        let (north, south) = (try MarketID("north"), try MarketID("south"))
        // forged: another content under a number that was used
        try refused(
          fixture.settlement("north", 1, flow: LotPair(a: -5, b: 0)),
          .sequenceTaken(north, sequence: 1))
        // reordered
        try refused(
          fixture.settlement("north", 3, flow: flow), .sequenceGap(north, posted: 3, expected: 2))
        // of another market
        try refused(fixture.settlement("south", 1, flow: flow, key: "north"), .wrongKey(south))
        try refused(
          fixture.settlement("north", 1, flow: flow, fee: 7, key: "south"), .wrongKey(north))
        try refused(
          fixture.settlement("east", 1, flow: flow), .noSuchMarket(try MarketID("east")))
        // malformed
        for (bad, sequence) in [
          (LotPair(a: 1 << 48, b: 0), 2), (LotPair(a: 0, b: .min), 2), (flow, 0), (flow, .min),
        ] {
          #expect(throws: SharedPoolError.self) {
            try fixture.settle(fixture.settlement("north", sequence, flow: bad))
          }
          #expect(try fixture.contents() == before)
        }
        #expect(throws: SharedPoolError.self) {
          try fixture.settle(fixture.settlement("north", 2, flow: flow, fee: -1))
        }
        // more than there is
        #expect(throws: SharedPoolError.self) {
          try fixture.settle(
            fixture.settlement("north", 2, flow: LotPair(a: 1, b: -LedgerFixture.deposit.b)))
        }
        #expect(try fixture.contents() == before)

        try fixture.settle(fixture.settlement("north", 2, flow: LotPair(a: -1, b: 1)))
        try fixture.settle(fixture.settlement("south", 1, flow: .zero))
        let found = try fixture.ledger.verify()
        #expect(found.settlements == 3)
        #expect(found.reserves == LedgerFixture.deposit + flow + LotPair(a: -1, b: 1))
        #expect(found.fees == 7)
      }
    }

    /// Every action, on a pool that is loaded in parts, does what it does on a whole one in memory.
    @Test(arguments: StoreKind.allCases) func actionsAreThoseOfThePool(_ kind: StoreKind) throws {
      let noon = LedgerFixture.noon
      try kind.with { place, _ in
        let limits = try HealthLimits(floor: 0.5, dailyAllowance: 0.4)
        let fixture = try LedgerFixture(place, limits: limits)
        var pool = try SharedPool(
          LedgerFixture.terms(limits), deposit: LedgerFixture.deposit, at: noon)
        let (id, key) = (try MarketID("north"), try LedgerFixture.key("north"))
        let lock = try Lock(
          start: UTCTime(secondsSince1970: noon.secondsSince1970 + 5),
          end: UTCTime(secondsSince1970: noon.secondsSince1970 + 1_000))
        let requests: [LiquidityRequest] = [
          .add(upTo: LotPair(a: 300_000, b: 10_000), into: nil),
          .remove(shares: 5, from: PositionID(4)),
        ]
        let actions: [LedgerAction] = [
          .open(market: id, key: key),
          .add(shares: 1_000_000, to: nil, lock: nil, tokens: 0),
          .add(shares: 2_000_000, to: nil, lock: lock, tokens: 0),
          .settle(
            try fixture.settlement(
              "north", 1, flow: LotPair(a: -30_000, b: 1_001), fee: 11, requests)),
          .grant(LotPair(a: 1_000_000, b: 50_000), to: id),
          .payIn(LotPair(a: 17, b: 0)),
          .observe(outside: LotPair(a: 9_000_000, b: 300_000), supply: 1_000_000),
          .add(shares: 500_000, to: PositionID(1), lock: nil, tokens: 1_000),
          .redeem(400),
          .settle(try fixture.settlement("north", 2, flow: LotPair(a: -900_000, b: 0), fee: 3)),
          .leaveEarly(PositionID(3)),
          .claimFees(PositionID(1)),
          .remove(shares: 1_000_000, from: PositionID(2)),
        ]
        for (step, action) in zip(1..., actions) {
          let now = UTCTime(secondsSince1970: noon.secondsSince1970 + Int64(step))
          let expected = try pool.apply(action, at: now)
          #expect(try fixture.ledger.apply(action, at: now) == expected, "\(action)")
          let stored = try fixture.ledger.pool()
          #expect(stored.account == pool.account && stored.owners == pool.owners)
          #expect(stored.markets == pool.markets, "\(action)")
          _ = try fixture.ledger.verify()
        }
        #expect(try fixture.ledger.verify().rows == actions.count + 1)
        // somebody else opens it
        let again = try Ledger(try place.open(create: false))
        #expect(try again.verify() == fixture.ledger.verify())
        #expect(throws: LedgerError.founded) {
          try Ledger.found(
            in: fixture.storage, LedgerFixture.terms(), deposit: LedgerFixture.deposit, at: noon)
        }
      }
    }

    /// A state that somebody has changed, or a log that is not what was written, is found.
    @Test(arguments: StoreKind.allCases) func whatWasChangedIsFound(_ kind: StoreKind) throws {
      try kind.with { place, _ in
        let fixture = try LedgerFixture(place)
        try fixture.open("north")
        for sequence in 1...3 {
          try fixture.settle(
            fixture.settlement(
              "north", sequence, flow: LotPair(a: 30_000, b: -1_000), fee: sequence))
        }
        _ = try fixture.ledger.verify()
        for key in try fixture.storage.read({ try $0.keys(withPrefix: "") }) {
          let text = try #require(try fixture.storage.read { try $0.value(of: key) })
          guard let digit = text.lastIndex(where: { ("1"..."8").contains($0) }) else { continue }
          var changed = text
          changed.replaceSubrange(digit...digit, with: "\(Int(String(text[digit]))! + 1)")
          try fixture.storage.transaction { try $0.set(changed, for: key) }
          #expect(throws: (any Error).self, "\(key): \(changed)") {
            _ = try Ledger(fixture.storage).verify()
          }
          try fixture.storage.transaction { try $0.set(text, for: key) }
          _ = try fixture.ledger.verify()
        }
        var rows: [LogRow] = []
        try fixture.storage.eachRow { rows.append($0) }
        func replay(_ rows: [LogRow]) throws -> LedgerVerification {
          var replay = LedgerReplay()
          for row in rows { try replay.take(row) }
          return try replay.verification()
        }
        #expect(try replay(rows) == fixture.ledger.verify())
        // one is left out, exchanged, there twice, or of another content
        #expect(throws: LedgerError.self) { try replay(rows.filter { $0.number != 3 }) }
        var renumbered = rows.filter { $0.number != 3 }
        for i in renumbered.indices { renumbered[i] = renumbered[i].numbered(i + 1) }
        #expect(throws: LedgerError.self) { try replay(renumbered) }
        #expect(throws: LedgerError.self) { try replay([rows[0], rows[1], rows[3], rows[2]]) }
        #expect(throws: LedgerError.self) {
          try replay(rows + [rows[4].numbered(rows.count + 1)])
        }
        for (from, to) in [("\"fee\":2", "\"fee\":3"), ("30000", "30001"), ("north", "south")] {
          var changed = rows
          changed[3] = LogRow(
            number: 4, settlement: rows[3].settlement,
            action: rows[3].action.replacingOccurrences(of: from, with: to),
            receipt: rows[3].receipt)
          #expect(changed[3] != rows[3])
          #expect(throws: LedgerError.self) { try replay(changed) }
        }
        // what is shown of it has no key and leads to the same
        var keys: [MarketKey: MarketKey] = [:]
        let shown = try rows.map { try $0.withoutKeys(&keys) }
        #expect(try replay(shown) == replay(rows))
        #expect(!shown.contains { $0.action.contains(try! LedgerFixture.key("north").digits) })
      }
    }

    @Test func aStoreWithoutAPool() throws {
      #expect(throws: LedgerError.notFounded) { try Ledger(MemoryStore()) }
    }
  }
}

extension LogRow {
  fileprivate func numbered(_ number: Int) -> LogRow {
    LogRow(number: number, settlement: settlement, action: action, receipt: receipt)
  }
}
