/// Where a file stops being text.
public enum UTF8Lines {
  /// The first line, counted from 1, that is not UTF-8; `nil` where every line is.
  ///
  /// - Parameter bytes: a file whose lines end with LF or CRLF.
  /// - Complexity: linear in the size of the file.
  public static func firstBad(in bytes: some Collection<UInt8>) -> Int? {
    bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .firstIndex { String(validating: $0, as: UTF8.self) == nil }
      .map { $0 + 1 }
  }
}
