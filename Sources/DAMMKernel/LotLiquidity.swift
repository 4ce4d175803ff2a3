import DAMMModel

/// The liquidity of a pool in lots, `sqrt(qA qB)` at its founding, to about 106 bits: what several curves that
/// serve one pool have in common.
public struct LotLiquidity: Sendable, Hashable {
  private let hi: Double
  private let lo: Double

  private init(_ value: DoubleDouble) { (hi, lo) = (value.hi, value.lo) }

  var wide: DoubleDouble {
    var value = DoubleDouble(hi)
    value.lo = lo
    return value
  }

  /// The liquidity of a pool that is founded with these reserves, at least a lot of both.
  public init(founding reserves: LotPair) {
    self.init(DoubleDouble.product(Double(reserves.a), Double(reserves.b)).squareRoot)
  }

  /// The nearest `Double`.
  public var value: Double { hi }

  /// So much of it as a part of a whole: both positive.
  public func scaled(by numerator: UInt128, over denominator: UInt128) -> LotLiquidity {
    LotLiquidity(wide * DoubleDouble(whole: numerator) / DoubleDouble(whole: denominator))
  }

  /// How many times another it is. Error: a rounding.
  public func over(_ other: LotLiquidity) -> Double { (wide / other.wide).value }
}

extension LotLiquidity: Codable {
  private enum Key: String, CodingKey { case high, low }

  /// Reads both parts.
  ///
  /// - Throws: `DecodingError`; `PoolError.corruptState` for what no pool has.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    hi = try fields.decode(Double.self, forKey: .high)
    lo = try fields.decode(Double.self, forKey: .low)
    guard Domain.poolLiquidity.contains(hi), lo.magnitude <= hi.ulp else {
      throw PoolError.corruptState("liquidity \(hi), not in \(Domain.poolLiquidity)")
    }
  }

  /// Writes both parts; together they keep every bit.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Key.self)
    try fields.encode(hi, forKey: .high)
    try fields.encode(lo, forKey: .low)
  }
}

extension LotCurve {
  /// The liquidity.
  package var liquidity: LotLiquidity { LotLiquidity(frame.curve) }

  /// The same curve at another liquidity, at the same position and scales; counts lots from there.
  package mutating func scale(to liquidity: LotLiquidity) {
    var curve = frame.curve
    curve.c.liquidity = liquidity.wide.c
    curve.c.place = frame.place(after: stand.sold)
    self = LotCurve(curve)
  }

  /// Forms a curve of a given liquidity.
  ///
  /// - Parameters:
  ///   - table: the scale-free table.
  ///   - oraclePrice: lots of A a lot of B.
  ///   - liquidity: of the whole curve.
  ///   - reserves: in lots; a side may be empty. Scales follow from them.
  ///   - funding: how much of them is on offer.
  ///   - price: where it stands, as a price coordinate in lots, clamped to the curve; the oracle price by
  ///     default.
  /// - Throws: `PoolError.lotTooCoarse`, `.parameter`.
  package init(
    _ table: TickTable, oraclePrice: Double, liquidity: LotLiquidity, reserves: LotPair,
    funding: Funding, atPrice price: Double? = nil
  ) throws(PoolError) {
    try self.init(
      table, oraclePrice, liquidity.wide, reserves, funding, atPrice: price ?? oraclePrice)
  }
}

extension LotLiquidity {
  fileprivate init(_ curve: Curve) { self.init(DoubleDouble(curve.c.liquidity)) }
}
