import Foundation
import LedgerSupport

/// A process of `damm market run`. What it says goes to a file.
final class MarketProgram {
  private let process = Process()
  private let file: URL

  /// The command, built beside the tests.
  private static let binary: URL = {
    let bundle = Bundle.allBundles.first { $0.bundleURL.pathExtension == "xctest" }?.bundleURL
    let tests = bundle ?? Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])
    return tests.deletingLastPathComponent().appending(path: "damm")
  }()

  /// Starts a market.
  ///
  /// - Parameters:
  ///   - blocks: how long a file may be that it writes, in blocks of 512 bytes, until it has no room.
  init(
    _ place: StorePlace, _ name: String, trades: Int, settleEvery: Int, seed: Int,
    patience: Int = 20, blocks: Int? = nil, in folder: URL
  ) throws {
    file = folder.appending(path: "\(name)-\(UUID().uuidString).txt")
    try Data().write(to: file)
    let arguments =
      ["market", "run", "--name", name, "--book", Self.book(name, folder)]
      + ["--trades", "\(trades)", "--settle-every", "\(settleEvery)", "--seed", "\(seed)"]
      + ["--fee-bps", "5", "--patience", "\(patience)", "--json"] + place.options
    // a signal for files that grow too long would end it without a word
    let limit = blocks.map { "trap '' XFSZ; ulimit -f \($0); " } ?? ""
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", limit + "exec \"$0\" \"$@\"", Self.binary.path] + arguments
    process.environment = ProcessInfo.processInfo.environment
      .merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
    let output = try FileHandle(forWritingTo: file)
    process.standardOutput = output
    process.standardError = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
  }

  /// Where a market has its book.
  static func book(_ name: String, _ folder: URL) -> String {
    folder.appending(path: "\(name).book").path
  }

  /// All that it has said.
  var said: String { (try? String(contentsOf: file, encoding: .utf8)) ?? "" }

  /// Waits for its end; its exit code.
  func wait() -> Int32 {
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// Kills it without a warning.
  func kill() {
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }
}

extension StorePlace {
  /// As `damm` is told.
  fileprivate var options: [String] {
    switch self {
    case .memory: []
    case .sqlite(let path, _): ["--ledger", path]
    case .postgres(let connection, let schema): ["--ledger", connection, "--schema", schema]
    }
  }
}
