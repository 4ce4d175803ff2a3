import DAMMKernel
import DAMMModel
import DAMMPool

/// Measures the health factor of reserves: the largest `c` such that `RA >= c A(x)` and `RB >= c B(x)` for some
/// position `x` of the reference curve, at the pool's liquidity and with the idle reserves of its founding.
///
/// Holdings along such a curve are convex, so that `c` is also the least, over the prices `p` of the curve, of
/// `(RA + p RB)` over the least `A(x) + p B(x)`: at none of its prices are the reserves worth less than `c` times
/// what a market alone would hold. For the constant product this is `sqrt(RA RB) / l`. Between two
/// edges of a tick `A(x) + P B(x) = K` is constant, so that there `c = (RA + P RB) / K`; which tick it is
/// follows from where `A : B` along the curve is `RA : RB`, by halving.
///
/// Error: `Tolerance.health`. A fair add or remove changes nothing but by roundings to lots.
struct HealthCurve: Sendable {
  private let founding: LotLiquidity
  let form: Form

  enum Form {
    case product
    case ticks(Steps)
  }

  /// What the reference holds at the founding's liquidity, at each edge and within each tick.
  struct Steps {
    /// Lots of A and of B at the lower edge of each tick, and at the upper end.
    var a: [Double] = []
    var b: [Double] = []
    /// Price of each tick in lots, and `K` there.
    var price: [Double] = []
    var value: [Double] = []
    /// The edge where the founding stands: of the tick at the oracle price.
    var start = 0
  }

  /// The reference of a pool that is founded with these reserves.
  ///
  /// - Throws: as a tick curve that is founded with them.
  /// - Complexity: the number of ticks.
  init(_ reference: Reference, founding reserves: LotPair) throws(PoolError) {
    founding = LotLiquidity(founding: reserves)
    switch reference {
    case .constantProduct: form = .product
    case .ticks(let terms, let reading):
      let maker = try TickMaker(
        terms, reading, liquidity: founding, reserves: reserves, at: UTCTime(secondsSince1970: 0))
      form = .ticks(Steps(maker.curve, reserves))
    }
  }

  /// The health factor.
  ///
  /// - Parameters:
  ///   - reserves: lots, in `Domain.reserveLots`.
  ///   - liquidity: of the whole pool.
  /// - Complexity: constant for the constant product; logarithmic in the number of ticks else.
  func health(_ reserves: LotPair, _ liquidity: LotLiquidity) -> Health {
    let (a, b) = (Double(reserves.a), Double(reserves.b))
    switch form {
    case .product: return Health(nearest: (a * b).squareRoot() / liquidity.value)
    case .ticks(let steps): return Health(nearest: steps.factor(a, b) / liquidity.over(founding))
    }
  }
}

extension HealthCurve.Steps {
  /// The holdings of a curve that has just been formed, and what of the reserves it does not offer.
  fileprivate init(_ curve: LotCurve, _ reserves: LotPair) {
    let whole = curve.current
    let offered = whole.offered
    let idle = (
      a: max(0, Double(reserves.a) - offered.a), b: max(0, Double(reserves.b) - offered.b)
    )
    let ticks = curve.table.lowestTick..<curve.table.upperTick
    let depths = ticks.map { try! whole.depth(ofTick: $0) }  // all are ticks of the table
    start = -curve.table.lowestTick
    price = depths.map(\.price)
    a = Self.sums(depths.map(\.a), from: idle.a)
    b = Self.sums(depths.reversed().map(\.b), from: idle.b).reversed()
    value = depths.indices.map { a[$0] + price[$0] * b[$0] }
  }

  /// Running sums with the low parts kept, by Neumaier.
  private static func sums(_ terms: [Double], from start: Double) -> [Double] {
    var (sum, rest) = (start, 0.0)
    var sums = [start]
    sums.reserveCapacity(terms.count + 1)
    for term in terms {
      let next = sum + term
      rest += abs(sum) >= abs(term) ? (sum - next) + term : (term - next) + sum
      sum = next
      sums.append(sum + rest)
    }
    return sums
  }

  /// The factor at the founding's liquidity.
  func factor(_ reserveA: Double, _ reserveB: Double) -> Double {
    /// What a reserve is of a holding; any of none is enough.
    func part(_ reserve: Double, _ held: Double) -> Double { held > 0 ? reserve / held : .infinity }
    /// Whether the reserves have as much of A as of B, or more, measured by an edge.
    func reaches(_ edge: Int) -> Bool { reserveA * b[edge] >= reserveB * a[edge] }
    let last = a.count - 1
    guard reaches(0) else { return part(reserveA, a[0]) }
    if reaches(last) { return min(part(reserveA, a[last]), part(reserveB, b[last])) }
    var (low, high) = (0, last)
    while high - low > 1 {
      let middle = (low + high) / 2
      if reaches(middle) { low = middle } else { high = middle }
    }
    return (reserveA + price[low] * reserveB) / value[low]
  }
}
