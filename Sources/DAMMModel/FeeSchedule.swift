/// What a pool takes of each trade, in A and as part of its prices: `ask_i = P_i (1 + up_i)` for who buys,
/// `bid_i = P_i (1 - down_i)` for who sells.
///
/// With the tick's distance from the oracle price `g_i = i w`, and `d = +1` buying, `-1` selling,
///
///     fee_d(i) = clamp(f0 + v s + d c g_i, fMin, fMax)
///
/// so that moving away from the oracle price costs more and moving back costs less. A surge after a reform
/// is added behind the clamp, in both directions: `surge 2^(-t / halfLife)`, `t` seconds after the last
/// reform. Founding a pool begins none.
///
/// A skew below zero would make it cheaper to move away than to come back, and pay those who push the pool
/// off its oracle price: it is refused, like every negative fee. That `s` and `g_i` are pure numbers makes a
/// schedule free of scale.
public struct FeeSchedule: Sendable, Hashable {
  /// `f0` in basis points.
  public let baseBps: Double
  /// `v`: what one unit of `s = sigma / mu` adds, as a rate. 0.01 adds 10 basis points at `s = 0.1`.
  public let volatility: Double
  /// `c`: what one unit of distance from the oracle price, `P_i / mu - 1`, adds on the way there and takes
  /// off on the way back, as a rate.
  public let skew: Double
  /// `fMin` in basis points.
  public let minimumBps: Double
  /// `fMax` in basis points.
  public let maximumBps: Double
  /// What is added just after a reform, in basis points.
  public let surgeBps: Double
  /// Seconds until half of the surge is gone.
  public let surgeHalfLifeSeconds: Double

  /// A schedule.
  ///
  /// - Parameters:
  ///   - baseBps: `f0`, in `Domain.feeBps`.
  ///   - volatility: `v`, in `Domain.feeVolatility`.
  ///   - skew: `c`, in `Domain.feeSkew`.
  ///   - minimumBps: `fMin`, in `Domain.feeBps`.
  ///   - maximumBps: `fMax`, in `Domain.feeBps` and not below `fMin`.
  ///   - surgeBps: in `Domain.feeBps`.
  ///   - surgeHalfLifeSeconds: in `Domain.surgeHalfLifeSeconds`.
  /// - Throws: `DAMMError.outOfRange` that names the value. That a sale costs all it brings is refused where
  ///   a table is built, which knows its ticks.
  public init(
    baseBps: Double = 0, volatility: Double = 0, skew: Double = 0, minimumBps: Double = 0,
    maximumBps: Double = Domain.feeBps.upperBound, surgeBps: Double = 0,
    surgeHalfLifeSeconds: Double = 60
  ) throws(DAMMError) {
    try Domain.check(baseBps, "base fee in basis points", in: Domain.feeBps)
    try Domain.check(volatility, "fee for volatility", in: Domain.feeVolatility)
    try Domain.check(skew, "fee skew", in: Domain.feeSkew)
    try Domain.check(minimumBps, "minimum fee in basis points", in: Domain.feeBps)
    try Domain.check(
      maximumBps, "maximum fee in basis points", in: minimumBps...Domain.feeBps.upperBound)
    try Domain.check(surgeBps, "surge in basis points", in: Domain.feeBps)
    try Domain.check(
      surgeHalfLifeSeconds, "half-life of the surge in seconds", in: Domain.surgeHalfLifeSeconds)
    self.init(
      unchecked: baseBps, volatility, skew, minimumBps, maximumBps, surgeBps, surgeHalfLifeSeconds)
  }

  private init(
    unchecked baseBps: Double, _ volatility: Double, _ skew: Double, _ minimumBps: Double,
    _ maximumBps: Double, _ surgeBps: Double, _ surgeHalfLifeSeconds: Double
  ) {
    // a zero has one sign, so that equal schedules have equal fields
    self.baseBps = baseBps + 0
    self.volatility = volatility + 0
    self.skew = skew + 0
    self.minimumBps = minimumBps + 0
    self.maximumBps = maximumBps + 0
    self.surgeBps = surgeBps + 0
    self.surgeHalfLifeSeconds = surgeHalfLifeSeconds
  }

  /// No fees.
  public static let none = FeeSchedule(
    unchecked: 0, 0, 0, 0, Domain.feeBps.upperBound, 0, 60)
}

extension FeeSchedule: Codable {
  /// A schedule as it was encoded, checked like any other.
  ///
  /// - Throws: `DecodingError`, or `DAMMError.outOfRange` that names the value.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    func number(_ key: CodingKeys) throws -> Double { try fields.decode(Double.self, forKey: key) }
    try self.init(
      baseBps: number(.baseBps), volatility: number(.volatility), skew: number(.skew),
      minimumBps: number(.minimumBps), maximumBps: number(.maximumBps),
      surgeBps: number(.surgeBps), surgeHalfLifeSeconds: number(.surgeHalfLifeSeconds))
  }

  private enum CodingKeys: String, CodingKey {
    case baseBps, volatility, skew, minimumBps, maximumBps, surgeBps, surgeHalfLifeSeconds
  }
}
