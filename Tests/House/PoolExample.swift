import Foundation
import TestSupport
import Testing

// The lines between the two markers are the example of docs/pool.md, word for word.
// example
import DAMM

/// A month in the life of a pool of 3 million A and 1000 B; returns what it would print.
func month() throws -> [String] {
  let (a, b) = try (LotSize(decimals: 6, exponent: 0), LotSize(decimals: 18, exponent: 9))
  let terms = try PoolTerms(
    a: a, b: b,
    fees: FeeSchedule(baseBps: 5, skew: 0.02, minimumBps: 1, surgeBps: 10),
    policy: ReformPolicy(deviationBps: 25, ageSeconds: 3600, volatilityChange: 0.05))
  func reading(_ price: Double) throws -> OracleReading {
    try OracleReading(price: price, impliedVolatility: 0.8, horizonDays: 7)
  }
  func time(_ days: Int64, _ seconds: Int64) -> UTCTime {
    UTCTime(secondsSince1970: 1_767_225_600 + days * 86_400 + seconds)
  }
  var lines: [String] = []
  var pool = try Pool(
    terms, reading: reading(3000), at: time(0, 0),
    deposit: LotPair(a: a.lots("3000000"), b: b.lots("1000")))

  // buy 10 B, but not beyond a price of 3100 A per B
  let order = try LotOrder.exactOut(b.lots("10"), .buy, limit: 3100)
  let bought = try pool.swap(order, at: time(0, 1))
  lines.append("\(b.text(bought.amountOut)) B for \(a.text(bought.amountIn)) A")
  lines.append("of which \(a.text(bought.fee)) A fee; \(bought.stop)")

  // add 1 % for 30 days, for at most 40,000 A and 10 B, within a minute
  let limits = try LiquidityLimits(
    maximumPaidIn: LotPair(a: a.lots("40000"), b: b.lots("10")), deadline: time(0, 60))
  let added = try pool.add(
    shares: pool.shares / 100, lock: Lock(start: time(0, 2), end: time(30, 2)), limits: limits,
    at: time(0, 2))
  lines.append("1 % costs \(a.text(added.paidIn.a)) A and \(b.text(added.paidIn.b)) B")

  // the oracle moves by 0.3 %: the policy says to reform, and a surge begins
  if let reason = try pool.update(reading(3009), at: time(0, 600)) {
    lines.append("reformed for its \(reason) at \(pool.price ?? 0)")
  }
  let sold = try pool.swap(.exactOut(a.lots("10000"), .sell), at: time(0, 660))
  lines.append("\(b.text(sold.amountIn)) B for \(a.text(sold.amountOut)) A net of the fee")

  // a third of the term is over: a third of the reserves, and none of the fees
  let owed = try pool.book.owed(to: added.position)
  let left = try pool.leaveEarly(added.position, at: time(10, 2))
  lines.append("refund \(a.text(left.refund.a)) A and \(b.text(left.refund.b)) B")
  lines.append(
    "penalty \(a.text(left.penalty.a)) A, \(b.text(left.penalty.b)) B, \(a.text(owed)) A of fees")
  return lines
}

/// Buys from a pool that threads share, unless it costs more lots of A than that.
func buy(
  _ order: LotOrder, atMost most: Int, from shared: GuardedPool, at now: UTCTime
) throws -> LotQuote? {
  try shared.withPool { (pool: inout Pool) throws(PoolError) in
    try pool.quote(order, at: now).amountIn <= most ? pool.swap(order, at: now) : nil
  }
}
// end

@Suite struct PoolExample {
  @Test func runs() throws {
    let lines = try month()
    let page = try String(contentsOf: Files.root.appending(path: "docs/pool.md"), encoding: .utf8)
    let shown = lines.map { $0 + "\n" }.joined()
    #expect(page.contains("```text\n" + shown + "```"), "docs/pool.md does not show\n\(shown)")
  }

  @Test func buysForAtMost() throws {
    let terms = try PoolTerms(
      a: LotSize(decimals: 6, exponent: 0), b: LotSize(decimals: 18, exponent: 9))
    let time = UTCTime(secondsSince1970: 1_767_225_600)
    let shared = GuardedPool(
      try Pool(
        terms, reading: OracleReading(price: 100, sigma: 1), at: time,
        deposit: LotPair(a: 1_000_000_000, b: 10_000_000_000)))
    let order = try LotOrder.exactOut(1_000_000_000, .buy)
    #expect(try buy(order, atMost: 100_121_092, from: shared, at: time) == nil)
    #expect(try buy(order, atMost: 100_121_093, from: shared, at: time)?.amountIn == 100_121_093)
    #expect(shared.snapshot.reserves.b == 9_000_000_000)
  }
}
