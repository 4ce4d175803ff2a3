import DAMMModel

/// A fee schedule on ticks by the slow path, as its definition says it.
public struct ReferenceFees<Number: ReferenceNumber>: Sendable {
  private let flat: Number  // f0 + v s
  private let skew: Number  // c w, of one tick
  private let least: Number
  private let most: Number
  private let surge: Number

  /// The fees of a curve.
  ///
  /// - Parameters:
  ///   - schedule: base, factors and bounds; its surge is not looked at.
  ///   - relativeSigma: `s`.
  ///   - tickWidthBps: of the curve.
  ///   - surge: a rate that is added in both directions.
  public init(
    _ schedule: FeeSchedule = .none, relativeSigma: Double = 0, tickWidthBps: Double = 0,
    surge: Double = 0
  ) {
    func rate(_ bps: Double) -> Number { Number(bps) / Number(1e4) }
    flat = rate(schedule.baseBps) + Number(schedule.volatility) * Number(relativeSigma)
    skew = Number(schedule.skew) * rate(tickWidthBps)
    least = rate(schedule.minimumBps)
    most = rate(schedule.maximumBps)
    self.surge = Number(surge)
  }

  /// `clamp(f0 + v s + d c i w, fMin, fMax) + surge`.
  public func rate(_ side: Side, _ tick: Int) -> Number {
    let away = skew * Number(Double(tick))
    let open = side == .buy ? flat + away : flat - away
    let bounded = open < least ? least : open
    return (most < bounded ? most : bounded) + surge
  }

  /// What the rate is a difference of, `f0 + v s + c |i| w + surge`: an error of a rounding of that is what a
  /// rate may have.
  public func terms(_ tick: Int) -> Number {
    flat + skew * Number(Double(abs(tick))) + surge
  }
}
