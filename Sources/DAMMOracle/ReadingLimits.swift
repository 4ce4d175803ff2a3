import DAMMModel

/// What a reading must keep to be taken.
public struct ReadingLimits: Sendable, Hashable {
  /// How old a reading may be, in seconds.
  public let ageSeconds: Double
  /// How far a price may move without being held, in standard deviations of the new reading's own
  /// volatility over the time since the last accepted one.
  public let jumpDeviations: Double
  /// How far in the future the time of a reading may lie because clocks differ, in seconds.
  public let clockDifferenceSeconds: Double

  /// Limits.
  ///
  /// - Parameters:
  ///   - ageSeconds: in `Domain.ageLimitSeconds`. By default an hour and a half: many feeds speak up
  ///     at least every hour.
  ///   - jumpDeviations: in `Domain.jumpLimit`.
  ///   - clockDifferenceSeconds: in `Domain.clockDifferenceSeconds`.
  /// - Throws: `DAMMError.outOfRange` that names the value.
  public init(
    ageSeconds: Double = 5400, jumpDeviations: Double = 6, clockDifferenceSeconds: Double = 30
  ) throws(DAMMError) {
    try Domain.check(ageSeconds, "age limit in seconds", in: Domain.ageLimitSeconds)
    try Domain.check(jumpDeviations, "jump limit in standard deviations", in: Domain.jumpLimit)
    try Domain.check(
      clockDifferenceSeconds, "clock difference in seconds", in: Domain.clockDifferenceSeconds)
    self.ageSeconds = ageSeconds
    self.jumpDeviations = jumpDeviations
    self.clockDifferenceSeconds = clockDifferenceSeconds
  }
}

/// What a guard says to a reading.
public enum ReadingVerdict: Sendable, Hashable {
  /// Take it.
  case accepted(MarketReading)
  /// Wait: it moved so many standard deviations, more than the limit, and the next reading must confirm
  /// it.
  case held(MarketReading, deviations: Double)
  /// Leave it.
  case refused(ReadingRefusal)
}

/// Why a guard refused a reading. `description` says what was found and what is allowed.
public enum ReadingRefusal: Sendable, Hashable {
  /// It is older than the age limit.
  case stale(time: UTCTime, ageSeconds: Double, allowed: Double)
  /// Its time lies in the future by more than clocks may differ.
  case fromTheFuture(time: UTCTime, aheadSeconds: Double, allowed: Double)
  /// It is older than one that was accepted or held before.
  case backwards(time: UTCTime, newest: UTCTime)
  /// It has the time of the newest one but says something else.
  case contradictory(time: UTCTime)
}

extension ReadingRefusal: CustomStringConvertible {
  /// One sentence: what was found and what is allowed.
  public var description: String {
    switch self {
    case .stale(let time, let age, let allowed):
      return "the reading of \(time) is \(age) s old, but it must be at most \(allowed) s old."
    case .fromTheFuture(let time, let ahead, let allowed):
      return "the reading of \(time) is \(ahead) s ahead of the clock, "
        + "but it must be at most \(allowed) s ahead."
    case .backwards(let time, let newest):
      return "the reading of \(time) is older than the last one, of \(newest), "
        + "but times must not go back."
    case .contradictory(let time):
      return "the reading of \(time) differs from the last one, but both are of the same time."
    }
  }
}
