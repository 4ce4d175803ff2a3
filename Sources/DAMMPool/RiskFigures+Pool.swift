import DAMMModel

extension RiskFigures {
  /// The figures of a pool as it stands, in tokens. A side may be empty: that of a pool that sold all its B
  /// is where most can be lost.
  ///
  /// The curve counts in lots and the figures follow by the size of a lot, so that each is rounded twice more;
  /// a market price is rounded once on its way into lots, which adds another `Tolerance.alignmentPrices` to
  /// the error of a loss. Fees that the pool holds belong to nobody's reserves and are left out.
  ///
  /// - Parameters:
  ///   - pool: as it stands now.
  ///   - volatility: a year, as a decimal, in `Domain.impliedVolatility`; `volatility(of:sigmaDays:)` tells that
  ///     of `pool.reading`.
  /// - Throws: `PoolError.empty` for a pool without shares, `.parameter` for the volatility.
  /// - Complexity: constant.
  public init(_ pool: Pool, volatility: Double) throws(PoolError) {
    try Domain.checkPool(volatility, "volatility a year", in: Domain.impliedVolatility)
    guard let curve = pool.curveInLots else { throw .empty }
    let (a, b) = (pool.terms.a, pool.terms.b)
    self.init(
      unchecked: curve, (a.tokens(pool.reserves.a), b.tokens(pool.reserves.b)), volatility,
      oraclePrice: pool.reading.price,
      unit: (a.tokens(1), b.tokens(1), LotSize.tokenPrice(pricePerLot: 1, a: a, b: b)))
  }
}
