import DAMMLedger
import Foundation

/// The stores that there are, each with a new ledger for a test.
public enum StoreKind: String, CaseIterable, Sendable, CustomStringConvertible {
  /// In this process.
  case memory
  /// In a file.
  case sqlite
  /// In a schema of the private server.
  case postgres

  /// Those that other processes can use, and that survive.
  public static let onDisk = [sqlite, postgres]

  /// Its name.
  public var description: String { rawValue }

  /// Runs `body` on a place without a ledger, and with a folder for what else it needs.
  public func with<Result>(_ body: (StorePlace, URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    switch self {
    case .memory: return try body(.memory(MemoryStore()), folder)
    case .sqlite: return try body(.sqlite(path: folder.appending(path: "ledger").path), folder)
    case .postgres:
      let server = try PrivatePostgres.shared.get()
      let place = StorePlace.postgres(
        connection: server.connection(), schema: StorePlace.newSchema())
      return try body(place, folder)
    }
  }
}
