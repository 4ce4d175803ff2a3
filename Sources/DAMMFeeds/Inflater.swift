import CZlib

/// Decompresses gzip. Several members in a row are one stream, as `cat a.gz b.gz` makes it.
final class Inflater {
  // zlib keeps a pointer to it, so it must stay where it is
  private let stream: UnsafeMutablePointer<z_stream>
  /// Whether the last member has ended and the next one, if there is any, has not begun.
  private(set) var isBetweenMembers = false

  init() throws(ByteSource.Failure) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 15 bits of window, the most; 16 more ask for gzip and its checksums
    let code = inflateInit2_(
      stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard code == Z_OK else { throw .unreadable(reason: "zlib cannot begin (\(code))") }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Decompresses a part of the input, or as much of it as the buffer has room for.
  ///
  /// - Parameters:
  ///   - input: compressed bytes.
  ///   - start: where the part begins; before the end of the input.
  ///   - buffer: for what comes out; not empty.
  /// - Returns: how many bytes were taken and how many made.
  /// - Throws: `Failure.damaged` with zlib's reason.
  func inflate(
    _ input: [UInt8], from start: Int, into buffer: UnsafeMutableRawBufferPointer
  ) throws(ByteSource.Failure) -> (used: Int, made: Int) {
    if isBetweenMembers {
      inflateReset(stream)
      isBetweenMembers = false
    }
    let (inputCount, roomCount) = (
      UInt32(min(input.count - start, 1 << 30)), UInt32(min(buffer.count, 1 << 30))
    )
    let code = input.withUnsafeBufferPointer { bytes in
      // zlib's old type lacks the const; the input is only read
      stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress! + start)
      stream.pointee.avail_in = inputCount
      stream.pointee.next_out = buffer.bindMemory(to: UInt8.self).baseAddress
      stream.pointee.avail_out = roomCount
      return CZlib.inflate(stream, Z_NO_FLUSH)
    }
    switch code {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END: isBetweenMembers = true
    default:
      let reason = stream.pointee.msg.map { String(cString: $0) } ?? "code \(code)"
      throw .damaged(reason: "the gzip data are wrong, \(reason)")
    }
    return (
      Int(inputCount - stream.pointee.avail_in), Int(roomCount - stream.pointee.avail_out)
    )
  }
}
