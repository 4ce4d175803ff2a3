import DAMMModel

/// Price functions from two closures of the caller.
public struct PriceClosures: PriceFunctions {
  private let askAt: @Sendable (Double, UTCTime) -> Double
  private let bidAt: @Sendable (Double, UTCTime) -> Double
  private let bound: (@Sendable (Side, ClosedRange<Double>, UTCTime) -> ClosedRange<Double>?)?
  /// Where they hold.
  public let ratios: ClosedRange<Double>
  /// Ratios at which either of them jumps or bends, in order.
  public let breaks: [Double]

  /// Prices that depend on the ratio and on the time.
  ///
  /// - Parameters:
  ///   - ratios: where they hold, within `Domain.ratio`.
  ///   - breaks: ratios at which either function jumps or bends. One that is left out costs time only.
  ///   - bounds: what proofs need, as `PriceFunctions.bounds`.
  ///   - ask: from `r` and the time to the price of a purchase, A per B.
  ///   - bid: the same of a sale.
  /// - Throws: `DAMMError.outOfRange` for a ratio.
  public init(
    ratios: ClosedRange<Double> = Domain.ratio, breaks: [Double] = [],
    bounds: (@Sendable (Side, ClosedRange<Double>, UTCTime) -> ClosedRange<Double>?)? = nil,
    ask: @escaping @Sendable (Double, UTCTime) -> Double,
    bid: @escaping @Sendable (Double, UTCTime) -> Double
  ) throws(DAMMError) {
    for ratio in [ratios.lowerBound, ratios.upperBound] + breaks {
      try Domain.check(ratio, "ratio", in: Domain.ratio)
    }
    askAt = ask
    bidAt = bid
    bound = bounds
    self.ratios = ratios
    self.breaks = breaks.sorted()
  }

  /// Prices that depend on the ratio alone.
  ///
  /// - Throws: `DAMMError.outOfRange` for a ratio.
  public init(
    ratios: ClosedRange<Double> = Domain.ratio, breaks: [Double] = [],
    ask: @escaping @Sendable (Double) -> Double, bid: @escaping @Sendable (Double) -> Double
  ) throws(DAMMError) {
    try self.init(
      ratios: ratios, breaks: breaks, ask: { ratio, _ in ask(ratio) },
      bid: { ratio, _ in bid(ratio) })
  }

  /// What the closure of purchases gives.
  public func ask(_ ratio: Double, at time: UTCTime) -> Double { askAt(ratio, time) }

  /// What the closure of sales gives.
  public func bid(_ ratio: Double, at time: UTCTime) -> Double { bidAt(ratio, time) }

  /// The next of the breaks.
  public func nextBreak(_ side: Side, after ratio: Double, at time: UTCTime) -> Double? {
    side == .buy ? breaks.first { $0 > ratio } : breaks.last { $0 < ratio }
  }

  /// What the closure for bounds gives.
  public func bounds(
    _ side: Side, over ratios: ClosedRange<Double>, at time: UTCTime
  ) -> ClosedRange<Double>? {
    bound?(side, ratios, time)
  }
}

/// Price functions of which no closed form is used: all is integrated. For comparison.
public struct IntegratedPrices<Base: PriceFunctions>: PriceFunctions {
  /// The functions themselves.
  public let base: Base

  /// The same prices without their closed forms.
  public init(_ base: Base) { self.base = base }

  /// That of the functions.
  public func ask(_ ratio: Double, at time: UTCTime) -> Double { base.ask(ratio, at: time) }

  /// That of the functions.
  public func bid(_ ratio: Double, at time: UTCTime) -> Double { base.bid(ratio, at: time) }

  /// That of the functions.
  public func reservePrice(_ side: Side, _ ratio: Double, at time: UTCTime) -> Double {
    base.reservePrice(side, ratio, at: time)
  }

  /// Those of the functions.
  public var ratios: ClosedRange<Double> { base.ratios }

  /// That of the functions.
  public func nextBreak(_ side: Side, after ratio: Double, at time: UTCTime) -> Double? {
    base.nextBreak(side, after: ratio, at: time)
  }

  /// Those of the functions.
  public func bounds(
    _ side: Side, over ratios: ClosedRange<Double>, at time: UTCTime
  ) -> ClosedRange<Double>? {
    base.bounds(side, over: ratios, at: time)
  }
}
