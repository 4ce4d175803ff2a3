import CKernels
import DAMMModel

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
    guard Domain.poolLiquidity.contains(state.liquidity),
      state.liquidityLow.magnitude <= state.liquidity.ulp
    else {
      throw .corruptState("liquidity \(state.liquidity), not in \(Domain.poolLiquidity)")
    }
    for scale in [state.scaleA, state.scaleB] {
      guard scale >= 0, scale < 0x1p1000 else { throw .corruptState("scale \(scale)") }
    }
    let liquidity = DoubleDouble(hi: state.liquidity, lo: state.liquidityLow)
    var curve = Curve(table, oraclePrice, liquidity, funding)
    curve.c.scale = (state.scaleA, state.scaleB)
    curve.c.place = try table.place(state.anchorTick, state.anchor, state.anchorLow)
    curve.c.formed = try table.place(state.formedTick, state.formed, state.formedLow)
    let anchored = LotFrame(curve)
    guard anchored.hasEnds else { throw .corruptState("a curve without lots") }
    guard anchored.range.contains(Int(state.sold)) else {
      throw .corruptState("\(state.sold) lots sold of a curve that sells \(anchored.range)")
    }
    self.init(curve, sold: Int(state.sold))
    try checkReach()
    try checkLots()
  }

  /// Throws unless the lots of the curve are what its prices say. Scales and places may be such that sums of lots
  /// have no digits left for lots; no forming leads there.
  private func checkLots() throws(PoolError) {
    guard frame.lots(holding: stand.held) == stand.sold else {
      throw .corruptState("it stands after \(sold) lots of several that are worth the same")
    }
    var points = Set([range.lowerBound, range.upperBound, sold])
    for power in 0..<50 {
      let step = 1 << power
      for n in [range.lowerBound + step, sold - step, sold + step, range.upperBound - step]
      where range.contains(n) { points.insert(n) }
    }
    var last: (n: Int, held: Int, price: Double)?
    for n in points.sorted() {
      let price = priceAfter(n)
      let held = heldAfter(n)
      if let last {
        let (lots, moved) = (Double(n - last.n), Double(held) - Double(last.held))
        // a lot for each rounding, and prices to a few units in the last place
        guard moved >= lots * last.price * (1 - 0x1p-40) - 2,
          moved <= lots * price * (1 + 0x1p-40) + 2
        else {
          throw .corruptState(
            "lots \(last.n) to \(n) move \(moved) of A at prices from \(last.price) to \(price)")
        }
      }
      last = (n, held, price)
    }
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
