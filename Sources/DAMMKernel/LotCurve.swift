import CKernels
import DAMMModel

/// A curve whose token units are lots and which trades in whole lots: what a ledger trades on.
///
/// It stores how many lots of B were sold since it stood at its anchor, `n`, negative when bought back; the
/// position follows from that. With `F(n)` the A that the curve holds then beyond what it held at the
/// anchor, a trade moves `Q(n1) - Q(n0)` lots of A, `Q(n) = ceil F(n)`: so what a path pays depends on its
/// ends alone. Its fee is that of the whole lots of A that move, rounded up. A value.
///
/// A real number of lots within 2^-40 of a whole one counts as that, for so much may sums of lots be off.
package struct LotCurve: @unchecked Sendable {
  // @unchecked: as `Curve`, whose table it keeps alive.
  var curve: Curve
  var lots = ck_lots()
  var count = ck_count_of_lots()

  /// Lots of B sold since the anchor.
  package var sold: Int { Int(count.sold) }
  /// Lots of A that the curve holds beyond what it held at the anchor, rounded up: `Q(sold)`.
  package var held: Int { Int(count.held) }
  /// The scale-free table.
  package var table: TickTable { curve.table }
  /// Oracle price in lots of A a lot of B.
  package var oraclePrice: Double { curve.oraclePrice }
  /// The lots of B sold at the two ends of the curve, counted as `sold`.
  package var range: ClosedRange<Int> { Int(lots.lowest)...Int(lots.highest) }

  /// A curve that stands where its lots begin.
  package init(_ curve: Curve) {
    self.curve = curve
    anchor()
  }

  /// Counts lots from where the curve stands.
  mutating func anchor() {
    count = ck_count_of_lots()
    curve.table.kernels.c.pointee.anchor(&curve.c, &lots)
  }

  // MARK: Trading

  /// What an order fixes, in lots.
  package enum Fixed: Sendable {
    /// Lots of B.
    case amount(Int)
    /// Lots of A, fee included.
    case notional(Int)
    /// Nothing: to where it must stop.
    case nothing
  }

  /// What an order did to the curve.
  package struct Fill: Sendable {
    /// What the kernels say.
    var c = ck_lot_fill()
    /// Where the curve would have had no more to give, the order's own limit stopped it.
    package var limited = false
    /// Lots of B that moved.
    package var amount = 0

    /// Lots of A that moved between the curve and the trader, without the fee.
    package var moved: Int { Int(c.moved) }
    /// Lots of A, rounded up.
    package var fee: Int { Int(c.fee) }
    /// How many ticks gave something.
    package var ticksCrossed: Int { Int(c.ticks) }
    /// Whether nothing but the size of the order stopped it.
    package var filled: Bool { c.filled != 0 }
    /// The position behind it as a price coordinate in lots.
    package var priceAfter: Double { c.price }
    /// The sold fraction of the tick of that position.
    package var fractionAfter: Double { c.fraction }
    /// The offset of that tick from the lowest.
    package var offsetAfter: Int { Int(c.place.tick) }
  }

  /// What an order would do.
  ///
  /// - Parameters:
  ///   - side: direction of the trade.
  ///   - fixed: the quantity fixed, in `Domain.orderLots`.
  ///   - stop: a price coordinate in lots that the position does not pass.
  ///   - surge: a rate that is added to the fees of both directions.
  package func fill(_ side: Side, _ fixed: Fixed, stop: Double?, surge: Double) -> Fill {
    defer { curve.keepTable() }
    let buying = side == .buy
    var order = ck_lot_order()
    order.buy = buying ? 1 : 0
    order.surge = surge
    order.end = buying ? lots.highest : lots.lowest
    var fill = Fill()
    if let stop, let place = curve.binding(stop, side) {
      let end = lotsBefore(place, side)
      if buying ? end <= order.end : end >= order.end {
        order.end = end
        fill.limited = true
      }
    }
    switch fixed {
    case .amount(let value): (order.key, order.value) = (Int32(CK_B), Int64(value))
    case .notional(let value): (order.key, order.value) = (Int32(CK_A), Int64(value))
    case .nothing: order.key = Int32(CK_NONE)
    }
    withUnsafePointer(to: curve.c) { curve in
      withUnsafePointer(to: lots) { lots in
        withUnsafePointer(to: order) { order in
          curve.pointee.table.pointee.kernels.pointee.quote_lots(
            curve, lots, count, order, &fill.c)
        }
      }
    }
    let sold = fill.c.after.sold - count.sold
    fill.amount = Int(buying ? sold : -sold)
    return fill
  }

  /// Carries out what `fill` found from the same state.
  @inline(__always)
  package mutating func apply(_ fill: Fill) { count = fill.c.after }

  /// The last whole lots before a place, on the way of a side.
  private func lotsBefore(_ place: ck_point, _ side: Side) -> Int64 {
    withUnsafePointer(to: curve.c) { curve in
      withUnsafePointer(to: lots) {
        curve.pointee.table.pointee.kernels.pointee.lots_before(
          curve, $0, place, side == .buy ? 1 : 0)
      }
    }
  }

  // MARK: Where it stands

  /// Where the curve stands after so many lots of B.
  private func place(after sold: Int64) -> ck_point {
    withUnsafePointer(to: curve.c) { curve in
      withUnsafePointer(to: lots) {
        self.curve.table.kernels.c.pointee.place_after(curve, $0, sold)
      }
    }
  }

  /// The curve in lots, standing where so many lots lead.
  package var current: Curve {
    var result = curve
    result.c.place = place(after: count.sold)
    result.c.price = table.coordinate(
      result.position.tick, result.position.fraction, oraclePrice: oraclePrice)
    return result
  }

  /// `Q(n)`: lots of A that the curve holds after `n` lots of B beyond those at the anchor, rounded up.
  /// `n` is in `range`.
  package func heldAfter(_ n: Int) -> Int {
    withUnsafePointer(to: curve.c) { curve in
      withUnsafePointer(to: lots) {
        Int(self.curve.table.kernels.c.pointee.held_after(curve, $0, Int64(n)))
      }
    }
  }

  /// Whole lots that the curve still gives: A without fees, and B.
  package var offered: LotPair {
    LotPair(
      a: held - Int(lots.held_lowest), b: Int(lots.highest - count.sold))
  }

  // MARK: Other liquidity

  /// Multiplies the liquidity and every capacity by `numerator / denominator`, positive numbers, at the same
  /// position and scales, and counts lots from there.
  package mutating func scale(by numerator: UInt128, over denominator: UInt128) {
    let place = place(after: count.sold)
    let liquidity =
      DoubleDouble(curve.c.liquidity) * DoubleDouble(whole: numerator)
      / DoubleDouble(whole: denominator)
    curve.c.liquidity = liquidity.c
    curve.c.place = place
    anchor()
  }
}

extension DoubleDouble {
  /// A whole number, to 2^-106.
  init(whole: UInt128) {
    let high = Double(whole)
    // the rounded number may be 2^128 itself
    let back = high < 0x1p128 ? UInt128(high) : .max
    self.init(hi: high, lo: whole >= back ? Double(whole - back) : -Double(back - whole))
  }
}
