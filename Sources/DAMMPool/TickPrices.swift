import DAMMKernel
import DAMMModel

/// A tick curve as price functions: the inverse of what makes a pool of two functions. Given the curve's
/// inventory, its ask and bid are functions of `r = NA/NB`.
///
/// Where the curve stands at the lower edge of tick `i` it holds `A_i = sum of a_j, j < i` and
/// `B_i = sum of b_j, j >= i`, scales included. `A_i` rises with `i` and `B_i` falls, so `r_i = A_i/B_i` rises from 0 to
/// infinity, and every ratio belongs to one tick. Inside it `A + P_i B` is constant: that is the invariant curve of
/// the constant price `P_i`. So
///
///     ask(r) = P_i (1 + up_i + surge)      r_i <= r < r_{i+1}
///     bid(r) = P_i (1 - down_i - surge)    r_i < r <= r_{i+1}
///
/// with breaks at the `r_i`. Fees are held apart from the reserves, which trade at `P_i`. `NA` and `NB` are what the
/// curve offers (`Curve.offered`), not what a pool holds beside it. Ticks that hold less than the last bit of the
/// sums are crossed for nothing. It knows the surge of a pool at any time, but no reform.
public struct TickPrices: PriceFunctions {
  /// Lower edges `r_i` of the ticks, and infinity; prices and fees of the ticks between.
  private let edges: [Double]
  private let tickPrices: [Double]
  private let up: [Double]
  private let down: [Double]
  private let ticks: [Int]
  private let fees: FeeSchedule
  private let surge: Double
  private let surgeFrom: UTCTime?

  /// The price functions of a curve with the surge that it charges now, at all times.
  ///
  /// - Throws: `DAMMError.outOfRange` for a curve that offers nothing at all.
  /// - Complexity: linear in the ticks.
  public init(_ curve: Curve) throws(DAMMError) {
    try self.init(curve, unit: 1, surge: curve.surge, surgeFrom: nil)
  }

  /// The price functions of a pool as it is formed now, in tokens.
  ///
  /// - Throws: `DAMMError.outOfRange` for a pool that offers nothing at all; an empty one, too.
  public init(_ pool: Pool) throws(DAMMError) {
    guard let curve = pool.curveInLots else { throw Self.nothing }
    try self.init(curve, unit: pool.tokenPrice(1), surge: 0, surgeFrom: pool.maker.surgeFrom)
  }

  private static var nothing: DAMMError {
    .outOfRange(
      name: "what the curve offers", value: 0, allowed: Domain.reserve)
  }

  private init(
    _ curve: Curve, unit: Double, surge: Double, surgeFrom: UTCTime?
  ) throws(DAMMError) {
    let table = curve.table
    var rows: [TickDepth] = []
    for tick in table.lowestTick..<table.upperTick {
      let row = try curve.depth(ofTick: tick)
      if row.a > 0, row.b > 0 { rows.append(row) }
    }
    guard !rows.isEmpty else { throw Self.nothing }
    let below = Self.sums(rows.map(\.a))
    let above = Array(Self.sums(rows.reversed().map(\.b)).reversed())
    edges = zip(below, above).map { $0 / $1 * unit }
    tickPrices = rows.map { $0.price * unit }
    up = rows.map { table.feeRate(.buy, ofTick: $0.tick) }
    down = rows.map { table.feeRate(.sell, ofTick: $0.tick) }
    ticks = rows.map(\.tick)
    fees = table.fees
    self.surge = surge
    self.surgeFrom = surgeFrom
  }

  /// Sums from the first on, beginning with 0; what each addition lost is added as well.
  private static func sums(_ terms: [Double]) -> [Double] {
    var (sum, lost) = (0.0, 0.0)
    var sums = [0.0]
    for term in terms {
      let next = sum + term
      let part = next - sum
      lost += (sum - (next - part)) + (term - part)
      sum = next
      sums.append(sum + lost)
    }
    return sums
  }

  /// How many ticks there are.
  public var count: Int { ticks.count }

  /// The ratios at which the price of a tick gives way to the next, from the lowest up.
  public var tickRatios: ArraySlice<Double> { edges.dropFirst().dropLast() }

  /// The tick whose price holds at a ratio: at an edge the upper one for who buys, the lower one for who sells.
  ///
  /// - Complexity: logarithmic in the ticks.
  public func tick(_ side: Side, atRatio ratio: Double) -> Int { ticks[index(side, ratio)] }

  private func index(_ side: Side, _ ratio: Double) -> Int {
    // the last edge that is not above the ratio, or for a sale below it
    var (low, high) = (0, edges.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if side == .buy ? edges[middle] <= ratio : edges[middle] < ratio {
        low = middle
      } else {
        high = middle
      }
    }
    return low
  }

  private func toll(_ side: Side, _ index: Int, _ time: UTCTime) -> Double {
    let surge =
      surgeFrom.map { fees.surgeRate(afterSeconds: max(0, time.seconds(since: $0))) } ?? surge
    return side == .buy ? 1 + (up[index] + surge) : 1 - (down[index] + surge)
  }

  /// `P_i (1 + up_i + surge)`.
  public func ask(_ ratio: Double, at time: UTCTime) -> Double {
    let i = index(.buy, ratio)
    return tickPrices[i] * toll(.buy, i, time)
  }

  /// `P_i (1 - down_i - surge)`.
  public func bid(_ ratio: Double, at time: UTCTime) -> Double {
    let i = index(.sell, ratio)
    return tickPrices[i] * toll(.sell, i, time)
  }

  /// `P_i`.
  public func reservePrice(_ side: Side, _ ratio: Double, at time: UTCTime) -> Double {
    tickPrices[index(side, ratio)]
  }

  /// The next edge; none beyond the last tick.
  public func nextBreak(_ side: Side, after ratio: Double, at time: UTCTime) -> Double? {
    let i = index(side, ratio)
    let edge = side == .buy ? edges[i + 1] : edges[i]
    return Domain.ratio.contains(edge) ? edge : nil
  }

  /// The constant price of the tick.
  public func closedForm(_ side: Side, at ratio: Double, time: UTCTime) -> ClosedForm? {
    let i = index(side, ratio)
    return .affine(constant: tickPrices[i], slope: 0, toll: toll(side, i, time))
  }

  /// The prices at both ends of the interval: they rise with the tick, for a skew is not negative.
  public func bounds(
    _ side: Side, over ratios: ClosedRange<Double>, at time: UTCTime
  ) -> ClosedRange<Double>? {
    let ends = (
      price(side, ratios.lowerBound, at: time), price(side, ratios.upperBound, at: time)
    )
    return min(ends.0, ends.1)...max(ends.0, ends.1)
  }
}
