import DAMMKernel
import DAMMModel

/// Random curves and orders over the whole domain, dust and boundaries included. One seed gives one
/// sequence, on any machine.
public struct RandomCurves {
  /// What the curves are drawn from.
  public var random: SplitMix64
  private var tables: [TickTable] = []
  private let withFees: Bool

  /// Tables are made once; curves on them are many. With fees each has a schedule, and some curves a surge.
  public init(
    seed: UInt64, tables count: Int, largest: Int, fees withFees: Bool = false,
    kernels: KernelSet = .best
  ) throws {
    random = SplitMix64(seed: seed)
    self.withFees = withFees
    while tables.count < count {
      let shape = try Self.shape(&random)
      let fees = try withFees ? Self.fees(&random) : .none
      guard let table = try? TickTable(shape, fees: fees, kernels: kernels), table.count <= largest
      else {
        continue
      }
      tables.append(table)
    }
  }

  /// A shape anywhere in the declared domain of the tolerances, or now and then a very wide tick.
  public static func shape(_ random: inout SplitMix64) throws -> CurveShape {
    let s = random.logUniform(0.0005...0.5)
    let shape = Shape.allCases.randomElement(using: &random) ?? .normal
    let widths = [6.0, 12, random.uniform(0.5...12)]
    let k = widths.randomElement(using: &random) ?? 6
    let bps = random.oneIn(2) ? 1 : random.logUniform(0.3...3000)
    return try CurveShape(shape, relativeSigma: s, halfWidth: k, tickWidthBps: bps)
  }

  /// A fee schedule: now and then with bounds that bind, with a skew that takes off more than there is, or with
  /// a surge.
  public static func fees(_ random: inout SplitMix64) throws -> FeeSchedule {
    let zeros = [0.0, 0.0, 0.0]
    func number(_ random: inout SplitMix64, _ range: ClosedRange<Double>) -> Double {
      (zeros + [random.logUniform(range), random.uniform(0...range.upperBound)])
        .randomElement(using: &random)!
    }
    let base = random.oneIn(4) ? 0 : random.logUniform(0.01...200)
    let least = random.oneIn(2) ? 0 : random.logUniform(0.01...100)
    let most =
      random.oneIn(2) ? Domain.feeBps.upperBound : least + random.logUniform(0.01...300)
    return try FeeSchedule(
      baseBps: base, volatility: number(&random, 1e-4...0.05), skew: number(&random, 1e-3...0.6),
      minimumBps: least, maximumBps: min(most, 2_000), surgeBps: number(&random, 0.1...500),
      surgeHalfLifeSeconds: random.logUniform(1...1e5))
  }

  /// A curve formed somewhere, standing somewhere else on itself.
  public mutating func curve() throws -> Curve {
    let table = tables.randomElement(using: &random)!
    let reserves = try Reserves(
      a: random.logUniform(1e-3...1e12), b: random.logUniform(1e-3...1e12))
    var curve = try Curve(
      table: table, oraclePrice: random.logUniform(1e-6...1e6), reserves: reserves,
      funding: random.oneIn(2) ? .geometricMean : .full, position: position(table))
    if random.oneIn(2) { try curve.move(to: position(table)) }
    if withFees, random.oneIn(3) { try curve.charge(surge: random.logUniform(1e-9...0.1)) }
    return curve
  }

  /// A position within 6 sigma: at an edge, just inside one, or anywhere in a tick.
  public mutating func position(_ table: TickTable) throws -> Position {
    let reach = Int(6 * table.relativeSigma / (table.tickWidthBps / 1e4))
    let low = max(table.lowestTick, -reach)
    let high = min(table.upperTick, max(reach, low + 1))
    let tick = Int.random(in: low...high, using: &random)
    guard tick < table.upperTick else { return try Position(tick: tick) }
    let inside = random.uniform(0...Domain.fraction.upperBound)
    let fractions = [0, 1e-9, 1 - 1e-10, inside]
    return try Position(tick: tick, fraction: fractions.randomElement(using: &random) ?? inside)
  }

  /// An order for a curve: every kind, from dust to more than the side, half of them with a limit.
  public mutating func order(_ curve: Curve) throws -> Order {
    let side = Side.allCases.randomElement(using: &random) ?? .buy
    let (a, b) = curve.offered
    // the side's whole offer in either token, or something where it offers nothing
    let wholeB = side == .buy ? b : a / curve.price
    let wholeA = side == .buy ? b * curve.price : a
    let dust = random.logUniform(1e-15...1)
    let part = [dust, dust, random.uniform(0...1), 1, 3].randomElement(using: &random) ?? dust
    let limit = try random.oneIn(2) ? nil : price(curve)
    switch Int.random(in: 0..<5, using: &random) {
    case 0: return try Order(side, .toPrice(price(curve)), limit: limit)
    case 1, 2: return try Order(side, .amount(max(wholeB * part, 1e-50)), limit: limit)
    default: return try Order(side, .notional(max(wholeA * part, 1e-50)), limit: limit)
    }
  }

  /// A price on the curve or just outside it: a tick edge, near the position, or anywhere.
  public mutating func price(_ curve: Curve) throws -> Double {
    let ends = curve.priceRange
    switch Int.random(in: 0..<4, using: &random) {
    case 0:
      let tick = Int.random(in: curve.table.lowestTick...curve.table.upperTick, using: &random)
      return curve.oraclePrice * curve.table.relativePrice(ofTick: tick)
    case 1: return curve.price * random.uniform(0.999...1.001)
    case 2: return random.uniform(ends.lowerBound * 0.9...ends.upperBound * 1.1)
    default: return random.uniform(ends)
    }
  }

  /// A seed from the environment, `DAMM_SEED`, or the one given; printed, so that a failure can be
  /// run again.
  public static func seed(_ name: String, _ seed: UInt64) -> UInt64 {
    let chosen = environment("DAMM_SEED").flatMap { UInt64($0) } ?? seed
    print("\(name): seed \(chosen)")
    return chosen
  }

  /// How many runs: the number given times `DAMM_SOAK`, for longer runs by hand.
  public static func runs(_ count: Int) -> Int {
    count * (environment("DAMM_SOAK").flatMap { Int($0) } ?? 1)
  }
}
