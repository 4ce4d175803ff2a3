import DAMM
import DAMMLedger
import DAMMStoreSQLite
import Foundation
import LedgerSupport
import Testing
import TestSupport

extension LedgerTests {
  /// Processes of `damm market run` on one ledger, some of which are killed.
  @Suite struct MarketKillTests {
    /// Eight markets settle at once; then each book and the ledger tell the same.
    @Test(arguments: StoreKind.onDisk) func eightAtOnce(_ kind: StoreKind) throws {
      try kind.with { place, folder in
        let fixture = try LedgerFixture(place)
        let runs = try (1...8).map {
          try MarketProgram(place, "m\($0)", trades: 150, settleEvery: 5, seed: $0, in: folder)
        }
        for run in runs { #expect(run.wait() == 0, "\(run.said)") }
        let books = try Self.compare(fixture, (1...8).map { "m\($0)" }, in: folder)
        for book in books {
          #expect(book.applied == 30 && book.trades == 150 && book.open == .zero)
        }
      }
    }

    /// Markets are killed at random moments and go on, and so does the server under them.
    @Test(arguments: StoreKind.onDisk) func killedAtRandomMoments(_ kind: StoreKind) throws {
      var random = SplitMix64(seed: RandomCurves.seed("markets killed at random moments", 47))
      // a new ledger for each ten, since each kill verifies all of the log
      for _ in 0..<RandomCurves.runs(1) { try Self.kill(kind, 10, &random) }
    }

    private static func kill(_ kind: StoreKind, _ kills: Int, _ random: inout SplitMix64) throws {
      try kind.with { place, folder in
        let fixture = try LedgerFixture(place)
        let names = ["m1", "m2", "m3"]
        var runs: [String: MarketProgram] = [:]
        defer { for run in runs.values { run.kill() } }
        func start(_ name: String) throws {
          runs[name] = try MarketProgram(
            place, name, trades: 1_000_000_000, settleEvery: 3,
            seed: Int.random(in: 1...1_000_000, using: &random), in: folder)
        }
        for name in names { try start(name) }
        var interrupted = 0
        for kill in 1...kills {
          // long enough that a market has begun, opened, and settled, or is at any of these
          usleep(UInt32.random(in: 5_000...150_000, using: &random))
          let name = names.randomElement(using: &random)!
          runs[name]?.kill()
          if let book = try? SQLiteStore(path: MarketProgram.book(name, folder), create: false),
            let found = try? BookVerification(book), found.isPosted
          {
            interrupted += 1
          }
          if kind == .postgres, kill % 5 == 0 {
            let server = try PrivatePostgres.shared.get()
            try server.crash()
            try server.start()
          }
          _ = try fixture.ledger.verify()
          try start(name)
        }
        for name in names { runs[name]?.kill() }
        // each answers what it had posted, and settles the rest
        for name in names {
          let last = try MarketProgram(place, name, trades: 0, settleEvery: 1, seed: 1, in: folder)
          #expect(last.wait() == 0, "\(last.said)")
        }
        let books = try compare(fixture, names, in: folder)
        #expect(books.allSatisfy { $0.open == .zero })
        let settlements = books.map(\.applied).reduce(0, +)
        #expect(settlements > kills)
        print("\(kind): \(kills) kills, \(settlements) settlements, \(interrupted) on their way")
      }
    }

    /// A disk that is full stops markets and ledger, and nothing is half there; then they go on.
    @Test func diskFull() throws {
      try StoreKind.sqlite.with { place, folder in
        let fixture = try LedgerFixture(place)
        let full = try MarketProgram(
          place, "m1", trades: 100_000, settleEvery: 1, seed: 5, patience: 0, blocks: 400,
          in: folder)
        #expect(full.wait() == 1, "\(full.said)")
        #expect(full.said.contains("no room left"), "\(full.said)")
        _ = try fixture.ledger.verify()
        let again = try MarketProgram(place, "m1", trades: 20, settleEvery: 1, seed: 6, in: folder)
        #expect(again.wait() == 0, "\(again.said)")
        let books = try Self.compare(fixture, ["m1"], in: folder)
        #expect(books[0].applied > 20 && books[0].open == .zero)
      }
    }

    /// Compares what each book says that it has settled with what the log of the ledger has of it.
    private static func compare(
      _ fixture: LedgerFixture, _ markets: [String], in folder: URL
    ) throws -> [BookVerification] {
      let found = try fixture.ledger.verify()
      var flows: [String: (flow: LotPair, fee: Int, count: Int)] = [:]
      try fixture.storage.eachRow { row in
        guard let settlement = row.settlement else { return }
        let own = try JSONDecoder().decode(Row.self, from: Data(row.action.utf8))
        let sum = flows[settlement.market] ?? (.zero, 0, 0)
        let added = own.entry.act.action.settle.settlement
        flows[settlement.market] = (sum.flow + added.flow, sum.fee + added.fee, sum.count + 1)
      }
      var reserves = LedgerFixture.deposit
      var fees = 0
      let books = try markets.map { name in
        let book = try BookVerification(
          SQLiteStore(path: MarketProgram.book(name, folder), create: false))
        let flow = flows[name] ?? (.zero, 0, 0)
        #expect(book.settled == flow.flow && book.settledFees == flow.fee, "\(name)")
        #expect(book.applied == flow.count, "\(name)")
        reserves = reserves + book.settled
        fees += book.settledFees
        return book
      }
      #expect(found.reserves == reserves && found.fees == fees)
      return books
    }

    /// What is read of a row beside the code that wrote it.
    private struct Row: Decodable {
      struct Entry: Decodable { let act: Act }
      struct Act: Decodable { let action: Action }
      struct Action: Decodable { let settle: Settle }
      struct Settle: Decodable { let settlement: Posted }
      struct Posted: Decodable {
        let flow: LotPair
        let fee: Int
      }
      let entry: Entry
    }
  }
}
