import DAMMModel
import DAMMOracle
import TestSupport
import Testing

@Suite("Quotes that are left out")
struct QuoteExclusionTests {
  private typealias Toy = ChainFixture

  /// A quote of a strike of 100 after ten days.
  private func quote(
    bid: Double? = nil, ask: Double? = nil, mark: Double? = nil, days: Double = 10,
    late seconds: Int64 = 0, forward: Double? = 100, kind: OptionContract.Kind = .call
  ) throws -> OptionQuote {
    try OptionQuote(
      instrument: "toy", kind: kind, strike: 100, expiry: Toy.after(days: days),
      time: UTCTime(secondsSince1970: Toy.start.secondsSince1970 + seconds), quotation: .coin,
      bid: bid, ask: ask, mark: mark, forward: forward)
  }

  private func reason(_ quote: OptionQuote, _ price: QuotePrice = .mid) throws -> String? {
    let chain = try Toy.chain([quote])
    do {
      _ = try chain.volatility(of: quote, rule: try QuoteRule(price: price))
      return nil
    } catch let exclusion as QuoteExclusion {
      return exclusion.reason
    }
  }

  @Test("each for its own reason")
  func reasons() throws {
    #expect(try reason(quote(bid: 0.03, ask: 0.05)) == nil)
    #expect(try reason(quote(bid: 0.03, ask: 0.03)) == nil)
    #expect(try reason(quote(bid: 0.05, ask: 0.03)) == "crossed")
    #expect(try reason(quote(bid: 0.05)) == "no ask")
    #expect(try reason(quote(ask: 0.05)) == "no bid")
    #expect(try reason(quote(bid: 0, ask: 0.05)) == "no bid")
    #expect(try reason(quote(bid: 0, ask: 0)) == "no bid and no ask")
    #expect(try reason(quote(bid: 0.03, ask: 0.05), .mark) == "no mark")
    #expect(try reason(quote(bid: 0.03, ask: 0.05), .either) == nil)
    #expect(try reason(quote(mark: 0.04), .mark) == nil)
    #expect(try reason(quote(mark: 0.04), .either) == nil)
    #expect(try reason(quote(mark: 0), .mark) == "premium at intrinsic")
    #expect(try reason(quote(mark: 1.5), .mark) == "premium above maximum")
    #expect(try reason(quote(mark: 0.04, days: 0), .mark) == "expired")
    #expect(try reason(quote(mark: 0.04, days: -3), .mark) == "expired")
    #expect(try reason(quote(mark: 0.04, forward: nil), .mark) == "no forward")
    #expect(try reason(quote(mark: 0.04, late: -600), .mark) == nil)
    #expect(try reason(quote(mark: 0.04, late: -601), .mark) == "stale")
    #expect(try reason(quote(mark: 0.04, late: 1), .mark) == "from the future")
  }

  @Test("each is counted once, and the others are used")
  func counted() throws {
    let good = try Toy.quotes(days: 10) { _ in 0.5 }
    let bad = try [
      quote(bid: 0.05, ask: 0.03), quote(bid: 0.05), quote(bid: 0.05), quote(ask: 0.05), quote(),
      quote(mark: 0), quote(mark: 0.04, late: -7000), quote(mark: 0.04, days: 0),
      quote(mark: 0.04, days: 20, forward: nil),
    ]
    let term = try Toy.term(bad + good)
    #expect(
      term.excluded == [
        "crossed": 1, "no ask": 2, "no bid": 1, "no bid and no ask": 1, "premium at intrinsic": 1,
        "stale": 1, "expired": 1, "no forward": 1,
      ])
    #expect(term.usableCount == good.count && term.quoteCount == good.count + bad.count)
    #expect(term.gaps.map(\.reason) == ["no forward"])
    let found = try term.volatility(horizonDays: 10)
    #expect(found.volatility.agrees(with: 0.5, Tolerance.termStructure))
  }

  @Test("the price that is asked for is the one that is used, and named")
  func prices() throws {
    let kinds = OptionContract.Kind.allCases
    let both = try kinds.map { kind in
      let mid = try Toy.premium(kind, 100, days: 10, volatility: 0.6)
      return try quote(
        bid: mid * 0.75, ask: mid * 1.25,
        mark: Toy.premium(kind, 100, days: 10, volatility: 0.5), kind: kind)
    }
    let wanted: [(QuotePrice, Double, QuotePrice)] = [
      (.mark, 0.5, .mark), (.mid, 0.6, .mid), (.either, 0.5, .mark),
    ]
    for (price, volatility, used) in wanted {
      let term = try Toy.term(both, QuoteRule(price: price))
      #expect(term.expiries[0].volatility.agrees(with: volatility, Tolerance.termStructure))
      #expect(term.expiries[0].strikes[0].quotes.map(\.price) == [used, used])
    }
  }

  @Test("numbers outside their domains")
  func domains() throws {
    func make(_ strike: Double = 100, mark: Double? = nil, quoted: Double? = nil) throws {
      _ = try OptionQuote(
        instrument: "toy", kind: .call, strike: strike, expiry: Toy.start, time: Toy.start,
        quotation: .coin, mark: mark, quotedVolatility: quoted)
    }
    #expect(throws: DAMMError.outOfRange(name: "strike", value: 0, allowed: Domain.price)) {
      try make(0)
    }
    #expect(throws: DAMMError.outOfRange(name: "mark", value: -1, allowed: Domain.quotedPremium)) {
      try make(mark: -1)
    }
    #expect(throws: DAMMError.self) { try make(mark: .nan) }
    #expect(throws: DAMMError.self) { try make(quoted: 0) }
    #expect(throws: DAMMError.self) { try QuoteRule(ageLimitSeconds: 0) }
    #expect(throws: DAMMError.self) { try QuoteRule(nearDeviations: .infinity) }
    #expect(throws: DAMMError.self) { try QuotationSteps(premium: -1, volatility: 0, forward: 0) }
    #expect(throws: ReadingError.empty(source: "toy")) { try Toy.chain([]) }
  }
}
