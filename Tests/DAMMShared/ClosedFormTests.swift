import DAMMModel
import Testing
import TestSupport

import DAMMShared
import struct DAMMShared.SharedPool

/// The closed forms of constant-product markets without fees, in whole lots, as settlements bring them about.
@Suite struct ClosedFormTests {
  /// So many lots that one is far below what is compared; 2 A per B.
  private static let deposit = LotPair(a: 40_000_000_000_000, b: 20_000_000_000_000)
  private static let start = 2.0
  private static let rounds = RandomCurves.runs(5)

  /// How far a reserve may be off after so many trades, in parts of the deposit.
  private func slack(_ trades: Int) -> Double { Double(trades) * Tolerance.marketMoves.relative }

  /// `u + 1/u - 2` up to which `count` equal moves leave health, or half for one alone.
  private func most(_ count: Int) -> Double { count == 1 ? 0.5 : 1 / Double(count * (count - 1)) }

  /// The price that so large a `q` leads to, up or down.
  private func ratio(_ q: Double, up: Bool) -> Double {
    let u = 1 + q / 2 + (q + q * q / 4).squareRoot()
    return up ? u * u : 1 / (u * u)
  }

  private func markets(
    _ count: Int, on pool: inout SharedPool
  ) throws -> [Market<SharedFixture.Product>] {
    try (0..<count).map {
      var market = try SharedFixture.product("m\($0)", on: &pool)
      market.keepsRoom = false
      return market
    }
  }

  /// Takes markets to where they end, in any order, with other places on the way and a settlement at each.
  ///
  /// - Returns: how many trades there were.
  private func settle(
    _ ends: [Double], within band: ClosedRange<Double>, _ pool: inout SharedPool,
    _ random: inout SplitMix64
  ) throws -> Int {
    var markets = try markets(ends.count, on: &pool)
    var visits = ends.indices.map { market in
      (0..<Int.random(in: 0...3, using: &random)).map { _ in random.uniform(band) } + [ends[market]]
    }
    let count = visits.reduce(0) { $0 + $1.count }
    for _ in 0..<count {
      let waiting = visits.indices.filter { !visits[$0].isEmpty }
      let market = waiting[Int.random(in: waiting.indices, using: &random)]
      try markets[market].go(to: Self.start * visits[market].removeFirst())
      // or together with the next one
      if visits[market].isEmpty || Bool.random(using: &random) {
        try markets[market].settle(with: &pool)
      }
    }
    return count
  }

  /// What the reserves are worth at a price over that of the founding, over the deposit, less 1.
  private func loss(_ pool: SharedPool, at ratio: Double) -> Double {
    let price = Self.start * ratio
    func worth(_ lots: LotPair) -> Double { Double(lots.a) + price * Double(lots.b) }
    return worth(pool.reserves) / worth(Self.deposit) - 1
  }

