import DAMMKernel
import DAMMModel
import DAMMPool

/// A tick curve as the prices of a market: the same ledger in lots that a pool of its own trades on, with a
/// reading, fees, a surge and a policy of its own.
public struct TickPricing: MarketPricing, Equatable {
  package internal(set) var maker: TickMaker

  /// A curve at the liquidity of a pool, with scales from its reserves.
  ///
  /// - Parameters:
  ///   - terms: shape, fees, funding and policy; lots as those of the pool.
  ///   - reading: what the oracle says.
  ///   - snapshot: what is known of the pool.
  ///   - now: the time.
  ///   - price: where the market stands, as a price coordinate in tokens, clamped to the curve; the oracle
  ///     price by default.
  /// - Throws: `PoolError.lotTooCoarse`, `.spreadBelowTick`, `.parameter`.
  public init(
    _ terms: PoolTerms, _ reading: OracleReading, on snapshot: PoolSnapshot, at now: UTCTime,
    atPrice price: Double? = nil
  ) throws(PoolError) {
    try Domain.checkPool(now, "time")
    maker = try TickMaker(
      terms, reading, liquidity: snapshot.liquidity, reserves: snapshot.reserves, at: now,
      atPrice: price)
  }

  /// What is set.
  public var terms: PoolTerms { maker.terms }
  /// What the curve was formed with.
  public var reading: OracleReading { maker.reading }

  // MARK: The prices of a market

  /// `Q(n)` depends on the position alone.
  public var retraces: Bool { true }
  /// The position as a price coordinate.
  public var price: Double { maker.price }

  /// Lots to the end of the curve.
  public func mostLots(_ side: Side, at now: UTCTime) -> Int {
    min(maker.mostLots(side), Domain.orderLots.upperBound)
  }

  /// Differences of `Q(n)`.
  public func reach(_ side: Side, _ lots: Int, at now: UTCTime) -> MarketReach {
    MarketReach(
      moved: maker.moved(side, lots), lotPrice: maker.lotPrice(side, after: lots))
  }

  /// An order as a pool of its own would carry it out.
  public mutating func trade(
    _ order: LotOrder, most: Int, at now: UTCTime
  ) throws(PoolError) -> MarketFill {
    let most = min(most, maker.mostLots(order.side))
    var reserves =
      order.side == .buy ? LotPair(a: 0, b: most) : LotPair(a: maker.moved(.sell, most), b: 0)
    let answer = maker.settle(order, at: now, &reserves)
    return MarketFill(
      side: answer.side, amountIn: answer.amountIn, amountOut: answer.amountOut, fee: answer.fee,
      priceAfter: answer.priceAfter, stop: answer.stop, left: answer.left)
  }

  /// Capacities grow alike; scales stay.
  public mutating func scale(
    to liquidity: LotLiquidity, from before: LotLiquidity
  ) throws(PoolError) {
    try maker.scale(to: liquidity)
  }
}

extension TickPricing: Codable {
  private enum Key: String, CodingKey { case terms, reading, formedAt, surgeFrom, curve }

  /// Reads a curve, and takes it only if it is one that forming leads to.
  ///
  /// - Throws: `DecodingError`; `PoolError.corruptState` that says what is wrong; what its parts throw.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    let formedAt = UTCTime(secondsSince1970: try fields.decode(Int64.self, forKey: .formedAt))
    let surgeFrom = try fields.decodeIfPresent(Int64.self, forKey: .surgeFrom)
      .map(UTCTime.init(secondsSince1970:))
    try Domain.checkPool(formedAt, "time of forming")
    try Domain.checkPool(surgeFrom ?? formedAt, "time of the last reform")
    maker = try TickMaker(
      fields.decode(PoolTerms.self, forKey: .terms),
      reading: fields.decode(StoredReading.self, forKey: .reading).checked(), formedAt: formedAt,
      surgeFrom: surgeFrom, fields.decode(LotCurve.State.self, forKey: .curve))
  }

  /// Writes the whole state.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Key.self)
    try fields.encode(maker.terms, forKey: .terms)
    try fields.encode(StoredReading(maker.reading), forKey: .reading)
    try fields.encode(maker.formedAt.secondsSince1970, forKey: .formedAt)
    try fields.encodeIfPresent(maker.surgeFrom?.secondsSince1970, forKey: .surgeFrom)
    try fields.encode(maker.state, forKey: .curve)
  }
}
