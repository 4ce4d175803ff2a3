/// How many numbers are distributed, by nearest-rank quantiles: the `ceil(p n)`-th smallest, always one
/// of the numbers.
public struct Distribution: Sendable, Hashable, Codable {
  /// How many numbers there are.
  public let count: Int
  /// The number that 1 % do not exceed.
  public let p1: Double
  /// The number that 5 % do not exceed.
  public let p5: Double
  /// The median, of two middle ones the lower.
  public let p50: Double
  /// The number that 95 % do not exceed.
  public let p95: Double
  /// The number that 99 % do not exceed.
  public let p99: Double
  /// The largest in size.
  public let largest: Double

  /// The distribution of some numbers; `nil` for none at all. None may be NaN.
  public init?(_ values: [Double]) {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    count = sorted.count
    p1 = Self.quantile(0.01, sorted)
    p5 = Self.quantile(0.05, sorted)
    p50 = Self.quantile(0.50, sorted)
    p95 = Self.quantile(0.95, sorted)
    p99 = Self.quantile(0.99, sorted)
    largest = max(sorted[0].magnitude, sorted[sorted.count - 1].magnitude)
  }

  private static func quantile(_ part: Double, _ sorted: [Double]) -> Double {
    sorted[max(0, Int((part * Double(sorted.count)).rounded(.up)) - 1)]
  }

  /// The middle number, of two the lower; `nil` for none at all.
  static func median(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : quantile(0.5, values.sorted())
  }
}
