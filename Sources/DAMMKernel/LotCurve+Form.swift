import CKernels
import DAMMModel

extension LotCurve {
  /// Founds a curve: `l = sqrt(qA qB)` of the reserves.
  ///
  /// - Parameters:
  ///   - table: the scale-free table.
  ///   - oraclePrice: lots of A a lot of B.
  ///   - reserves: at least one lot of both.
  ///   - funding: how much of them is on offer.
  ///   - price: where it stands, as a price coordinate in lots, clamped to the curve; the oracle price by
  ///     default.
  /// - Throws: `PoolError.lotTooCoarse`, `.parameter`.
  package init(
    founding table: TickTable, oraclePrice: Double, reserves: LotPair, funding: Funding,
    atPrice price: Double? = nil
  ) throws(PoolError) {
    let liquidity = DoubleDouble.product(Double(reserves.a), Double(reserves.b)).squareRoot
    try self.init(
      table, oraclePrice, liquidity, reserves, funding, atPrice: price ?? oraclePrice)
  }

  init(
    _ table: TickTable, _ oraclePrice: Double, _ liquidity: DoubleDouble, _ reserves: LotPair,
    _ funding: Funding, atPrice price: Double
  ) throws(PoolError) {
    try Self.checkPrices(table, oraclePrice)
    var curve = Curve(table, oraclePrice, liquidity, funding)
    curve.stand(
      at: Curve.standing(atPrice: price, in: table, oraclePrice), oraclePrice,
      b: Double(reserves.b), a: Double(reserves.a))
    Self.dropSlivers(&curve)
    self.init(curve)
  }

  /// A side that has but a sliver of a tick, less than 2^-12 of it, and was scaled up to a reserve offers
  /// nothing: its whole tick would hold more lots than sums can tell apart.
  private static func dropSlivers(_ curve: inout Curve) {
    let (table, formed) = (curve.table, curve.c.formed)
    let tick = table.lowestTick + min(Int(formed.tick), table.count - 1)
    var (b, a) = (0.0, 0.0)
    table.kernels.c.pointee.offered(table.c, formed, &b, &a)
    if curve.scaleA > 1, table.capacityA(ofTick: tick) > 0x1p12 * a { curve.c.scale.0 = 0 }
    if curve.scaleB > 1, table.capacityB(ofTick: tick) > 0x1p12 * b { curve.c.scale.1 = 0 }
  }

  /// The same liquidity on a curve that is formed anew, from the reserves now: both scales follow from
  /// them; the price coordinate of the position stays, clamped to the new curve.
  ///
  /// - Parameters:
  ///   - table: the scale-free table.
  ///   - oraclePrice: lots of A a lot of B.
  ///   - reserves: in lots; a side may be empty.
  ///   - funding: how much of them is on offer.
  /// - Throws: `PoolError.lotTooCoarse`, `.parameter`; nothing is changed then.
  /// - Complexity: independent of the number of ticks.
  package mutating func reform(
    _ table: TickTable, oraclePrice: Double, reserves: LotPair, funding: Funding
  ) throws(PoolError) {
    self = try LotCurve(
      table, oraclePrice, DoubleDouble(frame.curve.c.liquidity), reserves, funding,
      atPrice: current.price)
  }

  /// Every price of a curve must be in `Domain.lotPrice`.
  static func checkPrices(
    _ table: TickTable, _ oraclePrice: Double
  ) throws(PoolError) {
    try Domain.checkPool(oraclePrice, "price in lots", in: Domain.price)
    let allowed = Domain.lotPrice
    let lowest = oraclePrice * table.relativePrice(ofTick: table.lowestTick)
    let highest = oraclePrice * table.relativePrice(ofTick: table.upperTick)
    guard lowest >= allowed.lowerBound else {
      throw .lotTooCoarse(token: "A", price: lowest, allowed: allowed)
    }
    guard highest <= allowed.upperBound else {
      throw .lotTooCoarse(token: "B", price: highest, allowed: allowed)
    }
  }
}
