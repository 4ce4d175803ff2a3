import DAMMModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

extension PriceFunctions {
  /// By how much `C` grows between two ratios: `C' = 1/(p(r) + r)`, with the ask or the bid for `p` (where fees
  /// are held apart, what the reserves get or give). `NB exp(C(r))` is constant along a trade, so `NB`
  /// falls by that much in its logarithm, and `NA` rises by what it leaves of `ln(to/from)`.
  ///
  /// - Parameters:
  ///   - side: which of the two functions.
  ///   - from: a ratio in `ratios`.
  ///   - to: another one, which may be lower.
  ///   - now: the time that the functions are told.
  /// - Returns: the difference, and GSL's estimate of its error: at most `Tolerance.priceIntegral` of it between two
  ///   breaks; 0 where all is in closed form.
  /// - Throws: `DAMMError.outOfRange` for a ratio, `.invalidPrice`, `.notIntegrable`.
  public func invariantChange(
    _ side: Side, from: Double, to: Double, at now: UTCTime
  ) throws(DAMMError) -> Estimate {
    try Domain.check(from, "ratio", in: ratios)
    try Domain.check(to, "ratio", in: ratios)
    // the same curve is walked in the direction that its breaks are told for
    let rises = side == .buy
    let (start, end) = rises ? (min(from, to), max(from, to)) : (max(from, to), min(from, to))
    let stretches = Stretches(prices: self, side: side, time: now)
    var walk = PriceWalk(
      stretches, from: start, to: .end, end: stretches.distance(from: start, to: end))
    try walk.run()
    let change = to > from ? walk.reached.logB : -walk.reached.logB
    return Estimate(value: change, error: walk.reached.error * walk.reached.logB)
  }
}
