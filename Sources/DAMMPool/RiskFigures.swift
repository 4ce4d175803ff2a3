import DAMMKernel
import DAMMModel
import DAMMOracle

/// What a liquidity provider of a curve stands to lose, and what must come in to make up for it.
///
/// `docs/risk.md` has the formulas and how each was checked. `p` is the marginal price, at which the
/// market is taken to stand; amounts are token units, values and losses A; a day is a 365th of a year.
/// Fees are left out of all figures but those that take a fee.
public struct RiskFigures: Sendable {
  /// The curve where it stands; that of a pool counts in lots.
  public let curve: Curve
  /// What the pool holds, on offer or not.
  public let reserves: (a: Double, b: Double)
  /// Volatility a year, as a decimal.
  public let volatility: Double
  /// Marginal price `p` of the position: the price of its tick, A per B.
  public let price: Double
  /// Oracle price `mu`, A per B.
  public let oraclePrice: Double
  /// What the curve counts in, and a price of 1 in that, in tokens: 1 each, or lots.
  let unit: (a: Double, b: Double, price: Double)

  /// The figures of a curve.
  ///
  /// - Parameters:
  ///   - curve: where it stands.
  ///   - reserves: what the pool holds now, at least what the curve offers.
  ///   - volatility: a year, as a decimal, in `Domain.impliedVolatility`.
  /// - Throws: `DAMMError.outOfRange` that names the value.
  public init(
    _ curve: Curve, reserves: Reserves, volatility: Double
  ) throws(DAMMError) {
    try Domain.check(volatility, "volatility a year", in: Domain.impliedVolatility)
    // a curve that swapped may offer a rounding more than is left
    let (least, most) = (1 - Tolerance.amount.relative, Domain.reserve.upperBound)
    let offered = curve.offered
    try Domain.check(
      reserves.a, "reserve A, of which the curve offers a part,",
      in: min(offered.a * least, most)...most)
    try Domain.check(
      reserves.b, "reserve B, of which the curve offers a part,",
      in: min(offered.b * least, most)...most)
    self.init(
      unchecked: curve, (reserves.a, reserves.b), volatility, oraclePrice: curve.oraclePrice,
      unit: (1, 1, 1))
  }

  init(
    unchecked curve: Curve, _ reserves: (a: Double, b: Double), _ volatility: Double,
    oraclePrice: Double, unit: (a: Double, b: Double, price: Double)
  ) {
    self.curve = curve
    self.reserves = reserves
    self.volatility = volatility
    self.oraclePrice = oraclePrice
    self.unit = unit
    price = oraclePrice * curve.table.relativePrice(ofTick: curve.position.tick)
  }

  /// The volatility a year that a reading means: that which its sigma followed from, or where sigma
  /// itself was given `s sqrt(365 / days)`.
  ///
  /// - Parameters:
  ///   - reading: price and sigma.
  ///   - sigmaDays: over how many days a sigma without a basis spreads, in `Domain.horizonDays`.
  /// - Throws: `DAMMError.outOfRange` that names the value.
  public static func volatility(
    of reading: OracleReading, sigmaDays: Double
  ) throws(DAMMError) -> Double {
    if let basis = reading.basis { return basis.impliedVolatility }
    try Domain.check(sigmaDays, "horizon of sigma in days", in: Domain.horizonDays)
    return reading.relativeSigma * (365 / sigmaDays).squareRoot()
  }

  /// Volatility over a day, as a decimal.
  public var dailyVolatility: Double { volatility / 365.0.squareRoot() }

  /// What the pool holds at the marginal price, `A + p B`.
  public var value: Double { reserves.a + price * reserves.b }

  /// What trades up to a relative distance from the marginal price find, fees not taken off: B above it, A
  /// below it. Error: `Tolerance.amount`, and a rounding where A has a fee.
  ///
  /// - Parameter part: of the price, as a decimal, in `Domain.priceBand`.
  /// - Throws: `DAMMError.outOfRange`.
  public func offered(within part: Double) throws(DAMMError) -> (a: Double, b: Double) {
    try Domain.check(part, "part of the price", in: Domain.priceBand)
    func quote(_ side: Side, to price: Double) throws(DAMMError) -> Quote {
      curve.quote(try Order(side, .toPrice(price / unit.price)))
    }
    let below = try quote(.sell, to: price * (1 - part))
    let above = try quote(.buy, to: price * (1 + part))
    return ((below.amountOut + below.fee) * unit.a, above.amountOut * unit.b)
  }

  /// `|dB/dp|` at the position, B per unit of price: the mean of what lies just above and just below.
  public var density: Double {
    (curve.density.above + curve.density.below) / 2 * (unit.b / unit.price)
  }

  /// How many times as deep the curve is at the position as a constant product of the same value over
  /// all prices, whose `|dB/dp|` is `V / 4 p^2`.
  public var capitalEfficiency: Double { 4 * density * price * (price / value) }
}
