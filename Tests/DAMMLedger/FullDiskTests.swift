import DAMMLedger
import DAMMStorePostgres
import DAMMStoreSQLite
import Foundation
import LedgerSupport
import Testing

extension LedgerTests {
  /// A ledger without room: nothing by half, and on with it when there is some.
  @Suite struct FullDiskTests {
    private func fill(_ store: any LedgerStorage, _ disk: SmallDisk) throws {
      var settled = 0
      do {
        while settled < 500 {
          try Settling.settle(store, market: "m", padding: 40_000)
          settled += 1
        }
        Issue.record("the disk has no end")
      } catch StorageError.full {}
      #expect(settled > 3)
      for _ in 1...3 {
        let (faults, known) = try Settling.verify(store)
        #expect(faults.isEmpty && known["m"] == settled)
        // nobody looks at the failure
        let large = LedgerText.random(300_000, 1)
        do {
          try store.transaction { ledger in
            try ledger.append(StoreTests.row(settled + 1))
            try? ledger.set(large, for: "large")
          }
          Issue.record("a large value on a full disk")
        } catch StorageError.full {}
      }
      #expect(disk.grow(kilobytes: 64_000))
      for _ in 1...5 {
        settled += 1
        #expect(try Settling.settle(store, market: "m", padding: 40_000) == settled)
      }
      #expect(try Settling.verify(store).faults.isEmpty)
    }

    @Test func aFullDiskUnderAFile() throws {
      try StoreKind.sqlite.with { _, folder in
        guard let disk = try SmallDisk(in: folder, kilobytes: 3_000) else { return }
        let path = disk.folder.appending(path: "ledger").path
        try fill(try SQLiteStore(path: path, create: true), disk)
      }
    }

    @Test func aFullDiskUnderADatabase() throws {
      let server = try PrivatePostgres.shared.get()
      guard let disk = try SmallDisk(in: server.folder, kilobytes: 3_000) else { return }
      let schema = StorePlace.newSchema()
      try server.sql("CREATE TABLESPACE \(schema) LOCATION '\(disk.folder.path)'")
      defer {
        _ = try? server.sql("DROP SCHEMA \(schema) CASCADE")
        _ = try? server.sql("DROP TABLESPACE \(schema)")
      }
      let store = try PostgresStore(
        connection: server.connection("options='-c default_tablespace=\(schema)'"), schema: schema,
        create: true)
      try fill(store, disk)
    }

    /// A limit on the length of files, which takes no rights, is no room, either.
    @Test func aLimitOfFiles() throws {
      try StoreKind.sqlite.with { place, folder in
        let worker = try Worker(place, market: "m", count: 60, fileLimit: 300_000, in: folder)
        worker.process.waitUntilExit()
        #expect(worker.process.terminationStatus == 0, "\(worker.said)")
        let full = worker.said.matches(of: /full at (\d+) (.*)\n/)
        #expect(full.count == 1 && full.first?.2 == "[]", "\(worker.said)")
        #expect(full.first.flatMap { Int($0.1) } ?? 0 > 3)
        let (faults, settled) = try Settling.verify(try place.open(create: false))
        #expect(faults.isEmpty && settled["m"] == 60)
      }
    }
  }
}
