import DAMMLedger
import DAMMStorePostgres
import Foundation
import LedgerSupport
import Testing

extension LedgerTests {
  /// Servers that others use, too, and that go away.
  @Suite struct PostgresConnectionTests {
    private func with(
      _ attempts: Int = 20,
      _ body: (PostgresStore, PrivatePostgres, _ schema: String) throws -> Void
    ) throws {
      let server = try PrivatePostgres.shared.get()
      let schema = StorePlace.newSchema()
      let store = try PostgresStore(
        connection: server.connection("application_name=\(schema)"), schema: schema, create: true,
        patience: StoragePatience(waitSeconds: 5, attempts: attempts))
      try body(store, server, schema)
    }

    /// Somebody else writes what a transaction has read, and does not queue: it is run again on what is there now.
    @Test func aTransactionBetweenMeansAnotherAttempt() throws {
      try with { store, server, schema in
        try store.transaction { try $0.set("1", for: "a") }
        var seen: [String?] = []
        try store.transaction { ledger in
          seen.append(try ledger.value(of: "a"))
          if seen.count < 4 {
            try server.sql("UPDATE \(schema).state SET value = '\(seen.count + 1)' WHERE key = 'a'")
          }
          try ledger.set("\(seen.count)0", for: "a")
        }
        #expect(seen == ["1", "2", "3", "4"])
        #expect(try store.read { try $0.value(of: "a") } == "40")
      }
    }

    /// What a body makes of the error of an attempt does not end the attempts; its own errors do.
    @Test func attemptsEnd() throws {
      struct Own: Error, Equatable {}
      try with(3) { store, server, schema in
        try store.transaction { try $0.set("0", for: "a") }
        var attempts = 0
        do {
          try store.transaction { ledger in
            attempts += 1
            _ = try ledger.value(of: "a")
            try server.sql("UPDATE \(schema).state SET value = '\(attempts)' WHERE key = 'a'")
            do { try ledger.set("mine", for: "a") } catch { throw Own() }
          }
          Issue.record("the transaction was not in the way of others")
        } catch StorageError.retriesExhausted(_, 3) {}
        #expect(attempts == 3)
        #expect(try store.read { try $0.value(of: "a") } == "3")
      }
    }

    /// A failure that the body does not look at is thrown all the same, and nothing is there.
    @Test func aFailureIsNotCommitted() throws {
      try with { store, server, schema in
        try store.transaction { try $0.set("1", for: "a") }
        try server.sql("ALTER TABLE \(schema).log RENAME TO away")
        do {
          try store.transaction { ledger in
            try ledger.set("2", for: "a")
            try? ledger.append(StoreTests.row(1))
            #expect(throws: StorageError.self) { try ledger.value(of: "a") }
          }
          Issue.record("a transaction without its row")
        } catch StorageError.database(_, "42P01", _) {}
        try server.sql("ALTER TABLE \(schema).away RENAME TO log")
        #expect(try store.read { try $0.value(of: "a") } == "1")
      }
    }

    private func drop(_ server: PrivatePostgres, _ schema: String) throws {
      let ended = try server.sql(
        """
        SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
        WHERE application_name = '\(schema)'
        """)
      #expect(ended == "1")
    }

    /// A connection that was lost since the last transaction is replaced without a word.
    @Test func aLostConnectionIsReplaced() throws {
      try with { store, server, schema in
        try store.transaction { try $0.set("1", for: "a") }
        try drop(server, schema)
        try store.transaction { try $0.set("2", for: "a") }
        try drop(server, schema)
        #expect(try store.read { try $0.value(of: "a") } == "2")
      }
    }

    /// A connection that is lost inside a transaction takes it along.
    @Test func aConnectionIsLostInside() throws {
      try with { store, server, schema in
        do {
          try store.transaction { ledger in
            try ledger.set("1", for: "a")
            try drop(server, schema)
            try ledger.set("2", for: "a")
          }
          Issue.record("a transaction without a connection")
        } catch StorageError.connectionLost {}
        #expect(try store.read { try $0.value(of: "a") } == nil)
      }
    }

    /// A connection that is lost around a COMMIT leaves it open whether that was done; the log tells.
    @Test(arguments: [CuttingProxy.Cut.before, .after])
    func aCommitIsLost(_ cut: CuttingProxy.Cut) throws {
      let server = try PrivatePostgres.shared.get()
      let folder = URL(filePath: "/tmp/damm-proxy-\(UUID().uuidString.prefix(8))")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: folder) }
      let proxy = try CuttingProxy(in: folder, server: server.folder)
      defer { proxy.stop() }
      let store = try PostgresStore(
        connection: "host=\(folder.path) dbname=postgres user=ledger",
        schema: StorePlace.newSchema(), create: true)
      #expect(try Settling.settle(store, market: "m") == 1)
      proxy.cut(cut)
      do {
        try Settling.settle(store, market: "m")
        Issue.record("the answer to the COMMIT has arrived")
      } catch StorageError.outcomeUnknown {}
      proxy.cut(.never)
      let row = try store.read { try $0.row(market: "m", sequence: 2) }
      #expect((row != nil) == (cut == .after))
      #expect(try Settling.settle(store, market: "m") == (cut == .after ? 3 : 2))
      #expect(try Settling.verify(store).faults.isEmpty)
      // a reading has no outcome that could be unknown
      proxy.cut(cut)
      do {
        _ = try store.read { try $0.lastNumber() }
        Issue.record("the answer to the COMMIT has arrived")
      } catch StorageError.connectionLost {}
    }

    /// The whole server goes, with its memory, while workers settle; they go on when it is back.
    @Test func theServerCrashes() throws {
      let server = try PrivatePostgres()
      let place = StorePlace.postgres(connection: server.connection(), schema: "crashing")
      let store = try place.open()
      try StoreKind.sqlite.with { _, folder in
        let workers = try (1...3).map {
          try Worker(place, market: "m\($0)", count: nil, in: folder)
        }
        defer { for worker in workers { worker.kill() } }
        for crash in 1...2 {
          let before = workers.map(\.acknowledged)
          let moving = Worker.wait { zip(workers, before).allSatisfy { $0.acknowledged > $1 + 3 } }
          try #require(moving, "crash \(crash): \(workers.map { $0.said.suffix(300) })")
          try server.crash()
          let known = workers.map(\.acknowledged)
          try server.start()
          let (faults, settled) = try Settling.verify(store)
          #expect(faults.isEmpty)
          for (number, known) in known.enumerated() {
            #expect(settled["m\(number + 1)", default: 0] >= known, "acknowledged, then lost")
          }
        }
        let interrupted = workers.filter { $0.said.contains("lost") || $0.said.contains("unknown") }
        #expect(!interrupted.isEmpty, "the server crashed while nobody settled")
        for worker in workers { worker.kill() }
        let (faults, settled) = try Settling.verify(store)
        #expect(faults.isEmpty)
        for (number, worker) in workers.enumerated() {
          let more = settled["m\(number + 1)", default: 0] - worker.acknowledged
          #expect(more == 0 || more == 1)
        }
      }
      try server.stop()
      #expect(!FileManager.default.fileExists(atPath: server.folder.path))
    }
  }
}
