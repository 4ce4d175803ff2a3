import DAMMModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// Decides which readings are taken. It looks at nothing but the readings, the limits and the time that
/// the caller says it is, so that a replay decides as a live pool did.
///
/// The rules, in this order; `newest` is the held reading or, without one, the last accepted one:
///
/// 1. Older than the age limit: `refused(.stale)`. Ahead of the clock by more than clocks may differ:
///    `refused(.fromTheFuture)`. An age equal to the limit is fine.
/// 2. Older than `newest`: `refused(.backwards)`. Of the same time: the same answer as `newest` got if
///    it says the same, without a change of anything, and `refused(.contradictory)` otherwise. So a
///    reading never confirms itself, and no elapsed time is ever zero below.
/// 3. There is none accepted yet: `accepted`.
/// 4. Within the jump limit of the last accepted one: `accepted`. A held one is dropped: the price went
///    back, so the jump was not confirmed.
/// 5. There is a held one that is itself not stale by now, and this one is within the jump limit of it:
///    `accepted`. The jump is confirmed, and the price of this reading, not of the held one, counts.
/// 6. Otherwise `held`, in place of an earlier held one.
///
/// Within the jump limit of `r` means `|ln(p / p_r)| <= limit * iv * sqrt(dt)`, with the price `p` and
/// the volatility `iv` of the new reading and `dt` its time since `r` in years of 365 days. As `dt`
/// grows so does what is allowed, so that a price which stays where it went is taken in the end.
public struct ReadingGuard: Sendable, Hashable {
  /// What a reading must keep.
  public let limits: ReadingLimits
  /// The last reading that was accepted.
  public private(set) var accepted: MarketReading?
  /// A reading that waits for the next to confirm it.
  public private(set) var held: MarketReading?

  /// A guard that has seen nothing.
  public init(limits: ReadingLimits) { self.limits = limits }

  /// A guard that goes on from a reading that was accepted before.
  public init(limits: ReadingLimits, accepted: MarketReading) {
    self.limits = limits
    self.accepted = accepted
  }

  /// Decides about a reading and remembers it, unless it is refused.
  ///
  /// - Parameters:
  ///   - reading: what a source says.
  ///   - now: the time by the caller's clock, or that of the replay.
  /// - Complexity: constant.
  public mutating func admit(_ reading: MarketReading, now: UTCTime) -> ReadingVerdict {
    let age = now.seconds(since: reading.time)
    guard age <= limits.ageSeconds else {
      return .refused(.stale(time: reading.time, ageSeconds: age, allowed: limits.ageSeconds))
    }
    guard -age <= limits.clockDifferenceSeconds else {
      return .refused(
        .fromTheFuture(
          time: reading.time, aheadSeconds: -age, allowed: limits.clockDifferenceSeconds))
    }
    guard let last = accepted else { return accept(reading) }
    let newest = held ?? last
    guard reading.time >= newest.time else {
      return .refused(.backwards(time: reading.time, newest: newest.time))
    }
    let moved = Self.deviations(from: last, to: reading)
    if reading.time == newest.time {
      guard reading.agrees(with: newest) else {
        return .refused(.contradictory(time: reading.time))
      }
      return held == nil ? .accepted(reading) : .held(reading, deviations: moved)
    }
    if moved <= limits.jumpDeviations { return accept(reading) }
    if let held, now.seconds(since: held.time) <= limits.ageSeconds,
      Self.deviations(from: held, to: reading) <= limits.jumpDeviations
    {
      return accept(reading)
    }
    held = reading
    return .held(reading, deviations: moved)
  }

  private mutating func accept(_ reading: MarketReading) -> ReadingVerdict {
    accepted = reading
    held = nil
    return .accepted(reading)
  }

  /// How far a price moved, `|ln(p / p_0)| / (iv sqrt(dt))`, in standard deviations of the later
  /// reading's own volatility over the time between both; 0 for a price that did not move.
  ///
  /// Error: `Tolerance.deviations`.
  ///
  /// - Parameters:
  ///   - earlier: where the price was.
  ///   - later: where it is. Where it is not later, every move is infinitely many deviations.
  public static func deviations(
    from earlier: MarketReading, to later: MarketReading
  ) -> Double {
    guard later.price != earlier.price else { return 0 }
    let years = later.time.seconds(since: earlier.time) / secondsPerYear
    guard years > 0 else { return .infinity }
    let deviation = later.impliedVolatility * years.squareRoot()
    // The difference of two close prices is exact; the logarithm of their rounded quotient would keep
    // few digits of a small move.
    let (low, high) = (min(earlier.price, later.price), max(earlier.price, later.price))
    return log1p((high - low) / low) / deviation
  }

  private static let secondsPerYear = 365.0 * 86_400
}
