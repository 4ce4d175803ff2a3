import DAMMModel
import DAMMOracle
import Foundation
import TestSupport
import Testing

@Suite("Quoted volatilities beside those of prices")
struct ChainComparisonTests {
  private typealias Toy = ChainFixture

  private static let steps = try! QuotationSteps(premium: 1e-8, volatility: 1e-4, forward: 0.01)

  /// A chain as a venue writes it: everything rounded, calls and puts marked from one volatility.
  private func venue(
    days: Double = 10, forward: Double = 60_000, recorded: Double? = nil, delay: Double = 0,
    quoted error: Double = 0, putForward: Double? = nil,
    kinds: [OptionContract.Kind] = OptionContract.Kind.allCases, spots: [Double] = [60_000]
  ) throws -> ChainComparison {
    var quotes: [OptionQuote] = []
    for place in -15...15 {
      let strike = 60_000 + 1000 * Double(place)
      let volatility = 0.5 + 0.0004 * Double(place * place)
      for kind in kinds {
        let marked = kind == .put ? putForward ?? forward : forward
        // Each row has its own forward recorded, or that of the other kind.
        let beside = recorded ?? (place % 2 == 0 ? marked : forward)
        let premium = try OptionContract(kind, forward: marked, strike: strike).premium(
          deviation: volatility * (Toy.years(days) - delay / (365 * 86_400)).squareRoot(),
          quotation: .coin)
        quotes.append(
          try OptionQuote(
            instrument: "\(kind) \(strike)", kind: kind, strike: strike,
            expiry: Toy.after(days: days), time: Toy.start, quotation: .coin,
            mark: (premium * 1e8).rounded() / 1e8,
            quotedVolatility: ((volatility + error) * 1e4).rounded() / 1e4,
            forward: beside, spot: spots[quotes.count % spots.count]))
      }
    }
    let comparison = ChainComparison(
      try Toy.chain(quotes, steps: Self.steps), rule: try QuoteRule())
    let counted = comparison.agreement.values.reduce(0, +)
    #expect(comparison.counted?.count ?? 0 == counted)
    #expect(
      counted + comparison.uncounted + comparison.unquoted == comparison.inverted)
    #expect(
      comparison.inverted + comparison.refused.values.reduce(0, +)
        + comparison.excluded.values.reduce(0, +) == comparison.rows)
    return comparison
  }

  @Test("rows that are only rounded agree by rounding")
  func rounded() throws {
    let same = try venue()
    #expect(same.rows == 62)
    #expect(Set(same.agreement.keys) == [.rounding])
    #expect(try #require(same.counted).largest < 0.02)
    #expect(same.moments?.spotSpread == 0)
  }

  @Test("a forward of another moment: the forward of the pair explains it, refusals too")
  func displaced() throws {
    let moved = try venue(days: 1, recorded: 60_030, spots: [60_000, 60_040])
    #expect(moved.unexplained.isEmpty)
    #expect(moved.agreement[.pairForward, default: 0] > 20)
    let counted = try #require(moved.counted)
    let paired = try #require(moved.atPairForward)
    #expect(counted.largest > 1 && paired.largest < counted.largest)
    #expect(moved.refused["premium below intrinsic", default: 0] > 0)
    #expect(moved.refusedInvertedAtPairForward > 0)
    // But not where the price of the underlying stood still.
    let still = try venue(days: 1, recorded: 60_030)
    #expect(still.unexplained.count > 20)
  }

  @Test("call and put of different moments: forwards that the expiry shows explain it")
  func differentMoments() throws {
    // Puts are marked at another forward than calls, and both forwards are recorded.
    let known = try venue(putForward: 60_060)
    #expect(known.unexplained.isEmpty)
    #expect(known.agreement[.forwardRange, default: 0] > 10)
    // With only one of them recorded, the underlying must have moved.
    let still = try venue(recorded: 60_000, putForward: 60_060)
    #expect(still.unexplained.count > 10)
    let moving = try venue(recorded: 60_000, putForward: 60_060, spots: [60_000, 60_070])
    #expect(moving.unexplained.isEmpty)
  }

  @Test("without pairs, a move of the underlying that is large enough explains it")
  func alone() throws {
    let still = try venue(recorded: 60_060, kinds: [.call])
    #expect(still.unexplained.count > 20)
    #expect(still.moments?.markDelaySeconds == nil)
    let moving = try venue(recorded: 60_060, kinds: [.call], spots: [60_000, 60_070])
    #expect(moving.unexplained.isEmpty)
    #expect(moving.agreement[.spotRange, default: 0] > 20)
    let little = try venue(recorded: 60_060, kinds: [.call], spots: [60_000, 60_020])
    #expect(little.unexplained.count > 10)
  }

  @Test("marks made later: the delay is found and explains them, a longer one does not")
  func delayed() throws {
    let late = try venue(days: 0.4, delay: 120)
    #expect(late.unexplained.isEmpty)
    #expect(late.agreement[.pollingTime, default: 0] > 10)
    let delay = try #require(late.moments?.markDelaySeconds)
    #expect(delay > 110 && delay < 130, "\(delay)")
    let later = try venue(days: 0.4, delay: 4 * MarkMoments.pollingSeconds)
    #expect(later.unexplained.count > 10)
  }

  @Test("a quoted volatility that is a tenth of a point off is explained by nothing")
  func wrong() throws {
    let wrong = try venue(quoted: 0.001)
    #expect(wrong.unexplained.count > 20)
    #expect(try #require(wrong.unexplained.first?.points) < 0)
  }

  @Test("rows that a step moves by a point do not count")
  func uncounted() throws {
    // Premiums of a few steps, far out of the money an hour before the end.
    let short = try venue(days: 0.04)
    #expect(short.uncounted > 0 && short.agreement[.rounding, default: 0] > 0)
    let counted = try #require(short.counted)
    #expect(counted.largest < ChainComparison.countingPoints)
  }

  @Test("quantiles are numbers of the list, by nearest rank")
  func distribution() throws {
    let values = (1...200).map(Double.init).shuffled()
    let all = try #require(Distribution(values))
    #expect(
      [all.p1, all.p5, all.p50, all.p95, all.p99, all.largest] == [2, 10, 100, 190, 198, 200])
    #expect(Distribution([-3])?.largest == 3 && Distribution([-3])?.p99 == -3)
    #expect(Distribution([]) == nil)
  }
}
