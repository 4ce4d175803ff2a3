import Foundation
import TestSupport

/// A PostgreSQL server for tests alone, by `scripts/postgres.sh`. It ends with this process, however that ends.
public final class PrivatePostgres: @unchecked Sendable {
  // @unchecked: what a thread asks of the script is asked, and answered, under the lock.

  /// What went wrong in starting one.
  public struct Failure: Error, CustomStringConvertible {
    /// In the script's words.
    public let description: String
  }

  /// One for the whole process, started when it is first asked for.
  public static let shared = Result { try PrivatePostgres() }

  /// The folder of its socket and its data.
  public let folder: URL
  private let lock = NSLock()
  private let script = Process()
  private let input = Pipe()
  private let output = Pipe()

  /// Makes a cluster and starts its server.
  public init() throws {
    script.executableURL = Files.root.appending(path: "scripts/postgres.sh")
    script.standardInput = input
    script.standardOutput = output
    try script.run()
    folder = URL(filePath: try Self.answer(output, "ready"))
  }

  /// A connection string.
  public func connection(_ more: String = "") -> String {
    "host=\(folder.path) dbname=postgres user=ledger \(more)"
  }

  /// Kills the server and all its processes, as a power loss would.
  public func crash() throws { try ask("crash", "crashed") }

  /// Starts it after a crash.
  public func start() throws { try ask("start", "ready") }

  /// Ends the server, and waits until its folder is gone.
  public func stop() throws {
    try input.fileHandleForWriting.close()
    // what keeps the server is a child of the script, which has ended long since; its output ends with it
    _ = try output.fileHandleForReading.readToEnd()
  }

  private func ask(_ line: String, _ expected: String) throws {
    try lock.withLock {
      try input.fileHandleForWriting.write(contentsOf: Data("\(line)\n".utf8))
      _ = try Self.answer(output, expected)
    }
  }

  /// The rest of a line that begins as expected.
  private static func answer(_ pipe: Pipe, _ expected: String) throws -> String {
    var line = Data()
    while let byte = try pipe.fileHandleForReading.read(upToCount: 1), let byte = byte.first,
      byte != UInt8(ascii: "\n")
    { line.append(byte) }
    let text = String(decoding: line, as: UTF8.self)
    guard text.hasPrefix(expected) else {
      let why = text.isEmpty ? "scripts/postgres.sh said nothing" : text
      throw Failure(
        description: "no private PostgreSQL: \(why); `make setup NEEDS_POSTGRES=yes` installs it")
    }
    return text.dropFirst(expected.count).trimmingCharacters(in: .whitespaces)
  }

  /// Runs SQL beside all stores, as somebody else might, and gives what it printed.
  @discardableResult
  public func sql(_ statements: String) throws -> String {
    let psql = Process()
    psql.executableURL = folder.appending(path: "psql")
    psql.arguments = [
      "-qAtX", "-v", "ON_ERROR_STOP=1", "-d", connection(), "-c", statements,
    ]
    let (out, err) = (Pipe(), Pipe())
    psql.standardOutput = out
    psql.standardError = err
    try psql.run()
    let text = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let why = String(decoding: err.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    psql.waitUntilExit()
    guard psql.terminationStatus == 0 else { throw Failure(description: why) }
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
