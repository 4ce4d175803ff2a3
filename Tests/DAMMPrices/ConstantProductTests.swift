import DAMMModel
import DAMMPrices
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The pools whose answers stand in every textbook.
@Suite struct ConstantProductTests {
  private let now = UTCTime(secondsSince1970: 1_767_225_600)
  private let bound = Tolerance.priceAmount.relative

  private func expectClose(_ found: Double, _ exact: Double, _ what: String) {
    #expect(abs(found - exact) <= bound * abs(exact), "\(what): \(found), exact \(exact)")
  }

  @Test func allFourKindsWithoutFee() throws {
    let (a, b) = (3e6, 1000.0)
    let pool = try PricePool(ConstantProduct.withoutFee, reserves: Reserves(a: a, b: b))
    for part in [1e-15, 1e-6, 0.01, 0.5, 0.9] {
      let (x, y) = (part * b, part * a)
      expectClose(try pool.quote(.exactOut(x, .buy), at: now).amountIn, a * x / (b - x), "B out")
      expectClose(try pool.quote(.exactIn(y, .buy), at: now).amountOut, b * y / (a + y), "A in")
      expectClose(try pool.quote(.exactIn(x, .sell), at: now).amountOut, a * x / (b + x), "B in")
      expectClose(try pool.quote(.exactOut(y, .sell), at: now).amountIn, b * y / (a - y), "A out")
    }
    let up = try pool.quote(Order(.buy, .toPrice(4 * 3000)), at: now)
    expectClose(up.amountIn, a, "A to four times the price")
    expectClose(up.amountOut, b / 2, "B to four times the price")
    expectClose(up.priceAfter, 12_000, "the price reached")
    #expect(up.stop == .complete && up.left == nil)
  }

  @Test func markUpOf30Bps() throws {
    // NA NB^g is constant with g = 1.003 buying and 0.997 selling
    let (a, b) = (3e6, 1000.0)
    let pool = try PricePool(ConstantProduct(feeBps: 30), reserves: Reserves(a: a, b: b))
    #expect(try pool.ask(at: now) == 3000 * 1.003 && pool.bid(at: now) == 3000 * 0.997)
    for part in [1e-15, 1e-6, 0.01, 0.5, 0.9] {
      let (x, y) = (part * b, part * a)
      expectClose(
        try pool.quote(.exactOut(x, .buy), at: now).amountIn,
        a * expm1(-1.003 * log1p(-part)), "B out")
      expectClose(
        try pool.quote(.exactIn(y, .buy), at: now).amountOut,
        -b * expm1(-log1p(part) / 1.003), "A in")
      expectClose(
        try pool.quote(.exactIn(x, .sell), at: now).amountOut,
        -a * expm1(-0.997 * log1p(part)), "B in")
      expectClose(
        try pool.quote(.exactOut(y, .sell), at: now).amountIn,
        b * expm1(-log1p(-part) / 0.997), "A out")
    }
  }

  /// The integers of the usual contract: `out = in 997 y / (1000 x + 997 in)`.
  @Test func textbookIsThatOfTheContracts() throws {
    let (x, y) = (UInt128(3_000_000), UInt128(1_000_000_000))
    let pool = try TextbookProduct(reserves: Reserves(a: 3e6, b: 1e9), feeBps: 30)
    for paid in [1, 1000, 30_000, 2_000_000] as [UInt128] {
      let exact = Double(paid * 997 * y) / Double(x * 1000 + paid * 997)
      expectClose(try pool.amountOut(.buy, for: Double(paid)), exact, "out")
      expectClose(try pool.amountIn(.buy, for: exact), Double(paid), "in")
    }
    #expect(throws: DAMMError.self) { try pool.amountIn(.buy, for: 1e9) }
    #expect(throws: DAMMError.self) { try pool.amountOut(.sell, for: .nan) }
  }

  /// A fee on the input and a mark-up of the same size: equal bids, asks apart by the square of the fee.
  @Test func conventionsDifferByTheSquareOfTheFee() throws {
    for bps in [1, 30, 100, 1000.0] {
      let (onInput, markUp) = try (
        ConstantProduct(feeBps: bps, convention: .onInput), ConstantProduct(feeBps: bps)
      )
      let phi = bps / 1e4
      #expect(onInput.bid(7, at: now) == markUp.bid(7, at: now))
      let apart = (onInput.ask(7, at: now) - markUp.ask(7, at: now)) / 7
      #expect(abs(apart - phi * phi / (1 - phi)) <= 0x1p-51)
    }
  }

  /// The finite trade of the textbook pays more than the price functions it has at the margin, by
  /// `phi g h^2/2` of the reserve at first; split without end it becomes theirs.
  @Test func textbookDependsOnHowATradeIsSplit() throws {
    let reserves = try Reserves(a: 3e6, b: 1000)
    let textbook = try TextbookProduct(reserves: reserves, feeBps: 30)
    let pool = try PricePool(
      ConstantProduct(feeBps: 30, convention: .onInput), reserves: reserves)
    for h in [0.001, 0.01, 0.1, 1] {
      let (once, priced) = (
        try textbook.amountOut(.buy, for: h * 3e6),
        try pool.quote(.exactIn(h * 3e6, .buy), at: now).amountOut
      )
      let apart = (once - priced) / 1000
      let first = 0.003 * 0.997 * h * h / 2
      print(
        "textbook at h = \(h): \(once), price functions \(priced), apart \(apart / first) of phi g h^2/2"
      )
      #expect(apart > 0)
      // the next order is (2 + 5 g) h/3 of it, and those behind it change sign
      #expect(abs(apart / first - 1) <= 7 * h / 3)
      var gaps: [Double] = []
      for parts in [10, 100, 1000] {
        var split = textbook
        var out = 0.0
        for _ in 0..<parts { out += try split.swap(.buy, in: h * 3e6 / Double(parts)) }
        #expect(out < once && out > priced)
        gaps.append(out - priced)
      }
      // the gap falls as one over the parts
      #expect(abs(gaps[0] / gaps[1] - 10) < 1.5 && abs(gaps[1] / gaps[2] - 10) < 1.5)
    }
  }

  @Test func constantPrice() throws {
    var pool = try PricePool(ConstantPrice(2, markUpBps: 50), reserves: Reserves(a: 100, b: 40))
    expectClose(try pool.quote(.exactOut(10, .buy), at: now).amountIn, 20.1, "B out")
    expectClose(try pool.quote(.exactIn(10, .sell), at: now).amountOut, 19.9, "B in")
    // all of B, and no more
    let all = try pool.swap(.exactOut(50, .buy), at: now)
    #expect(all.stop == .exhausted)
    expectClose(all.amountOut, 40, "all of B")
    expectClose(all.amountIn, 80.4, "and what it costs")
    #expect(all.left == 50 - all.amountOut && pool.reserves.b >= Domain.reserve.lowerBound)
    #expect(try pool.quote(.exactOut(1e-9, .buy), at: now).amountOut <= 1e-20)
    // and it can be bought back
    let back = try pool.swap(.exactIn(40, .sell), at: now)
    expectClose(back.amountOut, 79.6, "what it brings")
  }
}
