import CMachine
import CPeers
import DAMM
import Foundation

/// Where and with what was measured. No paths, no names of people or hosts.
struct Machine: Encodable {
  let cpu: String
  let cores: Int
  let kernels: String
  let system: String
  let swift: String
  let swiftFlags: String
  let peerCompiler: String
  let peerFlags: String
  let commit: String
  let date: String
  /// The load when the run began: what else was running.
  let load: String
  /// Whether the measuring thread is bound to one core.
  let bound: Bool

  init() {
    cores = Int(machine_cores())
    // the last core: interrupts prefer the first
    bound = machine_pin(Int32(cores - 1)) != 0
    cpu = Self.value("model name", in: "/proc/cpuinfo", separator: ":") ?? Self.architecture
    kernels = KernelSet.best.name
    let name = Self.value("PRETTY_NAME", in: "/etc/os-release", separator: "=")
    var uname = utsname()
    Foundation.uname(&uname)
    let release = withUnsafeBytes(of: &uname.release) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    system =
      name.map { "\($0), Linux \(release)" } ?? ProcessInfo.processInfo.operatingSystemVersionString
    let version = Self.output("swift", "--version")
    swift = version?.firstMatch(of: /Swift version [^\n]*/).map { String($0.0) } ?? "unknown"
    swiftFlags = "swift build -c release (-O)"
    // a version and nothing after it: the rest may be an address
    let compiler = String(cString: peer_compiler())
    peerCompiler = compiler.split(separator: " ").prefix(2).joined(separator: " ")
    peerFlags = String(cString: peer_flags())
    commit = Self.describeCommit()
    let formatter = ISO8601DateFormatter()
    formatter.formatOptions = [.withFullDate]
    date = formatter.string(from: Date())
    load =
      (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8))
      .map { String($0.prefix { $0 != " " }) } ?? "unknown"
  }

  private static let architecture = "unknown processor"

  /// The commit, and whether sources differ from it; what a run writes itself does not count.
  private static func describeCommit() -> String {
    guard let head = output("git", "rev-parse", "--short", "HEAD") else { return "unknown" }
    let changes = output(
      "git", "status", "--porcelain", "--untracked-files=no", "--", ":/",
      ":(top,exclude)docs/benchmarks.*")
    return head + (changes?.isEmpty == true ? "" : ", with changes")
  }

  private static func value(_ key: String, in file: String, separator: Character) -> String? {
    guard let text = try? String(contentsOfFile: file, encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix(key) }),
      let start = line.firstIndex(of: separator)
    else { return nil }
    return line[line.index(after: start)...].trimmingCharacters(
      in: CharacterSet(charactersIn: " \t\""))
  }

  /// What a command prints; nil if there is no such command or it fails.
  private static func output(_ command: String...) -> String? {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { return nil }
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
