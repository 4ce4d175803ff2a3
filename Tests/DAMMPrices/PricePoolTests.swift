import DAMMModel
import DAMMPrices
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Functions of the caller: integrals, jumps, times, fees apart, ends, and what is refused.
@Suite struct PricePoolTests {
  private let now = UTCTime(secondsSince1970: 1_767_225_600)
  private let bound = Tolerance.priceAmount.relative

  private func expectClose(
    _ found: Double, _ exact: Double, times: Double = 1, _ what: String = ""
  ) {
    #expect(
      abs(found - exact) <= bound * times * abs(exact), "\(what): \(found), exact \(exact)")
  }

  /// `p(r) = sqrt r`: `C = 2 ln(1 + sqrt r)`, so `NB (1 + sqrt r)^2` is constant.
  private func root(_ bps: Double = 0) throws -> PriceClosures {
    try PriceClosures(
      ask: { $0.squareRoot() * (1 + bps / 1e4) }, bid: { $0.squareRoot() * (1 - bps / 1e4) })
  }

  @Test func integralsOfFunctionsOfTheCaller() throws {
    let prices = try root()
    let change = try prices.invariantChange(.buy, from: 4, to: 900, at: now)
    let exact = 2 * log(31.0 / 3)
    expectClose(change.value, exact)
    #expect(change.error <= Tolerance.priceIntegral.relative * exact)
    #expect(abs(change.value - exact) <= change.error)
    let back = try prices.invariantChange(.sell, from: 900, to: 4, at: now)
    expectClose(back.value, -exact)
    // NB0 = 10 at r = 4: NB = 90/(1 + sqrt r)^2, NA = r NB
    var pool = try PricePool(prices, reserves: Reserves(a: 40, b: 10))
    let bought = try pool.swap(.exactOut(7.5, .buy), at: now)
    // (1 + sqrt r)^2 = 36, r = 25
    expectClose(pool.ratio, 25)
    expectClose(bought.amountIn, 62.5 - 40)
    #expect(bought.integrationError > 0 && bought.integrationError < bound)
    let sold = try pool.swap(.exactOut(22.5, .sell), at: now)
    expectClose(sold.amountIn, 7.5)
    expectClose(pool.ratio, 4)
  }

  @Test func jumpsToldAndNotTold() throws {
    // 2 below r = 3, 5 above: NA + 2 NB and then NA + 5 NB
    func price(_ above: @escaping @Sendable (Double) -> Bool) -> @Sendable (Double) -> Double {
      { above($0) ? 5 : 2 }
    }
    for breaks in [[3.0], []] {
      let prices = try PriceClosures(
        breaks: breaks, ask: price { $0 >= 3 }, bid: price { $0 > 3 })
      var pool = try PricePool(prices, reserves: Reserves(a: 100, b: 100))
      // to r = 3: 100 + 2 x = 3 (100 - x), x = 40
      let quote = try pool.swap(.exactOut(50, .buy), at: now)
      expectClose(quote.amountIn, 40 * 2 + 10 * 5, "breaks \(breaks)")
      let back = try pool.swap(.exactIn(50, .sell), at: now)
      expectClose(back.amountOut, 130, "breaks \(breaks)")
      let exactIn = try pool.quote(.exactIn(105, .buy), at: now)
      expectClose(exactIn.amountOut, 45, "breaks \(breaks)")
    }
  }

  @Test func dustKeepsItsDigits() throws {
    for prices in [try root(), try root(20)] {
      let pool = try PricePool(prices, reserves: Reserves(a: 40, b: 10))
      for x in [1e-90, 1e-30, 1e-20, 1e-15] {
        let (ask, bid) = try (pool.ask(at: now), pool.bid(at: now))
        expectClose(try pool.quote(.exactOut(x, .buy), at: now).amountIn, x * ask)
        expectClose(try pool.quote(.exactIn(x, .sell), at: now).amountOut, x * bid)
      }
    }
  }

  @Test func timeMovesPrices() throws {
    // a fee that halves each minute
    let from = now
    let prices = try PriceClosures(
      ask: { r, t in r * (1 + 0.01 * exp2(-t.seconds(since: from) / 60)) },
      bid: { r, t in r * (1 - 0.01 * exp2(-t.seconds(since: from) / 60)) })
    let pool = try PricePool(prices, reserves: Reserves(a: 3e6, b: 1000))
    for (seconds, fee) in [(0, 100.0), (60, 50), (120, 25)] as [(Int64, Double)] {
      let time = UTCTime(secondsSince1970: now.secondsSince1970 + seconds)
      let closed = try PricePool(ConstantProduct(feeBps: fee), reserves: pool.reserves)
      for side in Side.allCases {
        let order = try Order(side, .amount(30))
        expectClose(
          try pool.quote(order, at: time).a, try closed.quote(order, at: time).a, "\(seconds) s")
      }
    }
  }

  /// Fees apart from the reserves, for functions that are integrated: the reserves follow `p(r) = r`, the trader
  /// pays 1 % more, or a part that rises with the ratio.
  private struct Apart: PriceFunctions {
    let rate: @Sendable (Double) -> Double
    func ask(_ ratio: Double, at time: UTCTime) -> Double { ratio * (1 + rate(ratio)) }
    func bid(_ ratio: Double, at time: UTCTime) -> Double { ratio * (1 - rate(ratio)) }
    func reservePrice(_ side: Side, _ ratio: Double, at time: UTCTime) -> Double { ratio }
  }

  @Test func feesApartFromTheReserves() throws {
    var pool = try PricePool(Apart { _ in 0.01 }, reserves: Reserves(a: 3e6, b: 1000))
    let bought = try pool.swap(.exactOut(10, .buy), at: now)
    let moved = 3e6 * 10 / 990
    expectClose(bought.amountIn, 1.01 * moved)
    expectClose(bought.fee, 0.01 * moved, times: 1e3)
    expectClose(pool.reserves.a, 3e6 + moved)
    let sold = try pool.swap(.exactOut(0.99 * moved, .sell), at: now)
    expectClose(sold.amountIn, 10)
    expectClose(pool.reserves.a, 3e6)
    expectClose(pool.fees, 0.02 * moved, times: 1e3)

    // a rate of 0.01 r/3000: the fee is the integral of rate(r) p(r) over -dNB
    let rising = try PricePool(Apart { 0.01 * $0 / 3000 }, reserves: Reserves(a: 3e6, b: 1000))
    let quote = try rising.quote(.exactOut(500, .buy), at: now)
    // r = 3e9/NB^2: 0.01/3000 times the integral of 9e18/NB^4 from 500 to 1000
    let fee = 0.01 / 3000 * 9e18 / 3 * (1 / 1.25e8 - 1 / 1e9)
    expectClose(quote.amountIn, 3e6 + fee)
    expectClose(quote.fee, fee, times: 1e3)
    let fixed = try rising.quote(.exactIn(quote.amountIn, .buy), at: now)
    expectClose(fixed.amountOut, 500, times: 4)
  }

  @Test func limitsAndEnds() throws {
    let pool = try PricePool(root(30), reserves: Reserves(a: 40, b: 10))
    // ask = 1.003 sqrt r reaches 4 at r = (4/1.003)^2
    let end = pow(4 / 1.003, 2)
    let limited = try pool.quote(.exactOut(9, .buy, limit: 4), at: now)
    #expect(limited.stop == .priceLimit && limited.left == 9 - limited.amountOut)
    expectClose(limited.ratioAfter, end)
    let target = try pool.quote(Order(.buy, .toPrice(4)), at: now)
    #expect(target.stop == .complete && target.left == nil)
    #expect(target.amountIn == limited.amountIn && target.amountOut == limited.amountOut)
    #expect(try pool.quote(Order(.buy, .toPrice(5), limit: 4), at: now).stop == .priceLimit)
    let passed = try pool.quote(.exactOut(1, .buy, limit: 1), at: now)
    #expect(passed.amountOut == 0 && passed.left == 1 && passed.stop == .priceLimit)
    #expect(passed.averagePrice == nil)
    let down = try pool.quote(Order(.sell, .toPrice(1)), at: now)
    expectClose(down.ratioAfter, pow(1 / 0.997, 2))

    let short = try PriceClosures(ratios: 1...9, ask: { $0 }, bid: { $0 })
    let ended = try PricePool(short, reserves: Reserves(a: 40, b: 10))
    let quote = try ended.quote(.exactOut(9, .buy), at: now)
    #expect(quote.stop == .exhausted)
    expectClose(quote.ratioAfter, 9)
    expectClose(quote.amountOut, 10 - 20 / 3.0)
    #expect(throws: DAMMError.self) {
      try PricePool(short, reserves: Reserves(a: 100, b: 10))
    }
  }

  @Test func quoteIsSwapOnACopy() throws {
    var random = SplitMix64(seed: RandomCurves.seed("quoteIsSwapOnACopy", 502))
    var pool = try PricePool(root(30), reserves: Reserves(a: 40, b: 10))
    var filled = 0
    for _ in 0..<RandomCurves.runs(100) {
      let side = Side.allCases.randomElement(using: &random)!
      let part = random.logUniform(1e-12...0.5)
      let order =
        random.oneIn(2)
        ? try Order(side, .amount(part * pool.reserves.b))
        : try Order(side, .notional(part * pool.reserves.a))
      let quote = try pool.quote(order, at: now)
      let before = pool.reserves
      #expect(try pool.swap(order, at: now) == quote)
      if quote.stop == .complete { filled += 1 }
      let (da, db) = (pool.reserves.a - before.a, pool.reserves.b - before.b)
      let sign = side == .buy ? 1.0 : -1
      #expect(abs(da - sign * quote.a) <= 0x1p-51 * max(before.a, pool.reserves.a))
      #expect(abs(db + sign * quote.b) <= 0x1p-51 * max(before.b, pool.reserves.b))
    }
    #expect(filled > 50)
  }

  @Test(arguments: [Double.nan, .infinity, -1, 0, 1e200])
  func pricesThatAreNone(_ bad: Double) throws {
    // bad from the start, and only on the way
    for edge in [0.0, 5] {
      let prices = try PriceClosures(
        ask: { $0 > edge ? bad : $0 }, bid: { $0 > edge ? bad : $0 / 2 })
      let pool = try PricePool(prices, reserves: Reserves(a: 40, b: 10))
      do {
        _ = try pool.quote(.exactOut(9, .buy), at: now)
        Issue.record("\(bad) was taken for a price")
      } catch .invalidPrice(let side, _, let value) {
        #expect(side == .buy && (value == bad || (value.isNaN && bad.isNaN)))
      } catch {
        Issue.record("\(error)")
      }
    }
    // a fee that is negative, apart from the reserves
    let paying = try PricePool(Apart { _ in -0.01 }, reserves: Reserves(a: 40, b: 10))
    #expect(throws: DAMMError.self) { try paying.quote(.exactOut(1, .buy), at: now) }
  }

  @Test func whatCannotBeIntegrated() throws {
    // another price at every ratio
    let noise: @Sendable (Double) -> Double = { r in
      var random = SplitMix64(seed: r.bitPattern)
      return r * random.uniform(0.5...2)
    }
    let pool = try PricePool(
      PriceClosures(ask: noise, bid: noise), reserves: Reserves(a: 40, b: 10))
    do {
      _ = try pool.quote(.exactOut(5, .buy), at: now)
      Issue.record("noise has no integral")
    } catch .notIntegrable(_, _, _, let error, let allowed) {
      #expect(error > allowed)
    }
  }
}
