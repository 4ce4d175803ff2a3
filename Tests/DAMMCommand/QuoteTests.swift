import DAMM
import Foundation
import Testing

/// The JSON of an answer.
struct Answer: Decodable, Equatable {
  var line: Int?
  var error: String?
  var side: String?
  var amountIn: Double?
  var amountOut: Double?
  var fee: Double?
  var averagePrice: Double?
  var priceAfter: Double?
  var tickAfter: Int?
  var fractionAfter: Double?
  var ticksCrossed: Int?
  var stop: String?
  var left: Double?
  var relativeSigma: Double?
  var sigmaConvention: String?

  init(_ quote: Quote, line: Int? = nil, relativeSigma: Double, convention: String? = nil) {
    self.line = line
    side = quote.side.rawValue
    amountIn = quote.amountIn
    amountOut = quote.amountOut
    fee = quote.fee
    averagePrice = quote.averagePrice
    priceAfter = quote.priceAfter
    tickAfter = quote.positionAfter.tick
    fractionAfter = quote.positionAfter.fraction
    ticksCrossed = quote.ticksCrossed
    stop = quote.stop.rawValue
    left = quote.left
    self.relativeSigma = relativeSigma
    sigmaConvention = convention
  }
}

/// Curves as the command makes them, in this process.
enum Curves {
  static func example() throws -> Curve {
    try curve(OracleReading(price: 100, sigma: 1), Reserves(a: 1000, b: 10))
  }

  static func curve(_ reading: OracleReading, _ reserves: Reserves) throws -> Curve {
    try Curve(
      table: TickTable(CurveShape(relativeSigma: reading.relativeSigma)),
      oraclePrice: reading.price, reserves: reserves)
  }
}

@Suite("damm quote")
struct QuoteTests {
  @Test("the worked example, for a person")
  func workedExample() async throws {
    let run = try await DammProcess.run(
      ["quote"] + DammProcess.example + ["--side", "buy", "--amount", "1"])
    #expect(run.status == 0)
    #expect(run.error.isEmpty)
    #expect(run.output.contains("100.12109282770146 A"))
    #expect(run.output.contains("tick 25, 0.35066547"))
    #expect(run.output.contains("relativeSigma"))
    #expect(run.lines.contains { $0.contains("ticks crossed") && $0.hasSuffix("26") })
  }

  @Test(
    "JSON reads back to the bits of a quote in process",
    arguments: [
      (["--side", "buy", "--amount", "1"], Side.buy, Order.Size.amount(1), nil),
      (["--side", "buy", "--notional", "0.1"], .buy, .notional(0.1), nil),
      (["--side", "sell", "--amount", "0.3", "--limit", "99.9"], .sell, .amount(0.3), 99.9),
      (["--side", "sell", "--notional", "1e9"], .sell, .notional(1e9), nil),
      (["--side", "buy", "--to-price", "101.23"], .buy, .toPrice(101.23), nil),
      (["--side", "sell", "--to-price", "101"], .sell, .toPrice(101), nil),
      (["--side", "sell", "--amount", "1e-100"], .sell, .amount(1e-100), nil),
    ] as [([String], Side, Order.Size, Double?)])
  func jsonBits(_ options: [String], _ side: Side, _ size: Order.Size, _ limit: Double?)
    async throws
  {
    let run = try await DammProcess.run(["quote"] + DammProcess.example + options + ["--json"])
    #expect(run.status == 0)
    let quote = try Curves.example().quote(Order(side, size, limit: limit))
    #expect(try run.decoded(Answer.self) == Answer(quote, relativeSigma: 0.01))
    // What there is none of is null, not missing.
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect(Set(object.keys) == Self.keys.union(["relativeSigma", "sigmaConvention"]))
    #expect(object["sigmaConvention"] is NSNull)
    #expect((object["left"] is NSNull) == (quote.left == nil))
    #expect((object["averagePrice"] is NSNull) == (quote.averagePrice == nil))
  }

  static let columns = [
    "side", "amountIn", "amountOut", "fee", "averagePrice", "priceAfter", "tickAfter",
    "fractionAfter", "ticksCrossed", "stop", "left",
  ]
  static let keys = Set(columns)

  @Test(
    "wide volatility from implied volatility names its convention",
    arguments: SigmaConvention.allCases)
  func wideVolatility(_ convention: SigmaConvention) async throws {
    let run = try await DammProcess.run([
      "quote", "--price", "3000", "--iv", "0.8", "--horizon-days", "30", "--sigma-convention",
      convention.rawValue, "--reserve-a", "3e6", "--reserve-b", "1000", "--side", "buy", "--amount",
      "100", "--json",
    ])
    let reading = try OracleReading(
      price: 3000, impliedVolatility: 0.8, horizonDays: 30, convention: convention)
    let quote = try Curves.curve(reading, Reserves(a: 3e6, b: 1000)).quote(
      Order(.buy, .amount(100)))
    #expect(
      try run.decoded(Answer.self)
        == Answer(
          quote, relativeSigma: reading.relativeSigma, convention: convention.rawValue))
  }
}
