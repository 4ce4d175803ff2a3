import CKernels
import DAMMModel

/// What a curve in lots is but for where it stands: immutable, and shared by all copies of a pool.
final class LotFrame: @unchecked Sendable {
  // @unchecked: the block is written in `init` only and read afterwards.

  let table: TickTable
  /// The curve at its anchor, and what follows from it; the kernels read it where it lies.
  let lots: UnsafePointer<ck_lots>

  /// Counts lots from where a curve stands.
  init(_ curve: Curve) {
    table = curve.table
    let block = UnsafeMutablePointer<ck_lots>.allocate(capacity: 1)
    block.initialize(to: ck_lots())
    block.pointee.curve = curve.c
    curve.table.kernels.c.pointee.anchor(block)
    lots = UnsafePointer(block)
  }

  deinit { lots.deallocate() }

  /// Oracle price in lots of A a lot of B.
  var oraclePrice: Double {
    defer { withExtendedLifetime(self) {} }
    return lots.pointee.curve.oracle_price
  }

  /// Whether the ends are the one behind the other and near enough that counts of lots do not overflow; a
  /// state that somebody made up may have others.
  var hasEnds: Bool {
    defer { withExtendedLifetime(self) {} }
    let c = lots.pointee
    let near = -(Int64(1) << 50)...(Int64(1) << 50)
    return c.lowest <= 0 && c.highest >= 0 && c.held_lowest <= 0 && c.held_highest >= 0
      && [c.lowest, c.highest, c.held_lowest, c.held_highest].allSatisfy(near.contains)
  }

  /// The lots of B sold at the two ends of the curve.
  var range: ClosedRange<Int> {
    defer { withExtendedLifetime(self) {} }
    return Int(lots.pointee.lowest)...Int(lots.pointee.highest)
  }

  /// The A that the curve holds at its lower end beyond what it holds at the anchor.
  var heldAtLowest: Int {
    defer { withExtendedLifetime(self) {} }
    return Int(lots.pointee.held_lowest)
  }

  // The kernels know nothing of who owns the block: each call ends with a use of this object, so that it
  // lives until then.

  private var kernels: UnsafePointer<ck_kernels> { table.kernels.c }

  /// The curve where the kernels read it, as long as this object lives.
  var curvePointer: UnsafePointer<ck_curve> {
    UnsafeRawPointer(lots).advanced(by: MemoryLayout<ck_lots>.offset(of: \.curve)!)
      .assumingMemoryBound(to: ck_curve.self)
  }

  /// The curve, standing at the anchor.
  var curve: Curve {
    defer { withExtendedLifetime(self) {} }
    return Curve(table, lots.pointee.curve)
  }

  /// Stands after so many lots of B.
  func stand(after sold: Int64, _ stand: inout ck_stand) {
    defer { withExtendedLifetime(self) {} }
    kernels.pointee.stand_after(lots, sold, &stand)
  }

  /// The place after so many lots of B.
  func place(after sold: Int64) -> ck_point {
    defer { withExtendedLifetime(self) {} }
    return kernels.pointee.place_after(lots, sold)
  }

  /// `Q(n)`.
  func held(after sold: Int64) -> Int64 {
    defer { withExtendedLifetime(self) {} }
    return kernels.pointee.held_after(lots, sold)
  }

  /// The fewest lots with `Q(n) >= level`, for a level above that of the lower end, as far as the curve goes.
  func fewestLots(holding level: Int64) -> Int64 {
    defer { withExtendedLifetime(self) {} }
    return min(lots(holding: level - 1) + 1, lots.pointee.highest)
  }

  /// The most lots with `Q(n) <= level`, as far as the curve goes.
  func lots(holding level: Int64) -> Int64 {
    defer { withExtendedLifetime(self) {} }
    let found = kernels.pointee.lots_with(lots, level)
    return min(max(found, lots.pointee.lowest), lots.pointee.highest)
  }

  /// The last whole lots before a price coordinate on the way of a side; `nil` if that is beyond the end.
  func lots(before price: Double, _ side: Side) -> Int64? {
    defer { withExtendedLifetime(self) {} }
    // as `Curve.binding`, but most prices lie inside, which needs no copy of the curve
    let inside = Curve.placeInside(price, of: curvePointer.pointee.table, oraclePrice)
    guard let place = inside ?? curve.bindingOutside(price, side) else { return nil }
    return kernels.pointee.lots_before(lots, place, side == .buy ? 1 : 0)
  }
}
