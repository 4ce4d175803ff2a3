import DAMMLedger
import DAMMModel
import LedgerSupport
import Testing
import TestSupport

extension LedgerTests {
  /// What every store does, whatever the database.
  @Suite struct StoreTests {
    struct Refused: Error, Equatable { var reason: Int }

    static func row(
      _ number: Int, _ market: String? = nil, _ sequence: Int = 0, action: String = "{}"
    ) -> LogRow {
      LogRow(
        number: number, settlement: market.map { .init(market: $0, sequence: sequence) },
        action: action, receipt: "[\(number)]")
    }

    /// A transaction sees what it has written, and so does who comes later, also through another store.
    @Test(arguments: StoreKind.allCases) func whatIsWrittenStays(_ kind: StoreKind) throws {
      try kind.with { place, _ in
        let store = try place.open()
        let rows = [Self.row(1), Self.row(2, "m", 1), Self.row(3, "m", -5), Self.row(4, "n", 1)]
        let given = try store.transaction { ledger in
          #expect(try ledger.value(of: "a") == nil && ledger.lastNumber() == 0)
          try ledger.set("1", for: "a")
          try ledger.set("2", for: "b")
          try ledger.set("3", for: "a")
          try ledger.remove("b")
          try ledger.remove("never was")
          for row in rows { try ledger.append(row) }
          #expect(try ledger.value(of: "a") == "3" && ledger.value(of: "b") == nil)
          #expect(try ledger.lastNumber() == 4)
          return "given"
        }
        #expect(given == "given")
        for store in [store, try place.open(create: false)] {
          try store.read { (ledger) throws in
            #expect(try ledger.value(of: "a") == "3" && ledger.keys(withPrefix: "") == ["a"])
            #expect(try ledger.lastNumber() == 4)
            #expect(try ledger.rows(after: 0, limit: 9) == rows)
            #expect(try ledger.rows(after: 1, limit: 2) == [rows[1], rows[2]])
            for (after, limit) in [(4, 9), (.max, 9), (0, 0), (0, -1), (0, .min)] {
              #expect(try ledger.rows(after: after, limit: limit).isEmpty)
            }
            #expect(try ledger.rows(after: .min, limit: .max) == rows)
            for (number, row) in [(1, rows[0]), (4, rows[3])] {
              #expect(try ledger.row(number) == row)
            }
            for number in [0, 5, -1, .min, .max] { #expect(try ledger.row(number) == nil) }
            #expect(try ledger.row(market: "m", sequence: -5) == rows[2])
            #expect(try ledger.row(market: "n", sequence: 1) == rows[3])
            #expect(try ledger.row(market: "n", sequence: 2) == nil)
            #expect(try ledger.row(market: "M", sequence: 1) == nil)
          }
        }
      }
    }

    /// What a body throws comes out as it is, and nothing of the transaction is there.
    @Test(arguments: StoreKind.allCases) func anErrorUndoesAll(_ kind: StoreKind) throws {
      try kind.with { place, _ in
        let store = try place.open()
        try store.transaction { ledger in
          try ledger.set("before", for: "a")
          try ledger.append(Self.row(1, "m", 1))
        }
        #expect(throws: Refused(reason: 7)) {
          try store.transaction { ledger in
            try ledger.set("after", for: "a")
            try ledger.set("new", for: "b")
            try ledger.append(Self.row(2, "m", 2))
            throw Refused(reason: 7)
          }
        }
        #expect(throws: Refused(reason: 8)) { try store.read { _ in throw Refused(reason: 8) } }
        try store.transaction { ledger in
          #expect(try ledger.value(of: "a") == "before" && ledger.keys(withPrefix: "") == ["a"])
          #expect(try ledger.lastNumber() == 1 && ledger.row(market: "m", sequence: 2) == nil)
          // its number and its settlement are free
          try ledger.append(Self.row(2, "m", 2))
        }
      }
    }

