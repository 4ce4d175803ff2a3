import Foundation
import TestSupport

/// One run of `sh`. Its outputs are files, so that no pipe can fill up and block it.
struct Shell {
  let status: Int32
  let output: String
  let error: String

  /// Runs a script that stops at its first failure.
  static func run(
    _ script: String, in folder: URL, environment: [String: String] = [:]
  ) async throws -> Shell {
    let files = ["out", "err"].map { folder.appending(path: "shell-\(UUID().uuidString).\($0)") }
    for file in files { try Data().write(to: file) }
    defer { for file in files { try? FileManager.default.removeItem(at: file) } }
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-ec", script]
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment
      .merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
      .merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
      process.terminationHandler = { _ in done.resume() }
      do { try process.run() } catch { done.resume(throwing: error) }
    }
    return Shell(
      status: process.terminationStatus,
      output: String(decoding: try Data(contentsOf: files[0]), as: UTF8.self),
      error: String(decoding: try Data(contentsOf: files[1]), as: UTF8.self))
  }
}

/// docs/linking.md: what it shows is what the tests compile and run.
struct LinkingPage {
  /// The code between fences, by language.
  private let blocks: [(language: String, section: String, code: String)]

  init() throws {
    let page = try String(
      contentsOf: Files.root.appending(path: "docs/linking.md"), encoding: .utf8)
    var section = ""
    var blocks: [(String, String, String)] = []
    var open: (language: String, lines: [Substring])?
    for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
      if let block = open {
        if line == "```" {
          blocks.append((block.language, section, block.lines.map { $0 + "\n" }.joined()))
          open = nil
        } else {
          open?.lines.append(line)
        }
      } else if line.hasPrefix("```") {
        open = (String(line.dropFirst(3)), [])
      } else if line.hasPrefix("## ") {
        section = String(line.dropFirst(3))
      }
    }
    self.blocks = blocks
  }

  /// All code of one language in one section.
  func code(_ language: String, in section: String) -> [String] {
    blocks.filter { $0.language == language && $0.section == section }.map(\.code)
  }

  /// The languages of one section, each once.
  func languages(in section: String) -> Set<String> {
    Set(blocks.filter { $0.section == section }.map(\.language))
  }
}
