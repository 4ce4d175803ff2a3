import DAMMLedger
import DAMMStorePostgres
import DAMMStoreSQLite
import Foundation

/// Where a ledger is, as a test hands it to its workers.
public enum StorePlace: Sendable {
  /// In this process alone.
  case memory(MemoryStore)
  /// In a file.
  case sqlite(path: String, SQLiteStore.Durability = .full)
  /// In a schema of a database.
  case postgres(connection: String, schema: String)

  /// From what `argument` gave.
  public init?(argument: String) {
    let parts = argument.split(separator: "|", maxSplits: 2).map(String.init)
    switch (parts.first, parts.count) {
    case ("sqlite", 2): self = .sqlite(path: parts[1])
    case ("sqlite-normal", 2): self = .sqlite(path: parts[1], .normal)
    case ("postgres", 3): self = .postgres(connection: parts[2], schema: parts[1])
    default: return nil
    }
  }

  /// For the command line of a worker.
  public var argument: String {
    switch self {
    case .memory: "memory"
    case .sqlite(let path, .full): "sqlite|\(path)"
    case .sqlite(let path, .normal): "sqlite-normal|\(path)"
    case .postgres(let connection, let schema): "postgres|\(schema)|\(connection)"
    }
  }

  /// A name that no schema has.
  public static func newSchema() -> String {
    "ledger_" + UUID().uuidString.lowercased().prefix(8)
  }

  /// Opens it, and makes it first where `create` says so.
  public func open(
    create: Bool = true, patience: StoragePatience = .usual
  ) throws -> any LedgerStorage {
    switch self {
    case .memory(let store): store
    case .sqlite(let path, let durability):
      try SQLiteStore(path: path, create: create, durability: durability, patience: patience)
    case .postgres(let connection, let schema):
      try PostgresStore(
        connection: connection, schema: schema, create: create, patience: patience)
    }
  }
}
