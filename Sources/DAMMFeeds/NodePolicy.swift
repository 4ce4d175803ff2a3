import DAMMModel

/// How patiently a node is asked. One question takes at most `attempts` times the timeout, and the
/// pauses between.
public struct NodePolicy: Sendable, Hashable {
  /// How often the same is asked before the node counts as unavailable.
  public let attempts: Int
  /// How long one attempt may take, from the connection to the last byte, in seconds.
  public let timeoutSeconds: Double
  /// The pause after the first attempt, in seconds; each further one is twice as long.
  public let firstDelaySeconds: Double
  /// The longest pause, in seconds.
  public let longestDelaySeconds: Double

  /// A policy.
  ///
  /// - Parameters:
  ///   - attempts: in `Domain.nodeAttempts`.
  ///   - timeoutSeconds: in `Domain.nodeTimeoutSeconds`.
  ///   - firstDelaySeconds: in `Domain.nodeDelaySeconds`.
  ///   - longestDelaySeconds: in `Domain.nodeDelaySeconds`.
  /// - Throws: `DAMMError.outOfRange` that names the value.
  public init(
    attempts: Int = 4, timeoutSeconds: Double = 10, firstDelaySeconds: Double = 0.25,
    longestDelaySeconds: Double = 8
  ) throws(DAMMError) {
    let allowed = Domain.nodeAttempts
    try Domain.check(
      Double(attempts), "attempts", in: Double(allowed.lowerBound)...Double(allowed.upperBound))
    try Domain.check(timeoutSeconds, "timeout in seconds", in: Domain.nodeTimeoutSeconds)
    try Domain.check(firstDelaySeconds, "first delay in seconds", in: Domain.nodeDelaySeconds)
    try Domain.check(longestDelaySeconds, "longest delay in seconds", in: Domain.nodeDelaySeconds)
    self.init(attempts, timeoutSeconds, firstDelaySeconds, longestDelaySeconds)
  }

  private init(_ attempts: Int, _ timeout: Double, _ first: Double, _ longest: Double) {
    self.attempts = attempts
    timeoutSeconds = timeout
    firstDelaySeconds = first
    longestDelaySeconds = longest
  }

  /// Four attempts of ten seconds, and pauses from a quarter of a second upwards.
  public static let standard = NodePolicy(4, 10, 0.25, 8)

  /// The pause after an attempt, in seconds: `first * 2^attempt`, at most the longest, of which between
  /// a half and the whole is taken, so that many who failed together do not come back together.
  ///
  /// - Parameters:
  ///   - attempt: from 0.
  ///   - jitter: from 0 to 1.
  func delaySeconds(after attempt: Int, jitter: Double) -> Double {
    let doubled = Double(sign: .plus, exponent: attempt, significand: firstDelaySeconds)
    return min(doubled, longestDelaySeconds) * (0.5 + 0.5 * min(max(jitter, 0), 1))
  }
}
