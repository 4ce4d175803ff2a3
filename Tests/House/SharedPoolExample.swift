import Foundation
import TestSupport
import Testing

// The lines between the two markers are the example of docs/shared-pool.md, word for word.
// example
import DAMM

/// Two markets of a constant product on one pool of 3,000,000 A and 1000 B; returns what it would print.
func twoMarkets() throws -> [String] {
  var now = UTCTime(secondsSince1970: 1_767_225_600)
  let (a, b) = try (LotSize(decimals: 6, exponent: 0), LotSize(decimals: 9, exponent: 0))
  let limits = try HealthLimits(floor: 0.99, dailyAllowance: 0.05)
  let deposit = try LotPair(a: a.lots("3000000"), b: b.lots("1000"))
  var pool = try DAMM.SharedPool(
    SharedPoolTerms(a: a, b: b, limits: limits), deposit: deposit, at: now)

  // each with a fee of 30 basis points that is held apart, at the price of the deposit
  let prices = try FeeHeldApart(ConstantProduct.withoutFee, feeBps: 30)
  var markets: [Market<FunctionPricing<FeeHeldApart<ConstantProduct>>>] = []
  for (name, key) in [("east", "0123456789abcdef"), ("west", "fedcba9876543210")] {
    let (id, key) = (try MarketID(name), try MarketKey(key + key))
    let snapshot = try pool.open(id, key: key, at: now)
    let pricing = try FunctionPricing(
      prices, ratio: 3000, terms: pool.terms, on: snapshot, retraces: true)
    markets.append(try Market(id, key: key, of: pool.founding, snapshot, pricing: pricing))
  }

  var lines: [String] = []
  // both sell the same reserves without a call to the pool; then they settle, one after the other
  for i in markets.indices {
    let quote = try markets[i].swap(LotOrder(.buy, .toPrice(3700)), at: now)
    lines.append("\(markets[i].id): \(b.text(quote.fill.lots)) B bought")
  }
  now = UTCTime(secondsSince1970: now.secondsSince1970 + 60)
  for i in markets.indices {
    do {
      let receipt = try pool.settle(markets[i].post(), at: now)
      try markets[i].applied(receipt)
      lines.append("\(markets[i].id) settled, health \(receipt.healthAfter)")
    } catch {
      try markets[i].refused(error)
      lines.append("\(markets[i].id) refused: \(error)")
    }
  }

  // how far both could have gone together, and what that costs
  let most = try HealthFigures.largestLoss(floor: 0.99, markets: 2)
  lines.append("up to \(3000 * most.moves.upperBound) A per B, loss \(-most.impermanentLoss)")

  // somebody pays in; the settlement that waits may pass
  try pool.payIn(LotPair(a: a.lots("60000"), b: 0), at: now)
  try markets[1].applied(try pool.settle(markets[1].post(), at: now))
  lines.append("\(markets[1].id) settled, health \(pool.health)")
  lines.append("\(a.text(pool.account.pendingFees)) A of fees")
  return lines
}
// end

@Suite struct SharedPoolExample {
  @Test func runs() throws {
    let lines = try twoMarkets()
    let page = try String(
      contentsOf: Files.root.appending(path: "docs/shared-pool.md"), encoding: .utf8)
    let shown = lines.map { $0 + "\n" }.joined()
    #expect(
      page.contains("```text\n" + shown + "```"), "docs/shared-pool.md does not show\n\(shown)")
  }
}
