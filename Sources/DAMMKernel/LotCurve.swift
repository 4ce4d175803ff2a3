import CKernels
import DAMMModel

/// A curve whose token units are lots and which trades in whole lots: what a ledger trades on.
///
/// It stores how many lots of B were sold since it stood at its anchor, `n`, negative when bought back; the
/// position follows from that. With `F(n)` the A that the curve holds then beyond what it held at the
/// anchor, a trade moves `Q(n1) - Q(n0)` lots of A, `Q(n) = ceil F(n)`: so what a path pays depends on its
/// ends alone. Its fee is that of the whole lots of A that move, rounded up. A value.
///
/// Where a lot of B is worth less than one of A, many `n` have the same `Q`: it stands at the last of them, so that
/// the next lot of B costs at least one of A. A real number of lots within 2^-40 of a whole one counts as
/// that, for so much may sums of lots be off. `docs/decisions/0009` says why.
package struct LotCurve: @unchecked Sendable {
  // @unchecked: the pointer leads into `frame`, which is immutable and kept alive here.

  /// What does not change from lot to lot.
  let frame: LotFrame
  /// The same as the kernels read it, so that a swap need not ask the object.
  let lots: UnsafePointer<ck_lots>
  /// What does.
  var stand = ck_stand()

  /// Lots of B sold since the anchor.
  package var sold: Int { Int(stand.sold) }
  /// Lots of A that the curve holds beyond what it held at the anchor, rounded up: `Q(sold)`.
  package var held: Int { Int(stand.held) }
  /// The scale-free table.
  package var table: TickTable { frame.table }
  /// Oracle price in lots of A a lot of B.
  package var oraclePrice: Double { frame.oraclePrice }
  /// The lots of B sold at the two ends of the curve, counted as `sold`.
  package var range: ClosedRange<Int> {
    frame.range
  }

  /// A curve that stands where its lots begin, or so many lots of B from there.
  package init(_ curve: Curve, sold: Int = 0) {
    frame = LotFrame(curve)
    lots = frame.lots
    frame.stand(after: Int64(sold), &stand)
  }

  /// The curve of a pool that has no liquidity: it trades nothing.
  package static let nothing: LotCurve = {
    // any table does; this one has two ticks
    let shape = try! CurveShape(.uniform, relativeSigma: 1e-4, halfWidth: 1)
    var curve = Curve(try! TickTable(shape), 1, DoubleDouble(1), .geometricMean)
    curve.c.place = curve.table.place(atOffset: 0)
    curve.c.formed = curve.c.place
    return LotCurve(curve)
  }()

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
    var c = ck_lot_fill()
    /// Where the curve would have had no more to give, the order's own limit stopped it.
    package var limited = false

    /// Lots of B that moved.
    package var amount: Int { Int(c.amount) }
    /// Lots of A that moved between the curve and the trader, without the fee.
    package var moved: Int { Int(c.moved) }
    /// Lots of A, rounded up.
    package var fee: Int { Int(c.fee) }
    /// How many ticks gave something.
    package var ticksCrossed: Int { Int(c.ticks) }
    /// Lots of B sold where the ledger stands behind it.
    package var soldAfter: Int { Int(c.sold) }
    /// Whether nothing but the size of the order stopped it.
    package var filled: Bool { c.filled != 0 }
    /// The position behind it as a price coordinate in lots.
    package var priceAfter: Double { c.price }
    /// The sold fraction of the tick of that position.
    package var fractionAfter: Double { c.fraction }
    /// The index of that tick.
    package var tickAfter: Int { Int(c.tick) }
  }

  /// Carries an order out.
  ///
  /// - Parameters:
  ///   - side: direction of the trade.
  ///   - fixed: the quantity fixed, in `Domain.orderLots`.
  ///   - stop: a price coordinate in lots that the position does not pass.
  ///   - surge: a rate that is added to the fees of both directions.
  ///   - reserves: more than these lots are not given. The curve was formed within them; but where it has grown
  ///     since while a side was empty, the last bits of that side's scale may have become lots.
  @inline(__always)
  package mutating func swap(
    _ side: Side, _ fixed: Fixed, stop: Double?, surge: Double, within reserves: LotPair? = nil
  ) -> Fill {
    let buying = side == .buy
    let lots = lots
    var order = ck_lot_order()
    order.buy = buying ? 1 : 0
    order.surge = surge
    order.end = buying ? lots.pointee.highest : lots.pointee.lowest
    if let reserves {
      if buying {
        order.end = min(order.end, stand.sold + Int64(reserves.b))
      } else if lots.pointee.held_lowest < stand.held - Int64(reserves.a) {
        order.end = frame.fewestLots(holding: stand.held - Int64(reserves.a))
      }
    }
    var fill = Fill()
    if let stop, let end = frame.lots(before: stop, side) {
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
    lots.pointee.curve.table.pointee.kernels.pointee.swap_lots(lots, &stand, &order, &fill.c)
    withExtendedLifetime(frame) {}
    return fill
  }

  /// Stands after so many lots of B.
  package mutating func stand(after sold: Int) {
    frame.stand(after: Int64(sold), &stand)
  }

  // MARK: Where it stands

  /// The position and its price coordinate in lots, as fills tell them.
  package var standing: (position: Position, price: Double) {
    var (stand, fill) = (stand, ck_lot_fill())
    lots.pointee.curve.table.pointee.kernels.pointee.standing(lots, &stand, &fill)
    withExtendedLifetime(frame) {}
    return (Position(unchecked: Int(fill.tick), fill.fraction), fill.price)
  }

  /// The curve in lots, standing where so many lots lead.
  package var current: Curve {
    var result = frame.curve
    result.c.place = frame.place(after: stand.sold)
    let there = result.position
    result.c.price = table.coordinate(there.tick, there.fraction, oraclePrice: oraclePrice)
    return result
  }

  /// `Q(n)`: lots of A that the curve holds after `n` lots of B beyond those at the anchor, rounded up.
  /// `n` is in `range`.
  package func heldAfter(_ n: Int) -> Int { Int(frame.held(after: Int64(n))) }

  /// The price of the tick where the curve stands after `n` lots of B, lots of A a lot of B. `n` is in `range`.
  package func priceAfter(_ n: Int) -> Double {
    let tick = min(Int(frame.place(after: Int64(n)).tick), table.count - 1)
    return oraclePrice * table.relativePrice(ofTick: table.lowestTick + tick)
  }

  /// Whole lots that the curve still gives: A without fees, and B.
  package var offered: LotPair {
    LotPair(a: held - frame.heldAtLowest, b: frame.range.upperBound - sold)
  }

  // MARK: Other liquidity

  /// Multiplies the liquidity and every capacity by `numerator / denominator`, positive numbers, at the same
  /// position and scales, and counts lots from there.
  package mutating func scale(by numerator: UInt128, over denominator: UInt128) {
    scale(to: liquidity.scaled(by: numerator, over: denominator))
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
