import DAMMModel
import DAMMPrices
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The laws hold where they should, are proved where they can be, and find what breaks them.
@Suite struct PriceLawTests {
  private let now = UTCTime(secondsSince1970: 1_767_225_600)

  private func laws<Prices: PriceFunctions>(
    _ prices: Prices, over ratios: ClosedRange<Double> = 1e-6...1e6, samples: Int = 300
  ) throws -> PriceLaws<Prices> {
    try PriceLaws(prices, over: ratios, at: now, samples: samples)
  }

  private func expectAll<Prices: PriceFunctions>(_ prices: Prices) throws {
    let laws = try laws(prices)
    for verdict in try [
      laws.askNotBelowBid(), laws.pricesRise(), laws.pathIndependence(), laws.scaleFreedom(),
      laws.liquidityComposes(),
    ] {
      #expect(verdict.violation == nil, "\(verdict)")
    }
  }

  @Test func theKnownPoolsKeepAll() throws {
    for bps in [0, 30.0] {
      try expectAll(ConstantProduct(feeBps: bps))
      try expectAll(ConstantProduct(feeBps: bps, convention: .onInput))
      try expectAll(IntegratedPrices(ConstantProduct(feeBps: bps)))
      try expectAll(ConstantPrice(1, markUpBps: bps))
    }
    try expectAll(
      PriceClosures(ask: { $0.squareRoot() * 1.003 }, bid: { $0.squareRoot() * 0.997 }))
  }

  @Test func closedFormsAreProved() throws {
    #expect(try laws(ConstantProduct.withoutFee).askNotBelowBid() == .proved(intervals: 1))
    #expect(try laws(ConstantPrice(3)).askNotBelowBid() == .proved(intervals: 1))
    #expect(try laws(ConstantPrice(3)).pricesRise() == .proved(intervals: 1))
    let sampled = try laws(IntegratedPrices(ConstantProduct.withoutFee)).askNotBelowBid()
    guard case .held(let samples, let resolution) = sampled else {
      Issue.record("\(sampled)")
      return
    }
    // 300 ratios evenly over 12 decades
    #expect(samples == 300 && abs(resolution - expm1(12 * log(10.0) / 300)) < 1e-12)
  }

  /// A fee that falls with the ratio and bounds for it: proved by halving intervals.
  @Test func boundsAreProved() throws {
    func prices(_ floor: Double, bounded: Bool = true) throws -> PriceClosures {
      // ask/r falls from 1.05 to 1 + floor, bid = r
      let fee: @Sendable (Double) -> Double = { floor + (0.05 - floor) / (1 + $0) }
      let bounds: @Sendable (Side, ClosedRange<Double>, UTCTime) -> ClosedRange<Double>? = {
        side, over, _ in
        guard side == .buy else { return over }
        let least = over.lowerBound * (1 + fee(over.upperBound))
        let most = over.upperBound * (1 + fee(over.lowerBound))
        return least.nextDown...most.nextUp
      }
      return try PriceClosures(
        bounds: bounded ? bounds : nil,
        ask: { r, _ in r * (1 + fee(r)) }, bid: { r, _ in r })
    }
    let proved = try laws(prices(0.001), over: 0.01...100).askNotBelowBid()
    guard case .proved(let intervals) = proved else {
      Issue.record("\(proved)")
      return
    }
    #expect(intervals > 1000)
    // not a proof without bounds
    guard case .held = try laws(prices(0.001, bounded: false), over: 0.01...100).askNotBelowBid()
    else {
      Issue.record("proved without bounds")
      return
    }
    // the ask sinks below the bid at r = 49
    let broken = try laws(prices(-0.001), over: 0.01...100).askNotBelowBid()
    let violation = try #require(broken.violation)
    #expect(violation.law == .askNotBelowBid && violation.ratio >= 49)
    #expect(violation.found < violation.expected)
  }

  @Test func findsAskBelowBid() throws {
    // 1 bp too much in one percent of the ratios, told and not told
    let bid: @Sendable (Double) -> Double = { $0 > 2 && $0 < 2.02 ? $0 * 1.0001 : $0 }
    for breaks in [[2, 2.02], []] {
      let prices = try PriceClosures(breaks: breaks, ask: { $0 }, bid: bid)
      let verdict = try laws(prices, over: 1...10).askNotBelowBid()
      let violation = try #require(verdict.violation)
      #expect(violation.ratio > 2 && violation.ratio < 2.02)
    }
    // one ratio alone
    let single = try PriceClosures(breaks: [2], ask: { $0 }, bid: { $0 == 2 ? 2.1 : $0 })
    #expect(try laws(single, over: 1...10).askNotBelowBid().violation?.ratio == 2)
    // a closed form that crosses
    struct Crossing: PriceFunctions {
      func ask(_ ratio: Double, at time: UTCTime) -> Double { 1 + ratio }
      func bid(_ ratio: Double, at time: UTCTime) -> Double { 1.01 * ratio }
      func closedForm(_ side: Side, at ratio: Double, time: UTCTime) -> ClosedForm? {
        side == .buy ? .affine(constant: 1, slope: 1) : .affine(constant: 0, slope: 1.01)
      }
    }
    #expect(try laws(Crossing(), over: 1...99).askNotBelowBid() == .proved(intervals: 1))
    #expect(try laws(Crossing(), over: 1...101).askNotBelowBid().violation != nil)
  }

