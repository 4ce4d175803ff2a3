import DAMMModel
import Testing
import TestSupport

import DAMMShared

/// The closed forms of constant-product markets without fees or limits, in whole lots.
@Suite struct ClosedFormTests {
  /// Reserves so large that a lot is far below what is compared.
  private static let deposit = LotPair(a: 40_000_000_000_000, b: 20_000_000_000_000)

  @Test(arguments: 1...16) func equalMovesHaveTheHealthOfTheFormula(count: Int) throws {
    var random = SplitMix64(seed: UInt64(count))
    for _ in 0..<20 {
      // up to nearly where N (N - 1) q is 1
      let most = count == 1 ? 1.0 : 1 / Double(count * (count - 1))
      let q = most * Double.random(in: 0.001...0.98, using: &random)
      // u + 1/u - 2 = q
      let up = 1 + q / 2 + ((q / 2 + 1) * (q / 2 + 1) - 1).squareRoot()
      let u = Bool.random(using: &random) ? up : 1 / up
      var pool = try SharedFixture.pool(Self.deposit)
      var markets = try (0..<count).map { try SharedFixture.product("m\($0)", on: &pool) }
      for i in markets.indices.shuffled(using: &random) {
        markets[i].keepsRoom = false
        try markets[i].go(to: 2 * u * u)
        try markets[i].settle(with: &pool)
      }
      let health = pool.health.value
      let formula = 1 - Double(count * (count - 1)) * q
      print(count, u, health * health - formula)
    }
  }
}
