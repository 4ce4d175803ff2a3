import DAMMModel

/// A pool that trades by price functions: reserves and shares in real numbers. A value: a copy is a snapshot,
/// and `quote` is `swap` on a copy.
///
/// A purchase keeps `NB exp(C(r))`, `C' = 1/(ask(r) + r)`, and a sale the same of `bid`: the whole
/// of it follows from the two functions and `r = NA/NB`. Where they are known in closed form that is used, else
/// `C` is integrated by GSL with an estimate of its error. It knows no clock: each action is told the time.
///
/// Reserves are `Double`s: an amount that is less than the last bit of a reserve moves it by nothing.
public struct PricePool<Prices: PriceFunctions>: Sendable {
  /// The price functions.
  public let prices: Prices
  /// What the pool holds, without fees that are held apart.
  public internal(set) var reserves: Reserves
  /// Shares of all who provide liquidity.
  public internal(set) var shares: Double
  /// What their sum is more than `shares`, which is rounded: where one who holds nearly all of them leaves, the
  /// others hold what is left of a difference.
  var sharesRest = 0.0
  /// Fees in A that are held apart; 0 where they stay in the reserves.
  public internal(set) var fees = 0.0

  /// A pool.
  ///
  /// - Parameters:
  ///   - prices: its price functions.
  ///   - reserves: their ratio in `prices.ratios`.
  ///   - shares: in `Domain.realShares`; `sqrt(NA NB)` by default.
  /// - Throws: `DAMMError.outOfRange`.
  public init(_ prices: Prices, reserves: Reserves, shares: Double? = nil) throws(DAMMError) {
    let shares = shares ?? reserves.a.squareRoot() * reserves.b.squareRoot()
    try Domain.check(shares, "shares", in: Domain.realShares)
    try Domain.check(reserves.a / reserves.b, "ratio of the reserves", in: prices.ratios)
    self.prices = prices
    self.reserves = reserves
    self.shares = shares
  }

  /// `r = NA/NB`, A per B.
  public var ratio: Double { reserves.a / reserves.b }

  /// What the next bit of B costs.
  ///
  /// - Throws: `DAMMError.invalidPrice`.
  public func ask(at now: UTCTime) throws(DAMMError) -> Double {
    try Marginal(prices, .buy, ratio, now).price
  }

  /// What the next bit of B brings.
  ///
  /// - Throws: `DAMMError.invalidPrice`.
  public func bid(at now: UTCTime) throws(DAMMError) -> Double {
    try Marginal(prices, .sell, ratio, now).price
  }
}

extension PricePool: Equatable where Prices: Equatable {}
extension PricePool: Hashable where Prices: Hashable {}