  @Test func findsPricesThatFall() throws {
    let falling = try PriceClosures(ask: { 3 + sin($0) }, bid: { _ in 1 })
    let violation = try #require(try laws(falling, over: 0.1...10).pricesRise().violation)
    #expect(violation.ratio > .pi / 2 && violation.found < violation.expected)
    let jump = try PriceClosures(breaks: [5], ask: { $0 >= 5 ? 9 : 10 }, bid: { _ in 1 })
    #expect(try laws(jump, over: 0.1...10).pricesRise().violation?.ratio == 5)
  }

  @Test func findsPathsThatPay() throws {
    let paying = try PriceClosures(ask: { $0 * 0.999 }, bid: { $0 })
    #expect(try laws(paying).pathIndependence().violation?.law == .pathIndependence)
    #expect(try laws(paying).askNotBelowBid().violation != nil)
    // a closed form that is not that of the functions: parts and whole differ
    struct Wrong: PriceFunctions {
      func ask(_ ratio: Double, at time: UTCTime) -> Double { ratio }
      func bid(_ ratio: Double, at time: UTCTime) -> Double { ratio }
      func closedForm(_ side: Side, at ratio: Double, time: UTCTime) -> ClosedForm? {
        .invariant { _, move in move / 2 + 0.001 * move * move }
      }
    }
    #expect(try laws(Wrong()).pathIndependence().violation != nil)
  }

  @Test func findsWhatDependsOnScale() throws {
    // a charge of a millionth, whatever the size
    let verdict = try laws(ConstantProduct.withoutFee).scaleFreedom {
      reserves, order throws(DAMMError) in
      let quote = try PricePool(ConstantProduct.withoutFee, reserves: reserves)
        .quote(order, at: now)
      return (quote.a + 1e-6, quote.b)
    }
    #expect(verdict.violation?.law == .scaleFreedom)
  }

  /// Both prices fall at one ratio and are constant elsewhere, in closed form: only at the break itself is the
  /// ask, that of above, less than the bid, that of below.
  @Test func findsWhatIsWrongAtABreakAlone() throws {
    struct Falling: PriceFunctions {
      func ask(_ ratio: Double, at time: UTCTime) -> Double { ratio >= 3 ? 2 : 5 }
      func bid(_ ratio: Double, at time: UTCTime) -> Double { ratio > 3 ? 1 : 4 }
      func nextBreak(_ side: Side, after ratio: Double, at time: UTCTime) -> Double? {
        (side == .buy ? ratio < 3 : ratio > 3) ? 3 : nil
      }
      func closedForm(_ side: Side, at ratio: Double, time: UTCTime) -> ClosedForm? {
        .affine(constant: price(side, ratio, at: time), slope: 0)
      }
    }
    let laws = try laws(Falling(), over: 1...10)
    #expect(try laws.askNotBelowBid().violation?.ratio == 3)
    #expect(try laws.pricesRise().violation?.ratio == 3)
  }

  /// Asks above bids, but the reserves get less for B than they give.
  @Test func findsReservesThatDrain() throws {
    struct Draining: PriceFunctions {
      func ask(_ ratio: Double, at time: UTCTime) -> Double { 1.1 * ratio }
      func bid(_ ratio: Double, at time: UTCTime) -> Double { 0.9 * ratio }
      func reservePrice(_ side: Side, _ ratio: Double, at time: UTCTime) -> Double {
        (side == .buy ? 0.95 : 1.05) * ratio
      }
    }
    #expect(try laws(Draining()).askNotBelowBid().violation?.law == .askNotBelowBid)
  }

  @Test func breaksWithoutEnd() throws {
    struct Endless: PriceFunctions {
      func ask(_ ratio: Double, at time: UTCTime) -> Double { ratio }
      func bid(_ ratio: Double, at time: UTCTime) -> Double { ratio }
      func nextBreak(_ side: Side, after ratio: Double, at time: UTCTime) -> Double? {
        side == .buy ? ratio.nextUp : ratio.nextDown
      }
      func closedForm(_ side: Side, at ratio: Double, time: UTCTime) -> ClosedForm? {
        .affine(constant: 0, slope: 1)
      }
    }
    #expect(throws: DAMMError.self) { try laws(Endless()).askNotBelowBid() }
    let pool = try PricePool(Endless(), reserves: Reserves(a: 3e6, b: 1000))
    #expect(throws: DAMMError.self) { try pool.quote(.exactOut(10, .buy), at: now) }
  }

  @Test func whatIsRefused() throws {
    #expect(throws: DAMMError.self) { try laws(ConstantProduct.withoutFee, over: 0...1) }
    #expect(throws: DAMMError.self) { try laws(ConstantProduct.withoutFee, samples: 0) }
    let none = try PriceClosures(ask: { $0 > 3 ? .nan : $0 }, bid: { $0 })
    #expect(throws: DAMMError.self) { try laws(none).askNotBelowBid() }
    let text = Violation(.pricesRise, ratio: 3, found: 1, expected: 2, what: "the ask").description
    #expect(text.contains("3.0") && text.contains("1.0") && text.contains("2.0"))
  }
}
