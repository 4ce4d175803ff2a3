import DAMMModel
import DAMMPool
import TestSupport
import Testing

/// What shares cost and pay: exact roundings, and the attacks that wrong ones allowed elsewhere.
@Suite struct ShareAmountsTests {
  static let most = Domain.reserveLots.upperBound

  /// A length of bits up to `bits`, then a number of it: dust and extremes alike.
  static func amount(_ bits: Int, _ random: inout SplitMix64) -> Int {
    Int.random(in: 1...(1 << Int.random(in: 1...bits, using: &random)) - 1, using: &random)
  }

  /// A state of a pool; now and then one side is empty, tiny or full.
  static func state(_ random: inout SplitMix64) -> (reserves: LotPair, shares: Int) {
    func reserve() -> Int {
      random.oneIn(10) ? [0, 1, most].randomElement(using: &random)! : amount(48, &random)
    }
    var reserves = LotPair(a: reserve(), b: reserve())
    if reserves == .zero { reserves.a = 1 }
    return (reserves, random.oneIn(10) ? Domain.shares.upperBound - 5 : amount(62, &random))
  }

  @Test func theFirstSharesAreTheRoot() throws {
    let seed = RandomCurves.seed("first shares", 91)
    var random = SplitMix64(seed: seed)
    for _ in 0..<RandomCurves.runs(100_000) {
      var reserves = LotPair(a: Self.amount(48, &random), b: Self.amount(48, &random))
      if random.oneIn(2) {
        // squares and their neighbours
        reserves.b = min(max(reserves.a + Int.random(in: -2...2, using: &random), 1), Self.most)
      }
      let root = UInt128(try ShareAmounts.firstShares(reserves))
      let product = UInt128(reserves.a) * UInt128(reserves.b)
      #expect(root * root <= product && product < (root + 1) * (root + 1), "seed \(seed)")
    }
    #expect(try ShareAmounts.firstShares(LotPair(a: Self.most, b: Self.most)) == Self.most)
    #expect(try ShareAmounts.firstShares(LotPair(a: 1, b: 1)) == 1)
    for (a, b) in [(0, 5), (5, 0), (-1, 5), (5, Self.most + 1), (.min, .max)] {
      #expect(throws: PoolError.self) { try ShareAmounts.firstShares(LotPair(a: a, b: b)) }
    }
  }

  /// `cost` is the least whole number with `cost * S >= dS * R`, `pay` the largest with `<=`.
  @Test func costsRoundUpAndPaymentsDown() throws {
    let seed = RandomCurves.seed("costs", 92)
    var random = SplitMix64(seed: seed)
    var costs = 0
    for _ in 0..<RandomCurves.runs(100_000) {
      let (reserves, shares) = Self.state(&random)
      let part = min(Self.amount(62, &random), shares)
      func times(_ lots: Int, _ count: Int) -> UInt128 { UInt128(lots) * UInt128(count) }
      let pay = try ShareAmounts.removePay(of: part, reserves: reserves, shares: shares)
      for (lots, reserve) in [(pay.a, reserves.a), (pay.b, reserves.b)] {
        #expect(times(lots, shares) <= times(reserve, part), "seed \(seed)")
        #expect(times(lots + 1, shares) > times(reserve, part), "seed \(seed)")
      }
      let made = Self.amount(62, &random)
      guard let cost = try? ShareAmounts.addCost(of: made, reserves: reserves, shares: shares)
      else {
        // refused just when something would leave its domain
        let tooMany = made > Domain.shares.upperBound - shares
        let tooMuch = [reserves.a, reserves.b].contains {
          times($0, made) > times(Self.most - $0, shares)
        }
        #expect(tooMany || tooMuch, "seed \(seed)")
        continue
      }
      costs += 1
      for (lots, reserve) in [(cost.a, reserves.a), (cost.b, reserves.b)] {
        #expect(times(lots, shares) >= times(reserve, made), "seed \(seed)")
        #expect(lots == 0 || times(lots - 1, shares) < times(reserve, made), "seed \(seed)")
      }
    }
    #expect(costs > 10_000)
  }

