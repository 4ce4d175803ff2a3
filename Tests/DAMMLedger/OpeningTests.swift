import DAMMLedger
import DAMMStorePostgres
import DAMMStoreSQLite
import Foundation
import GRDB
import LedgerSupport
import Testing

extension LedgerTests {
  /// What is no ledger is told so, and stays as it was.
  @Suite struct OpeningTests {
    private func refusal(_ body: () throws -> Void) -> StorageError? {
      do { try body() } catch { return error as? StorageError }
      return nil
    }

    private func open(_ file: URL, create: Bool) -> StorageError? {
      refusal { _ = try SQLiteStore(path: file.path, create: create) }
    }

    @Test func filesThatAreNoLedgers() throws {
      try StoreKind.sqlite.with { _, folder in
        let missing = folder.appending(path: "missing")
        guard case .cannotOpen = open(missing, create: false) else {
          Issue.record("a missing file was opened")
          return
        }
        #expect(!FileManager.default.fileExists(atPath: missing.path))
        for path in [folder, folder.appending(path: "no folder/ledger")] {
          guard case .cannotOpen = open(path, create: true) else {
            Issue.record("\(path) was opened")
            return
          }
        }
        let text = folder.appending(path: "text")
        try Data(String(repeating: "not a database ", count: 1_000).utf8).write(to: text)
        let foreign = folder.appending(path: "foreign")
        try DatabaseQueue(path: foreign.path).write { db in
          try db.execute(sql: "CREATE TABLE state (key TEXT, value TEXT)")
        }
        let marked = folder.appending(path: "marked")
        try DatabaseQueue(path: marked.path).write { db in
          try db.execute(sql: "PRAGMA application_id = 7")
        }
        for file in [text, foreign, marked] {
          let before = try Data(contentsOf: file)
          for create in [false, true] {
            guard case .notALedger = open(file, create: create) else {
              Issue.record("\(file.lastPathComponent) was opened")
              continue
            }
          }
          #expect(try Data(contentsOf: file) == before)
        }
        let empty = folder.appending(path: "empty")
        try Data().write(to: empty)
        guard case .notALedger = open(empty, create: false) else {
          Issue.record("an empty file was opened")
          return
        }
        #expect(open(empty, create: true) == nil && open(empty, create: false) == nil)
      }
    }

    @Test func newerAndOlderFiles() throws {
      try StoreKind.sqlite.with { place, folder in
        let file = folder.appending(path: "ledger")
        try Settling.settle(try place.open(), market: "m")
        for (version, isNewer) in [(2, true), (0, false)] {
          try DatabaseQueue(path: file.path).writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA user_version = \(version)")
          }
          switch open(file, create: true) {
          case .newerSchema(_, 2, 1): #expect(isNewer)
          case .corrupt: #expect(!isNewer)
          case let other: Issue.record("\(String(describing: other))")
          }
        }
        try DatabaseQueue(path: file.path).writeWithoutTransaction { db in
          try db.execute(sql: "PRAGMA user_version = 1")
        }
        #expect(try Settling.settle(try place.open(create: false), market: "m") == 2)
      }
    }

    /// Bytes that a failing disk has changed are told, and nothing traps.
    @Test func aDamagedFile() throws {
      try StoreKind.sqlite.with { place, folder in
        let file = folder.appending(path: "ledger")
        do {
          let store = try place.open()
          for _ in 1...50 { try Settling.settle(store, market: "m", padding: 2_000) }
        }
        var bytes = try Data(contentsOf: file)
        for page in 1..<bytes.count / 4_096 {
          let start = page * 4_096
          bytes.replaceSubrange(start..<start + 64, with: repeatElement(0xA5, count: 64))
        }
        try bytes.write(to: file)
        let store = try place.open(create: false)
        for attempt in [
          { _ = try store.read { try $0.rows(after: 0, limit: .max) } },
          { _ = try store.read { try $0.value(of: "total") } },
          { _ = try Settling.settle(store, market: "m") },
        ] {
          guard case .corrupt = refusal(attempt) else {
            Issue.record("a damaged ledger was used")
            return
          }
        }
      }
    }

