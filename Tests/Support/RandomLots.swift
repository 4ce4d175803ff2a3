import DAMMKernel
import DAMMModel

/// A curve in lots and what it was made of.
public struct LotCase: Sendable {
  /// The named shape.
  public let shape: CurveShape
  /// Its table.
  public let table: TickTable
  /// Lots of A a lot of B.
  public let oraclePrice: Double
  /// Where it was formed.
  public let price: Double
  /// What it was formed with.
  public let reserves: LotPair
  /// How much of that is on offer.
  public let funding: Funding
  /// The curve.
  package let curve: LotCurve

  /// A curve that is founded; none if it is refused.
  public init?(
    _ table: TickTable, _ shape: CurveShape, oraclePrice: Double, at price: Double,
    _ reserves: LotPair, _ funding: Funding
  ) {
    guard
      let curve = try? LotCurve(
        founding: table, oraclePrice: oraclePrice, reserves: reserves, funding: funding,
        atPrice: price)
    else { return nil }
    self.shape = shape
    self.table = table
    self.oraclePrice = oraclePrice
    self.price = price
    self.reserves = reserves
    self.funding = funding
    self.curve = curve
  }
}

/// Random curves in lots with extreme parameters: reserves from one lot to 2^48, up to 2^30 to 1, prices of a
/// lot anywhere in their domain, curves from one tick to beyond the price, and places anywhere on them.
public struct RandomLots {
  /// What the curves are drawn from.
  public var random: SplitMix64
  private let largest: Int
  private let fees: Bool

  /// - Parameters:
  ///   - largest: the most ticks of a curve.
  ///   - fees: whether some take fees.
  public init(seed: UInt64, largest: Int, fees: Bool = false) {
    random = SplitMix64(seed: seed)
    self.largest = largest
    self.fees = fees
  }

  /// A power of two, about.
  mutating func power(_ range: ClosedRange<Double>) -> Double {
    let value = random.uniform(range), whole = value.rounded(.down)
    return Double(sign: .plus, exponent: Int(whole), significand: 1 + (value - whole))
  }

  /// A curve; `bits` is the size of reserves as a power of two.
  public mutating func curve(bits: ClosedRange<Double> = 0...48) -> LotCase {
    while true { if let made = attempt(bits) { return made } }
  }

  private mutating func attempt(_ bits: ClosedRange<Double>) -> LotCase? {
    let lots = power(bits), imbalance = random.oneIn(2) ? 1 : power(-15...15)
    func whole(_ x: Double) -> Int { max(1, Int(min(x, 0x1p48.nextDown))) }
    let reserves = LotPair(a: whole(lots * imbalance), b: whole(lots / imbalance))
    let ratio = Double(reserves.a) / Double(reserves.b)
    // prices that make whole numbers of lots, that of the reserves, any
    let price = [power(-30...30).rounded(.up), ratio, ratio, power(-38...38)]
      .randomElement(using: &random)!
    let bps = [1.0, 10, 100, 2500, random.logUniform(0.3...9000)].randomElement(using: &random)!
    let k = [6.0, 6, 12, random.uniform(0.5...12)].randomElement(using: &random)!
    let narrow = bps / 1e4 * random.uniform(0.2...4) / k
    let s = [power(-13...0.5), power(-4...1), narrow].randomElement(using: &random)!
    let kind = Shape.allCases.randomElement(using: &random)!
    let schedule = fees && random.oneIn(2) ? try? RandomCurves.fees(&random) : FeeSchedule.none
    guard let schedule, 2 * s * k / bps * 1e4 < Double(largest) * 4,
      let shape = try? CurveShape(kind, relativeSigma: s, halfWidth: k, tickWidthBps: bps),
      let table = try? TickTable(shape, fees: schedule), table.count <= largest
    else { return nil }
    let tick = Int.random(in: table.lowestTick...table.upperTick, using: &random)
    let edge = price * table.relativePrice(ofTick: tick)
    let near = price * (1 + s * random.uniform(-1...1))
    let at = [
      price, price.nextUp, price.nextDown, edge, edge.nextUp, near, near, 1e-300, 1e300,
      price * (1 + s * random.uniform(-k...k)),
    ].randomElement(using: &random)!
    return LotCase(
      table, shape, oraclePrice: price, at: max(at, 1e-300), reserves,
      random.oneIn(2) ? .full : .geometricMean)
  }
}

extension LotCurve {
  /// What an order would do: `swap` on a copy.
  package func fill(_ side: Side, _ fixed: Fixed, stop: Double?, surge: Double) -> Fill {
    var copy = self
    return copy.swap(side, fixed, stop: stop, surge: surge)
  }
}
