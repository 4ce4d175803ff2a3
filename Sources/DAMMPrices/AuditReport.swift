import DAMMModel

/// What an audit may spend, and where its random numbers begin. Bounded by sequences alone, an audit is the
/// same every time; a bound in seconds is looked at besides.
public struct AuditLimits: Sendable, Hashable {
  /// Seed of the random numbers.
  public let seed: UInt64
  /// The most sequences that are tried.
  public let sequences: Int
  /// The most seconds that are spent; `nil` for no bound.
  public let seconds: Double?

  /// Limits.
  ///
  /// - Parameters:
  ///   - seed: any number.
  ///   - sequences: in `Domain.auditSequences`.
  ///   - seconds: in `Domain.auditSeconds`.
  /// - Throws: `DAMMError.outOfRange` that names the value.
  public init(
    seed: UInt64 = 1, sequences: Int = Domain.auditSequences.upperBound, seconds: Double? = nil
  ) throws(DAMMError) {
    let allowed = Domain.auditSequences
    try Domain.check(
      Double(sequences), "sequences to try",
      in: Double(allowed.lowerBound)...Double(allowed.upperBound))
    if let seconds {
      try Domain.check(seconds, "seconds of an audit", in: Domain.auditSeconds)
    }
    self.seed = seed
    self.sequences = sequences
    self.seconds = seconds
  }
}

/// How far an audit has come.
public struct AuditProgress: Sendable, Hashable {
  /// Sequences tried.
  public let sequences: Int
  /// Actions tried in them.
  public let actions: Int
  /// Seconds since it began.
  public let seconds: Double
}

/// What an audit has found, and how hard it has looked.
public struct AuditReport: Sendable, Hashable {
  /// The seed of its random numbers.
  public let seed: UInt64
  /// Sequences tried, those that made the finding short included.
  public let sequences: Int
  /// Actions tried in them.
  public let actions: Int
  /// Seconds that it took.
  public let seconds: Double
  /// Sequences of which trades were compared with those on a scaled copy; `nil` where the subject offers none,
  /// so that nothing is known of its prices at other scales.
  public let scaleSequences: Int?
  /// The shortest sequence found; `nil` where none gained. That is no proof that there is none.
  public let finding: AuditFinding?
}

/// A sequence of actions that takes something out for nothing, or shows that prices depend on the scale.
public struct AuditFinding: Sendable, Hashable {
  /// In what way.
  public enum Reason: String, Sendable, Hashable, CaseIterable {
    /// The loop leaves no more of either token, and less of one.
    case gain
    /// More of a token was given than is there.
    case insolvent
    /// Prices depend on scale: the trade at the end does not move `c` times as much with `c` times the amounts
    /// and reserves.
    case scale
  }

  /// In what way.
  public let reason: Reason
  /// What has to be done first; mostly nothing.
  public let approach: [AuditStep]
  /// What then takes something out; the trade that depends on the scale.
  public let loop: [AuditStep]
  /// Holdings before the loop.
  public let before: Holdings
  /// Holdings behind it.
  public let after: Holdings
  /// What the same trade did at another scale; `nil` for other reasons.
  public let scale: AuditScaleChange?

  /// What the loop took out, neither of them negative for a gain.
  public var gain: Holdings { Holdings(a: before.a - after.a, b: before.b - after.b) }
}

/// What a trade did with so many times the amounts and the reserves.
public struct AuditScaleChange: Sendable, Hashable {
  /// How many times.
  public let factor: Double
  /// By how much holdings rose; `factor` times what they rose by without it would be scale-free.
  public let change: Holdings
}

/// An action of a finding, as it was done.
public struct AuditStep: Sendable, Hashable {
  /// The action.
  public let action: AuditAction
  /// Its amounts.
  public let amounts: [Double]
  /// By how much holdings rose.
  public let change: Holdings
}
