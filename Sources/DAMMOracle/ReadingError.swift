import DAMMModel

/// Why a source has no reading. Each case names the source and what was found, and `description` says
/// it in one sentence. No text of it holds a secret.
public enum ReadingError: Error, Equatable, Sendable {
  /// A price, a volatility or a time is outside its domain.
  case invalid(source: String, error: DAMMError)
  /// A series without values.
  case empty(source: String)
  /// A value of a series is not later than the one before it.
  case timesNotRising(source: String, time: UTCTime, previous: UTCTime)
  /// Nothing was known yet at that time.
  case noReading(source: String, at: UTCTime, earliest: UTCTime)
  /// No price of a series has a volatility that was known by then and not too old.
  case noVolatility(
    source: String, prices: Int, tooEarly: Int, tooOld: Int, ageLimitSeconds: Double)
  /// The source did not answer, and may answer later.
  case unavailable(source: String, reason: String)
  /// The source answered what cannot be used; asking again would not help.
  case refused(source: String, reason: String)
}

extension ReadingError: CustomStringConvertible {
  /// One sentence: which source, what was found and what is allowed.
  public var description: String {
    switch self {
    case .invalid(let source, let error):
      return "\(source): \(error)"
    case .empty(let source):
      return "\(source) has no values, but it must have at least one."
    case .timesNotRising(let source, let time, let previous):
      return "\(source): \(time) follows \(previous), but each time must be later than the last."
    case .noReading(let source, let time, let earliest):
      return "\(source) knows nothing at \(time): its first reading is of \(earliest)."
    case .noVolatility(let source, let prices, let tooEarly, let tooOld, let limit):
      return
        "\(source): none of \(prices) prices has a volatility: \(tooEarly) are before the first "
        + "one, and \(tooOld) have one that is older than \(limit) s, the most that is allowed."
    case .unavailable(let source, let reason):
      return "\(source) is not available: \(reason)"
    case .refused(let source, let reason):
      return "\(source): \(reason)"
    }
  }
}
