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

  /// The last whole lots before a price coordinate on the way of a side; `nil` if that is beyond the end.
  func lots(before price: Double, _ side: Side) -> Int64? {
    defer { withExtendedLifetime(self) {} }
    guard let place = curve.binding(price, side) else { return nil }
    return kernels.pointee.lots_before(lots, place, side == .buy ? 1 : 0)
  }
}
