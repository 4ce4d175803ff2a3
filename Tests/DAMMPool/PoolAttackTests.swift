import DAMMModel
import DAMMPool
import Testing
import TestSupport

/// Attacks that have emptied pools elsewhere, played on whole pools.
@Suite struct PoolAttackTests {
  /// What a victim of an inflation attack loses and the attacker gains, in lots: the attacker founds a pool
  /// of few lots, leaves itself a share, gives a fortune to it by leaving a lock at once, trades to where the
  /// victim would get the fewest shares, and takes all it has when the victim is in.
  static func inflation(
    _ random: inout SplitMix64, _ make: (Pool) -> some LedgerUnderTest
  ) throws -> (victim: LotPair, attacker: LotPair)? {
    var setup = try RandomPools.setup(&random, largest: 1e4)
    setup.term = nil
    let now = PoolSetup.start
    var ledger = make(try setup.pool())
    var attacker = LotPair.zero - setup.deposit
    let first = ledger.pool.book.positionIDs[0]
    if ledger.shares > 1 {
      attacker =
        attacker + (try ledger.remove(shares: ledger.shares - 1, from: first, at: now)).paidOut
    }
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let lock = try Lock(
        start: now, end: UTCTime(secondsSince1970: now.secondsSince1970 + 9), schedule: .cliff)
      let many = Int(random.logUniform(1...1e6))
      guard let added = try? ledger.add(shares: many, to: nil, lock: lock, at: now) else { break }
      attacker = attacker + (try ledger.leaveEarly(added.position, at: now)).refund - added.paidIn
    }
    for _ in 0..<Int.random(in: 0...3, using: &random) {
      let side = Side.allCases.randomElement(using: &random)!
      let order = try LotOrder(side, .amount(Int(random.logUniform(1...1e6))))
      if let quote = try? ledger.swap(order, at: now) { attacker = attacker + quote.got }
    }
    let share = ledger.reserves
    let most = LotPair(
      a: Int(Double(share.a) * random.uniform(0.5...3)) + 1,
      b: Int(Double(share.b) * random.uniform(0.5...3)) + 1)
    guard let came = try? ledger.add(upTo: most, to: nil, at: now) else { return nil }
    let left = try ledger.remove(shares: came.shares, from: came.position, at: now)
    let rest = try ledger.remove(shares: ledger.shares, from: first, at: now)
    return (came.paidIn - left.paidOut, attacker + rest.paidOut + LotPair(a: rest.fees, b: 0))
  }

  /// The victim pays for whole shares and for no more: a lot of each token is all that rounding takes.
  @Test func inflationTakesALotAtMost() throws {
    var random = SplitMix64(seed: RandomCurves.seed("inflationTakesALotAtMost", 21))
    var came = 0
    for _ in 0..<RandomCurves.runs(3000) {
      guard let (lost, gained) = try Self.inflation(&random, SoundPool.init) else { continue }
      came += 1
      #expect((0...1).contains(lost.a) && (0...1).contains(lost.b), "\(lost)")
      // what it gave away comes back at most, with the lots that the victim's rounding left
      #expect(gained.a <= 1 || gained.b <= 1, "\(gained)")
    }
    #expect(came > 500)
    // an add that takes all that it may is found
    random = SplitMix64(seed: 21)
    var worst = 0
    for _ in 0..<300 {
      let lost = try Self.inflation(&random) { FaultyPool($0, .addTakesAll) }?.victim
      worst = max(worst, lost?.a ?? 0, lost?.b ?? 0)
    }
    #expect(worst > 1)
  }

  /// A side is emptied to a few lots, and then one share at a time is taken out, many times, with trades of
  /// a lot between: nothing is gained by that, neither at once nor by what is left.
  static func withdrawals(
    _ random: inout SplitMix64, _ make: (Pool) -> some LedgerUnderTest
  ) throws -> LotPair? {
    let setup = try RandomPools.setup(&random, largest: 1e9)
    let now = PoolSetup.start
    var ledger = make(try setup.pool())
    var holds = LotPair.zero
    guard let came = try? ledger.add(shares: 200, to: nil, lock: nil, at: now) else { return nil }
    holds = holds - came.paidIn
    let side = Side.allCases.randomElement(using: &random)!
    let all = side == .buy ? ledger.offered.b : ledger.offered.a
    guard all > 9 else { return nil }
    // all but a few lots: what is bought is sold again in the end
    let drain = all - Int.random(in: 0...8, using: &random)
    func order(_ side: Side, _ lots: Int, byA: Bool) throws -> LotOrder {
      try LotOrder(side, byA ? .notional(lots) : .amount(lots))
    }
    guard let out = try? ledger.swap(order(side, drain, byA: side == .sell), at: now) else {
      return nil
    }
    holds = holds + out.got
    for _ in 0..<Int.random(in: 44...200, using: &random) {
      let taken = try ledger.remove(shares: 1, from: came.position, at: now)
      holds = holds + taken.paidOut + LotPair(a: taken.fees, b: 0)
      if random.oneIn(4), (try? ledger.pool.book.position(came.position)) != nil {
        let dust = try LotOrder(Side.allCases.randomElement(using: &random)!, .amount(1))
        holds = holds + ((try? ledger.swap(dust, at: now))?.got ?? .zero)
      }
      if (try? ledger.pool.book.position(came.position)) == nil { break }
    }
    if let rest = try? ledger.pool.book.position(came.position) {
      let taken = try ledger.remove(shares: rest.shares, from: came.position, at: now)
      holds = holds + taken.paidOut + LotPair(a: taken.fees, b: 0)
    }
    // back to where the attacker's B is what it was, or its A
    let back = side == .buy ? holds.b : holds.a
    if back > 0, let quote = try? ledger.swap(order(side.other, back, byA: side == .sell), at: now)
    {
      holds = holds + quote.got
    }
    return holds
  }

  @Test func dustWithdrawalsTakeNothing() throws {
    var random = SplitMix64(seed: RandomCurves.seed("dustWithdrawalsTakeNothing", 22))
    var done = 0
    for _ in 0..<RandomCurves.runs(3000) {
      guard let holds = try Self.withdrawals(&random, SoundPool.init) else { continue }
      done += 1
      #expect(!(holds.a >= 0 && holds.b >= 0 && holds != .zero), "\(holds)")
    }
    #expect(done > 500)
    random = SplitMix64(seed: 22)
    var gains = 0
    for _ in 0..<300 {
      let holds = try Self.withdrawals(&random) { FaultyPool($0, .removePaysMore) }
      if let holds, holds.a >= 0, holds.b >= 0, holds != .zero { gains += 1 }
    }
    #expect(gains > 0)
  }
}
