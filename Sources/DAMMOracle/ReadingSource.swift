import DAMMModel

/// Where readings come from: a file, a node, a value that someone fixed.
///
/// A source says what it knows and when that was known. Whether a reading is fresh enough and plausible
/// after the last one is for `ReadingGuard` to say, in the same way for every source.
public protocol ReadingSource: Sendable {
  /// What to call the source; it holds no secrets.
  var name: String { get }

  /// The newest reading.
  ///
  /// - Throws: `ReadingError`; after `.unavailable` the same question may be answered later.
  func latest() async throws(ReadingError) -> MarketReading
}

/// A source that knows its readings beforehand, so that they can be replayed in time order.
public protocol ReadingSeries: ReadingSource {
  /// All readings, at least one; each later than the one before.
  var readings: [MarketReading] { get }
}

extension ReadingSeries {
  /// The last reading of all.
  ///
  /// - Throws: `ReadingError.empty` for a series that breaks its promise to have one.
  public func latest() async throws(ReadingError) -> MarketReading {
    guard let last = readings.last else { throw .empty(source: name) }
    return last
  }

  /// What was known at a moment: the last reading that is not later.
  ///
  /// - Throws: `ReadingError.noReading` before the first one, `.empty` as above.
  /// - Complexity: logarithmic in the number of readings.
  public func reading(at time: UTCTime) throws(ReadingError) -> MarketReading {
    guard let first = readings.first else { throw .empty(source: name) }
    let later = readings.firstPlace { $0.time > time }
    guard later > 0 else { throw .noReading(source: name, at: time, earliest: first.time) }
    return readings[later - 1]
  }
}

extension Array {
  /// The first place whose element and all after it fulfil a condition; `count` where none does.
  func firstPlace(where isLate: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = low + (high - low) / 2
      if isLate(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
