/// An automated market maker as two functions of `r = NA/NB`, the ratio of its reserves: at `ask(r)` it sells
/// its next bit of B, at `bid(r)` it buys one. Both are A per B, and so is `r`.
///
/// That prices depend on `r` alone makes a maker free of scale. It cannot leak if `ask(r) >= bid(r)` for every
/// `r`; `DAMMPrices` makes pools of such functions, and checks this and other laws. A function may depend on the
/// time as well; within one trade time stands still.
///
/// Only `ask` and `bid` must be written. The others tell what else is known, so that less has to be
/// computed, or more can be proved; each has a default that says nothing.
public protocol PriceFunctions: Sendable {
  /// What a buyer pays for the next bit of B, A per B: in `Domain.marginalPrice`, not falling in `ratio`.
  ///
  /// Where it jumps, it has the value that holds above.
  func ask(_ ratio: Double, at time: UTCTime) -> Double

  /// What a seller gets for the next bit of B, A per B: in `Domain.marginalPrice`, not falling in `ratio`.
  ///
  /// Where it jumps, it has the value that holds below.
  func bid(_ ratio: Double, at time: UTCTime) -> Double

  /// What the reserves get or give for the next bit of B, A per B: at most `ask` for a purchase, at least
  /// `bid` for a sale. What the trader pays more, or gets less, is a fee that is held apart from the reserves.
  /// By default `ask` and `bid` themselves: fees stay in the reserves.
  func reservePrice(_ side: Side, _ ratio: Double, at time: UTCTime) -> Double

  /// The ratios for which the functions hold, within `Domain.ratio`; a trade ends at the ends. By default
  /// all of that domain.
  var ratios: ClosedRange<Double> { get }

  /// The nearest ratio, beyond this one in the direction of the trade, where the prices of that direction
  /// jump or bend; `nil` if there is none. By default none: a jump that is not told must be found by halving intervals.
  func nextBreak(_ side: Side, after ratio: Double, at time: UTCTime) -> Double?

  /// What holds between this ratio and the next break in the direction of the trade, in closed form;
  /// `nil`, the default, where none is known.
  func closedForm(_ side: Side, at ratio: Double, time: UTCTime) -> ClosedForm?

  /// Numbers between which all asks (for `.buy`) or bids (for `.sell`) over an interval of ratios lie, rounding
  /// included; `nil`, the default, where none are known. The narrower the interval, the closer they should be.
  func bounds(_ side: Side, over ratios: ClosedRange<Double>, at time: UTCTime)
    -> ClosedRange<Double>?
}

extension PriceFunctions {
  /// `ask` or `bid`: fees stay in the reserves.
  public func reservePrice(_ side: Side, _ ratio: Double, at time: UTCTime) -> Double {
    price(side, ratio, at: time)
  }

  /// All of `Domain.ratio`.
  public var ratios: ClosedRange<Double> { Domain.ratio }

  /// None.
  public func nextBreak(_ side: Side, after ratio: Double, at time: UTCTime) -> Double? { nil }

  /// None.
  public func closedForm(_ side: Side, at ratio: Double, time: UTCTime) -> ClosedForm? { nil }

  /// None.
  public func bounds(
    _ side: Side, over ratios: ClosedRange<Double>, at time: UTCTime
  ) -> ClosedRange<Double>? { nil }

  /// `ask` for who buys, `bid` for who sells.
  public func price(_ side: Side, _ ratio: Double, at time: UTCTime) -> Double {
    side == .buy ? ask(ratio, at: time) : bid(ratio, at: time)
  }
}

/// What is known of a price function between two breaks.
///
/// With `r` the ratio and `p(r)` the price at which the reserves trade, `NB exp(C(r))` is constant for
/// `C' = 1/(p(r) + r)`.
public enum ClosedForm: Sendable {
  /// `p(r) = constant + slope * r`, neither negative and not both 0, so that
  /// `C(r) = ln(constant + (1 + slope) r) / (1 + slope)`. The trader pays, or gets, `toll` times the A that
  /// the reserves get or give: 1 where fees stay in the reserves.
  case affine(constant: Double, slope: Double, toll: Double = 1)
  /// Any other: from a ratio `r` and a move `u` to the change of `C` between `r` and `r exp(u)`, accurate
  /// also where `u` is small. Fees stay in the reserves.
  case invariant(@Sendable (_ ratio: Double, _ move: Double) -> Double)
}
