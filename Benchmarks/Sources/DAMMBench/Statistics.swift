/// Figures of a series of times.
enum Statistics {
  /// The value that a part of the series stays below or equals; the nearest rank, no interpolation.
  static func percentile(_ series: [Double], _ part: Double) -> Double {
    let sorted = series.sorted()
    guard !sorted.isEmpty else { return .nan }
    return sorted[Int((Double(sorted.count - 1) * part).rounded())]
  }

  /// The middle value.
  static func median(_ series: [Double]) -> Double { percentile(series, 0.5) }

  /// How many times longer `slow` took than `fast`: round by round, so that a slow moment of the
  /// machine falls on both, and then the median.
  static func ratio(_ slow: [Double], to fast: [Double]) -> Double {
    median(zip(slow, fast).map { $0 / $1 })
  }

  /// Which of several series has the smallest median.
  static func fastest(_ series: [[Double]]) -> Int? {
    series.indices.min { median(series[$0]) < median(series[$1]) }
  }

  /// The slowest over the fastest of several series in each round, and then the median.
  static func spread(_ series: [[Double]]) -> Double {
    guard let rounds = series.map(\.count).min() else { return .nan }
    return median(
      (0..<rounds).map { round in
        let times = series.map { $0[round] }
        return times.max()! / times.min()!
      })
  }
}
