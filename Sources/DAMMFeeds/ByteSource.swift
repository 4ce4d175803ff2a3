import Foundation

/// Bytes of a file, of standard input or of memory, a piece at a time, decompressed where they are gzip.
///
/// What is gzip is told by the first two bytes and not by a name. Memory does not grow with the file.
package final class ByteSource {
  /// Why no more bytes came.
  enum Failure: Error {
    /// The system gave none.
    case unreadable(reason: String)
    /// What is compressed is damaged or ends too soon.
    case damaged(reason: String)
  }

  /// How many bytes are asked for at once.
  static let pieceBytes = 1 << 16

  /// What messages call it.
  let path: String

  /// How many bytes were read so far, as they lie in the file.
  private(set) var bytesRead = 0

  private let descriptor: Int32?
  private let closes: Bool
  /// What was read and not handed out: all there is of a source in memory.
  private var piece: [UInt8]
  private var taken = 0
  private var hasBegun = false
  private var inflater: Inflater?

  /// A file.
  ///
  /// - Throws: `TableError.unreadable`.
  package init(_ url: URL) throws(TableError) {
    path = url.path
    let opened = open(path, O_RDONLY | O_CLOEXEC)
    guard opened >= 0 else { throw .unreadable(path: path, reason: Self.reason(errno)) }
    (descriptor, closes, piece) = (opened, true, [])
  }

  /// Bytes in memory.
  package init(_ bytes: [UInt8]) {
    (path, descriptor, closes, piece) = ("the text", nil, false, bytes)
  }

  private init(descriptor: Int32, name: String) {
    (path, self.descriptor, closes, piece) = (name, descriptor, false, [])
  }

  /// What is piped into this program.
  package static var standardInput: ByteSource {
    ByteSource(descriptor: STDIN_FILENO, name: "standard input")
  }

  deinit { if closes, let descriptor { close(descriptor) } }

  /// Fills a buffer as far as the source reaches.
  ///
  /// - Returns: how many bytes were put there; fewer than fit at the end alone.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    if !hasBegun { try begin() }
    var filled = 0
    while filled < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let count = try inflater == nil ? copy(into: rest) : inflate(into: rest)
      if count == 0 { break }
      filled += count
    }
    return filled
  }

  /// Looks at the first two bytes, which may come one by one.
  private func begin() throws(Failure) {
    hasBegun = true
    var first = piece
    while first.count < 2, try refill() { first += piece }
    (piece, taken) = (first, 0)
    if first.starts(with: [0x1F, 0x8B]) { inflater = try Inflater() }
  }

  /// Reads another piece in place of the last one; `false` at the end.
  private func refill() throws(Failure) -> Bool {
    guard let descriptor else { return false }
    while true {
      var code: Int32 = 0
      piece = [UInt8](unsafeUninitializedCapacity: Self.pieceBytes) { room, count in
        let got = Foundation.read(descriptor, room.baseAddress, room.count)
        if got < 0 { code = errno }
        count = max(got, 0)
      }
      taken = 0
      bytesRead += piece.count
      if code == 0 { return !piece.isEmpty }
      if code != EINTR { throw .unreadable(reason: Self.reason(code)) }
    }
  }

  private func copy(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    if taken == piece.count, try !refill() { return 0 }
    let count = min(buffer.count, piece.count - taken)
    piece.withUnsafeBytes {
      buffer.baseAddress?.copyMemory(from: $0.baseAddress! + taken, byteCount: count)
    }
    taken += count
    return count
  }

  private func inflate(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    guard let inflater else { return 0 }
    while true {
      if taken == piece.count, try !refill() {
        guard inflater.isBetweenMembers else {
          throw .damaged(reason: "the gzip data end in the middle")
        }
        return 0
      }
      let (used, made) = try inflater.inflate(piece, from: taken, into: buffer)
      taken += used
      if made > 0 { return made }
    }
  }

  private static func reason(_ code: Int32) -> String {
    switch code {
    case ENOENT: "there is no such file"
    case EISDIR: "it is a folder"
    case EACCES: "not permitted"
    default: String(cString: strerror(code))
    }
  }
}
