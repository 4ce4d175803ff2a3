import DAMMModel

/// What part `e` of its reserves a position gets that leaves a lock early, by the time that passed.
/// Every schedule rises from 0 at the start of the term to 1 at its end and never falls.
public enum ExitSchedule: Sendable, Hashable {
  /// `e = elapsed/term`.
  case linear
  /// `e = (elapsed/term)^2`: those who leave soon lose more.
  case quadratic
  /// Nothing before the end.
  case cliff
  /// `e = floor(count * elapsed/term)/count`: a payout that rises in so many equal steps, a count in
  /// `Domain.exitSteps`.
  case steps(Int)

  /// Throws unless the schedule is one that a lock may have.
  ///
  /// - Throws: `PoolError.countOutOfRange` for a count of steps outside `Domain.exitSteps`.
  public func check() throws(PoolError) {
    if case .steps(let count) = self {
      try Domain.check(count, "steps of an exit schedule", in: Domain.exitSteps)
    }
  }

  /// The part, exactly, for a checked schedule.
  ///
  /// - Parameters:
  ///   - elapsed: seconds since the start, `0...term`.
  ///   - term: seconds, in `Domain.lockSeconds`.
  func vested(elapsed: UInt64, term: UInt64) -> ExitFraction {
    switch self {
    case .linear: return ExitFraction(elapsed, term)
    // a hundred years squared are 9.96e18 seconds, which 64 bits hold
    case .quadratic: return ExitFraction(elapsed * elapsed, term * term)
    case .cliff: return elapsed < term ? .nothing : .whole
    case .steps(let count): return ExitFraction(UInt64(count) * elapsed / term, UInt64(count))
    }
  }
}

/// A part of a whole, exactly: the quotient of two integers, from 0 to 1.
public struct ExitFraction: Sendable, Hashable {
  /// From 0 to the denominator.
  public let numerator: UInt64
  /// At least 1.
  public let denominator: UInt64

  init(_ numerator: UInt64, _ denominator: UInt64) {
    self.numerator = numerator
    self.denominator = denominator
  }

  /// Nothing, 0.
  public static let nothing = ExitFraction(0, 1)
  /// The whole, 1.
  public static let whole = ExitFraction(1, 1)

  /// `floor(self * amount)`; exact, and never more than `amount`. Domain: amounts below 2^64.
  public func rounded(down amount: UInt64) -> UInt64 {
    UInt64(UInt128(amount) * UInt128(numerator) / UInt128(denominator))
  }

  /// The part as a `Double`, 0 and 1 exactly. Error: half an ulp where both integers are at most 2^53, as
  /// those of every schedule but the quadratic are; three half ulps beyond.
  public var value: Double { Double(numerator) / Double(denominator) }
}

extension ExitSchedule: Codable {
  private enum Key: String, CodingKey { case schedule, steps }
  private enum Name: String, Codable { case linear, quadratic, cliff, steps }

  /// Reads the name and, for steps, their count.
  ///
  /// - Throws: `DecodingError`; `PoolError.countOutOfRange` for a count outside `Domain.exitSteps`.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    switch try values.decode(Name.self, forKey: .schedule) {
    case .linear: self = .linear
    case .quadratic: self = .quadratic
    case .cliff: self = .cliff
    case .steps: self = .steps(try values.decode(Int.self, forKey: .steps))
    }
    try check()
  }

  /// Writes the name and, for steps, their count.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    switch self {
    case .linear: try values.encode(Name.linear, forKey: .schedule)
    case .quadratic: try values.encode(Name.quadratic, forKey: .schedule)
    case .cliff: try values.encode(Name.cliff, forKey: .schedule)
    case .steps(let count):
      try values.encode(Name.steps, forKey: .schedule)
      try values.encode(count, forKey: .steps)
    }
  }
}
