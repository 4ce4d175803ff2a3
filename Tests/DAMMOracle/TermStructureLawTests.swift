import DAMMModel
import DAMMOracle
import TestSupport
import Testing

@Suite("Laws of the term structure")
struct TermStructureLawTests {
  private typealias Toy = ChainFixture

  /// Expiries at random days, with rising total variance where that is wanted.
  private static func expiries(
    _ random: inout SplitMix64, rising: Bool
  ) -> [(days: Double, volatility: Double)] {
    var days = 0.0
    var variance = 0.0
    return (0..<Int.random(in: 1...6, using: &random)).map { _ in
      let step = Double(Int.random(in: 1...60, using: &random))
      days += step
      variance += step * random.logUniform(0.01...4)
      return (days, rising ? (variance / days).squareRoot() : random.logUniform(0.1...2))
    }
  }

  /// A chain of flat smiles around a forward, some sides missing.
  private static func chain(
    _ expiries: [(days: Double, volatility: Double)], _ random: inout SplitMix64
  ) throws -> OptionChain {
    let forward = random.logUniform(1e-3...1e6)
    let quotation = random.oneIn(2) ? OptionContract.Quotation.coin : .cash
    var quotes: [OptionQuote] = []
    for (days, volatility) in expiries {
      let deviation = volatility * Toy.years(days).squareRoot()
      for place in -4...4 {
        let strike = forward * (1 + 0.4 * deviation * (Double(place) + random.uniform(-0.4...0.4)))
        guard strike > 0 else { continue }
        for kind in OptionContract.Kind.allCases where place == 0 || !random.oneIn(3) {
          quotes.append(
            try Toy.quote(
              kind, strike, days: days, volatility: volatility, forward: forward,
              quotation: quotation))
        }
      }
    }
    return try Toy.chain(quotes.shuffled(using: &random))
  }

  @Test("flat smiles give their volatility, rising variance stays so, and an expiry is itself")
  func laws() throws {
    let seed = RandomCurves.seed("term structure", 61)
    var random = SplitMix64(seed: seed)
    var (between, oneSided) = (0, 0)
    for _ in 0..<RandomCurves.runs(300) {
      let expiries = Self.expiries(&random, rising: true)
      let term = try VolatilityTermStructure(
        Self.chain(expiries, &random), rule: try QuoteRule())
      try #require(term.expiries.count == expiries.count)
      #expect(term.falls.isEmpty)
      for (found, exact) in zip(term.expiries, expiries) {
        #expect(found.volatility.agrees(with: exact.volatility, Tolerance.termStructure))
        let there = try term.volatility(horizonDays: found.days)
        #expect(there.volatility == found.volatility && there.place == .atExpiry)
        oneSided += found.isOneSided ? 1 : 0
      }
      var last = 0.0
      for days in (0..<40).map({ _ in random.logUniform(1e-3...2000) }).sorted() {
        let found = try term.volatility(horizonDays: days)
        #expect(found.totalVariance >= last * (1 - Tolerance.termStructure.relative))
        let all = term.expiries.map(\.volatility)
        #expect(found.volatility.isFinite && found.volatility > 0)
        if found.place != .between { #expect(all.contains(found.volatility)) }
        between += found.place == .between ? 1 : 0
        last = found.totalVariance
      }
    }
    #expect(between > 100 && oneSided > 0, "the cases are too easy")
  }

  @Test("the order of the quotes does not matter, and each is used or counted")
  func order() throws {
    let seed = RandomCurves.seed("quotes in any order", 62)
    var random = SplitMix64(seed: seed)
    var falls = 0
    for _ in 0..<RandomCurves.runs(200) {
      let chain = try Self.chain(Self.expiries(&random, rising: false), &random)
      let spoiled = try chain.quotes.map { quote in
        guard random.oneIn(4) else { return quote }
        return try OptionQuote(
          instrument: quote.instrument, kind: quote.kind, strike: quote.strike,
          expiry: quote.expiry,
          time: UTCTime(
            secondsSince1970: quote.time.secondsSince1970
              - Int64.random(in: -1...1200, using: &random)),
          quotation: quote.quotation, bid: random.oneIn(2) ? 0 : quote.mark,
          ask: random.oneIn(2) ? 0 : quote.mark, mark: random.oneIn(2) ? nil : 0,
          forward: random.oneIn(2) ? nil : quote.forward)
      }
      let rule = try QuoteRule()
      guard
        let term = try? VolatilityTermStructure(Toy.chain(spoiled), rule: rule),
        let again = try? VolatilityTermStructure(
          Toy.chain(spoiled.shuffled(using: &random)), rule: rule)
      else { continue }
      #expect(term == again)
      #expect(term.usableCount + term.excluded.values.reduce(0, +) == spoiled.count)
      falls += term.falls.count
    }
    #expect(falls > 0, "the cases are too easy")
  }
}
