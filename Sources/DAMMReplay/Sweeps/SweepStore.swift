import Foundation

/// The finished cells of a sweep in a file, a line each, so that a sweep that was ended goes on where it was.
///
/// The first line says what the sweep is of; each other is a cell, written at once and forced to the disk before it counts.
/// What a process left that was killed while it wrote, a line without an end, is cut off. One process at a time.
public final class SweepStore {
  /// The cells that are there, by their places in the grid.
  public private(set) var rows: [Int: SweepRow] = [:]

  /// What it is of.
  public let identity: SweepIdentity

  private let descriptor: Int32
  private let name: String
  private var grid: SweepGrid { identity.grid }

  /// Opens a store, or begins one.
  ///
  /// - Parameters:
  ///   - path: of the file.
  ///   - identity: what the sweep is of.
  /// - Throws: `SweepError.otherSweep` that names what differs, `.notAStore`, `.storeInUse`, `.storeFailed`.
  public init(_ path: String, of identity: SweepIdentity) throws(SweepError) {
    name = path
    self.identity = identity
    descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .storeFailed(file: path, reason: Self.reason(errno)) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      throw code == EWOULDBLOCK
        ? .storeInUse(file: path) : .storeFailed(file: path, reason: Self.reason(code))
    }
    try load(identity)
  }

  deinit {
    guard descriptor >= 0 else { return }
    // closing is not enough: a process that is just being made has the descriptor, too, until it runs its own program
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  /// Writes cells that are finished; when it returns they are on the disk.
  ///
  /// - Throws: `SweepError.storeFailed`.
  public func append(_ finished: [(index: Int, row: SweepRow)]) throws(SweepError) {
    var text = ""
    for (index, row) in finished {
      text += "{\"key\":\(SweepValue.quoted(grid.cell(index).key)),\"row\":\(row.json)}\n"
      rows[index] = row
    }
    try write(text)
  }

  /// Throws unless the store is of a sweep.
  func check(_ wanted: SweepIdentity) throws(SweepError) {
    guard identity == wanted else {
      throw .otherSweep(file: name, differences: ["it was opened for another one"])
    }
  }

  private func load(_ identity: SweepIdentity) throws(SweepError) {
    let data = try contents()
    let newline = UInt8(ascii: "\n")
    guard let end = data.firstIndex(of: newline) else {
      // nothing, or the beginning of a first line
      let (given, wanted) = (data.prefix(SweepIdentity.mark.utf8.count), SweepIdentity.mark.utf8)
      guard wanted.starts(with: given) else { throw notAStore(1, "it begins otherwise") }
      try cut(to: 0)
      try write(identity.line + "\n")
      try sync(folder: true)
      return
    }
    try identity.check(data[..<end], file: name)
    var (start, line) = (end + 1, 1)
    var indices: [String: Int] = [:]
    for index in 0..<grid.count { indices[grid.cell(index).key] = index }
    let decoder = JSONDecoder()
    while let end = data[start...].firstIndex(of: newline) {
      line += 1
      guard let cell = try? decoder.decode(Line.self, from: data[start..<end]) else {
        throw notAStore(line, "it is damaged")
      }
      guard let index = indices[cell.key] else {
        throw notAStore(line, "\(cell.key) is no cell of the grid")
      }
      guard rows.updateValue(cell.row, forKey: index) == nil else {
        throw notAStore(line, "\(cell.key) is there twice")
      }
      start = end + 1
    }
    if start < data.count { try cut(to: start) }
  }

  private struct Line: Decodable {
    let key: String
    let row: SweepRow
  }

  private func notAStore(_ line: Int, _ reason: String) -> SweepError {
    .notAStore(file: name, line: line, reason: reason)
  }

  private func contents() throws(SweepError) -> Data {
    var data = Data()
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count > 0 { data.append(contentsOf: chunk[..<count]) }
      if count == 0 { return data }
      if count < 0, errno != EINTR { throw failed() }
    }
  }

  private func cut(to length: Int) throws(SweepError) {
    guard ftruncate(descriptor, off_t(length)) == 0 else { throw failed() }
  }

  private func write(_ text: String) throws(SweepError) {
    let bytes = Array(text.utf8)
    var start = 0
    while start < bytes.count {
      let written = bytes.withUnsafeBytes {
        Foundation.write(descriptor, $0.baseAddress! + start, $0.count - start)
      }
      if written >= 0 { start += written } else if errno != EINTR { throw failed() }
    }
    try sync(folder: false)
  }

  private func sync(folder: Bool) throws(SweepError) {
    guard folder else {
      // devices and pipes know no disk
      guard fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS else { throw failed() }
      return
    }
    let path = URL(filePath: name).deletingLastPathComponent().path
    let parent = open(path, O_RDONLY | O_CLOEXEC)
    guard parent >= 0 else { return }
    fsync(parent)
    close(parent)
  }

  private func failed() -> SweepError { .storeFailed(file: name, reason: Self.reason(errno)) }

  private static func reason(_ code: Int32) -> String {
    let text = String(cString: strerror(code))
    return text.prefix(1).lowercased() + text.dropFirst()
  }
}
