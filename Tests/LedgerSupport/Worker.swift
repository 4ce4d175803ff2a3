import Foundation
import TestSupport

/// A process that settles on a ledger. What it says goes to a file, so that it is there when the process is killed.
public final class Worker {
  /// Its process.
  public let process = Process()
  private let file: URL

  /// The program, built beside the tests.
  static let binary: URL = {
    let bundle = Bundle.allBundles.first { $0.bundleURL.pathExtension == "xctest" }?.bundleURL
    let tests = bundle ?? Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])
    return tests.deletingLastPathComponent().appending(path: "LedgerWorker")
  }()

  /// Starts a worker.
  ///
  /// - Parameters:
  ///   - count: how many settlements it makes; without end for `nil`.
  ///   - fileLimit: how long a file may be that it writes, in bytes, until it has no room.
  ///   - folder: where to put what it says.
  public init(
    _ place: StorePlace, market: String, count: Int?, fileLimit: Int? = nil, in folder: URL
  ) throws {
    file = folder.appending(path: "\(market)-\(UUID().uuidString).txt")
    try Data().write(to: file)
    process.executableURL = Self.binary
    process.arguments = [
      place.argument, market, count.map { "\($0)" } ?? "", fileLimit.map { "\($0)" } ?? "",
    ]
    process.environment = ProcessInfo.processInfo.environment
      .merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
    let output = try FileHandle(forWritingTo: file)
    process.standardOutput = output
    process.standardError = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
  }

  /// All that it has said.
  public var said: String { (try? String(contentsOf: file, encoding: .utf8)) ?? "" }

  /// The last settlement of which it knows that it is durable; 0 before the first.
  public var acknowledged: Int {
    // a line that is being written has no end yet
    said.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      .last { $0.hasPrefix("settled ") }.flatMap { Int($0.dropFirst(8)) } ?? 0
  }

  /// Kills it without a warning.
  public func kill() {
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// Waits until something holds, at most `seconds`; whether it does.
  public static func wait(_ seconds: Double = 20, _ holds: () -> Bool) -> Bool {
    let start = ContinuousClock.now
    while !holds() {
      if ContinuousClock.now - start > .seconds(seconds) { return false }
      usleep(2_000)
    }
    return true
  }
}
