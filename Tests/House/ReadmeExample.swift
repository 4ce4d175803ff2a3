import Testing

// The lines between the two markers are the example of the README, word for word.
// example
import DAMM

func buyTenB() throws -> Quote {
  // 80 % volatility a year over a week around a price of 3000 A per B
  let reading = try OracleReading(price: 3000, impliedVolatility: 0.8, horizonDays: 7)
  let table = try TickTable(CurveShape(relativeSigma: reading.relativeSigma))
  var curve = try Curve(
    table: table, oraclePrice: reading.price, reserves: Reserves(a: 3e6, b: 1000))
  let quote = curve.quote(try .exactOut(10, .buy, limit: 3100))
  curve.swap(try .exactOut(10, .buy, limit: 3100))  // the same numbers, and the curve moves
  print(quote.amountIn, quote.averagePrice ?? 0, curve.price)
  return quote
}
// end

@Suite struct ReadmeExample {
  @Test func runs() throws {
    let quote = try buyTenB()
    #expect(quote.stop == .complete && quote.amountOut == 10)
    #expect(quote.amountIn > 30_000 && quote.priceAfter > 3000 && quote.priceAfter < 3100)
  }
}
