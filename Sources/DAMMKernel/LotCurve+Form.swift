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

  private init(
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
  private static func checkPrices(
    _ table: TickTable, _ oraclePrice: Double
  ) throws(PoolError) {
    do { try Domain.check(oraclePrice, "price in lots", in: Domain.price) } catch {
      throw .parameter(error)
    }
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

// MARK: The state to be stored

extension LotCurve {
  /// What a curve is but for its table, its oracle price and its funding: everything else follows, to the
  /// bit. Places are ticks counted from the lowest, and sums of B as high and low parts.
  package struct State: Sendable, Hashable, Codable {
    var liquidity, liquidityLow: Double
    var scaleA, scaleB: Double
    var anchorTick: Int64
    var anchor, anchorLow: Double
    var formedTick: Int64
    var formed, formedLow: Double
    var sold: Int64
  }

  /// The state.
  package var state: State {
    let c = frame.curve.c
    let (anchor, formed) = (c.place, c.formed)
    return State(
      liquidity: c.liquidity.hi, liquidityLow: c.liquidity.lo, scaleA: c.scale.0,
      scaleB: c.scale.1, anchorTick: anchor.tick, anchor: anchor.sold.hi,
      anchorLow: anchor.sold.lo, formedTick: formed.tick, formed: formed.sold.hi,
      formedLow: formed.sold.lo, sold: stand.sold)
  }

  /// A curve from its state, bit for bit.
  ///
  /// - Throws: `PoolError.corruptState` for one that no curve can have, `.lotTooCoarse`.
  package init(
    _ state: State, _ table: TickTable, oraclePrice: Double, funding: Funding
  ) throws(PoolError) {
    try Self.checkPrices(table, oraclePrice)
    guard state.liquidity.isNormal, (1e-30...0x1p60).contains(state.liquidity),
      state.liquidityLow.magnitude <= state.liquidity.ulp
    else { throw .corruptState("liquidity \(state.liquidity)") }
    for scale in [state.scaleA, state.scaleB] {
      guard scale >= 0, scale < 0x1p1000 else { throw .corruptState("scale \(scale)") }
    }
    let liquidity = DoubleDouble(hi: state.liquidity, lo: state.liquidityLow)
    var curve = Curve(table, oraclePrice, liquidity, funding)
    curve.c.scale = (state.scaleA, state.scaleB)
    curve.c.place = try table.place(state.anchorTick, state.anchor, state.anchorLow)
    curve.c.formed = try table.place(state.formedTick, state.formed, state.formedLow)
    let anchored = LotCurve(curve)
    guard anchored.range.contains(Int(state.sold)) else {
      throw .corruptState("\(state.sold) lots sold of a curve that sells \(anchored.range)")
    }
    self.init(curve, sold: Int(state.sold))
  }
}

extension LotCurve: Equatable {
  /// The same state on tables that are the same or made alike.
  package static func == (left: LotCurve, right: LotCurve) -> Bool {
    left.state == right.state && left.table.isMadeLike(right.table)
      && left.oraclePrice == right.oraclePrice
      && left.frame.curve.funding == right.frame.curve.funding
  }
}

extension TickTable {
  /// Whether it is the same or was made of the same parameters, and so has the same bits.
  fileprivate func isMadeLike(_ other: TickTable) -> Bool {
    self === other
      || (shape != nil && shape == other.shape && relativeSigma == other.relativeSigma
        && halfWidth == other.halfWidth && tickWidthBps == other.tickWidthBps
        && fees == other.fees)
  }

  /// A place as it was stored.
  fileprivate func place(
    _ tick: Int64, _ sold: Double, _ low: Double
  ) throws(PoolError) -> ck_point {
    guard tick >= 0, tick <= count, low.magnitude <= sold.ulp else {
      throw .corruptState("a place at tick \(tick) of \(count)")
    }
    let place = ck_point(tick: tick, sold: ck_dd(hi: sold, lo: low))
    let start = self.place(atOffset: Int(tick))
    func isBefore(_ x: ck_point, _ y: ck_point) -> Bool {
      DoubleDouble(x.sold) < DoubleDouble(y.sold)
    }
    let inside =
      tick == count
      ? !isBefore(start, place) && !isBefore(place, start)
      : !isBefore(place, start) && !isBefore(upperEdge(Int(tick)), place)
    guard inside else { throw .corruptState("a place outside its tick \(tick)") }
    return place
  }
}
