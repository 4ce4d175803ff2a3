import CKernels
import DAMMModel

/// What is traded until no tick of a curve is worth taking for someone who can trade elsewhere at a
/// market price, without fees.
public struct Alignment: Sendable, Hashable {
  /// Where the pool stands then: at the edge of a tick, or where it stood if nothing is traded.
  public let position: Position
  /// By how much the pool's A grows, negative where it falls, in token units.
  public let a: Double
  /// By how much the pool's B grows, negative where it falls, in token units.
  public let b: Double
  /// What the pool loses by it at the market price, in A; not negative.
  public let loss: Double
}

extension Curve {
  /// The trade of an arbitrageur who buys every tick priced below a market price and sells into every
  /// tick above it.
  ///
  /// `loss = sum of b_i |R - P_i|` over what is traded, `R` the market price. It depends on where the
  /// curve stands and on `R` alone, not on the way there. From the cumulative sums, as
  /// `R B - A` in double-doubles: both keep their 106 bits, so that nothing is lost where the prices of
  /// the ticks are close to the market price but the rounding of these prices in the sums.
  ///
  /// Error of `a` and `b`: `Tolerance.amount`; of the loss: `Tolerance.alignmentLoss` times the loss and
  /// `Tolerance.alignmentPrices` times the A traded. Empty ticks are crossed for nothing.
  ///
  /// - Parameter market: `R`, A per B, in `Domain.price`. Beyond the curve it takes all there is.
  /// - Throws: `DAMMError.outOfRange`.
  /// - Complexity: independent of the number of ticks.
  public func alignment(withMarket market: Double) throws(DAMMError) -> Alignment {
    try Domain.check(market, "market price", in: Domain.price)
    let ticks = TickGrid(bps: table.tickWidthBps)
      .ticks(toCoordinate: market, oraclePrice: oraclePrice)
    func edge(_ index: Double) -> ck_point {
      let offset = index - Double(table.lowestTick)
      return table.place(atOffset: Int(min(max(offset, 0), Double(table.count))))
    }
    // A tick priced at the market is worth nothing to either side and stays as it is.
    let (up, down) = (edge(ticks.ceiling), edge(ticks.floor + 1))
    if c.place.isBelow(up) { return traded(from: c.place, to: up, at: up, market, sign: -1) }
    if down.isBelow(c.place) { return traded(from: down, to: c.place, at: down, market, sign: 1) }
    return Alignment(position: position, a: 0, b: 0, loss: 0)
  }

  /// `|dB/dp|` just above and just below the position, B per unit of price: what the tick holds, scale
  /// of its side included, over its width `mu w`. Zero outside the curve. An edge tick that only partly
  /// lies within the half width counts as a whole one. Error: `Tolerance.amount`.
  public var density: (above: Double, below: Double) {
    defer { keepTable() }
    return withUnsafePointer(to: c) { table.ticks.density(at: c.place, of: $0) }
  }

  /// All between two places, `sign` times it for B; each side of the place of forming in its own units.
  private func traded(
    from low: ck_point, to high: ck_point, at end: ck_point, _ market: Double, sign: Double
  ) -> Alignment {
    defer { keepTable() }
    let ratio = DoubleDouble(market) / DoubleDouble(oraclePrice)
    var (a, b, loss) = (0.0, 0.0, 0.0)
    func add(_ from: ck_point, _ to: ck_point, _ unitB: ck_dd, _ unitA: ck_dd) {
      guard from.isBelow(to) else { return }
      let gap = table.exactly(from, to)
      a += (gap.a * DoubleDouble(unitA)).value
      b += (gap.b * DoubleDouble(unitB)).value
      let lost = gap.b * ratio - gap.a
      loss += ((sign < 0 ? lost : -lost) * DoubleDouble(unitA)).value
    }
    let formed = c.formed
    add(low, formed.isBelow(high) ? formed : high, c.unit.0.0, c.unit.0.1)
    add(formed.isBelow(low) ? low : formed, high, c.unit.1.0, c.unit.1.1)
    return Alignment(
      position: Position(unchecked: table.lowestTick + Int(end.tick), 0), a: -sign * a, b: sign * b,
      loss: max(0, loss))
  }
}

extension TickTable {
  /// B and A between two places, the first below the second, with all bits of the cumulative sums.
  fileprivate func exactly(_ from: ck_point, _ to: ck_point) -> (b: DoubleDouble, a: DoubleDouble) {
    let fold = Int(c.pointee.fold)
    func sums(_ place: ck_point) -> (b: DoubleDouble, a: DoubleDouble, upper: Bool) {
      let offset = Int(place.tick)
      let upper = offset >= fold
      let edge = c.pointee.edges[offset + (upper ? 1 : 0)]
      let sold = DoubleDouble(place.sold)
      let inside = (sold - DoubleDouble(edge.b)) * relativePrice(ofTick: lowestTick + offset)
      return (sold, DoubleDouble(edge.a) + inside, upper)
    }
    let (low, high) = (sums(from), sums(to))
    guard high.upper, !low.upper else { return (high.b - low.b, high.a - low.a) }
    // both sides of the fold, where the sums change over
    let (below, above) = (c.pointee.edges[fold], c.pointee.edges[fold + 1])
    return (
      (DoubleDouble(below.b) - low.b) + (high.b - DoubleDouble(above.b)),
      (DoubleDouble(below.a) - low.a) + (high.a - DoubleDouble(above.a))
    )
  }
}

extension ck_point {
  /// Whether a place comes before another one of the same table.
  func isBelow(_ other: ck_point) -> Bool {
    tick < other.tick || (tick == other.tick && DoubleDouble(sold) < DoubleDouble(other.sold))
  }
}
