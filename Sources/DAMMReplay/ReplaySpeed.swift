import DAMMKernel
import DAMMModel

/// How fast a curve takes the swaps of a tape: the swaps alone, without reading the log, making the
/// orders, or measuring anything else.
public struct ReplaySpeed: Sendable, Hashable {
  /// How often the tape was run, each time on a fresh copy of the curve.
  public let passes: Int
  /// Orders in a pass.
  public let swapsPerPass: Int
  /// Wall-clock time of the median pass.
  public let medianPassSeconds: Double

  /// Swaps a second in the median pass.
  public var swapsPerSecond: Double { Double(swapsPerPass) / medianPassSeconds }

  /// Runs a tape again and again, with the clock read before and after each pass.
  ///
  /// One pass more comes first and is not counted, so that the table is in the cache.
  ///
  /// - Parameters:
  ///   - tape: the flow.
  ///   - curve: where each pass starts.
  ///   - seconds: passes are run until they have taken this long, at least `fewestPasses`.
  /// - Throws: `DAMMError.outOfRange` for an amount that is no order.
  public init(
    of tape: Tape, on curve: Curve, atLeast seconds: Double = 0.2
  ) throws(DAMMError) {
    var orders: [Order] = []
    for swap in tape.swaps { orders.append(try swap.order()) }
    let clock = ContinuousClock()
    let goal = Self.pass(orders, on: curve)
    var durations: [Double] = []
    var total = 0.0
    while total < seconds || durations.count < Self.fewestPasses {
      var end: Position?
      let duration = clock.measure { end = Self.pass(orders, on: curve) } / .seconds(1)
      // Every pass ends at the same bits; that they are looked at keeps the passes from vanishing.
      precondition(end == goal, "equal swaps on equal curves end at the same position")
      durations.append(duration)
      total += duration
    }
    durations.sort()
    passes = durations.count
    swapsPerPass = orders.count
    medianPassSeconds = max(durations[durations.count / 2], .leastNormalMagnitude)
  }

  /// Passes that are run however long they take.
  public static let fewestPasses = 5

  @inline(never)
  private static func pass(_ orders: [Order], on curve: Curve) -> Position {
    var pool = curve
    for order in orders { pool.swap(order) }
    return pool.position
  }
}
