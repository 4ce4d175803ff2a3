import DAMMModel
import DAMMPool
import Testing

/// Other terms on a pool that lives.
@Suite struct ReparameteriseTests {
  static let fees = try! FeeSchedule(baseBps: 20, surgeBps: 30)

  static func terms(
    lot: Int = 0, shape: Shape = .normal, halfWidth: Double = 6, tickWidthBps: Double = 10,
    fees: FeeSchedule = fees, funding: Funding = .geometricMean, policy: ReformPolicy = .manual,
    allowsThinSpread: Bool = false
  ) throws -> PoolTerms {
    try PoolTerms(
      a: LotSize(decimals: 6, exponent: lot), b: LotSize(decimals: 6, exponent: 0), shape: shape,
      halfWidth: halfWidth, tickWidthBps: tickWidthBps, fees: fees, funding: funding,
      policy: policy, allowsThinSpread: allowsThinSpread)
  }

  /// A pool off its oracle price, with more than the founder in it.
  static func pool() throws -> Pool {
    var pool = try Pool(
      terms(), reading: OracleReading(price: 100, relativeSigma: 0.02), at: PoolTests.start,
      deposit: LotPair(a: 1_000_000_000, b: 10_000_000))
    try pool.add(shares: 1000, at: PoolTests.start)
    try pool.swap(LotOrder(.buy, .amount(1_000_000)), at: PoolTests.start)
    return pool
  }

  static let now = PoolTests.later(60)

  static let forming: [PoolTerms] = try! [
    terms(shape: .uniform), terms(shape: .logNormal), terms(halfWidth: 4), terms(halfWidth: 8),
    terms(tickWidthBps: 25), terms(tickWidthBps: 4),
    terms(fees: FeeSchedule(baseBps: 50, skew: 0.1, surgeBps: 7)), terms(funding: .full),
    terms(
      shape: .uniform, halfWidth: 3, tickWidthBps: 20, fees: FeeSchedule(baseBps: 15),
      funding: .full, policy: ReformPolicy(ageSeconds: 5)),
  ]

  /// What shapes the curve forms it anew: other ticks, the same liquidity, reserves, stakes and price, and a
  /// surge.
  @Test(arguments: forming)
  func aCurveIsFormed(_ terms: PoolTerms) throws {
    let before = try Self.pool()
    var pool = before
    #expect(try pool.reparameterise(terms, at: Self.now))
    let table = try #require(pool.table)
    #expect(table.shape == terms.shape && table.halfWidth == terms.halfWidth)
    #expect(table.tickWidthBps == terms.tickWidthBps && table.fees == terms.fees)
    #expect(table.relativeSigma == 0.02)
    let (curve, old) = (try #require(pool.curveInLots), try #require(before.curveInLots))
    #expect(curve.funding == terms.funding && curve.liquidity == old.liquidity)
    #expect(pool.terms == terms && pool.reading == before.reading)
    #expect(pool.reserves == before.reserves && pool.book == before.book)
    #expect(pool.formedAt == Self.now && pool.time == Self.now)
    #expect(pool.surgeRate(at: Self.now) == terms.fees.surgeBps / 1e4)
    let price = try #require(before.price)
    #expect(abs(try #require(pool.price) / price - 1) <= Tolerance.priceAfter.relative)
    // the position is where the new curve has that price
    #expect(pool.position?.tick == Int((price / 100 - 1) * 1e4 / terms.tickWidthBps))
    try pool.checkLaws()
    // and it goes on
    #expect(try pool.swap(LotOrder(.sell, .amount(1000)), at: Self.now).stop == .complete)
  }

  /// A policy alone, and leave for a thin spread, leave the curve as it is: no surge.
  @Test func aPolicyFormsNothing() throws {
    let before = try Self.pool()
    for terms in [
      try Self.terms(policy: ReformPolicy(deviationBps: 5)),
      try Self.terms(allowsThinSpread: true),
    ] {
      var pool = before
      #expect(try pool.reparameterise(terms, at: Self.now))
      #expect(pool.terms == terms && pool.time == Self.now)
      #expect(pool.formedAt == before.formedAt && pool.surgeRate(at: Self.now) == 0)
      #expect(pool.sold == before.sold && pool.sold != 0 && pool.offered == before.offered)
      #expect(pool.position == before.position && pool.table === before.table)
      // and back: all as it was, but for the time
      #expect(try pool.reparameterise(Self.terms(), at: Self.now))
      var later = try StoredPool(before)
      later["time"] = Self.now.secondsSince1970
      #expect(try pool == later.pool())
    }
  }

  @Test func theSameTermsChangeNothing() throws {
    let before = try Self.pool()
    var pool = before
    #expect(try pool.reparameterise(Self.terms(), at: Self.now) == false)
    #expect(pool == before)
  }

  @Test func refusals() throws {
    let pool = try Self.pool()
    expectRefusal(.lotsDiffer, pool) { try $0.reparameterise(Self.terms(lot: 1), at: Self.now) }
    let other = try PoolTerms(
      a: LotSize(decimals: 6, exponent: 0), b: LotSize(decimals: 7, exponent: 0),
      tickWidthBps: 10, fees: Self.fees)
    expectRefusal(.lotsDiffer, pool) { try $0.reparameterise(other, at: Self.now) }
    // another policy alone is refused for fees that it may not have
    let thin = try Self.terms(fees: .none)
    var free = pool
    #expect(try free.reparameterise(thin, at: Self.now))
    let policy = try Self.terms(fees: .none, policy: ReformPolicy(ageSeconds: 5))
    let error = PoolError.spreadBelowTick(spreadBps: 0, tickWidthBps: 10)
    expectRefusal(error, free) { try $0.reparameterise(policy, at: Self.now) }
    expectRefusal(error, pool) { try $0.reparameterise(policy, at: Self.now) }
  }
}
