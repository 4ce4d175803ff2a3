import DAMMModel
import Foundation

/// What happened in a market, from several tracks of files, as one stream in the order of time.
///
/// A track is a file, a folder or a list of them whose rows follow each other, all of one `FlowFormat`.
/// Files are opened when their turn comes and read in pieces, so that memory does not grow with them;
/// only volatilities that stand newest first are read whole. Events of the same moment come in the
/// order of the tracks: what should be known before something else belongs to an earlier one.
///
/// ```swift
/// let stream = try FlowStream([[volatilities], [folderOfMinutes]])
/// while let event = try stream.next() { ... }
/// ```
public final class FlowStream {
  /// How many bytes all files have; `nil` where one of them has no end that is known, such as standard input.
  public let byteCount: Int?

  private let tracks: [FlowTrack]
  /// The next event of each track, once it was asked for.
  private var heads: [FlowEvent?] = []

  /// A stream. Nothing is opened yet but folders.
  ///
  /// - Parameters:
  ///   - tracks: files, plain or compressed with gzip; of a folder, those whose names end in `.csv` or
  ///     `.csv.gz`, by name.
  ///   - badRowLimit: how many rows of each file may be left out because something is wrong with them,
  ///     in `Domain.badRows`; with 0 the first is an error.
  /// - Throws: `FlowError` for a folder without such files.
  public init(
    _ tracks: [[URL]], badRowLimit: Int = BadRows.defaultLimit
  ) throws(FlowError) {
    var made: [FlowTrack] = []
    var count: Int? = 0
    for track in tracks {
      var files: [URL] = []
      for url in track { files += try Self.files(url) }
      guard !files.isEmpty else { throw FlowError(file: "a track without files", problem: .empty) }
      made.append(FlowTrack(files, badRowLimit: badRowLimit))
      for file in files { count = count.flatMap { sum in Self.size(file).map { sum + $0 } } }
    }
    self.tracks = made
    byteCount = count
  }

  /// The next event; `nil` at the end.
  ///
  /// - Throws: `FlowError`. What came before stays valid; after a throw the stream is not to be used.
  /// - Complexity: linear in the number of tracks.
  public func next() throws(FlowError) -> FlowEvent? {
    if heads.isEmpty { for track in tracks { heads.append(try track.next()) } }
    var first: Int?
    for (index, head) in heads.enumerated() {
      guard let head else { continue }
      if let first, let best = heads[first], best.time <= head.time { continue }
      first = index
    }
    guard let first, let event = heads[first] else { return nil }
    heads[first] = try tracks[first].next()
    return event
  }

  /// What was read of each track so far; bad rows of a file are there when the stream has left it.
  public var reports: [FlowReport] { tracks.map(\.report) }

  /// How many bytes were read so far; as they lie in the files, compressed ones where they are. Almost one more piece of
  /// each file may be in memory and not yet used.
  public var bytesRead: Int { tracks.reduce(0) { $0 + $1.bytesRead } }

  /// How long a plain file is.
  private static func size(_ url: URL) -> Int? {
    let values = try? url.resolvingSymlinksInPath().resourceValues(
      forKeys: [.isRegularFileKey, .fileSizeKey])
    return values?.isRegularFile == true ? values?.fileSize : nil
  }

  private static func files(_ url: URL) throws(FlowError) -> [URL] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder),
      isFolder.boolValue
    else { return [url] }
    let all = try? FileManager.default.contentsOfDirectory(
      at: url, includingPropertiesForKeys: nil)
    let files = (all ?? []).filter {
      $0.lastPathComponent.hasSuffix(".csv") || $0.lastPathComponent.hasSuffix(".csv.gz")
    }
    guard !files.isEmpty else {
      throw FlowError(
        file: url.lastPathComponent,
        problem: .unreadable(
          path: url.path, reason: "it is a folder without files that end in .csv or .csv.gz"))
    }
    return files.sorted { $0.lastPathComponent < $1.lastPathComponent }
  }
}
