import DAMMFeeds

/// Why the command did not do what was asked: one sentence with what was given and what is allowed.
/// Thrown out of `run()` it is printed on standard error and the command exits with 1.
struct Refusal: Error, Equatable, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }

  /// What a caller gave, fit for a sentence: quoted, clipped, without control characters.
  static func quoted(_ given: some StringProtocol) -> String {
    "'\(OneLine.of(given, most: 60))'"
  }
}
