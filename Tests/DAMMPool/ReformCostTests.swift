import DAMMKernel
import DAMMModel
import DAMMPool
import Foundation
import TestSupport
import Testing

/// What a reform between the two halves of a round trip pays a trader where there is no fee, as the fee a
/// leg that would take it away: the figures of `docs/pool.md`.
@Suite struct ReformCostTests {
  /// 80 % a year over 7 days.
  static let sigma = 0.8 * (7.0 / 365).squareRoot()
  /// Readings that move by 0.1 % in price, by 5 % in volatility, by both, or not.
  static let readings = [0.999, 1, 1.001].flatMap { price in
    [0.95, 1, 1.05].map { (price: 3000 * price, sigma: sigma * $0) }
  }

  /// The largest gain over the A of both legs, in basis points, of trades up to a part of their side.
  static func breakEvenBps(_ funding: Funding, imbalance: Int, upTo part: Double) throws -> Double {
    let terms = try PoolTerms(
      a: LotSize(decimals: 6, exponent: 0), b: LotSize(decimals: 18, exponent: 9),
      funding: funding)
    var worst = 0.0
    for (a, b) in [(1, imbalance), (imbalance, 1)] {
      let pool = try Pool(
        terms, reading: OracleReading(price: 3000, relativeSigma: sigma), at: PoolTests.start,
        deposit: LotPair(a: 3_000_000_000_000 / a, b: 1_000_000_000_000 / b))
      for reading in readings {
        let next = try OracleReading(price: reading.price, relativeSigma: reading.sigma)
        for side in Side.allCases {
          let all = try pool.quote(LotOrder(side, .amount(1 << 47)), at: PoolTests.start)
          let most = part * Double(side == .buy ? all.amountOut : all.amountIn)
          for step in 0..<40 {
            let size = Int(most * exp2(-Double(step) / 4))
            worst = max(worst, try gainBps(pool, side, size, next))
          }
        }
      }
    }
    return worst
  }

  /// What is left of a trade, a reform and the trade back, over the A of both.
  static func gainBps(
    _ pool: Pool, _ side: Side, _ size: Int, _ reading: OracleReading
  ) throws -> Double {
    var pool = pool
    let there = try pool.swap(LotOrder(side, .amount(size)), at: PoolTests.start)
    try pool.reform(reading, at: PoolTests.start)
    let other: Side = side == .buy ? .sell : .buy
    let back = try pool.swap(LotOrder(other, .amount(size)), at: PoolTests.start)
    guard there.stop == .complete, back.stop == .complete else { return 0 }
    let (paid, got) =
      side == .buy
      ? (there.amountIn, back.amountOut) : (back.amountIn, there.amountOut)
    return Double(got - paid) / Double(got + paid) * 1e4
  }

  @Test func thePageShowsWhatAReformPays() throws {
    let page = try String(contentsOf: Files.root.appending(path: "docs/pool.md"), encoding: .utf8)
    for (imbalance, funding) in [1, 3, 20].flatMap({ n in Funding.allCases.map { (n, $0) } }) {
      let bps = try [0.01, 0.1, 1].map {
        let bps = try Self.breakEvenBps(funding, imbalance: imbalance, upTo: $0)
        return String(format: bps < 10 ? "%.1f" : "%.0f", bps)
      }
      let name = funding == .full ? "full" : "geometricMean"
      let row = "| 1:\(imbalance) | `\(name)` | " + bps.joined(separator: " | ") + " |"
      #expect(page.contains(row + "\n"), "docs/pool.md does not show \(row)")
    }
  }
}
