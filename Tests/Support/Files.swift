import Foundation

/// Where tests find their files.
public enum Files {
  /// The root of the package.
  public static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The golden data.
  public static let golden = root.appending(path: "data/golden")

  /// A file or folder of the market data beside the checkout, or `nil` (with a line that says so)
  /// where it is absent: it may be used in tests but not shipped with the project.
  public static func shared(_ path: String) -> URL? {
    let url = root.deletingLastPathComponent().appending(path: "shared/data/\(path)")
    guard FileManager.default.fileExists(atPath: url.path) else {
      print("skipped: no market data at shared/data/\(path) beside the checkout")
      return nil
    }
    return url
  }
}