    /// The log takes the next number and a settlement that it does not have; a refusal does not end the transaction.
    @Test(arguments: StoreKind.allCases) func theLogHasNoGapAndNothingTwice(
      _ kind: StoreKind
    ) throws {
      try kind.with { place, _ in
        let store = try place.open()
        for number in [0, 2, -1, .max, .min] {
          #expect(
            throws: StorageError.rowRefused(.outOfOrder(number: number, expected: 1))
          ) { try store.transaction { try $0.append(Self.row(number)) } }
        }
        try store.transaction { ledger in
          try ledger.append(Self.row(1, "m", 1))
          for number in [1, 3] {
            #expect(
              throws: StorageError.rowRefused(.outOfOrder(number: number, expected: 2))
            ) { try ledger.append(Self.row(number)) }
          }
          let settlement = LogRow.Settlement(market: "m", sequence: 1)
          #expect(throws: StorageError.rowRefused(.settled(settlement, row: 1))) {
            try ledger.append(Self.row(2, "m", 1))
          }
          try ledger.append(Self.row(2))
          try ledger.append(Self.row(3))
          try ledger.append(Self.row(4, "m", 2))
        }
        let settlement = LogRow.Settlement(market: "m", sequence: 2)
        #expect(throws: StorageError.rowRefused(.settled(settlement, row: 4))) {
          try store.transaction { try $0.append(Self.row(5, "m", 2)) }
        }
        #expect(try store.read { try $0.lastNumber() } == 4)
      }
    }

    /// What would wait for itself, or is used too late, is told so.
    @Test(arguments: StoreKind.allCases) func misuseIsRefused(_ kind: StoreKind) throws {
      try kind.with { place, _ in
        let store = try place.open()
        try store.transaction { _ in
          #expect(throws: StorageError.nested) { try store.transaction { _ in } }
          #expect(throws: StorageError.nested) { try store.read { _ in } }
        }
        try store.read { _ in
          #expect(throws: StorageError.nested) { try store.transaction { _ in } }
          #expect(throws: StorageError.nested) { try store.read { _ in } }
        }
        let late = try store.transaction { $0 }
        #expect(throws: StorageError.transactionOver) { try late.set("1", for: "a") }
        #expect(throws: StorageError.transactionOver) { try late.remove("a") }
        #expect(throws: StorageError.transactionOver) { try late.append(Self.row(1)) }
        let view = try store.read { $0 }
        #expect(throws: StorageError.transactionOver) { try view.value(of: "a") }
        #expect(throws: StorageError.transactionOver) { try view.keys(withPrefix: "") }
        #expect(throws: StorageError.transactionOver) { try view.lastNumber() }
        #expect(throws: StorageError.transactionOver) { try view.row(1) }
        #expect(throws: StorageError.transactionOver) { try view.row(market: "m", sequence: 1) }
        #expect(throws: StorageError.transactionOver) { try view.rows(after: 0, limit: 1) }
        // another store is another matter
        let other = MemoryStore()
        try store.transaction { ledger in
          try other.transaction { try $0.set("there", for: "a") }
          try ledger.set("here", for: "a")
        }
        #expect(try store.read { try $0.value(of: "a") } == "here")
      }
    }

    /// A view stays what it was while others write, and holds them up no more than they it.
    @Test(arguments: StoreKind.allCases) func aViewIsOfOneMoment(_ kind: StoreKind) throws {
      try kind.with { place, _ in
        let (reader, writer) = (try place.open(), try place.open())
        try writer.transaction { try $0.set("1", for: "a") }
        let write: @Sendable (String) -> Bool = { value in
          do {
            try writer.transaction { ledger in
              try ledger.set(value, for: "a")
              try ledger.append(Self.row(try ledger.lastNumber() + 1))
            }
            return true
          } catch { return false }
        }
        try reader.read { (ledger) throws in
          #expect(try ledger.value(of: "a") == "1")
          #expect(onThreads([{ write("2") }]) == [true])
          #expect(try ledger.value(of: "a") == "1" && ledger.lastNumber() == 0)
        }
        try reader.read { (ledger) throws in
          #expect(try ledger.value(of: "a") == "2" && ledger.lastNumber() == 1)
        }
      }
    }

    /// Who waits too long for another writer is told so, and has written nothing.
    @Test(arguments: StoreKind.allCases) func waitingEnds(_ kind: StoreKind) throws {
      try kind.with { place, _ in
        let holder = try place.open()
        let patience = try StoragePatience(waitSeconds: 0.1, attempts: 1)
        let memory = MemoryStore(patience: patience)
        let (first, second): (any LedgerStorage, any LedgerStorage) =
          kind == .memory ? (memory, memory) : (holder, try place.open(patience: patience))
        let clock = ContinuousClock()
        let attempt: @Sendable () -> (StorageError?, Duration) = {
          let start = clock.now
          do {
            try second.transaction { try $0.set("2", for: "b") }
            return (nil, clock.now - start)
          } catch { return (error as? StorageError, clock.now - start) }
        }
        try first.transaction { ledger in
          let answers = onThreads([attempt])
          guard case .busy(_, 0.1) = answers[0].0 else {
            Issue.record("\(answers)")
            return
          }
          #expect(answers[0].1 > .milliseconds(90) && answers[0].1 < .seconds(5))
          try ledger.set("1", for: "a")
        }
        #expect(try first.read { try $0.keys(withPrefix: "") } == ["a"])
        try second.transaction { try $0.set("2", for: "b") }
        #expect(try first.read { try $0.keys(withPrefix: "") } == ["a", "b"])
      }
    }

    @Test func patienceHasItsDomain() {
      #expect(throws: DAMMError.self) { try StoragePatience(waitSeconds: -1, attempts: 1) }
      #expect(throws: DAMMError.self) { try StoragePatience(waitSeconds: .nan, attempts: 1) }
      #expect(throws: DAMMError.self) { try StoragePatience(waitSeconds: 1, attempts: 0) }
      #expect(throws: DAMMError.self) { try StoragePatience(waitSeconds: 1, attempts: 1_001) }
    }
  }
}
