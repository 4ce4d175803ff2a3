/// Which way a trade goes, seen by the trader.
public enum Side: String, Sendable, Hashable, CaseIterable, Codable {
  /// Take B out of the pool and pay A: the price moves up.
  case buy
  /// Pay B in and take A out: the price moves down.
  case sell
}

/// One of the two tokens of a pool.
public enum Token: String, Sendable, Hashable, CaseIterable, Codable {
  /// The numeraire.
  case a
  /// The asset.
  case b
}

/// Density of the liquidity as a function of `z`, the distance from the oracle price in standard
/// deviations.
public enum Shape: String, Sendable, Hashable, CaseIterable, Codable {
  /// Normal in price: `z = (p - mu) / sigma`. The default.
  case normal
  /// Normal in the logarithm of price: `z = ln(p / mu) / s`.
  case logNormal = "log-normal"
  /// Constant over `|z| <= k`, `z = (p - mu) / sigma`.
  case uniform
}

/// How much of the reserves a curve places on offer when it is formed.
public enum Funding: String, Sendable, Hashable, CaseIterable, Codable {
  /// `l = sqrt(qA qB)` along the whole curve: a balanced start offers half of the inventory. A side
  /// that would offer more than its reserve is scaled down to it. The default.
  case geometricMean = "geometric-mean"
  /// Each side is scaled so that all of its reserve is on offer.
  case full
}

/// Why a swap stopped. Where two hold, the first of this list is given.
public enum Stop: String, Sendable, Hashable, CaseIterable, Codable {
  /// The order was filled, or the target of a swap to a price was reached.
  case complete
  /// The price limit was reached before the order was filled.
  case priceLimit
  /// The curve had no more to give in this direction.
  case exhausted
}

/// Amounts of the two tokens, in token units.
public struct Reserves: Sendable, Hashable {
  /// Numeraire token A.
  public let a: Double
  /// Asset token B.
  public let b: Double

  /// Reserves of both tokens.
  ///
  /// - Throws: `DAMMError.outOfRange` for a reserve that is not in `Domain.reserve`.
  public init(a: Double, b: Double) throws(DAMMError) {
    try Domain.check(a, "reserve A", in: Domain.reserve)
    try Domain.check(b, "reserve B", in: Domain.reserve)
    self.a = a
    self.b = b
  }
}

/// Where a pool stands on its curve: ticks above `tick` hold B only, ticks below hold A only, and
/// `fraction` of `tick` itself is sold. The upper end of a curve is `(upperTick, 0)`.
public struct Position: Sendable, Hashable {
  /// Index of the tick; tick `i` spans `[mu (1 + i w), mu (1 + (i+1) w))`.
  public let tick: Int
  /// Sold fraction of the tick, `0 <= fraction < 1`.
  public let fraction: Double

  /// A position; whether it lies on a curve is for the curve to say.
  ///
  /// - Throws: `DAMMError.outOfRange` for a fraction that is not in `Domain.fraction`.
  public init(tick: Int, fraction: Double = 0) throws(DAMMError) {
    try Domain.check(fraction, "fraction", in: Domain.fraction)
    self.tick = tick
    self.fraction = fraction
  }

  /// The oracle price itself: the lower edge of tick 0.
  public static let oracle = Position(unchecked: 0, 0)

  /// A position whose fraction is known to be in its domain.
  @inlinable
  package init(unchecked tick: Int, _ fraction: Double) {
    self.tick = tick
    self.fraction = fraction
  }
}
