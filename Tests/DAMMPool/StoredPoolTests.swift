import DAMMModel
import DAMMPool
import Foundation
import Testing
import TestSupport

/// States that were written down: those of pools at their extremes, and those that somebody has tampered with.
@Suite struct StoredPoolTests {
  /// A side that was sold out is empty. However much the pool grows then, an add pays nothing of that side,
  /// and nothing of it is given.
  @Test func whatASideLacksIsNeverGiven() throws {
    var random = SplitMix64(seed: RandomCurves.seed("whatASideLacksIsNeverGiven", 31))
    var (grown, emptied) = (0, 0)
    for _ in 0..<RandomCurves.runs(2000) {
      var setup = try RandomPools.setup(&random, largest: 0x1p47)
      setup.term = nil
      let now = PoolSetup.start
      guard var pool = try? setup.pool() else { continue }
      let side = Side.allCases.randomElement(using: &random)!
      guard (try? pool.swap(LotOrder(side, .amount(Domain.orderLots.upperBound)), at: now)) != nil
      else { continue }
      let factor = random.logUniform(1...0x1p40) * Double(pool.shares)
      guard (try? pool.add(shares: Int(min(factor, 0x1p61)), at: now)) != nil else { continue }
      grown += 1
      let held = side == .buy ? pool.reserves.b : pool.reserves.a
      let offered = side == .buy ? pool.offered.b : pool.offered.a
      #expect(offered <= held)
      try pool.checkLaws()
      let text = try JSONEncoder().encode(pool)
      #expect(try JSONDecoder().decode(Pool.self, from: text) == pool)
      guard held == 0 else { continue }
      emptied += 1
      let none = try pool.quote(LotOrder(side, .amount(1)), at: now)
      #expect(none.amountOut == 0)
    }
    #expect(grown > 500 && emptied > 100, "\(grown) grown, \(emptied) with an empty side")
  }

  /// A number of a state that was changed makes it refused with a reason, or leaves a pool that gives nothing
  /// away: what is bought and sold again brings no more than it cost.
  @Test func tamperedStatesAreRefusedOrSound() throws {
    var random = SplitMix64(seed: RandomCurves.seed("tamperedStatesAreRefusedOrSound", 32))
    var (refused, taken) = (0, 0)
    for _ in 0..<RandomCurves.runs(600) {
      guard let pool = try? RandomPools.setup(&random, largest: 0x1p47).pool() else { continue }
      let text = try JSONEncoder().encode(pool)
      for _ in 0..<10 {
        guard let state = try Self.tampered(text, &random) else { continue }
        do {
          try Self.trade(on: JSONDecoder().decode(Pool.self, from: state), &random)
          taken += 1
        } catch is PoolError {
          refused += 1
        } catch is DAMMError {
          refused += 1
        } catch is DecodingError {
          refused += 1
        }
      }
    }
    #expect(refused > 500 && taken > 500, "\(refused) refused, \(taken) taken")
  }

  /// One to three numbers changed; `nil` where the result is no JSON.
  private static func tampered(_ text: Data, _ random: inout SplitMix64) throws -> Data? {
    var state = try JSONSerialization.jsonObject(with: text)
    for _ in 0..<Int.random(in: 1...3, using: &random) { state = changed(state, &random) }
    guard JSONSerialization.isValidJSONObject(state) else { return nil }
    return try JSONSerialization.data(withJSONObject: state)
  }

  /// One number of a state changed, more often one of the curve.
  private static func changed(_ state: Any, _ random: inout SplitMix64) -> Any {
    if var fields = state as? [String: Any], !fields.isEmpty {
      let curve = fields["curve"] != nil && Bool.random(using: &random)
      let key = curve ? "curve" : fields.keys.sorted().randomElement(using: &random)!
      fields[key] = changed(fields[key]!, &random)
      return fields
    }
    if var items = state as? [Any], let index = items.indices.randomElement(using: &random) {
      items[index] = changed(items[index], &random)
      return items
    }
    guard let number = state as? NSNumber else { return state }
    let value = number.doubleValue
    let large = Int(random.logUniform(1...0x1p62)) * (Bool.random(using: &random) ? 1 : -1)
    switch Int.random(in: 0..<7, using: &random) {
    case 0: return 0
    case 1: return -value
    case 2: return value * random.logUniform(1e-3...1e3)
    case 3: return value * random.logUniform(1e-290...1e290)
    case 4: return large
    case 5: return Int(exactly: value).map { $0 &+ Int.random(in: -3...3, using: &random) } ?? value
    default: return random.logUniform(1e-290...1e290)
    }
  }

  /// Trades there and back.
  private static func trade(on pool: Pool, _ random: inout SplitMix64) throws {
    var pool = pool
    let now = pool.time
    for _ in 0..<12 {
      let lots = Int(random.logUniform(1...0x1p47))
      let side = Side.allCases.randomElement(using: &random)!
      let (before, fees) = (pool.reserves, pool.book.fees.collected)
      guard let there = try? pool.swap(LotOrder(side, .amount(lots)), at: now) else { continue }
      #expect(there.amountIn >= 0 && there.amountOut >= 0 && there.fee >= 0)
      let moved = side == .buy ? there.amountOut : there.amountIn
      if moved > 0 {
        _ = try? pool.swap(LotOrder(side == .buy ? .sell : .buy, .amount(moved)), at: now)
      }
      let kept = pool.reserves + LotPair(a: pool.book.fees.collected - fees, b: 0)
      #expect(
        kept.a >= before.a && kept.b >= before.b || kept.a > before.a || kept.b > before.b,
        "\(before) became \(kept) over \(there)")
    }
    try pool.checkLaws()
  }
}