  @Test func affordableIsTheMostThatMaximaPayFor() throws {
    let seed = RandomCurves.seed("affordable", 93)
    var random = SplitMix64(seed: seed)
    var (some, none) = (0, 0)
    for _ in 0..<RandomCurves.runs(100_000) {
      let (reserves, shares) = Self.state(&random)
      let maxima = LotPair(a: Self.amount(48, &random), b: Self.amount(48, &random))
      let made = try ShareAmounts.affordable(with: maxima, reserves: reserves, shares: shares)
      func fits(_ count: Int) -> Bool {
        guard let cost = try? ShareAmounts.addCost(of: count, reserves: reserves, shares: shares)
        else { return false }
        return cost.a <= maxima.a && cost.b <= maxima.b
      }
      #expect(made == 0 || fits(made), "seed \(seed)")
      #expect(!fits(made + 1), "seed \(seed)")
      if made > 0 { some += 1 } else { none += 1 }
    }
    #expect(some > 10_000 && none > 1000)
    let oneSide = LotPair(a: 0, b: 10)
    #expect(
      try ShareAmounts.affordable(with: LotPair(a: 0, b: 5), reserves: oneSide, shares: 100) == 50)
    #expect(
      try ShareAmounts.affordable(with: LotPair(a: 9, b: 0), reserves: oneSide, shares: 100) == 0)
  }

  @Test func exitsSplitToTheLot() throws {
    let seed = RandomCurves.seed("exits", 94)
    var random = SplitMix64(seed: seed)
    for _ in 0..<RandomCurves.runs(100_000) {
      let (reserves, shares) = Self.state(&random)
      let term = random.oneIn(2) ? Domain.lockSeconds.upperBound : Self.amount(31, &random)
      let schedule: ExitSchedule = random.oneIn(2) ? .quadratic : .steps(Self.amount(19, &random))
      let lock = try Lock(
        start: UTCTime(secondsSince1970: 0), end: UTCTime(secondsSince1970: Int64(term)),
        schedule: schedule)
      let vested = lock.vested(
        at: UTCTime(secondsSince1970: Int64.random(in: 0...Int64(term), using: &random)))
      let part = min(Self.amount(62, &random), shares)
      let split = try ShareAmounts.exitSplit(
        of: part, reserves: reserves, shares: shares, vested: vested)
      #expect(
        try split.amount == ShareAmounts.removePay(of: part, reserves: reserves, shares: shares))
      #expect(split.refund + split.penalty == split.amount)
      for (refund, amount, reserve) in [
        (split.refund.a, split.amount.a, reserves.a), (split.refund.b, split.amount.b, reserves.b),
      ] {
        let exact = UInt128(amount) * UInt128(vested.numerator)
        #expect(UInt128(refund) * UInt128(vested.denominator) <= exact, "seed \(seed)")
        #expect(UInt128(refund + 1) * UInt128(vested.denominator) > exact, "seed \(seed)")
        guard refund <= reserve else { continue }
        // a share of those who stay is worth no less: (R - refund)/(S - dS) >= R/S
        #expect(
          UInt128(reserve - refund) * UInt128(shares) >= UInt128(reserve) * UInt128(shares - part))
      }
    }
  }

  @Test func refusesWhatHasNoAnswer() throws {
    let some = LotPair(a: 5, b: 5)
    #expect(throws: PoolError.empty) { try ShareAmounts.addCost(of: 1, reserves: some, shares: 0) }
    #expect(throws: PoolError.empty) {
      try ShareAmounts.removePay(of: 1, reserves: some, shares: 0)
    }
    for (reserves, shares) in [
      (some, -1), (some, .min), (some, Domain.shares.upperBound + 1), (LotPair(a: -1, b: 5), 5),
      (LotPair(a: 5, b: Self.most + 1), 5), (LotPair(a: .min, b: .max), 5),
    ] {
      #expect(throws: PoolError.self) {
        try ShareAmounts.addCost(of: 1, reserves: reserves, shares: shares)
      }
      #expect(throws: PoolError.self) {
        try ShareAmounts.removePay(of: 1, reserves: reserves, shares: shares)
      }
      #expect(throws: PoolError.self) {
        try ShareAmounts.affordable(with: some, reserves: reserves, shares: shares)
      }
    }
    for count in [0, -1, 6, .max, .min] {
      #expect(throws: PoolError.self) {
        try ShareAmounts.removePay(of: count, reserves: some, shares: 5)
      }
    }
    for count in [0, -1, .max, .min, Domain.shares.upperBound] {
      #expect(throws: PoolError.self) {
        try ShareAmounts.addCost(of: count, reserves: some, shares: 5)
      }
    }
    for maxima in [LotPair(a: -1, b: 5), LotPair(a: 5, b: .max), LotPair(a: .min, b: 0)] {
      #expect(throws: PoolError.self) {
        try ShareAmounts.affordable(with: maxima, reserves: some, shares: 5)
      }
    }
    // shares of nothing are not for nothing, but those who hold them may go
    #expect(throws: PoolError.self) {
      try ShareAmounts.addCost(of: 1, reserves: .zero, shares: 5)
    }
    #expect(throws: PoolError.self) {
      try ShareAmounts.affordable(with: some, reserves: .zero, shares: 5)
    }
    #expect(try ShareAmounts.removePay(of: 5, reserves: .zero, shares: 5) == .zero)
  }
}
