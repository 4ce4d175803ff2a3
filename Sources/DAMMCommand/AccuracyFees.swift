import DAMM
import DAMMReference
import DAMMReplay

/// Fees of random swaps on random schedules, kernel against the tick loop on 20-digit masses.
struct AccuracyFees {
  private var random: SplitMix
  private let count: Int
  private(set) var row = AccuracyRow(.fee)

  /// As many swaps a curve as without fees, from a seed of their own.
  init(count: Int, seed: UInt64) {
    random = SplitMix(seed: seed ^ 0xfee)
    self.count = count
  }

  /// Swaps between places within 6 sigma, where nothing but the rates and their sums can err.
  mutating func run(_ shape: CurveShape, _ exact: ReferenceTable<Wide>) throws {
    let schedule = try FeeSchedule(
      baseBps: random.power(-1, 2), volatility: random.power(-4, -1.5),
      skew: random.power(-3, -0.5),
      minimumBps: random.power(-2, 1), maximumBps: random.power(1.5, 3))
    let surge = random.unit() < 0.5 ? 0 : random.power(-5, -2)
    let table = try TickTable(shape, fees: schedule)
    let (mu, reserves) = (random.power(-4, 5), try Reserves(a: 1e6, b: random.power(-2, 9)))
    var curve = try Curve(table: table, oraclePrice: mu, reserves: reserves)
    try curve.charge(surge: surge)
    var slow = try ReferenceCurve(
      table: exact, tickWidthBps: shape.tickWidthBps, oraclePrice: mu, reserves: reserves)
    slow.fees = ReferenceFees(
      schedule, relativeSigma: shape.relativeSigma, tickWidthBps: shape.tickWidthBps, surge: surge)
    let reach = 6 * shape.relativeSigma / (shape.tickWidthBps / 1e4)
    let starts = max(table.lowestTick, -Int(reach))...min(table.upperTick - 1, Int(reach))
    let ends = curve.priceRange
    for _ in 0..<count {
      let start = try Position(
        tick: Int.random(in: starts, using: &random), fraction: random.unit())
      let side = Side.allCases.randomElement(using: &random) ?? .buy
      try curve.move(to: start)
      try slow.move(to: start)
      let order = try Order(side, .toPrice(random.between(ends.lowerBound, ends.upperBound)))
      let (quote, answer) = (curve.quote(order), slow.swap(order))
      guard quote.amountIn > 0 else { continue }
      // an error of a rounding of what the rates are sums of is theirs
      let amplified = max(1, answer.feeTerms.double / answer.fee.double)
      row.add(
        quote.fee, error: (Wide(quote.fee) - answer.fee).double / amplified,
        at: [order.words(), "from tick \(start.tick)", "on \(shape.words)"])
    }
  }
}
