import DAMMModel

/// A health factor as ledgers count it: a whole number of parts of 2^-48, so that falls add up exactly, in any
/// order.
public struct Health: Sendable, Hashable, Comparable {
  /// Parts of 2^-48.
  public let parts: Int

  /// So many parts of 2^-48.
  public init(parts: Int) { self.parts = parts }

  /// The nearest to a factor; all from 2^13 on are that, and what is no factor is nothing.
  init(nearest value: Double) {
    parts = value > 0 ? Int((min(value, 0x1p13) * 0x1p48).rounded()) : 0
  }

  /// Both together; as many parts as are counted, where they would be more.
  func adding(_ other: Health) -> Health {
    let (sum, overflow) = parts.addingReportingOverflow(other.parts)
    return Health(parts: overflow ? .max : sum)
  }

  /// How far it is above another; nothing where it is not.
  func fall(to other: Health) -> Health { Health(parts: max(0, parts - other.parts)) }

  /// As much as a pool has that never lost anything.
  public static let whole = Health(parts: 1 << 48)
  /// Nothing.
  public static let none = Health(parts: 0)

  /// The factor, exactly.
  public var value: Double { Double(parts) * 0x1p-48 }

  /// Less healthy than.
  public static func < (left: Health, right: Health) -> Bool { left.parts < right.parts }
}

extension Health: Codable {
  /// Reads the parts.
  ///
  /// - Throws: `DecodingError`; `PoolError.countOutOfRange` for a negative number.
  public init(from decoder: any Decoder) throws {
    parts = try decoder.singleValueContainer().decode(Int.self)
    try Domain.check(parts, "health in parts of 2^-48", in: 0...Int.max)
  }

  /// Writes the parts.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(parts)
  }
}

extension Health: CustomStringConvertible {
  /// The factor to 13 decimal places.
  public var description: String { "\((value * 1e13).rounded() / 1e13)" }
}

/// How far settlements may take the health of a pool down.
public struct HealthLimits: Sendable, Hashable, Codable {
  /// No settlement leaves less, unless it is within a credit; then no credit was granted that could.
  public let floor: Health
  /// By how much one market's settlements may take it down in one UTC day, all together; `nil` for any.
  public let dailyAllowance: Health?

  /// Limits.
  ///
  /// - Parameters:
  ///   - floor: the least health factor, in `Domain.healthLimit`.
  ///   - dailyAllowance: falls of one market in one UTC day, in `Domain.healthLimit`; `nil` for any.
  /// - Throws: `PoolError.parameter` that names the value.
  public init(floor: Double = 0.9, dailyAllowance: Double? = 0.01) throws(PoolError) {
    try Domain.checkPool(floor, "floor of the health factor", in: Domain.healthLimit)
    self.floor = Health(nearest: floor)
    guard let dailyAllowance else {
      self.dailyAllowance = nil
      return
    }
    try Domain.checkPool(dailyAllowance, "daily allowance of a market", in: Domain.healthLimit)
    self.dailyAllowance = Health(nearest: dailyAllowance)
  }

  private init(floor: Health, dailyAllowance: Health?) {
    (self.floor, self.dailyAllowance) = (floor, dailyAllowance)
  }

  /// No limits: only reserves bound what settlements take.
  public static let off = HealthLimits(floor: .none, dailyAllowance: nil)
}
