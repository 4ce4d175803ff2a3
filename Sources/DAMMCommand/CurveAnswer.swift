import DAMM

/// The figures of a curve, and its ticks where they are listed, in the words of the JSON of
/// `damm curve`. Prices are A per B, amounts token units.
struct CurveAnswer: Encodable {
  let relativeSigma: Double
  @OrNull var sigmaConvention: SigmaConvention?
  let sigma: Double
  let oraclePrice: Double
  @OrNull var shape: Shape?
  let halfWidth: Double
  let tickBps: Double
  let funding: Funding
  let lowestTick: Int
  let upperTick: Int
  let tickCount: Int
  let lowestPrice: Double
  let highestPrice: Double
  let liquidity: Double
  let reserveA: Double
  let reserveB: Double
  let totalA: Double
  let totalB: Double
  let scaleA: Double
  let scaleB: Double
  let offeredA: Double
  let offeredB: Double
  let price: Double
  let tick: Int
  let fraction: Double
  /// The schedule, and ask and bid at the position; the keys are missing without fees.
  let fees: FeeAnswer?
  let ask: Double?
  let bid: Double?
  /// Every tick; the key is missing where they are not listed.
  let ticks: [TickDepth]?

  init(_ figures: CurveFigures, listing: Bool) throws {
    let (curve, table) = (figures.curve, figures.curve.table)
    relativeSigma = table.relativeSigma
    _sigmaConvention = OrNull(wrappedValue: figures.convention)
    sigma = figures.sigma
    oraclePrice = curve.oraclePrice
    _shape = OrNull(wrappedValue: table.shape)
    halfWidth = table.halfWidth
    tickBps = table.tickWidthBps
    funding = curve.funding
    (lowestTick, upperTick, tickCount) = (table.lowestTick, table.upperTick, table.count)
    lowestPrice = curve.priceRange.lowerBound
    highestPrice = curve.priceRange.upperBound
    liquidity = curve.liquidity
    (reserveA, reserveB) = (figures.reserves.a, figures.reserves.b)
    (totalA, totalB) = figures.total
    (scaleA, scaleB) = (curve.scaleA, curve.scaleB)
    (offeredA, offeredB) = curve.offered
    price = curve.price
    (tick, fraction) = (curve.position.tick, curve.position.fraction)
    fees = figures.fees
    (ask, bid) = fees == nil ? (nil, nil) : (figures.spread.ask, figures.spread.bid)
    ticks =
      try !listing
      ? nil
      : (table.lowestTick..<table.upperTick).map { try curve.depth(ofTick: $0) }
  }
}
