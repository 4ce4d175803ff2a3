import DAMMModel

/// A term for which a position stays in the pool, and what leaving before its end pays out.
public struct Lock: Sendable, Hashable {
  /// When the term began.
  public let start: UTCTime
  /// When it is over: from this second on the position is free.
  public let end: UTCTime
  /// What part of its reserves an early exit pays out, by the time.
  public let schedule: ExitSchedule

  /// A lock.
  ///
  /// - Parameters:
  ///   - start: when the term begins, from 1970 to the end of the year 9999.
  ///   - end: when it is over, a term in `Domain.lockSeconds` later.
  ///   - schedule: what an early exit pays out.
  /// - Throws: `PoolError.parameter` for a start outside `Domain.secondsSince1970`,
  ///   `PoolError.countOutOfRange` for the term or the steps of the schedule.
  public init(
    start: UTCTime, end: UTCTime, schedule: ExitSchedule = .linear
  ) throws(PoolError) {
    try Domain.checkPool(start, "start of a lock")
    // the start is not negative, so that only a far end could overflow, and it does not
    let term = end.secondsSince1970.subtractingReportingOverflow(start.secondsSince1970)
    try Domain.check(
      term.overflow ? Int.min : Int(term.partialValue), "term of a lock in seconds",
      in: Domain.lockSeconds)
    try schedule.check()
    self.start = start
    self.end = end
    self.schedule = schedule
  }

  /// The term in seconds, in `Domain.lockSeconds`.
  public var seconds: Int { Int(end.secondsSince1970 - start.secondsSince1970) }

  /// Throws unless the term is all ahead: a term that began before its position would be a part served by
  /// nobody, and one that is over would lock nothing.
  ///
  /// - Throws: `PoolError.lockStartsInThePast`.
  package func checkAhead(of now: UTCTime) throws(PoolError) {
    // the end is later than the start
    guard start >= now else { throw .lockStartsInThePast(start, now: now) }
  }

  /// Whether the term is over, the last second included.
  public func isOver(at now: UTCTime) -> Bool { now >= end }

  /// The part `e` of its reserves that the position gets by leaving now, exactly: 0 at the start and
  /// before it, 1 at the end and after it.
  public func vested(at now: UTCTime) -> ExitFraction {
    if now <= start { return .nothing }
    if isOver(at: now) { return .whole }
    return schedule.vested(
      elapsed: UInt64(now.secondsSince1970 - start.secondsSince1970), term: UInt64(seconds))
  }
}

extension Lock: Codable {
  private enum Key: String, CodingKey { case start, end, schedule }

  /// Reads both times, in seconds since 1970, and the schedule.
  ///
  /// - Throws: `DecodingError`; `PoolError` as the initialiser does.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    try self.init(
      start: UTCTime(secondsSince1970: values.decode(Int64.self, forKey: .start)),
      end: UTCTime(secondsSince1970: values.decode(Int64.self, forKey: .end)),
      schedule: values.decode(ExitSchedule.self, forKey: .schedule))
  }

  /// Writes both times, in seconds since 1970, and the schedule.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    try values.encode(start.secondsSince1970, forKey: .start)
    try values.encode(end.secondsSince1970, forKey: .end)
    try values.encode(schedule, forKey: .schedule)
  }
}
