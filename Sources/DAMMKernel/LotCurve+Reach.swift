import CKernels
import DAMMModel

extension LotCurve {
  /// Lots that the two sides of the place of forming give from there to their ends, about: A below it, B above.
  package var capacities: (a: Double, b: Double) {
    let curve = frame.curve
    var (b, a) = (0.0, 0.0)
    table.kernels.c.pointee.offered(table.c, curve.c.formed, &b, &a)
    withExtendedLifetime(table) {}
    return (a * curve.c.unit.0.1.hi, b * curve.c.unit.1.0.hi)
  }

  /// Throws unless sums of lots along the curve are such as a forming, and what a pool grows by after it, may
  /// lead to: `Domain.curveLots`.
  ///
  /// - Throws: `PoolError.corruptState`.
  func checkReach() throws(PoolError) {
    let most = max(reach(CK_BELOW), reach(CK_ABOVE))
    guard most <= Domain.curveLots else {
      throw .corruptState("\(most) lots on one side of the curve")
    }
  }

  /// The largest sum of A or B, in lots, at any place of a side, in the frame of that place.
  private func reach(_ side: Int) -> Double {
    let (t, curve) = (table.c.pointee, frame.curve.c)
    let fold = Int(t.fold), formed = min(Int(curve.formed.tick), table.count - 1)
    // stored edges: sums rise to the fold, and fall from the next one on
    let upper = formed >= fold
    let edges =
      upper == (side == CK_ABOVE) ? [formed + 1] : [fold, fold + 1]
    let units = side == CK_ABOVE ? curve.unit.1 : curve.unit.0
    let sums = edges.map { edge in
      max(t.edges[edge].b.hi.magnitude * units.0.hi, t.edges[edge].a.hi.magnitude * units.1.hi)
    }
    withExtendedLifetime(table) {}
    return sums.max() ?? 0
  }
}
