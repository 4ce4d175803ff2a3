import ArgumentParser
import Foundation

/// Buffered bytes on their way to standard output or to a file. What is written is only gathered;
/// `endRow` lets go of it from time to time and `finish` of the rest, and these two report what went
/// wrong.
struct ByteWriter: ~Copyable {
  private static let room = 1 << 16

  private let descriptor: Int32
  private let name: String
  private var bytes: [UInt8] = []

  /// Writes to standard output.
  init() {
    descriptor = STDOUT_FILENO
    name = "standard output"
    bytes.reserveCapacity(Self.room + 4096)
  }

  /// Writes to a file, which is created or emptied.
  ///
  /// - Throws: `Refusal` that names the file.
  init(creating path: String) throws {
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    name = Refusal.quoted(path)
    guard descriptor >= 0 else {
      throw Refusal("\(name) cannot be written: \(Self.reason(errno)).")
    }
  }

  deinit {
    if descriptor > STDERR_FILENO { close(descriptor) }
  }

  mutating func write(_ text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func write(_ data: Data) { bytes.append(contentsOf: data) }

  /// Ends a line, and writes out what has been gathered when it is much.
  mutating func endRow() throws {
    bytes.append(UInt8(ascii: "\n"))
    if bytes.count >= Self.room { try finish() }
  }

  /// Writes out what has been gathered.
  ///
  /// - Throws: `Refusal` that names what could not be written. A reader that went away is no error
  ///   to speak of: then the exit code is that of a broken pipe and nothing is printed.
  mutating func finish() throws {
    var start = 0
    while start < bytes.count {
      let written = bytes.withUnsafeBytes {
        Foundation.write(descriptor, $0.baseAddress! + start, $0.count - start)
      }
      if written >= 0 {
        start += written
      } else if errno == EPIPE {
        throw ExitCode(128 + SIGPIPE)
      } else if errno != EINTR {
        throw Refusal("\(name) cannot be written: \(Self.reason(errno)).")
      }
    }
    bytes.removeAll(keepingCapacity: true)
  }

  /// What an error number of the system means, as part of a sentence.
  static func reason(_ code: Int32) -> String {
    let text = String(cString: strerror(code))
    return text.prefix(1).lowercased() + text.dropFirst()
  }
}
