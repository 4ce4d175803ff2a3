import DAMM
import DAMMReference
import DAMMReplay
import Foundation

/// Random swaps, kernel against the tick loop on 20-digit masses.
struct AccuracySwaps {
  let count: Int
  private var random: SplitMix
  private var toPrice = AccuracyRow(.amount)
  private var fixed = AccuracyRow(.amountFixed)
  private var reached = AccuracyRow(.priceReached)

  init(count: Int, seed: UInt64) {
    self.count = count
    random = SplitMix(seed: seed)
  }

  var rows: [AccuracyRow] { [toPrice, fixed, reached] }

  /// Swaps on one curve from starts within 6 sigma: to a price anywhere, or of an amount from 1e-9
  /// of a tick to more than the side.
  mutating func run(
    _ shape: CurveShape, _ table: TickTable, _ exact: ReferenceTable<Wide>
  ) throws {
    let funding = Funding.allCases.randomElement(using: &random) ?? .full
    let reserves = try Reserves(a: random.power(-2, 9), b: random.power(-2, 9))
    let mu = random.power(-4, 5)
    var curve = try Curve(
      table: table, oraclePrice: mu, reserves: reserves, funding: funding)
    var slow = try ReferenceCurve(
      table: exact, tickWidthBps: shape.tickWidthBps, oraclePrice: mu, reserves: reserves,
      funding: funding)
    // six sigma, in ticks
    let reach = 6 * shape.relativeSigma / (shape.tickWidthBps / 1e4)
    let starts = max(table.lowestTick, -Int(reach))...min(table.upperTick - 1, Int(reach))
    for _ in 0..<count {
      let inside = random.unit()
      let fraction = [0, 1e-9, 1 - 1e-10, inside].randomElement(using: &random) ?? inside
      let start = try Position(tick: Int.random(in: starts, using: &random), fraction: fraction)
      let side = Side.allCases.randomElement(using: &random) ?? .buy
      try curve.move(to: start)
      try slow.move(to: start)
      let (order, isFixed) = try order(curve, side)
      let quote = curve.quote(order)
      let answer = slow.swap(order)
      guard quote.amountIn > 0 || answer.b.double != 0 else { continue }
      let (a, b) =
        side == .buy ? (quote.amountIn, quote.amountOut) : (quote.amountOut, quote.amountIn)
      let place = {
        let short = { Figures.short($0) }
        return [
          order.words(short),
          "from tick \(start.tick), \(short(start.fraction)) of it sold, mu \(short(mu)), "
            + "reserves \(short(reserves.a)) A, \(short(reserves.b)) B",
          "on \(shape.words), \(funding.rawValue)",
        ]
      }
      if isFixed && quote.stop == .complete && answer.stop == .complete {
        // the condition number of the other amount, d ln(other) / d ln(fixed)
        let end =
          Wide(mu)
          * exact.relativePrices[
            min(slow.tick, table.upperTick - 1) - table.lowestTick]
        let ratio = (end * answer.b / answer.a).double
        let condition =
          if case .amount = order.size { max(1, ratio) } else { max(1, 1 / ratio) }
        fixed.add(a, error: (Wide(a) - answer.a).double / condition, at: place())
        fixed.add(b, error: (Wide(b) - answer.b).double / condition, at: place())
      } else {
        toPrice.add(a, error: (Wide(a) - answer.a).double, at: place())
        toPrice.add(b, error: (Wide(b) - answer.b).double, at: place())
      }
      if case .toPrice(let price) = order.size, quote.stop == .complete, quote.amountIn > 0 {
        reached.add(quote.priceAfter, error: quote.priceAfter - price, at: place())
      }
    }
  }

  /// A swap to a price or of an amount, and which of the two.
  private mutating func order(_ curve: Curve, _ side: Side) throws -> (Order, Bool) {
    let (ends, offered) = (curve.priceRange, curve.offered)
    // the side's whole offer in either token, or something where it offers nothing
    let whole =
      side == .buy
      ? (a: max(offered.b * curve.price, 1e-60), b: max(offered.b, 1e-60))
      : (a: max(offered.a, 1e-60), b: max(offered.a / curve.price, 1e-60))
    switch Int.random(in: 0..<4, using: &random) {
    case 0:
      return (try Order(side, .toPrice(random.between(ends.lowerBound, ends.upperBound))), false)
    case 1:
      // around the position, from far below a tick upwards
      let step = curve.oraclePrice * curve.table.tickWidthBps / 1e4 * random.power(-7, 3)
      let target = side == .buy ? curve.price + step : curve.price - step
      return (try Order(side, .toPrice(max(target, ends.lowerBound))), false)
    case 2:
      return (try Order(side, .amount(whole.b * random.power(-12, 0.01))), true)
    default:
      return (try Order(side, .notional(whole.a * random.power(-12, 0.01))), true)
    }
  }
}

extension SplitMix {
  mutating func unit() -> Double { Double.random(in: 0..<1, using: &self) }
  mutating func between(_ low: Double, _ high: Double) -> Double {
    Double.random(in: low...high, using: &self)
  }
  /// Ten to a uniform power.
  mutating func power(_ low: Double, _ high: Double) -> Double {
    pow(10, between(low, high))
  }
}
