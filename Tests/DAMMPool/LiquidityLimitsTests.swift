import DAMMModel
import DAMMPool
import Testing

/// Every action refuses what is a lot, a share or a second beyond a limit, takes what just meets it, and changes
/// nothing when it refuses.
@Suite struct LiquidityLimitsTests {
  /// What an action did, for limits to be set by.
  struct Deed: Equatable {
    var shares = 0
    var paidIn = LotPair.zero
    var paidOut = LotPair.zero
  }

  enum Action: CaseIterable {
    case add, addUpTo, addA, addB, addAGrowing, remove, leaveEarly

    var isAdd: Bool { self != .remove && self != .leaveEarly }
  }

  static let now = PoolTests.later(40)
  static let free = PositionID(2)
  static let locked = PositionID(3)

  /// A pool with fees that has traded, with a founder, a free position and a locked one.
  static func pool() throws -> Pool {
    var pool = try PoolTests.pool(fees: FeeSchedule(baseBps: 30))
    let start = PoolTests.start
    try pool.swap(LotOrder(.buy, .amount(1_000_000_000)), at: start)
    #expect(try pool.add(shares: 7_000_003, at: start).position == free)
    let lock = try Lock(start: start, end: PoolTests.later(100))
    #expect(try pool.add(shares: 9_000_001, lock: lock, at: start).position == locked)
    return pool
  }

  static func act(
    _ action: Action, _ pool: inout Pool, _ limits: LiquidityLimits, at now: UTCTime = now
  ) throws -> Deed {
    func deed(_ added: LiquidityAdded) -> Deed { Deed(shares: added.shares, paidIn: added.paidIn) }
    func deed(_ added: SingleSidedAdded) -> Deed {
      Deed(shares: added.added.shares, paidIn: added.paidIn)
    }
    switch action {
    case .add: return deed(try pool.add(shares: 5_000_007, limits: limits, at: now))
    case .addUpTo:
      let most = LotPair(a: 10_000_000, b: 70_000_000)
      return deed(try pool.add(upTo: most, limits: limits, at: now))
    case .addA:
      return deed(try pool.addSingleSided(.a, lots: 20_000_001, limits: limits, at: now))
    case .addB:
      return deed(try pool.addSingleSided(.b, lots: 300_000_001, limits: limits, at: now))
    case .addAGrowing:
      return deed(
        try pool.addSingleSided(.a, lots: 20_000_001, to: free, limits: limits, at: now))
    case .remove:
      return Deed(
        paidOut: try pool.remove(shares: 3_000_001, from: free, limits: limits, at: now).paidOut)
    case .leaveEarly:
      return Deed(paidOut: try pool.leaveEarly(locked, limits: limits, at: now).refund)
    }
  }

  @Test(arguments: Action.allCases)
  func refuseWhatIsJustBeyond(_ action: Action) throws {
    let pool = try Self.pool()
    var free = pool
    let deed = try Self.act(action, &free, .none)
    let (paidIn, paidOut) = (deed.paidIn, deed.paidOut)
    #expect(deed.shares > 0 || paidOut.a > 0 && paidOut.b > 0)
    /// What just meets the limits does the same as without.
    func accept(_ limits: LiquidityLimits) throws {
      var copy = pool
      #expect(try Self.act(action, &copy, limits) == deed)
      #expect(copy == free)
    }
    try accept(
      LiquidityLimits(
        minimumShares: deed.shares, maximumPaidIn: paidIn, minimumPaidOut: paidOut,
        deadline: Self.now))
    let second = PoolTests.later(39)
    expectRefusal(.deadlinePassed(second, now: Self.now), pool) {
      try Self.act(action, &$0, LiquidityLimits(deadline: second))
    }
    if action.isAdd {
      expectRefusal(.tooFewShares(made: deed.shares, minimum: deed.shares + 1), pool) {
        try Self.act(action, &$0, LiquidityLimits(minimumShares: deed.shares + 1))
      }
      for less in [LotPair(a: 1, b: 0), LotPair(a: 0, b: 1)] {
        expectRefusal(.tooMuchAsked(paidIn, maximum: paidIn - less), pool) {
          try Self.act(action, &$0, LiquidityLimits(maximumPaidIn: paidIn - less))
        }
      }
      try accept(LiquidityLimits(minimumShares: -5, minimumPaidOut: LotPair(a: .max, b: .max)))
    } else {
      for more in [LotPair(a: 1, b: 0), LotPair(a: 0, b: 1)] {
        expectRefusal(.tooLittlePaid(paidOut, minimum: paidOut + more), pool) {
          try Self.act(action, &$0, LiquidityLimits(minimumPaidOut: paidOut + more))
        }
      }
      try accept(LiquidityLimits(minimumShares: .max, maximumPaidIn: .zero))
    }
  }

  /// What an add of one token says that it was paid is what the pool got, fees and dust counted, and nothing of
  /// the other token.
  @Test(arguments: Token.allCases, [1_000_000, 20_000_001, 900_000_003])
  func oneTokenAlonePaysIn(_ token: Token, lots: Int) throws {
    let before = try Self.pool()
    var pool = before
    let done = try pool.addSingleSided(token, lots: lots, at: Self.now)
    let got = pool.reserves - before.reserves
    let fee = pool.book.collected - before.book.collected
    let (given, back) = token == .a ? (done.paidIn.a, done.left.b) : (done.paidIn.b, done.left.a)
    #expect(done.paidIn == (token == .a ? LotPair(a: given, b: 0) : LotPair(a: 0, b: given)))
    #expect(given == lots - (token == .a ? done.left.a : done.left.b))
    #expect(
      LotPair(a: got.a + fee, b: got.b)
        == done.paidIn - (token == .a ? LotPair(a: 0, b: back) : LotPair(a: back, b: 0)))
    #expect(done.swap != nil)
  }

  /// A late add says so, whatever else is wrong with it.
  @Test func theDeadlineComesFirst() throws {
    let pool = try Self.pool()
    let late = LiquidityLimits(deadline: PoolTests.later(39))
    let error = PoolError.deadlinePassed(PoolTests.later(39), now: Self.now)
    expectRefusal(error, pool) {
      try $0.add(upTo: LotPair(a: 0, b: 0), limits: late, at: Self.now)
    }
    expectRefusal(error, pool) { try $0.addSingleSided(.a, lots: 0, limits: late, at: Self.now) }
  }
}
