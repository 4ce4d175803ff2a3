import CKernels
import DAMMModel

extension FeeSchedule {
  /// The surge as a rate, so many seconds after a reform: `surge 2^(-t / halfLife)`, and 0 once
  /// that is below 2^-64. The same bits on every processor.
  ///
  /// - Parameter seconds: since the curve was formed; what is negative, or no number, counts as 0.
  /// - Returns: a rate of the A that moves at the oracle's price, within two ulps.
  public func surgeRate(afterSeconds seconds: Double) -> Double {
    let rate = surgeBps / 1e4
    guard rate > 0, seconds > 0 else { return rate }
    let left = rate * KernelSet.best.c.pointee.decay(seconds, surgeHalfLifeSeconds)
    return left < 0x1p-64 ? 0 : left
  }

  /// The terms of the fee rates of a table, all zero if no tick has any.
  func terms(relativeSigma s: Double) -> ck_fee_terms {
    let base = baseBps / 1e4 + volatility * s
    let (low, high) = (minimumBps / 1e4, maximumBps / 1e4)
    guard high > 0, base > 0 || low > 0 || skew > 0 else { return ck_fee_terms() }
    return ck_fee_terms(base: base, skew: skew, low: low, high: high)
  }
}

extension ck_fee_terms {
  /// Whether they take anything.
  var takes: Bool { high > 0 }
}
