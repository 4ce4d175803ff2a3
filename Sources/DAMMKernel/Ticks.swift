import CKernels
import DAMMModel

/// What a table says of its ticks, read where the kernels read it.
///
/// It does not keep the table: who has it, keeps what lent it, a `TickTable` or a `LotCurve`. For a table may be that of pools
/// on many threads, and a count of references that all of them write at each trade would go from core to core.
package struct Ticks {
  let c: UnsafePointer<ck_table>

  /// Index of the lowest tick.
  package var lowest: Int { Int(c.pointee.grid.lowest) }
  /// One past the index of the highest tick.
  package var upper: Int { Int(c.pointee.grid.lowest + c.pointee.grid.count) }
  /// Tick width in basis points of the oracle price.
  package var widthBps: Double { c.pointee.grid.bps }

  /// `TickTable.relativePrice(ofTick:)`.
  package func relativePrice(_ tick: Int) -> Double {
    (TickGrid(bps: widthBps).tenThousandfold(Double(tick)) / 1e4).value
  }

  /// `TickTable.feeRate(_:ofTick:)`.
  package func feeRate(_ side: Side, _ tick: Int) -> Double {
    let offset = min(max(tick, -1 << 52), 1 << 52) - lowest
    return c.pointee.kernels.pointee.fee_rate(c, side == .buy ? 1 : 0, Int64(offset))
  }

  /// Where the lower edge of a tick is stored: the fold edge stands twice.
  func index(_ offset: Int) -> Int { offset + (offset >= Int(c.pointee.fold) ? 1 : 0) }

  /// What a tick holds of a token when full, at liquidity and oracle price 1; 0 for one that is not there.
  func capacity(_ tick: Int, _ token: (ck_edge) -> ck_dd) -> Double {
    guard tick >= lowest, tick < upper else { return 0 }
    let i = index(tick - lowest)
    let (low, high) = (token(c.pointee.edges[i]), token(c.pointee.edges[i + 1]))
    return (high.hi - low.hi) + (high.lo - low.lo)
  }

  /// The sum of B at a stored edge.
  func edgeB(_ index: Int) -> DoubleDouble { DoubleDouble(c.pointee.edges[index].b) }

  /// The place at the lower edge of the tick at an offset; the number of ticks for the upper end.
  func place(atOffset offset: Int) -> ck_point {
    ck_point(tick: Int64(offset), sold: edgeB(index(offset)).c)
  }

  /// `|dB/dp|` just above and just below a place of a curve on this table: B per unit of price, in the curve's units.
  func density(
    at place: ck_point, of curve: UnsafePointer<ck_curve>
  ) -> (above: Double, below: Double) {
    let width = curve.pointee.oracle_price * widthBps / 1e4
    let (formed, unit) = (curve.pointee.formed, curve.pointee.unit)
    func density(_ offset: Int64, _ unit: ck_dd) -> Double {
      capacity(lowest + Int(offset), \.b) * DoubleDouble(unit).value / width
    }
    let inside = self.place(atOffset: Int(place.tick)).isBelow(place)
    return (
      density(place.tick, place.isBelow(formed) ? unit.0.0 : unit.1.0),
      density(inside ? place.tick : place.tick - 1, formed.isBelow(place) ? unit.1.0 : unit.0.0)
    )
  }
}

extension TickTable {
  var ticks: Ticks { Ticks(c: c) }
}

extension LotCurve {
  /// Its ticks, for as long as it lives.
  package var ticks: Ticks { Ticks(c: lots.pointee.curve.table) }

  /// The tick where the curve stands, and `|dB/dp|` around it as `Curve.density` tells it, in lots.
  package var density: (tick: Int, above: Double, below: Double) {
    let (ticks, place) = (ticks, frame.place(after: stand.sold))
    let around = ticks.density(at: place, of: frame.curvePointer)
    withExtendedLifetime(frame) {}
    return (ticks.lowest + Int(place.tick), around.above, around.below)
  }
}
