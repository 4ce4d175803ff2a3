import DAMMModel
import DAMMPool
import Testing

/// A quote refuses what the swap refuses, with the same words.
@Suite struct PoolQuoteTests {
  static let fees = try! FeeSchedule(baseBps: 100)

  static func check(
    _ pool: Pool, _ order: LotOrder, sourceLocation: SourceLocation = #_sourceLocation
  ) -> PoolError? {
    var copy = pool
    let quote = attempt { () throws(PoolError) in try pool.quote(order, at: pool.time) }
    let swap = attempt { () throws(PoolError) in try copy.swap(order, at: pool.time) }
    #expect(quote == swap, sourceLocation: sourceLocation)
    guard case .failure(let error) = swap else { return nil }
    #expect(copy == pool, sourceLocation: sourceLocation)
    return error
  }

  /// Once the fees of a pool's life are all that may be collected; up to there they are, to the lot.
  @Test func fees() throws {
    let order = try LotOrder(.buy, .amount(1_000_000_000))
    let pool = try PoolTests.pool(fees: Self.fees)
    let fee = try pool.quote(order, at: pool.time).fee
    #expect(fee > 1_000_000)
    func collected(_ count: Int) throws -> Pool {
      var stored = try StoredPool(pool)
      for key in ["collected", "paid"] { stored["book", key] = "\(count)" }
      return try stored.pool()
    }
    let most = Domain.collectedFees.upperBound
    #expect(try Self.check(collected(most - fee), order) == nil)
    let full = PoolError.overflow(
      name: "fees collected in lots", amount: "\(most - fee + 1) and \(fee)", allowed: "\(most)")
    #expect(try Self.check(collected(most - fee + 1), order) == full)
    // what has no fee is still traded
    #expect(try Self.check(collected(most), LotOrder(.buy, .toPrice(1))) == nil)
  }

  @Test func reserves() throws {
    let most = Domain.reserveLots.upperBound
    let lots = try LotSize(decimals: 6, exponent: 0)
    let pool = try Pool(
      PoolTerms(a: lots, b: lots, tickWidthBps: 10),
      reading: OracleReading(price: 1, relativeSigma: 0.01), at: PoolTests.start,
      deposit: LotPair(a: most, b: most))
    for side in Side.allCases {
      let error = Self.check(pool, try LotOrder(side, .amount(1_000_000)))
      guard case .overflow(let name, _, _) = error else {
        Issue.record("\(side): \(String(describing: error))")
        continue
      }
      #expect(name == "the reserve of \(side == .buy ? "A" : "B") in lots")
    }
  }

  @Test func anEmptyPool() throws {
    #expect(try Self.check(FoundingTests.empty(), LotOrder(.sell, .amount(1))) == .empty)
  }
}
