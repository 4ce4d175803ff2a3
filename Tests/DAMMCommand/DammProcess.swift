import Foundation
import TestSupport

/// One run of the built command. Its input and outputs are files, so that no pipe can fill up and
/// block it.
struct DammProcess {
  let status: Int32
  let signalled: Bool
  let output: String
  let error: String

  /// The command, built beside the tests.
  static let binary: URL = {
    let bundle = Bundle.allBundles.first { $0.bundleURL.pathExtension == "xctest" }?.bundleURL
    let tests = bundle ?? Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])
    return tests.deletingLastPathComponent().appending(path: "damm")
  }()

  /// Options of the worked example: price 100, sigma 1, 1000 A, 10 B.
  static let example = [
    "--price", "100", "--sigma", "1", "--reserve-a", "1000", "--reserve-b", "10",
  ]

  /// Runs the command.
  static func run(
    _ arguments: [String], input: Data = Data(), environment: [String: String] = [:]
  ) async throws -> DammProcess {
    try await run(binary, arguments, input: input, environment: environment)
  }

  /// Runs a line of shell, in which `$DAMM` is the command.
  static func shell(
    _ line: String, environment: [String: String] = [:]
  ) async throws -> DammProcess {
    try await run(
      URL(filePath: "/bin/sh"), ["-c", line], input: Data(), environment: environment)
  }

  /// Runs any program.
  static func run(
    _ executable: URL, _ arguments: [String], input: Data = Data(),
    environment: [String: String] = [:]
  ) async throws -> DammProcess {
    try await TemporaryFolder.with { folder in
      let files = ["in", "out", "err"].map { folder.appending(path: $0) }
      for file in files { try input.write(to: file) }
      let (output, error) = (
        try FileHandle(forWritingTo: files[1]), try FileHandle(forWritingTo: files[2])
      )
      try output.truncate(atOffset: 0)
      try error.truncate(atOffset: 0)
      let process = Process()
      process.executableURL = executable
      process.arguments = arguments
      process.environment = ProcessInfo.processInfo.environment
        .merging(["DAMM": binary.path, "SWIFT_BACKTRACE": "enable=no"]) { $1 }
        .merging(environment) { $1 }
      let read = try FileHandle(forReadingFrom: files[0])
      // who runs hundreds of them must not have thousands of files open
      defer { for handle in [read, output, error] { try? handle.close() } }
      process.standardInput = read
      process.standardOutput = output
      process.standardError = error
      try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
        process.terminationHandler = { _ in done.resume() }
        do { try process.run() } catch { done.resume(throwing: error) }
      }
      return DammProcess(
        status: process.terminationStatus,
        signalled: process.terminationReason == .uncaughtSignal,
        output: String(decoding: try Data(contentsOf: files[1]), as: UTF8.self),
        error: String(decoding: try Data(contentsOf: files[2]), as: UTF8.self))
    }
  }

  /// The output as JSON.
  func decoded<Value: Decodable>(_: Value.Type) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(output.utf8))
  }

  /// The lines of the output.
  var lines: [String] { output.split(separator: "\n").map(String.init) }
}
