import Foundation

/// A file system of a few megabytes in a folder. Making one takes the rights to mount, which root has.
public final class SmallDisk {
  /// Where it is.
  public let folder: URL

  /// Mounts one, or gives `nil`, with a line that says so, where that is not allowed.
  ///
  /// - Parameter parent: an existing folder, whose owner will own it.
  public init?(in parent: URL, kilobytes: Int) throws {
    folder = parent.appending(path: "disk-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    let status = Self.run([
      "mount", "-t", "tmpfs", "-o", "size=\(kilobytes)k,mode=0700", "tmpfs", folder.path,
    ])
    guard status == 0 else {
      print("skipped: no small file system could be mounted, which takes root on Linux")
      return nil
    }
    _ = Self.run(["chown", "--reference=\(parent.path)", folder.path])
  }

  deinit { _ = Self.run(["umount", "-l", folder.path]) }

  /// Makes room.
  public func grow(kilobytes: Int) -> Bool {
    Self.run(["mount", "-o", "remount,size=\(kilobytes)k", folder.path]) == 0
  }

  private static func run(_ arguments: [String]) -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return -1 }
    process.waitUntilExit()
    return process.terminationStatus
  }
}