    @Test(arguments: StoreKind.onDisk) func theLogIsNeverChanged(_ kind: StoreKind) throws {
      try kind.with { place, _ in
        let store = try place.open()
        try Settling.settle(store, market: "m")
        for statement in ["UPDATE log SET action = ''", "DELETE FROM log"] {
          switch place {
          case .sqlite(let path, _):
            let queue = try DatabaseQueue(path: path)
            #expect(throws: DatabaseError.self) {
              try queue.write { db in try db.execute(sql: statement) }
            }
          case .postgres(_, let schema):
            let server = try PrivatePostgres.shared.get()
            #expect(throws: PrivatePostgres.Failure.self) {
              try server.sql("SET search_path = \(schema); \(statement)")
            }
          case .memory: break
          }
        }
        #expect(try Settling.verify(store).faults.isEmpty)
      }
    }

    @Test func databasesThatHaveNoLedger() throws {
      let server = try PrivatePostgres.shared.get()
      func open(_ schema: String, create: Bool, _ database: String = "postgres") -> StorageError? {
        refusal {
          _ = try PostgresStore(
            connection: server.connection("dbname=\(database)"), schema: schema, create: create)
        }
      }
      let (foreign, alike, newer, empty) = (
        StorePlace.newSchema(), StorePlace.newSchema(), StorePlace.newSchema(),
        StorePlace.newSchema()
      )
      try server.sql(
        """
        CREATE SCHEMA \(foreign); CREATE TABLE \(foreign).state (a int);
        CREATE SCHEMA \(alike); CREATE TABLE \(alike).about (a int);
        CREATE SCHEMA \(empty)
        """)
      #expect(open(newer, create: true) == nil)
      try server.sql("UPDATE \(newer).about SET version = 2")
      for create in [false, true] {
        for schema in [foreign, alike] {
          guard case .notALedger = open(schema, create: create) else {
            Issue.record("a foreign schema was opened")
            return
          }
        }
        guard case .newerSchema(_, 2, 1) = open(newer, create: create) else {
          Issue.record("a newer ledger was opened")
          return
        }
      }
      for schema in [empty, StorePlace.newSchema()] {
        guard case .notALedger = open(schema, create: false) else {
          Issue.record("an empty schema was opened")
          return
        }
      }
      #expect(open(empty, create: true) == nil)
      for name in ["a\"b; DROP SCHEMA x--", "Großes 'Schema'", String(repeating: "s", count: 63)] {
        #expect(open(name, create: true) == nil && open(name, create: false) == nil)
      }
      for name in ["", String(repeating: "s", count: 64), "a\0b"] {
        guard case .cannotOpen = open(name, create: true) else {
          Issue.record("\(name.debugDescription) was taken")
          return
        }
      }
      try server.sql("CREATE DATABASE \(foreign) TEMPLATE template0 ENCODING 'LATIN1'")
      guard case .cannotOpen(_, let why) = open("ledger", create: true, foreign) else {
        Issue.record("a database in another encoding was opened")
        return
      }
      #expect(why.contains("LATIN1"))
    }

    /// No error tells a password, of whichever string.
    @Test(arguments: [
      "host=/nowhere user=ledger password=hunter2", "postgresql://ledger:hunter2@localhost:1/x",
      "host=/nowhere hunter2", "postgresql://ledger:hunter2@[", "password='hunter2",
      "host=/nowhere password=hunter2 sslpassword=hunter2", "hunter2",
    ])
    func errorsKeepSecrets(_ connection: String) {
      let error = refusal {
        _ = try PostgresStore(connection: connection, schema: "ledger", create: true)
      }
      guard let error, case .cannotOpen = error else {
        Issue.record("\(connection) was opened")
        return
      }
      #expect(!"\(error)".contains("hunter2") && "\(error)".hasSuffix("."), "\(error)")
      #expect("\(error)".split(separator: "\n").count == 1)
    }
  }
}
