import DAMMModel

/// Which ticks a curve has and where their edges lie, to 20 digits, as the definition says it: `hi =
/// ceil(t / w - 1e-9)` with `t = k s`, or `exp(k s) - 1` for the log-normal shape, and so below.
struct ReferenceGeometry {
  let curve: CurveShape
  let lowest: Int
  let upper: Int

  /// - Throws: `DAMMError.tooManyTicks`, `.noTicks`.
  init(_ curve: CurveShape) throws(DAMMError) {
    self.curve = curve
    let width = Wide(curve.tickWidthBps) / Wide(1e4)
    let reach = Wide(curve.halfWidth) * curve.relativeSigma
    let (top, bottom): (Wide, Wide)
    if curve.shape == .logNormal {
      // beyond e^300 the answer is the same refusal
      let capped = reach.high < 300 ? reach : Wide(300)
      top = capped.exponential - Wide(1)
      bottom = (capped * -1).exponential - Wide(1)
    } else {
      (top, bottom) = (reach, reach * -1)
    }
    // the highest tick is the last below `top` by more than a sliver
    let highest = ((top / width - Wide(Domain.sliver)) * -1).floor * -1
    var lowest = (bottom / width + Wide(Domain.sliver)).floor
    let positive = (Wide(-1) / width).floor + Wide(1)  // the first i with 1 + i w > 0
    if lowest < positive { lowest = positive }
    let count = (highest - lowest).double
    guard count <= Double(Domain.maximumTicks) else {
      throw .tooManyTicks(needed: count, allowed: Domain.maximumTicks)
    }
    guard count >= 1 else {
      throw .noTicks(
        relativeSigma: curve.relativeSigma, halfWidth: curve.halfWidth,
        tickWidthBps: curve.tickWidthBps)
    }
    self.lowest = Int(lowest.double)
    upper = Int(highest.double)
  }

  /// `u = 1 + i w`.
  func price(_ tick: Int) -> Wide {
    Wide(1) + Wide(Double(tick)) * curve.tickWidthBps / Wide(1e4)
  }

  /// `z` of the lower edge of a tick, clipped to the half width.
  func edge(_ tick: Int) -> Wide {
    let z: Wide
    if curve.shape == .logNormal {
      z = price(tick).logarithm / Wide(curve.relativeSigma)
    } else {
      z = Wide(Double(tick)) * curve.tickWidthBps / (Wide(1e4) * curve.relativeSigma)
    }
    let end = Wide(curve.halfWidth)
    return z < end * -1 ? end * -1 : end < z ? end : z
  }
}
