import DAMMModel
import DAMMOracle
import TestSupport
import Testing

@Suite("Forwards by put-call parity")
struct ParityForwardTests {
  private typealias Toy = ChainFixture

  /// Calls and puts without a recorded forward, in cash with a discount or in coin.
  private static func quotes(
    forward: Double, discount: Double, quotation: OptionContract.Quotation, strikes: Int = 21
  ) throws -> [OptionQuote] {
    try (0..<strikes).flatMap { place in
      try OptionContract.Kind.allCases.map { kind in
        let strike = forward * (0.8 + 0.02 * Double(place))
        let premium = try Toy.premium(
          kind, strike, days: 100, volatility: 0.3, forward: forward, quotation: quotation)
        return try OptionQuote(
          instrument: "toy", kind: kind, strike: strike, expiry: Toy.after(days: 100),
          time: Toy.start, quotation: quotation, bid: premium * discount, ask: premium * discount)
      }
    }
  }

  @Test("forward and discount are found, and the volatility with them")
  func found() throws {
    for quotation in OptionContract.Quotation.allCases {
      let discount = quotation == .cash ? 0.97 : 1
      let quotes = try Self.quotes(forward: 2800, discount: discount, quotation: quotation)
      let term = try Toy.term(quotes)
      let forward = term.expiries[0].forward
      #expect(forward.source == .parity && forward.count == 21)
      #expect(forward.forward.agrees(with: 2800, Tolerance.parityForward))
      #expect(forward.discount.agrees(with: discount, Tolerance.parityForward))
      #expect(term.expiries[0].volatility.agrees(with: 0.3, Tolerance.termStructure))
      #expect(term.excluded.isEmpty)
    }
  }

  @Test("a few wrong quotes do not move a forward")
  func robust() throws {
    let seed = RandomCurves.seed("wrong quotes", 63)
    var random = SplitMix64(seed: seed)
    for quotation in OptionContract.Quotation.allCases {
      for _ in 0..<RandomCurves.runs(50) {
        var quotes = try Self.quotes(forward: 2800, discount: 1, quotation: quotation)
        for place in quotes.indices.shuffled(using: &random).prefix(2) {
          let wrong = quotes[place]
          quotes[place] = try OptionQuote(
            instrument: "wrong", kind: wrong.kind, strike: wrong.strike, expiry: wrong.expiry,
            time: wrong.time, quotation: quotation,
            mark: (wrong.bid ?? 0) * random.logUniform(1.01...3))
        }
        let forward = try #require(Toy.chain(quotes).forwards.first)
        #expect(forward.forward.agrees(with: 2800, Tolerance.parityForward))
        #expect(forward.discount.agrees(with: 1, Tolerance.parityForward))
      }
    }
  }

  @Test("recorded forwards come first: the median, and no discount")
  func recorded() throws {
    let quotes = try [99.0, 100, 104, 101].map {
      try Toy.quote(.call, 100, days: 10, volatility: 0.5, recorded: $0)
    }
    let forward = try #require(Toy.chain(quotes).forwards.first)
    #expect(forward.forward == 100 && forward.discount == 1)
    #expect(forward.source == .recorded && forward.count == 4)
  }

  @Test("too few strikes, or prices that no discount explains, give no forward")
  func none() throws {
    func forwards(_ quotes: [OptionQuote]) throws -> [ExpiryForward] {
      try Toy.chain(quotes).forwards
    }
    let one = try Self.quotes(forward: 100, discount: 1, quotation: .cash, strikes: 1)
    #expect(try forwards(one).isEmpty)
    let coin = try Self.quotes(forward: 100, discount: 1, quotation: .coin, strikes: 1)
    #expect(try forwards(coin).count == 1)
    let calls = try Self.quotes(forward: 100, discount: 1, quotation: .cash)
      .filter { $0.kind == .call }
    #expect(try forwards(calls).isEmpty)
    let dear = try Self.quotes(forward: 100, discount: 3, quotation: .cash)
    #expect(try forwards(dear).isEmpty)
  }
}
