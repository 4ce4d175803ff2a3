import DAMMModel

/// How long a store waits for others, and how often it tries again.
public struct StoragePatience: Sendable, Hashable {
  /// How long it waits for its turn, and for an answer to its wish to connect, in seconds.
  public let waitSeconds: Double
  /// How often it runs a transaction between which others come, the first time included.
  public let attempts: Int

  /// A minute, and twenty attempts.
  public static let usual = StoragePatience()

  /// Patience within `Domain.ledgerWaitSeconds` and `Domain.ledgerAttempts`.
  ///
  /// - Throws: `DAMMError.outOfRange` for what is outside of them.
  public init(waitSeconds: Double, attempts: Int) throws(DAMMError) {
    try Domain.check(waitSeconds, "waitSeconds", in: Domain.ledgerWaitSeconds)
    let allowed = Domain.ledgerAttempts
    try Domain.check(
      Double(attempts), "attempts", in: Double(allowed.lowerBound)...Double(allowed.upperBound))
    self.waitSeconds = waitSeconds
    self.attempts = attempts
  }

  private init() {
    waitSeconds = 60
    attempts = 20
  }
}
