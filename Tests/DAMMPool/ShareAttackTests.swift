import DAMMModel
import DAMMPool
import TestSupport
import Testing

/// Attacks on pools of shares that are known from elsewhere. Each runs against the amounts of the pool,
/// which withstand it, and against the rule that fell to it, which must be seen to fall.
@Suite struct ShareAttackTests {
  /// How a pool makes shares of a deposit: how many, and what it takes for them.
  typealias Minting = (_ deposit: LotPair, _ reserves: LotPair, _ shares: Int) throws -> (
    made: Int, cost: LotPair
  )

  /// As many shares as the deposit pays for, and no more lots than they cost.
  static func fair(_ deposit: LotPair, _ reserves: LotPair, _ shares: Int) throws -> (Int, LotPair)
  {
    let made = try ShareAmounts.affordable(with: deposit, reserves: reserves, shares: shares)
    guard made > 0 else { return (0, .zero) }
    return (made, try ShareAmounts.addCost(of: made, reserves: reserves, shares: shares))
  }

  /// The shares that the scarcer token pays for, and all of the deposit taken.
  static func takingAll(_ deposit: LotPair, _ reserves: LotPair, _ shares: Int) throws -> (
    Int, LotPair
  ) {
    let (made, _) = try fair(deposit, reserves, shares)
    return (made, deposit)
  }

  /// The formula of the first deposit, used again.
  static func root(_ deposit: LotPair, _ reserves: LotPair, _ shares: Int) -> (Int, LotPair) {
    ((try? ShareAmounts.firstShares(deposit)) ?? 0, deposit)
  }

  static func amount(_ bits: Int, _ random: inout SplitMix64) -> Int {
    ShareAmountsTests.amount(bits, &random)
  }

  /// Somebody founds with a lot, blows up the reserves by gifts or penalties, and waits for a deposit.
  /// What the victim could take out at once.
  private func victimLosesAtMostALot(_ minting: Minting, seed: UInt64) throws -> Bool {
    var random = SplitMix64(seed: seed)
    for _ in 0..<RandomCurves.runs(50_000) {
      let founded = LotPair(a: Self.amount(3, &random), b: Self.amount(3, &random))
      let shares = try ShareAmounts.firstShares(founded)
      let gift = LotPair(a: Self.amount(45, &random), b: Self.amount(45, &random))
      let reserves = founded + gift
      let deposit = LotPair(a: Self.amount(46, &random), b: Self.amount(46, &random))
      let (made, cost) = try minting(deposit, reserves, shares)
      guard cost.a > 0 || cost.b > 0 else { continue }
      let back =
        made == 0
        ? .zero
        : try ShareAmounts.removePay(of: made, reserves: reserves + cost, shares: shares + made)
      if cost.a - back.a > 1 || cost.b - back.b > 1 || back.a > cost.a || back.b > cost.b {
        return false
      }
    }
    return true
  }

  @Test func aFounderCannotInflateShares() throws {
    let seed = RandomCurves.seed("inflation", 95)
    #expect(try victimLosesAtMostALot(Self.fair, seed: seed))
    #expect(try !victimLosesAtMostALot(Self.takingAll, seed: seed))
    #expect(try !victimLosesAtMostALot(Self.root, seed: seed))
  }

  /// Nobody's part of the shares exceeds the part of either reserve that was paid for it.
  private func nobodyTakesOver(_ minting: Minting, seed: UInt64) throws -> Bool {
    var random = SplitMix64(seed: seed)
    for _ in 0..<RandomCurves.runs(50_000) {
      let (reserves, shares) = ShareAmountsTests.state(&random)
      let deposit = LotPair(a: Self.amount(46, &random), b: Self.amount(46, &random))
      let (made, cost) = try minting(deposit, reserves, shares)
      guard made > 0 else { continue }
      // dS/S <= cost/R in both tokens
      for (lots, reserve) in [(cost.a, reserves.a), (cost.b, reserves.b)]
      where UInt128(made) * UInt128(reserve) > UInt128(lots) * UInt128(shares) {
        return false
      }
    }
    return true
  }

  @Test func rootsDoNotTakeThePoolOver() throws {
    let seed = RandomCurves.seed("take-over", 96)
    #expect(try nobodyTakesOver(Self.fair, seed: seed))
    #expect(try !nobodyTakesOver(Self.root, seed: seed))
    // reserves have moved since the pool was founded with a thousand of each: half of what it holds now
    // would buy seven tenths by the root, and buys a third
    let (reserves, shares) = (LotPair(a: 4660, b: 4660), 1000)
    let half = LotPair(a: 2330, b: 2330)
    let taken = Self.root(half, reserves, shares)
    let fair = try Self.fair(half, reserves, shares)
    #expect(taken.0 * 10 >= 7 * (shares + taken.0) - 10)
    #expect(fair.0 == 500 && fair.1 == half)
  }

  /// Adds, dust withdrawals by the dozen and adds again: never more of either token than went in, and
  /// those who stay never own less a share.
  private func dustNeverGains(
    _ pay: (_ part: Int, _ reserve: Int, _ shares: Int) throws -> Int, seed: UInt64
  ) throws -> Bool {
    var random = SplitMix64(seed: seed)
    for _ in 0..<RandomCurves.runs(5_000) {
      // few lots a share, or few shares a lot: where a rounding weighs most
      let bits = [4, 8, 30, 46].randomElement(using: &random)!
      var reserves = LotPair(a: Self.amount(bits, &random), b: Self.amount(46, &random))
      var shares = Self.amount([4, 8, 30, 60].randomElement(using: &random)!, &random)
      let start = (reserves, shares)
      var (mine, balance) = (0, LotPair.zero)
      for _ in 0..<3 {
        let deposit = LotPair(a: Self.amount(46, &random), b: Self.amount(46, &random))
        let (made, cost) = try Self.fair(deposit, reserves, shares)
        reserves = reserves + cost
        balance = balance - cost
        (mine, shares) = (mine + made, shares + made)
        for dust in 0..<44 where mine > 0 {
          let part = dust == 43 ? mine : min(mine, Self.amount(5, &random))
          let paid = LotPair(
            a: try pay(part, reserves.a, shares), b: try pay(part, reserves.b, shares))
          reserves = reserves - paid
          balance = balance + paid
          (mine, shares) = (mine - part, shares - part)
        }
      }
      guard mine == 0, shares == start.1, balance.a <= 0, balance.b <= 0 else { return false }
      guard reserves.a >= start.0.a, reserves.b >= start.0.b else { return false }
    }
    return true
  }

  @Test func dustWithdrawalsNeverGain() throws {
    let seed = RandomCurves.seed("dust", 97)
    #expect(
      try dustNeverGains(
        { part, reserve, shares in
          try ShareAmounts.removePay(
            of: part, reserves: LotPair(a: reserve, b: 0), shares: shares
          ).a
        }, seed: seed))
    // to the nearest lot instead of down
    #expect(
      try !dustNeverGains(
        { part, reserve, shares in
          Int((UInt128(part) * UInt128(reserve) * 2 + UInt128(shares)) / UInt128(2 * shares))
        }, seed: seed))
  }
}
