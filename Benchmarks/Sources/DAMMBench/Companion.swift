import Foundation

/// Another process that runs beside this one, and talks in lines.
final class Companion {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()

  /// Starts a program; `nil` if that fails.
  init?(_ program: URL, _ arguments: [String] = []) {
    process.executableURL = program
    process.arguments = arguments
    process.standardInput = input
    process.standardOutput = output
    guard (try? process.run()) != nil else { return nil }
  }

  /// The next line that it prints, or what there is of it when it ends.
  func line() -> String {
    var line = Data()
    while let byte = try? output.fileHandleForReading.read(upToCount: 1)?.first,
      byte != UInt8(ascii: "\n")
    { line.append(byte) }
    return String(decoding: line, as: UTF8.self)
  }

  func tell(_ line: String) throws {
    try input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))
  }

  /// Ends its input, and waits until it has nothing more to say.
  func stop() {
    try? input.fileHandleForWriting.close()
    _ = try? output.fileHandleForReading.readToEnd()
  }
}
