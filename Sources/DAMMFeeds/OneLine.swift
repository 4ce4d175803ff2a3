/// What a file or a caller gave, fit for one line of a message.
public enum OneLine {
  /// The text without what would break a line or steer a terminal, and clipped.
  ///
  /// - Parameters:
  ///   - text: anything.
  ///   - most: how many characters may be shown; `...` follows if there are more.
  public static func of(_ text: some StringProtocol, most: Int) -> String {
    let clipped = text.unicodeScalars.prefix(most)
    let shown = clipped.map { scalar -> Unicode.Scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: " "
      default: scalar
      }
    }
    let dots = clipped.count < text.unicodeScalars.count ? "..." : ""
    return String(String.UnicodeScalarView(shown)) + dots
  }
}
