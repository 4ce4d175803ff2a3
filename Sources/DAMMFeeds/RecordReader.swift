import DAMMModel
import Foundation

/// Cuts comma-separated text into records, with as much of it in memory as one record and a piece need.
///
/// A value may stand in double quotes and then hold commas, line ends and, doubled, quotes. Lines end
/// with LF or CRLF; a byte order mark is skipped.
final class RecordReader {
  /// Line where the current record begins, from 1.
  private(set) var line = 0
  /// How many values the current record has.
  private(set) var count = 0

  private let source: ByteSource
  private var buffer: UnsafeMutableRawBufferPointer
  /// What is in the buffer and not yet read.
  private var (start, end) = (0, 0)
  private var (hasBegun, hasEnded) = (false, false)
  private var nextLine = 1
  /// Where each value of the current record lies in the buffer.
  private var values: [Range<Int>] = []
  /// Which of them have doubled quotes.
  private var withDoubledQuotes: [Int] = []

  init(_ source: ByteSource) {
    self.source = source
    buffer = .allocate(byteCount: 2 * ByteSource.pieceBytes, alignment: 64)
  }

  deinit { buffer.deallocate() }

  /// The bytes of a value of the current record, which the next one overwrites.
  @inline(__always)
  func value(_ index: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: buffer[values[index]])
  }

  /// Whether the current record is an empty line.
  var isEmptyLine: Bool { count == 1 && values[0].isEmpty }

  /// Reads a record.
  ///
  /// - Returns: `false` at the end.
  /// - Throws: `TableError.unreadable`, `.damaged`, `.notUTF8`, `.malformed`.
  func next() throws(TableError) -> Bool {
    line = nextLine
    if !hasBegun { try begin() }
    guard try findLine() else { return false }
    count = 0
    var seen: UInt8 = 0
    if !cutLine(&seen) {
      values.removeAll(keepingCapacity: true)
      try cutQuoted(&seen)
    }
    count = values.count
    defer { halveQuotes() }
    // almost every record is plain ASCII
    if seen >= 0x80 {
      let bytes = buffer[recordStart..<start]
      guard String(validating: bytes, as: UTF8.self) != nil else {
        throw .notUTF8(line: line + (UTF8Lines.firstBad(in: bytes) ?? 1) - 1)
      }
    }
    return true
  }

  private var recordStart = 0
  /// The end of the first line that is left, without its LF.
  private var lineEnd = 0

  private func begin() throws(TableError) {
    hasBegun = true
    try fill()
    if buffer[..<end].starts(with: [0xEF, 0xBB, 0xBF]) { start = 3 }
  }

  /// Finds the end of the line that begins at `start`, or of the text.
  private func findLine() throws(TableError) -> Bool {
    var from = start
    while true {
      if let at = find(0x0A, from..<end) {
        lineEnd = at
        return true
      }
      from = end
      if hasEnded {
        lineEnd = end
        return start < end
      }
      // what has been read moves to the front of the buffer
      from -= start
      try fill()
    }
  }

  private func find(_ byte: Int32, _ range: Range<Int>) -> Int? {
    guard let base = buffer.baseAddress,
      let at = memchr(base + range.lowerBound, byte, range.count)
    else { return nil }
    return UnsafeRawPointer(at) - UnsafeRawPointer(base)
  }

  /// Moves what is left to the front and reads on, at least a piece unless the source ends.
  private func fill() throws(TableError) {
    let left = end - start
    guard left <= Domain.tableRowBytes else {
      throw .malformed(line: line, reason: "a row has more than \(Domain.tableRowBytes) bytes")
    }
    if start > 0, let base = buffer.baseAddress { memmove(base, base + start, left) }
    (start, end) = (0, left)
    if buffer.count - left < ByteSource.pieceBytes {
      let larger = UnsafeMutableRawBufferPointer.allocate(
        byteCount: 2 * buffer.count, alignment: 64)
      larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[..<left]))
      buffer.deallocate()
      buffer = larger
    }
    let room = UnsafeMutableRawBufferPointer(rebasing: buffer[left...])
    do throws(ByteSource.Failure) {
      let got = try source.read(into: room)
      hasEnded = got < room.count
      end += got
    } catch {
      switch error {
      case .unreadable(let reason): throw .unreadable(path: source.path, reason: reason)
      case .damaged(let reason): throw .damaged(line: line, reason: reason)
      }
    }
  }

  /// Cuts a line without quotes; `false` if it has one.
  private func cutLine(_ seen: inout UInt8) -> Bool {
    recordStart = start
    guard find(0x22, start..<lineEnd) == nil, let base = buffer.baseAddress else { return false }
    var last = lineEnd
    if last > start, buffer[last - 1] == 0x0D { last -= 1 }
    values.removeAll(keepingCapacity: true)
    let bytes = base.assumingMemoryBound(to: UInt8.self)
    var (from, all) = (start, UInt8(0))
    for at in start..<last {
      let byte = bytes[at]
      all |= byte
      if byte == 0x2C {
        values.append(from..<at)
        from = at + 1
      }
    }
    values.append(from..<last)
    seen = all
    start = min(lineEnd + 1, end)
    nextLine = line + 1
    return true
  }

  /// Cuts a record with quotes, which may end several lines later.
  private func cutQuoted(_ seen: inout UInt8) throws(TableError) {
    while true {
      if let stop = try cutQuoted(from: start, &seen) {
        recordStart = start
        start = stop
        return
      }
      guard !hasEnded else { throw .malformed(line: line, reason: "a quote is not closed") }
      values.removeAll(keepingCapacity: true)
      try fill()
    }
  }

  /// Cuts the record that begins here; `nil` if the buffer ends before it.
  private func cutQuoted(from first: Int, _ seen: inout UInt8) throws(TableError) -> Int? {
    var (at, lines, all) = (first, 1, UInt8(0))
    var doubled: [Int] = []
    while true {
      let isQuoted = at < end && buffer[at] == 0x22
      if isQuoted { at += 1 }
      let from = at
      var hasDoubled = false
      while true {
        guard at < end else { break }
        let byte = buffer[at]
        all |= byte
        if isQuoted {
          if byte == 0x0A { lines += 1 }
          if byte == 0x22 {
            // the byte after it tells whether it ends the value
            guard at + 1 < end || hasEnded else { return nil }
            guard at + 1 < end, buffer[at + 1] == 0x22 else { break }
            hasDoubled = true
            at += 1
          }
        } else if byte == 0x2C || byte == 0x0A {
          break
        } else if byte == 0x22 {
          throw .malformed(line: line, reason: "a quote stands inside a value")
        }
        at += 1
      }
      if at >= end {
        guard hasEnded, !isQuoted else { return nil }
      }
      var last = at
      if isQuoted {
        at += 1
        if at + 1 >= end, !hasEnded { return nil }
        if at < end, buffer[at] == 0x0D, at + 1 < end, buffer[at + 1] == 0x0A { at += 1 }
        guard at >= end || buffer[at] == 0x2C || buffer[at] == 0x0A else {
          throw .malformed(
            line: line, reason: "a comma or the end of the line must follow a quoted value")
        }
      } else if (at >= end || buffer[at] == 0x0A), last > from, buffer[last - 1] == 0x0D {
        last -= 1
      }
      if hasDoubled { doubled.append(values.count) }
      values.append(from..<last)
      if at >= end || buffer[at] == 0x0A { break }
      at += 1
    }
    seen = all
    nextLine = line + lines
    withDoubledQuotes = doubled
    return min(at + 1, end)
  }

  /// Leaves one of each two quotes inside of values.
  private func halveQuotes() {
    for index in withDoubledQuotes {
      let range = values[index]
      var (to, at) = (range.lowerBound, range.lowerBound)
      while at < range.upperBound {
        let byte = buffer[at]
        buffer[to] = byte
        at += byte == 0x22 ? 2 : 1
        to += 1
      }
      values[index] = range.lowerBound..<to
    }
    withDoubledQuotes.removeAll()
  }
}
