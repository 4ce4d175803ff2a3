import DAMMModel

/// One number over time: a price, or a volatility.
public struct TimeSeries: Sendable, Hashable {
  /// A number and when it was known.
  public struct Point: Sendable, Hashable {
    /// When the value was known; for the close of an interval, the end of it.
    public let time: UTCTime
    /// The value.
    public let value: Double

    /// A number and when it was known.
    public init(time: UTCTime, value: Double) {
      self.time = time
      self.value = value
    }
  }

  /// What to call the series.
  public let name: String
  /// The values, at least one; each later than the one before.
  public let points: [Point]

  /// A series.
  ///
  /// - Throws: `ReadingError.empty` and `.timesNotRising`.
  public init(_ points: [Point], name: String) throws(ReadingError) {
    guard !points.isEmpty else { throw .empty(source: name) }
    for (last, next) in zip(points, points.dropFirst()) where next.time <= last.time {
      throw .timesNotRising(source: name, time: next.time, previous: last.time)
    }
    self.points = points
    self.name = name
  }

  /// Several series as one, such as a file a day.
  ///
  /// - Parameters:
  ///   - parts: in any order; their times must not overlap.
  ///   - name: what to call the whole.
  /// - Throws: `ReadingError.empty` and `.timesNotRising`.
  public init(joining parts: [TimeSeries], name: String) throws(ReadingError) {
    let sorted = parts.sorted { $0.points[0].time < $1.points[0].time }
    try self.init(sorted.flatMap(\.points), name: name)
  }

  /// What was known at a moment: the last value that is not later; `nil` before the first one.
  ///
  /// - Complexity: logarithmic in the number of values.
  public func point(at time: UTCTime) -> Point? {
    let later = points.firstPlace { $0.time > time }
    return later > 0 ? points[later - 1] : nil
  }
}
