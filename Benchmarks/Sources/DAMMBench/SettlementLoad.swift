import DAMM
import DAMMLedger
import DAMMStorePostgres
import DAMMStoreSQLite
import Foundation

/// Settlements a second of a ledger, from one writer and from several at once, beside what the store alone would do.
///
/// A writer is a thread with a store of its own. Each waits for its answer before it posts the next, and at the end
/// the log must prove all of it.
struct SettlementLoad: Encodable {
  let store: String
  let writers: Int
  /// Whole settlements, or the same reads and writes of the store with fixed texts.
  let isBare: Bool
  let transactions: Int
  let perSecond: Double
  /// Milliseconds until the answer.
  let p50, p99: Double

  /// Where ledgers are made.
  private enum Place {
    case file(SQLiteStore.Durability)
    case server(String)

    var name: String {
      switch self {
      case .file(.full): "SQLite, full"
      case .file(.normal): "SQLite, normal"
      case .server: "PostgreSQL"
      }
    }

    func open(_ folder: URL, _ ledger: String) throws -> any LedgerStorage {
      switch self {
      case .file(let durability):
        try SQLiteStore(
          path: folder.appending(path: ledger).path, create: true, durability: durability)
      case .server(let connection):
        try PostgresStore(connection: connection, schema: ledger, create: true)
      }
    }
  }

  /// Loads all stores that there are, for so many seconds each, and says what was left out.
  static func measure(seconds: Double) throws -> (loads: [SettlementLoad], notes: [String]) {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "damm-bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var places: [Place] = [.file(.full), .file(.normal)]
    var notes: [String] = []
    let server = PostgresServer()
    defer { server?.stop() }
    if let server {
      places.append(.server(server.connection))
    } else {
      notes.append("no settlements on PostgreSQL: no server could be started")
    }
    var loads: [SettlementLoad] = []
    for place in places {
      for (writers, isBare) in [(1, true), (1, false), (8, true), (8, false)] {
        let ledger = "load\(loads.count)"
        let stores = try (0..<writers).map { _ in try place.open(folder, ledger) }
        let works = isBare ? try bare(stores) : try whole(stores)
        let times = try run(works, seconds: seconds)
        if !isBare {
          let found = try Ledger(stores[0]).verify()
          precondition(found.settlements >= times.count, "settlements were lost")
        }
        let sorted = times.sorted()
        loads.append(
          SettlementLoad(
            store: place.name, writers: writers, isBare: isBare, transactions: times.count,
            perSecond: Double(times.count) / seconds,
            p50: Statistics.percentile(sorted, 0.5) * 1e3,
            p99: Statistics.percentile(sorted, 0.99) * 1e3))
      }
    }
    return (loads, notes)
  }

  private typealias Work = @Sendable (Int) throws -> Void

  /// Settlements of a market for each store.
  private static func whole(_ stores: [any LedgerStorage]) throws -> [Work] {
    let now = UTCTime(secondsSince1970: 1_700_000_000)
    let lots = try LotSize(decimals: 6, exponent: 0)
    let terms = try SharedPoolTerms(a: lots, b: lots, limits: HealthLimits())
    _ = try Ledger.found(
      in: stores[0], terms, deposit: LotPair(a: 30_000_000_000_000, b: 10_000_000_000_000), at: now)
    return try stores.enumerated().map { number, store in
      let ledger = try Ledger(store)
      let id = try MarketID("m\(number)")
      let key = try MarketKey(String(repeating: "\(number)", count: 32))
      _ = try ledger.open(id, key: key, at: now)
      return { sequence in
        // back and forth, always a little dearer for the trader
        let flow =
          sequence % 2 == 1
          ? LotPair(a: 3_000_001, b: -1_000_000) : LotPair(a: -3_000_000, b: 1_000_000)
        _ = try ledger.apply(
          .settle(
            Settlement(market: id, key: key, sequence: sequence, flow: flow, fee: 900)), at: now)
      }
    }
  }

  /// What a settlement reads and writes, without knowing what it is.
  private static func bare(_ stores: [any LedgerStorage]) throws -> [Work] {
    let text = String(repeating: "x", count: 350)
    try stores[0].transaction { try $0.set(text, for: "account") }
    return stores.enumerated().map { number, store in
      { sequence in
        try store.transaction { transaction in
          _ = try transaction.row(market: "m\(number)", sequence: sequence)
          _ = try transaction.value(of: "account")
          _ = try transaction.value(of: "m\(number)")
          try transaction.set(text, for: "account")
          try transaction.set(text, for: "m\(number)")
          try transaction.append(
            LogRow(
              number: try transaction.lastNumber() + 1,
              settlement: .init(market: "m\(number)", sequence: sequence), action: text,
              receipt: text))
        }
      }
    }
  }

  /// Seconds until each answer.
  private static func run(_ works: [Work], seconds: Double) throws -> [Double] {
    let clock = ContinuousClock()
    let group = DispatchGroup()
    let outcomes = Outcomes(works.count)
    let end = clock.now + .seconds(seconds)
    for (number, work) in works.enumerated() {
      group.enter()
      Thread.detachNewThread {
        var times: [Double] = []
        var sequence = 0
        do {
          while clock.now < end {
            sequence += 1
            times.append(try clock.measure { try work(sequence) } / .seconds(1))
          }
          outcomes.set(number, .success(times))
        } catch { outcomes.set(number, .failure(error)) }
        group.leave()
      }
    }
    group.wait()
    return try outcomes.all()
  }

  /// What each thread has to say.
  private final class Outcomes: @unchecked Sendable {
    // @unchecked: under the lock
    private let lock = NSLock()
    private var outcomes: [Result<[Double], any Error>]

    init(_ count: Int) { outcomes = Array(repeating: .success([]), count: count) }

    func set(_ number: Int, _ outcome: Result<[Double], any Error>) {
      lock.withLock { outcomes[number] = outcome }
    }

    func all() throws -> [Double] { try lock.withLock { try outcomes.flatMap { try $0.get() } } }
  }
}

/// A PostgreSQL server for one run, by the script of the tests.
private final class PostgresServer {
  let connection: String
  private let script: Companion

  init?() {
    let root = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../scripts/postgres.sh").standardizedFileURL
    guard let script = Companion(root) else { return nil }
    self.script = script
    let words = script.line().split(separator: " ")
    guard words.count == 2, words[0] == "ready" else { return nil }
    connection = "host=\(words[1]) dbname=postgres user=ledger"
  }

  /// Its output ends when the server and its folder are gone.
  func stop() { script.stop() }
}
