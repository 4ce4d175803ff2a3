import DAMMModel
import DAMMOracle
import Foundation
import TestSupport
import Testing

@Suite("Volatility at the money by horizon")
struct TermStructureTests {
  private typealias Toy = ChainFixture

  @Test("a flat surface has its volatility at every horizon")
  func flat() throws {
    let days = [1.0, 7, 30]
    let term = try Toy.term(days.flatMap { try Toy.quotes(days: $0) { _ in 0.6 } })
    let places: [(Double, HorizonVolatility.Place, Int)] = [
      (0.25, .beforeFirst, 1), (1, .atExpiry, 1), (3, .between, 2), (30, .atExpiry, 1),
      (400, .afterLast, 1),
    ]
    for (days, place, expiries) in places {
      let found = try term.volatility(horizonDays: days)
      #expect(found.volatility.agrees(with: 0.6, Tolerance.termStructure))
      #expect(found.totalVariance.agrees(with: 0.36 * days / 365, Tolerance.termStructure))
      #expect(found.place == place && found.expiries.count == expiries)
    }
    #expect(term.gaps.isEmpty && term.falls.isEmpty && term.excluded.isEmpty)
    #expect(term.usableCount == 3 * 22)
  }

  @Test("between two strikes: linear in the logarithm of the strike, at the forward")
  func skew() throws {
    let term = try Toy.term(
      Toy.quotes(days: 365, strikes: [80, 95, 110, 130]) { [80: 0.9, 95: 0.5, 110: 0.7][$0] ?? 2 })
    let expected = 0.5 + 0.2 * log(100.0 / 95) / log(110.0 / 95)
    let found = term.expiries[0]
    #expect(found.volatility.agrees(with: expected, Tolerance.termStructure))
    #expect(found.strikes.map(\.strike) == [95, 110] && !found.isOneSided)
    #expect(found.strikes.allSatisfy { $0.quotes.count == 2 && $0.combination == .mean })
  }

  @Test("a strike at the forward counts alone")
  func atForward() throws {
    let term = try Toy.term(
      Toy.quotes(days: 100, strikes: [95, 100, 105]) { $0 == 100 ? 0.4 : 0.8 })
    #expect(term.expiries[0].strikes.map(\.strike) == [100])
    #expect(term.expiries[0].volatility.agrees(with: 0.4, Tolerance.termStructure))
    #expect(!term.expiries[0].isOneSided)
  }

  @Test("between two expiries: total variance linear in time; beyond, volatility flat")
  func time() throws {
    let term = try Toy.term(
      Toy.quotes(days: 10) { _ in 0.5 } + Toy.quotes(days: 30) { _ in 0.4 })
    // a quarter of the way: (3 * 0.25 * 10 + 0.16 * 30) / 4 = 3.075 days of variance over 15
    let expected = (3.075 / 15.0).squareRoot()
    let found = try term.volatility(horizonDays: 15)
    #expect(found.volatility.agrees(with: expected, Tolerance.termStructure))
    #expect(found.expiries.map(\.days) == [10, 30])
    #expect(try term.volatility(horizonDays: 1).volatility == term.expiries[0].volatility)
    #expect(try term.volatility(horizonDays: 99).volatility == term.expiries[1].volatility)
    #expect(term.falls.isEmpty)
  }

  @Test("falling total variance is reported, and horizons between still have a volatility")
  func falls() throws {
    let term = try Toy.term(
      Toy.quotes(days: 10) { _ in 0.9 } + Toy.quotes(days: 20) { _ in 0.3 }
        + Toy.quotes(days: 30) { _ in 0.5 })
    #expect(term.falls.map(\.expiry) == [Toy.after(days: 10)])
    #expect(term.falls.map(\.next) == [Toy.after(days: 20)])
    let fall = try #require(term.falls.first)
    #expect(fall.totalVariance.agrees(with: 0.81 * 10 / 365, Tolerance.termStructure))
    #expect(fall.nextTotalVariance.agrees(with: 0.09 * 20 / 365, Tolerance.termStructure))
    let between = try term.volatility(horizonDays: 15).volatility
    #expect(between > 0.3 && between < 0.9)
  }

  @Test("strikes on one side alone: the nearest, and it is said")
  func oneSideOfTheForward() throws {
    for strikes in [[104.0, 108], [96, 92]] {
      let term = try Toy.term(
        Toy.quotes(days: 365, strikes: strikes) { $0 == strikes[0] ? 0.5 : 0.9 })
      #expect(term.expiries[0].isOneSided)
      #expect(term.expiries[0].strikes.map(\.strike) == [strikes[0]])
      #expect(term.expiries[0].volatility.agrees(with: 0.5, Tolerance.termStructure))
    }
  }

  @Test("call and put near the forward: their mean, in which an error of the forward cancels")
  func mean() throws {
    // marks of a forward of 100, recorded as 100.1: a call alone is off by some points
    let quotes = try Toy.quotes(days: 30, strikes: [98, 102]) { _ in 0.5 }.map {
      try Toy.quote($0.kind, $0.strike, days: 30, volatility: 0.5, recorded: 100.1)
    }
    func error(_ quotes: [OptionQuote]) throws -> Double {
      try (Toy.term(quotes).volatility(horizonDays: 30).volatility - 0.5).magnitude
    }
    let calls = quotes.filter { $0.kind == .call }
    #expect(try error(quotes) < error(calls) / 10)
    #expect(try Toy.term(calls).expiries[0].strikes.allSatisfy { $0.combination == .only })
  }

  @Test("far from the forward that which is out of the money counts alone")
  func outOfTheMoney() throws {
    // 0.8 deviations from the forward
    let far = 100 * exp(0.8 * 0.5)
    let quotes = [
      try Toy.quote(.call, far, days: 365, volatility: 0.5),
      try Toy.quote(.put, far, days: 365, volatility: 0.7),
    ]
    let strike = try Toy.term(quotes).expiries[0].strikes[0]
    #expect(strike.combination == .outOfTheMoney && strike.quotes.map(\.quote.kind) == [.call])
    #expect(strike.volatility.agrees(with: 0.5, Tolerance.termStructure))
  }

  @Test("strikes too far from the forward tell nothing, and it is said")
  func tooFar() throws {
    let far = try Toy.quotes(days: 10, strikes: [60, 150]) { _ in 0.5 }
    let near = try Toy.quotes(days: 30) { _ in 0.5 }
    let term = try Toy.term(far + near)
    #expect(term.expiries.map(\.expiry) == [Toy.after(days: 30)])
    #expect(term.gaps.map(\.reason) == ["no strike near the forward"])
    #expect(term.gaps.map(\.quotes) == [4])
    let wide = try Toy.term(far + near, QuoteRule(nearDeviations: 9))
    #expect(wide.expiries.count == 2)
    let error = #expect(throws: ReadingError.self) { try Toy.term(far) }
    #expect(
      error?.description
        == "toy: none of its 4 quotes on TOY of 2026-01-02 03:04:05 gives a volatility at the money; "
        + "expiries without one: no strike near the forward 1.")
  }

  @Test("a horizon outside its domain", arguments: [0, -1, 1e9, .nan, .infinity])
  func horizonDomain(_ days: Double) throws {
    let term = try Toy.term(Toy.quotes(days: 10) { _ in 0.5 })
    let error = #expect(throws: DAMMError.self) { try term.volatility(horizonDays: days) }
    guard case .outOfRange("horizon in days", _, Domain.horizonDays) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
