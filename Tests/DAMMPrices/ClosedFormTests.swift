import DAMMModel
import DAMMPrices
import Testing
import TestSupport

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What is known in closed form and what GSL integrates agree, in all four kinds of orders, to a price, and in
/// single-sided adds.
@Suite struct ClosedFormTests {
  private let now = UTCTime(secondsSince1970: 1_767_225_600)

  /// How much the amount that is not fixed says about the one that is: `d ln(other) / d ln(fixed)`, at least 1.
  private func condition(_ quote: PriceQuote) -> Double {
    let (a, b) = (quote.a, quote.b)
    guard a > 0, b > 0 else { return 1 }
    return max(1, quote.priceAfter * b / a, a / (quote.priceAfter * b))
  }

  private func compare<Prices: PriceFunctions>(
    _ prices: Prices, _ random: inout SplitMix64, runs: Int
  ) throws -> (worst: Double, filled: Int) {
    var (worst, filled) = (0.0, 0)
    let bound = Tolerance.priceAmount.relative
    for _ in 0..<runs {
      let b = random.logUniform(1e-3...1e6)
      let reserves = try Reserves(a: b * random.logUniform(1e-3...1e6), b: b)
      let closed = try PricePool(prices, reserves: reserves)
      let integrated = try PricePool(IntegratedPrices(prices), reserves: reserves)
      let side = Side.allCases.randomElement(using: &random)!
      let part = random.oneIn(2) ? random.logUniform(1e-18...1e-3) : random.uniform(0.001...0.9)
      let order: Order =
        switch Int.random(in: 0..<3, using: &random) {
        case 0: try Order(side, .amount(part * reserves.b))
        case 1: try Order(side, .notional(part * reserves.a))
        default:
          try Order(
            side,
            .toPrice(
              prices.price(
                side, reserves.a / reserves.b * (side == .buy ? 1 + part : 1 - part), at: now)))
        }
      let (x, y) = (try closed.quote(order, at: now), try integrated.quote(order, at: now))
      #expect(x.stop == y.stop, "\(order) on \(reserves)")
      guard x.stop == .complete, x.a > 0 else { continue }
      filled += 1
      let size = 1 + abs(log(x.ratioAfter / closed.ratio))
      for (p, q) in [(x.a, y.a), (x.b, y.b), (x.ratioAfter, y.ratioAfter)] {
        let error = abs(p - q) / p / (size * condition(x))
        worst = max(worst, error)
        #expect(error <= bound, "\(order) on \(reserves): \(p) and \(q)")
      }
      #expect(y.integrationError <= 4 * Tolerance.priceIntegral.relative * size)
      #expect(x.integrationError == 0)
    }
    return (worst, filled)
  }

  @Test func closedFormIsTheIntegral() throws {
    var random = SplitMix64(seed: RandomCurves.seed("closedFormIsTheIntegral", 501))
    let runs = RandomCurves.runs(400)
    func report(_ name: String, _ result: (worst: Double, filled: Int)) {
      print("closed form and integral, \(name): \(result.filled) trades, worst \(result.worst)")
      #expect(result.filled > runs / 4)
    }
    for fee in [0, 30, 500.0] {
      for convention in FeeConvention.allCases {
        let prices = try ConstantProduct(feeBps: fee, convention: convention)
        report("product, \(fee) bp, \(convention)", try compare(prices, &random, runs: runs))
      }
      let constant = try ConstantPrice(1, markUpBps: fee)
      report("constant price, \(fee) bp", try compare(constant, &random, runs: runs))
    }
  }
}
