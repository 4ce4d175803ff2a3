import DAMMFeeds
import Foundation

/// Reading a whole file of text, or standard input.
enum InputFile {
  /// The bytes of a file, which are known to be UTF-8; `-` is standard input. A byte order mark is
  /// left out.
  ///
  /// - Throws: `Refusal` that names the file and, where it is not UTF-8, the line.
  static func text(_ path: String) throws(Refusal) -> [UInt8] {
    var bytes = try read(path)
    // Whole words first: almost every file is plain ASCII.
    if bytes.contains(where: { $0 >= 0x80 }), String(validating: bytes, as: UTF8.self) == nil {
      let line = UTF8Lines.firstBad(in: bytes) ?? 1
      throw Refusal("\(name(path)) is not UTF-8 text: see line \(line).")
    }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    return bytes
  }

  /// What to call a file in a sentence.
  static func name(_ path: String) -> String {
    path == "-" ? "standard input" : Refusal.quoted(path)
  }

  /// A file without an end, such as a device, must not fill the memory.
  private static let mostBytes = 1 << 32

  private static func read(_ path: String) throws(Refusal) -> [UInt8] {
    let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(path) }
    defer { if path != "-" { close(descriptor) } }
    var bytes: [UInt8] = []
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { chunk.deallocate() }
    while true {
      let count = Foundation.read(descriptor, chunk.baseAddress!, chunk.count)
      if count > 0 {
        guard bytes.count < mostBytes else {
          throw Refusal("\(name(path)) is larger than \(mostBytes) bytes, the most that is read.")
        }
        bytes.append(contentsOf: chunk[..<count])
      } else if count == 0 {
        return bytes
      } else if errno != EINTR {
        throw unreadable(path)
      }
    }
  }

  private static func unreadable(_ path: String) -> Refusal {
    Refusal("\(name(path)) cannot be read: \(ByteWriter.reason(errno)).")
  }
}
