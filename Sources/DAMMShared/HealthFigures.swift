import DAMMModel

/// What moves of price do to a pool on which several constant-product markets trade, without fees and limits, all from
/// the price of the founding: closed forms.
///
/// With `u_i` the root of the move of market `i`, its reserve of A grows by `u_i - 1` and its reserve of B by
/// `1/u_i - 1` of what was founded, and the pool has what all of them moved: `y = 1 + sum(u_i - 1)` of A and
/// `x = 1 + sum(1/u_i - 1)` of B. `HF = sqrt(x y)`. docs/shared-pool.md derives the rest. Error: a few roundings of
/// numbers up to `1 + N |u - 1|` and `1 + N |1/u - 1|`.
public struct HealthFigures: Sendable, Hashable {
  /// `y`: the reserve of A in parts of the first deposit. Below zero for moves that no pool can pay.
  public let partA: Double
  /// `x`: the reserve of B in parts of the first deposit. Below zero for moves that no pool can pay.
  public let partB: Double
  /// The health factor; 0 for moves that no pool can pay.
  public let health: Double
  /// What the reserves are worth, over what the first deposit is worth at the same price, less 1.
  public let impermanentLoss: Double

  /// Whether the pool can pay: beyond it settlements are refused.
  public var isSolvent: Bool { partA >= 0 && partB >= 0 }

  /// Equal moves of several markets: with `q = u + 1/u - 2`, `HF^2 = 1 - N (N - 1) q`, and the impermanent loss
  /// `-N (u - 1)^2 / (1 + u^2)` at the price where the markets stand, linear in their number.
  ///
  /// - Parameters:
  ///   - markets: `N`, in `Domain.movingMarkets`.
  ///   - ratio: `r = u^2`, the price over that of the founding, in `Domain.priceRatio`.
  /// - Throws: `DAMMError.outOfRange`.
  public init(markets: Int, ratio: Double) throws(DAMMError) {
    let count = try Self.checked(markets, in: Domain.movingMarkets)
    try Domain.check(ratio, "move of the price", in: Domain.priceRatio)
    let move = Root(ratio)
    partA = 1 + count * move.rise
    partB = 1 + count * move.inverseRise
    let square = 1 - count * (count - 1) * move.q
    health = partA > 0 && partB > 0 ? max(0, square).squareRoot() : 0
    impermanentLoss = -count * (move.rise * move.rise / (1 + ratio))
  }

  /// Moves of one market each, which need not be equal: `HF = sqrt(x y)`.
  ///
  /// - Parameters:
  ///   - ratios: the price of each market over that of the founding, in `Domain.priceRatio`; as many as
  ///     `Domain.movingMarkets` allows.
  ///   - value: at which price, over that of the founding, the impermanent loss is told: in `Domain.priceRatio`.
  /// - Throws: `DAMMError.outOfRange`.
  public init(ratios: [Double], valuedAt value: Double) throws(DAMMError) {
    _ = try Self.checked(ratios.count, in: Domain.movingMarkets)
    try Domain.check(value, "price of B, over that of the founding,", in: Domain.priceRatio)
    var (a, b) = (0.0, 0.0)
    for ratio in ratios {
      try Domain.check(ratio, "move of the price", in: Domain.priceRatio)
      let move = Root(ratio)
      a += move.rise
      b += move.inverseRise
    }
    (partA, partB) = (1 + a, 1 + b)
    health = (max(0, 1 + a) * max(0, 1 + b)).squareRoot()
    impermanentLoss = (a + value * b) / (1 + value)
  }

  /// The moves, down and up, at which equal moves of several markets leave nothing of one token:
  /// `((N - 1)/N)^2` and `(N/(N - 1))^2`.
  ///
  /// - Parameter markets: `N`, from 2 on: one alone never gets there.
  /// - Throws: `DAMMError.outOfRange`.
  public static func insolvency(markets: Int) throws(DAMMError) -> ClosedRange<Double> {
    let count = try checked(markets, in: 2...Domain.movingMarkets.upperBound)
    let (down, up) = ((count - 1) / count, count / (count - 1))
    return down * down...up * up
  }

  /// The largest loss of several markets that move together while the health factor stays at a floor `h` or
  /// above, and the moves where it happens: `(1 - h^2) / ((N - 1) (2 + q))` at `q = (1 - h^2) / (N (N - 1))`.
  ///
  /// Told at the price where the markets stand. Markets that stop there lose more while the price goes on, as anybody who
  /// holds the same tokens does; and a floor of the pool's health holds a market alone from nothing.
  ///
  /// - Parameters:
  ///   - floor: `h`, in `Domain.healthLimit`.
  ///   - markets: `N`, from 2 on: the health of one alone does not fall.
  /// - Throws: `DAMMError.outOfRange`.
  public static func largestLoss(
    floor: Double, markets: Int
  ) throws(DAMMError) -> LargestLoss {
    try Domain.check(floor, "floor of the health factor", in: Domain.healthLimit)
    let count = try checked(markets, in: 2...Domain.movingMarkets.upperBound)
    let room = (1 - floor) * (1 + floor)
    let q = room / (count * (count - 1))
    let rise = q / 2 + (q + q * q / 4).squareRoot()
    let up = (1 + rise) * (1 + rise)
    return LargestLoss(moves: 1 / up...up, impermanentLoss: -room / ((count - 1) * (2 + q)))
  }

  private static func checked(
    _ markets: Int, in allowed: ClosedRange<Int>
  ) throws(DAMMError) -> Double {
    try Domain.check(
      Double(markets), "number of markets",
      in: Double(allowed.lowerBound)...Double(allowed.upperBound))
    return Double(markets)
  }
}

/// What several markets may lose together before a floor of the health factor stops them.
public struct LargestLoss: Sendable, Hashable {
  /// The moves down and up at which health is at the floor, over the price of the founding.
  public let moves: ClosedRange<Double>
  /// The loss there, below zero.
  public let impermanentLoss: Double
}

/// The root of a move, by what small moves keep their digits.
private struct Root {
  /// `u - 1`
  let rise: Double
  /// `1/u - 1`
  let inverseRise: Double
  /// `u + 1/u - 2`
  let q: Double

  init(_ ratio: Double) {
    let u = ratio.squareRoot()
    rise = (ratio - 1) / (u + 1)
    inverseRise = -rise / u
    q = rise * (rise / u)
  }
}
