import DAMMModel

/// A position in the recorded pool, of a range of prices, which stays as it is and earns its part of the fees that were
/// paid there.
///
/// Between the ends `pa` and `pb` it holds `A = l (sqrt p - sqrt pa)` and `B = l (1/sqrt p - 1/sqrt pb)`, beyond them one token
/// alone. What was paid in while the price was in range it earns the part `l / (l + L)` of, `L` the liquidity that the log
/// tells: the position is not in the log, and would have taken its part from the others. Fees stay what they were paid
/// in. A step counts as in range if its last price is.
struct RecordedHolding {
  private let range: (low: Double, high: Double?)
  private let liquidity: Double
  private let fee: Double
  private var price: Double
  private var feesA = 0.0
  private var feesB = 0.0
  private var flowSteps = 0
  private var inRange = 0
  private var shares = 0.0
  private var volume = 0.0
  private var depths = 0.0
  private var depthSteps = 0

  /// A position worth the capital at a price.
  init(_ rivals: ReplayRivals, capital: Double, price: Double) {
    range = rivals.recordedRange.map { (price / $0, price * $0) } ?? (0, nil)
    fee = rivals.recordedFeeBps / 1e4
    self.price = price
    let one = Self.holding(1, range, price)
    liquidity = capital / (one.a + one.b * price)
  }

  private static func holding(
    _ liquidity: Double, _ range: (low: Double, high: Double?), _ price: Double
  ) -> (a: Double, b: Double) {
    let inside = min(max(price, range.low), range.high ?? price)
    let upper = range.high.map { 1 / $0.squareRoot() } ?? 0
    return (
      liquidity * (inside.squareRoot() - range.low.squareRoot()),
      liquidity * (1 / inside.squareRoot() - upper)
    )
  }

  /// - Parameters:
  ///   - step: what the recorded pool traded, and where it stands.
  ///   - density: `|dB/dp|` of the tick pool.
  mutating func take(_ step: RecordedPool, beside density: Double) {
    price = step.price
    guard step.inA > 0 || step.inB > 0 else { return }
    flowSteps += 1
    if let others = step.liquidity {
      // B = L / sqrt p
      let recorded = others / (2 * price * price.squareRoot())
      depths += density + recorded > 0 ? density / (density + recorded) : 0
      depthSteps += 1
    }
    volume += step.inA + step.inB * price
    guard price >= range.low, price <= range.high ?? .infinity, let others = step.liquidity else {
      return
    }
    inRange += 1
    let part = liquidity / (liquidity + others)
    shares += part
    feesA += fee * step.inA * part
    feesB += fee * step.inB * part
  }

  func value(at market: Double) -> Double {
    let held = Self.holding(liquidity, range, price)
    return held.a + held.b * market + feesA + feesB * market
  }

  func figures(at market: Double) -> RecordedFigures {
    RecordedFigures(
      value: value(at: market), fees: feesA + feesB * market, lowestPrice: range.low,
      highestPrice: range.high, inRange: flowSteps > 0 ? Double(inRange) / Double(flowSteps) : 0,
      meanShare: inRange > 0 ? shares / Double(inRange) : 0,
      depthShare: depthSteps > 0 ? depths / Double(depthSteps) : 0, volume: volume)
  }
}
