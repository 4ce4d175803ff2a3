import CKernels
import DAMMModel

extension TickTable {
  /// The fee of a tick without a surge, as a rate of the A that moves at its price:
  /// `clamp(f0 + v s + d c i w, fMin, fMax)`. Error: two ulps of `f0 + v s + c |i| w`.
  ///
  /// - Parameters:
  ///   - side: direction of the trade.
  ///   - tick: index of the tick, which need not be on the curve.
  public func feeRate(_ side: Side, ofTick tick: Int) -> Double { ticks.feeRate(side, tick) }

  /// Checks that no tick pays anybody or asks less than it bids, and that a sale brings something.
  ///
  /// Rates rise with the tick for who buys and fall for who sells, as the skew is not negative, so that the
  /// two ends of the curve tell about all ticks.
  ///
  /// - Returns: the highest fee of a sale, without a surge.
  static func highestSellFee(
    _ fees: FeeSchedule, _ table: UnsafePointer<ck_table>, _ kernels: KernelSet
  ) throws(DAMMError) -> Double {
    let (rate, last) = (kernels.c.pointee.fee_rate!, table.pointee.grid.count - 1)
    let (up, down) = (
      (rate(table, 1, 0), rate(table, 1, last)), (rate(table, 0, 0), rate(table, 0, last))
    )
    try Domain.check(min(up.0, down.1), "lowest fee as a rate", in: 0...1)
    // ask over bid, less one: the sum of both fees, and so of those at either end
    for spread in [up.0 + down.0, up.1 + down.1] {
      try Domain.check(spread, "spread between ask and bid", in: 0...2)
    }
    let surge = fees.surgeRate(afterSeconds: 0)
    try Domain.check(
      max(down.0, down.1) + surge, "fee of a sale with its surge, as a rate,", in: Domain.sellFee)
    return max(down.0, down.1)
  }

  /// Fees of all ticks below the lower edge of `tick`, full of A, at liquidity and oracle price 1:
  /// `sum a_i fee_d(i)`. Error: `Tolerance.cumulative`, for the rates as they are.
  ///
  /// - Throws: `DAMMError.tickOutside` unless `lowestTick <= tick <= upperTick`.
  public func cumulativeFee(_ side: Side, below tick: Int) throws(DAMMError) -> Double {
    try cumulativeFee(side, lowestTick, tick, tick)
  }

  /// Fees of all ticks from `tick` upwards, full of A. Error: `Tolerance.cumulative`, for the rates as they
  /// are.
  ///
  /// - Throws: `DAMMError.tickOutside` unless `lowestTick <= tick <= upperTick`.
  public func cumulativeFee(_ side: Side, from tick: Int) throws(DAMMError) -> Double {
    try cumulativeFee(side, tick, upperTick, tick)
  }

  private func cumulativeFee(
    _ side: Side, _ low: Int, _ high: Int, _ tick: Int
  ) throws(DAMMError) -> Double {
    guard tick >= lowestTick, tick <= upperTick else {
      throw .tickOutside(tick: tick, lowest: lowestTick, highest: upperTick)
    }
    guard let sums = side == .buy ? c.pointee.fee.1 : c.pointee.fee.0 else { return 0 }
    let fold = Int(c.pointee.fold)
    func sum(_ offset: Int, upper: Bool) -> DoubleDouble {
      DoubleDouble(sums[offset + (upper ? 1 : 0)])
    }
    let (from, to) = (low - lowestTick, high - lowestTick)
    if from >= fold { return (sum(to, upper: true) - sum(from, upper: true)).value }
    if to <= fold { return (sum(to, upper: false) - sum(from, upper: false)).value }
    return
      (sum(fold, upper: false) - sum(from, upper: false)
      + (sum(to, upper: true) - sum(fold, upper: true))).value
  }
}
