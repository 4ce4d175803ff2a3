import DAMMModel
import DAMMPool
import Foundation
import Testing
import TestSupport

@Suite struct SurgeTests {
  static let fees = try! FeeSchedule(surgeBps: 100, surgeHalfLifeSeconds: 60)

  @Test func itHalvesAfterAReform() throws {
    let seed = RandomCurves.seed("itHalvesAfterAReform", 31)
    var random = SplitMix64(seed: seed)
    var pool = try PoolTests.pool(fees: Self.fees)
    for seconds: Int64 in [-10, 0, 1, 60] {
      #expect(pool.surgeRate(at: PoolTests.later(seconds)) == 0, "none before a reform")
    }
    let reformed = PoolTests.later(1000)
    try pool.reform(OracleReading(price: 101, relativeSigma: 0.01), at: reformed)
    func rate(_ seconds: Int64) -> Double { pool.surgeRate(at: PoolTests.later(1000 + seconds)) }
    #expect(rate(0) == 0.01 && rate(-1) == 0.01)
    let close = Tolerance.decay.relative
    for seconds in [1, 30, 60, 120, 600]
      + (0..<200).map({ _ in
        Int64.random(in: 0...1800, using: &random)
      })
    {
      // whole half-lives by themselves: the argument of `exp2` is rounded
      let (halves, rest) = seconds.quotientAndRemainder(dividingBy: 60)
      let expected = scalbn(0.01 * exp2(-Double(rest) / 60), -Int(halves))
      #expect(abs(rate(seconds) / expected - 1) <= close, "\(seconds) s")
    }
    #expect(abs(rate(60) / 0.005 - 1) <= close && abs(rate(120) / 0.0025 - 1) <= close)
    #expect(rate(60 * 70) == 0, "less than 2^-64")
    // another reform begins it anew
    try pool.reform(OracleReading(price: 100, relativeSigma: 0.01), at: PoolTests.later(1060))
    #expect(rate(60) == 0.01)
  }

  /// A trade pays it: with no other fee, the rate of the A that moves at the price of the tick, rounded up.
  @Test(arguments: Side.allCases)
  func tradesPayIt(_ side: Side) throws {
    var pool = try PoolTests.pool(fees: Self.fees)
    let order = try LotOrder(side, .amount(1_000_000_000))
    #expect(try pool.quote(order, at: PoolTests.start).fee == 0)
    try pool.reform(OracleReading(price: 101, relativeSigma: 0.01), at: PoolTests.later(1))
    for seconds: Int64 in [0, 30, 60, 90, 600] {
      let now = PoolTests.later(1 + seconds)
      let quote = try pool.quote(order, at: now)
      let moved = side == .buy ? quote.amountIn - quote.fee : quote.amountOut + quote.fee
      let exact = Double(moved) * 0.01 * exp2(-Double(seconds) / 60)
      #expect(Double(quote.fee) > exact - 1e-3 && Double(quote.fee) < exact + 1 + 1e-3)
    }
  }
}