  private func compare(
    _ pool: SharedPool, _ figures: HealthFigures, at ratio: Double, trades: Int,
    _ seed: UInt64
  ) {
    let slack = slack(trades)
    let (y, x) = (
      Double(pool.reserves.a) / Double(Self.deposit.a),
      Double(pool.reserves.b) / Double(Self.deposit.b)
    )
    #expect(abs(y - figures.partA) <= slack, "seed \(seed): \(y), not \(figures.partA)")
    #expect(abs(x - figures.partB) <= slack, "seed \(seed): \(x), not \(figures.partB)")
    let (square, formula) = (
      pool.health.value * pool.health.value, figures.health * figures.health
    )
    let allowed = (x + y + slack) * slack + 4 * Tolerance.health.relative
    #expect(abs(square - formula) <= allowed, "seed \(seed): HF^2 \(square), not \(formula)")
    let loss = loss(pool, at: ratio)
    #expect(
      abs(loss - figures.impermanentLoss) <= slack,
      "seed \(seed): IL \(loss), not \(figures.impermanentLoss)")
  }

  @Test(arguments: 1...16) func equalMovesHaveTheFormulasOfTheirNumber(count: Int) throws {
    let base = RandomCurves.seed("equal moves of \(count)", UInt64(1000 * count))
    for round in 0..<Self.rounds {
      let seed = base &+ UInt64(round)
      var random = SplitMix64(seed: seed)
      let q = most(count) * random.uniform(1e-3...0.999)
      let ratio = ratio(q, up: Bool.random(using: &random))
      let band = min(ratio, 1 / ratio)...max(ratio, 1 / ratio)
      var pool = try SharedFixture.pool(Self.deposit)
      let trades = try settle(
        Array(repeating: ratio, count: count), within: band, &pool, &random)
      let figures = try HealthFigures(markets: count, ratio: ratio)
      compare(pool, figures, at: ratio, trades: trades, seed)
      // the same by the words of the forms
      let square = 1 - Double(count * (count - 1)) * q
      #expect(abs(figures.health * figures.health - square) <= Tolerance.health.relative * 8)
      #expect(figures.isSolvent)
    }
  }

  @Test(arguments: 1...16) func unequalMovesHaveThoseOfTheirSums(count: Int) throws {
    let base = RandomCurves.seed("unequal moves of \(count)", UInt64(2000 * count))
    for round in 0..<Self.rounds {
      let seed = base &+ UInt64(round)
      var random = SplitMix64(seed: seed)
      let far = ratio(most(count) * 0.999, up: true)
      let band = 1 / far...far
      let ends = (0..<count).map { _ in random.uniform(band) }
      var pool = try SharedFixture.pool(Self.deposit)
      let trades = try settle(ends, within: band, &pool, &random)
      let value = random.uniform(band)
      compare(
        pool, try HealthFigures(ratios: ends, valuedAt: value), at: value, trades: trades, seed)
    }
  }

  @Test(arguments: 2...16, [true, false])
  func beyondInsolvencyTheLastSettlementIsRefused(count: Int, up: Bool) throws {
    let moves = try HealthFigures.insolvency(markets: count)
    let edge = up ? moves.upperBound : moves.lowerBound
    for (beyond, isRefused) in [(1e-9, true), (-1e-9, false)] {
      let ratio = edge * (1 + (up ? beyond : -beyond))
      #expect(try HealthFigures(markets: count, ratio: ratio).isSolvent == !isRefused)
      var pool = try SharedFixture.pool(Self.deposit)
      var markets = try markets(count, on: &pool)
      for i in markets.indices { try markets[i].go(to: Self.start * ratio) }
      for i in markets.indices.dropLast() { try markets[i].settle(with: &pool) }
      let (account, accounts) = (pool.account, pool.markets)
      let health = pool.health
      guard isRefused else {
        try markets[count - 1].settle(with: &pool)
        // HF^2 is N (N - 1) times how far q stays from the edge
        #expect(pool.health.value < 2e-4 && pool.health > .none)
        continue
      }
      let token: Token = up ? .b : .a
      do {
        try markets[count - 1].settle(with: &pool)
        Issue.record("\(count) markets beyond \(edge) were settled")
      } catch SharedPoolError.insufficient(let short, let asked, let held) {
        #expect(short == token && asked > held)
      }
      #expect(pool.account == account && pool.markets == accounts && pool.health == health)
      guard case .stopped = markets[count - 1].phase else {
        Issue.record("the market trades on")
        continue
      }
    }
  }

  @Test(arguments: 2...16, [0.5, 0.9, 0.99])
  func theFloorIsWhereTheFormulaSays(count: Int, floor: Double) throws {
    let largest = try HealthFigures.largestLoss(floor: floor, markets: count)
    for (up, edge) in [(true, largest.moves.upperBound), (false, largest.moves.lowerBound)] {
      for (beyond, isRefused) in [(1e-8, true), (-1e-8, false)] {
        let ratio = edge * (1 + (up ? beyond : -beyond))
        var pool = try SharedFixture.pool(
          Self.deposit, limits: HealthLimits(floor: floor, dailyAllowance: nil))
        var markets = try markets(count, on: &pool)
        for i in markets.indices { try markets[i].go(to: Self.start * ratio) }
        for i in markets.indices.dropLast() { try markets[i].settle(with: &pool) }
        let account = pool.account
        if isRefused {
          #expect(throws: SharedPoolError.self) { try markets[count - 1].settle(with: &pool) }
          let refusal = try pool.refusal(
            of: markets[count - 1].book.flow, by: markets[count - 1].id, at: SharedFixture.noon)
          guard case .belowFloor(let health, _)? = refusal else {
            Issue.record("refused for \(String(describing: refusal))")
            continue
          }
          #expect(health.value < floor && pool.account == account)
        } else {
          try markets[count - 1].settle(with: &pool)
          #expect(pool.health.value >= floor)
          let (loss, cap) = (loss(pool, at: ratio), largest.impermanentLoss)
          #expect(loss >= cap - slack(count) && loss < cap * (1 - 1e-5))
        }
      }
    }
  }

  /// Markets that follow a price together in small steps until the first settlement is refused.
  @Test(arguments: [2, 3, 8]) func theFloorCapsWhatMovesInStepLose(count: Int) throws {
    let (seed, floor) = (UInt64(count), 0.9)
    var random = SplitMix64(seed: seed)
    let largest = try HealthFigures.largestLoss(floor: floor, markets: count)
    let cap = largest.impermanentLoss
    let most = (largest.moves.upperBound - 1) / 100
    var pool = try SharedFixture.pool(
      Self.deposit, limits: HealthLimits(floor: floor, dailyAllowance: nil))
    var markets = try markets(count, on: &pool)
    var (ratio, rounds, wasRefused) = (1.0, 0, false)
    let up = Bool.random(using: &random)
    while !wasRefused, rounds < 10_000 {
      rounds += 1
      let step = 1 + random.uniform(0...most) * (random.oneIn(4) ? -1 : 1)
      let next = ratio * (up ? step : 1 / step)
      for i in markets.indices {
        try markets[i].go(to: Self.start * next)
        do { try markets[i].settle(with: &pool) } catch { wasRefused = true }
      }
      if !wasRefused { ratio = next }
      let loss = loss(pool, at: ratio)
      // up to a step beyond it some of them may have settled
      #expect(loss >= cap * (1 + 2e-3) - slack(rounds * count), "seed \(seed), round \(rounds)")
    }
    #expect(wasRefused, "seed \(seed): never refused")
    #expect(loss(pool, at: ratio) < cap * 0.9, "seed \(seed): stopped long before the floor")
  }

  @Test func theLossGrowsLinearlyWithTheNumberOfMarkets() throws {
    let ratio = ratio(most(16) * 0.9, up: true)
    let losses = try (1...16).map { count in
      var pool = try SharedFixture.pool(Self.deposit)
      var markets = try markets(count, on: &pool)
      for i in markets.indices {
        try markets[i].go(to: Self.start * ratio)
        try markets[i].settle(with: &pool)
      }
      return loss(pool, at: ratio)
    }
    let single = try HealthFigures(markets: 1, ratio: ratio).impermanentLoss
    #expect(single < -1e-4)
    for (index, loss) in losses.enumerated() {
      #expect(abs(loss - Double(index + 1) * single) <= slack(index + 1), "\(index + 1) markets")
    }
  }

  @Test func whatNoPoolHasIsRefused() throws {
    func refuses(_ body: () throws -> Void) { #expect(throws: DAMMError.self) { try body() } }
    for count in [0, -1, 100_001] {
      refuses { _ = try HealthFigures(markets: count, ratio: 2) }
    }
    for count in [1, 0, 100_001] {
      refuses { _ = try HealthFigures.insolvency(markets: count) }
      refuses { _ = try HealthFigures.largestLoss(floor: 0.9, markets: count) }
    }
    for ratio in [0, -1, .nan, .infinity, 1e13, 1e-13] {
      refuses { _ = try HealthFigures(markets: 2, ratio: ratio) }
      refuses { _ = try HealthFigures(ratios: [1, ratio], valuedAt: 1) }
      refuses { _ = try HealthFigures(ratios: [1], valuedAt: ratio) }
    }
    for floor in [-0.1, 1.1, .nan] {
      refuses { _ = try HealthFigures.largestLoss(floor: floor, markets: 2) }
    }
    refuses { _ = try HealthFigures(ratios: [], valuedAt: 1) }
    // at the corners of the domains they are numbers
    for ratio in [1e-12, 1, 1e12] {
      for count in [1, 2, 100_000] {
        let figures = try HealthFigures(markets: count, ratio: ratio)
        for value in [figures.partA, figures.partB, figures.health, figures.impermanentLoss] {
          #expect(value.isFinite)
        }
        #expect(figures.impermanentLoss <= 0 && (0...1).contains(figures.health))
      }
    }
  }
}
