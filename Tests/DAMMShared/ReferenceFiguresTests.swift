import DAMMModel
import DAMMPool
import Testing
import TestSupport

import DAMMShared
import struct DAMMShared.SharedPool

/// What-if figures of tick references against markets that trade and settle.
@Suite struct ReferenceFiguresTests {
  /// 2 A per B, and 2 A for each B.
  private static let deposit = LotPair(a: 40_000_000_000_000, b: 20_000_000_000_000)

  private static func terms(_ funding: Funding, _ shape: Shape) throws -> PoolTerms {
    try PoolTerms(
      a: SharedFixture.lots, b: SharedFixture.lots, shape: shape, tickWidthBps: 10,
      funding: funding)
  }

  private static func reading() throws -> OracleReading {
    try OracleReading(price: 2, relativeSigma: 0.1)
  }

  private func pool(
    _ terms: PoolTerms, floor: Double? = nil
  ) throws -> SharedPool {
    try SharedFixture.pool(
      Self.deposit,
      limits: floor.map { try HealthLimits(floor: $0, dailyAllowance: nil) } ?? .off,
      reference: .ticks(terms, Self.reading()))
  }

  /// Markets on the reference curve itself go to a price and settle; the last may be refused.
  private func move(
    _ count: Int, to price: Double, _ pool: inout SharedPool, _ terms: PoolTerms
  ) throws -> SharedPoolError? {
    var markets = try (0..<count).map {
      try SharedFixture.ticks("m\($0)", on: &pool, terms, Self.reading())
    }
    for i in markets.indices {
      markets[i].keepsRoom = false
      try markets[i].go(to: price)
    }
    for i in markets.indices {
      do { try markets[i].settle(with: &pool) } catch let error as SharedPoolError { return error }
    }
    return nil
  }

  @Test(arguments: [Funding.geometricMean, .full], [Shape.normal, .uniform])
  func figuresAreThoseOfSettledMarkets(funding: Funding, shape: Shape) throws {
    let terms = try Self.terms(funding, shape)
    let seed: UInt64 = 71
    var random = SplitMix64(seed: seed)
    for count in [1, 2, 3, 7] {
      for _ in 0..<8 {
        var pool = try pool(terms)
        let price = 2 * random.uniform(0.8...1.25)
        let figures = try pool.founding.figures(markets: count, atPrice: price)
        // the edge where arbitrage ends: ticks of 10 bp
        let tick = (price / 2 - 1) / 1e-3
        let edge = price > 2 ? tick.rounded(.up) : tick.rounded(.down) + 1
        let refusal = try move(count, to: 2 * (1 + edge * 1e-3), &pool, terms)
        guard refusal == nil else {
          #expect(!figures.isSolvent, "seed \(seed): \(String(describing: refusal))")
          continue
        }
        #expect(figures.isSolvent)
        let slack = Double(2 * count) * Tolerance.marketMoves.relative + Tolerance.health.relative
        #expect(
          abs(pool.health.value - figures.health) <= slack,
          "seed \(seed), \(count) to \(price): \(pool.health), not \(figures.health)")
        let loss =
          (Double(pool.reserves.a) + price * Double(pool.reserves.b))
          / (Double(Self.deposit.a) + price * Double(Self.deposit.b)) - 1
        #expect(
          abs(loss - figures.impermanentLoss) <= slack,
          "seed \(seed), \(count) to \(price): \(loss), not \(figures.impermanentLoss)")
        if count == 1 { #expect(abs(figures.health - 1) <= Tolerance.health.relative) }
      }
    }
  }

  @Test(arguments: [Side.buy, .sell]) func theFloorIsWhereTheFiguresSay(side: Side) throws {
    let terms = try Self.terms(.full, .uniform)
    var (stopped, empty) = (0, 0)
    for (count, floor) in [(2, 0.5), (2, 0.99), (3, 0.97), (3, 0.995), (7, 0.99), (7, 0.999)] {
      let founding = try pool(terms).founding
      let figures = try founding.figures(markets: count, atFloor: floor, side)
      #expect(figures.isSolvent && figures.impermanentLoss < 0)
      // on a curve that ends, a token may be gone while the other still is worth enough
      let isAtFloor = abs(figures.health - floor) <= Tolerance.health.relative
      #expect(isAtFloor || figures.health > floor)
      // figures tell the tick in which the place lies
      for (ticks, isRefused) in [(2.0, true), (-2.0, false)] {
        var pool = try pool(terms, floor: floor)
        let away = side == .buy ? ticks : -ticks
        let refusal = try move(count, to: figures.price + away * 2e-3, &pool, terms)
        switch refusal {
        case nil: #expect(!isRefused && pool.health.value >= floor)
        case .belowFloor?:
          #expect(isRefused && isAtFloor)
          stopped += 1
        case .insufficient?:
          #expect(isRefused && !isAtFloor)
          empty += 1
        default: Issue.record("\(count) markets \(side): \(String(describing: refusal))")
        }
      }
    }
    #expect(stopped >= 2 && empty >= 1)
  }

  @Test func aCurveThatNeverGetsThereEndsAtItsEnd() throws {
    // half of the reserves is on offer, and one market takes half of that at most
    let founding = try pool(Self.terms(.geometricMean, .normal)).founding
    for side in [Side.buy, .sell] {
      let figures = try founding.figures(markets: 1, atFloor: 0.9, side)
      #expect(abs(figures.health - 1) <= Tolerance.health.relative)
      #expect(side == .buy ? figures.price > 3.1 : figures.price < 0.9)
      #expect(figures.isSolvent && figures.impermanentLoss < 0)
    }
  }

  @Test func theConstantProductHasItsClosedForms() throws {
    let founding = try SharedFixture.pool(Self.deposit).founding
    let largest = try HealthFigures.largestLoss(floor: 0.9, markets: 4)
    for (side, ratio) in [(Side.buy, largest.moves.upperBound), (.sell, largest.moves.lowerBound)] {
      let figures = try founding.figures(markets: 4, atFloor: 0.9, side)
      #expect(abs(figures.price - 2 * ratio) <= 4 * figures.price.ulp)
      #expect(abs(figures.health - 0.9) <= Tolerance.health.relative)
      let loss = largest.impermanentLoss
      #expect(abs(figures.impermanentLoss - loss) <= Tolerance.health.relative)
      let same = try founding.figures(markets: 4, atPrice: figures.price)
      #expect(abs(same.impermanentLoss - loss) <= Tolerance.health.relative)
    }
    #expect(try !founding.figures(markets: 16, atPrice: 4).isSolvent)
  }

  @Test func whatIsNoMoveIsRefused() throws {
    let founding = try pool(Self.terms(.full, .normal)).founding
    let cases: [(Int, Double, Double)] = [
      (0, 2, 0.9), (2, .nan, .nan), (2, 0, -1), (2, .infinity, 2),
    ]
    for (count, price, floor) in cases {
      #expect(throws: SharedPoolError.self) {
        try founding.figures(markets: count, atPrice: price)
      }
      #expect(throws: SharedPoolError.self) {
        try founding.figures(markets: count, atFloor: floor, .buy)
      }
    }
  }
}
