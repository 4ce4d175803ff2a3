import DAMMKernel
import DAMMModel
import DAMMPool

extension PoolTraffic {
  /// Any order: all four ways, from dust to a few parts in a thousand of the pool, half of them with a limit.
  static func order(_ pool: Pool, _ random: inout SplitMix64) throws -> LotOrder {
    let side: Side = random.oneIn(2) ? .buy : .sell
    let price = pool.reading.price * random.uniform(0.995...1.005)
    let limit = random.oneIn(2) ? price : nil
    switch Int.random(in: 0..<5, using: &random) {
    case 0: return try LotOrder(side, .toPrice(price))
    case 1, 2:
      return try LotOrder(side, .amount(Int(random.logUniform(1...2e6))), limit: limit)
    default: return try LotOrder(side, .notional(Int(random.logUniform(1...6e9))), limit: limit)
    }
  }

  /// Quotes on snapshots: each is the swap on a copy, moves what it says, and leaves the snapshot alone.
  func quote(
    _ shared: some ThreadedPool, _ cache: TableCache, _ books: inout Books,
    _ random: inout SplitMix64
  ) throws {
    var last = shared.snapshot
    for _ in 0..<rounds {
      letOthersRun(&random)
      let pool = shared.snapshot
      try pool.checkLaws()
      books.demand(pool.time >= last.time, "\(pool.time) was seen after \(last.time)")
      if pool != last { books.count("states seen") }
      last = pool
      for _ in 0..<3 {
        let order = try Self.order(pool, &random)
        let quote = try pool.quote(order, at: pool.time)
        var copy = pool
        let swap = try copy.swap(order, at: pool.time)
        books.count("quotes")
        books.demand(quote == swap, "\(quote) was quoted, but the copy gave \(swap)")
        let buying = order.side == .buy
        let moved =
          buying
          ? LotPair(a: quote.amountIn - quote.fee, b: -quote.amountOut)
          : LotPair(a: -quote.amountOut - quote.fee, b: quote.amountIn)
        books.demand(
          copy.reserves == pool.reserves + moved
            && copy.book.collected == pool.book.collected + quote.fee,
          "\(pool.reserves) became \(copy.reserves) by \(quote)")
        try copy.checkLaws()
      }
      books.demand(pool == last, "a snapshot has changed")
      // by way of the guard itself, at a time that never lies in the past
      _ = try shared.quote(Self.order(pool, &random), at: Self.end)
      if random.oneIn(8) { try askForTable(cache, &books, &random) }
    }
  }

  /// Trades through the guard; where another thread was there with a later time, it is refused.
  func trade(
    _ shared: some ThreadedPool, _ books: inout Books, _ random: inout SplitMix64
  ) throws {
    for _ in 0..<2 * rounds {
      letOthersRun(&random)
      let pool = shared.snapshot
      let order = try Self.order(pool, &random)
      let quote: LotQuote
      do {
        quote = try shared.swap(order, at: pool.time)
      } catch PoolError.timeGoesBack {
        books.count("swaps refused")
        continue
      }
      books.count("swaps")
      books.paid =
        books.paid
        + (order.side == .buy
          ? LotPair(a: quote.amountIn, b: -quote.amountOut)
          : LotPair(a: -quote.amountOut, b: quote.amountIn))
    }
  }

  /// Reforms by the policy and against it, and sets other terms; lets time pass.
  func reform(
    _ shared: some ThreadedPool, _ books: inout Books, _ random: inout SplitMix64
  ) throws {
    for _ in 0..<rounds {
      letOthersRun(&random)
      let step = random.uniform(0.999...1.001)
      let s = [0.008, 0.01, 0.0103, 0.013].randomElement(using: &random)!
      let terms = try Self.terms(baseBps: random.oneIn(2) ? 5 : 8)
      let choice = Int.random(in: 0..<8, using: &random)
      let changed = try shared.withPool { (pool: inout Pool) throws(PoolError) -> Bool in
        let now = UTCTime(secondsSince1970: pool.time.secondsSince1970 + 1)
        let reading: OracleReading
        do throws(DAMMError) {
          let price = min(max(pool.reading.price * step, 2000), 4000)
          reading = try OracleReading(price: price, relativeSigma: s)
        } catch { throw .parameter(error) }
        switch choice {
        case 0: return try pool.reparameterise(terms, at: now)
        case 1, 2: return try pool.reform(reading, at: now)
        default: return try pool.update(reading, at: now) != nil
        }
      }
      if changed { books.count("reforms") }
    }
  }

  /// Adds and removes liquidity in every way, with locks.
  func provide(
    _ shared: some ThreadedPool, _ books: inout Books, _ random: inout SplitMix64
  ) throws {
    var positions: [PositionID: Int] = [:]
    for _ in 0..<rounds {
      letOthersRun(&random)
      let id = positions.keys.sorted().randomElement(using: &random)
      let (choice, size) = (
        Int.random(in: 0..<6, using: &random), Int(random.logUniform(10...3e9))
      )
      let term = random.oneIn(3) ? Int64.random(in: 1...40, using: &random) : nil
      let token: Token = random.oneIn(2) ? .a : .b
      let act = try shared.withPool { (pool: inout Pool) throws(PoolError) -> Act in
        let now = pool.time
        let lock: Lock?
        if let term {
          let end = UTCTime(secondsSince1970: now.secondsSince1970 + term)
          lock = try Lock(start: now, end: end, schedule: term % 2 == 0 ? .linear : .quadratic)
        } else {
          lock = nil
        }
        guard let id, choice >= 2 else {
          if choice == 0 {
            let lots = token == .a ? size : size / 3000 + 1000
            do throws(PoolError) {
              let done = try pool.addSingleSided(token, lots: lots, lock: lock, at: now)
              let given = token == .a ? LotPair(a: lots, b: 0) : LotPair(a: 0, b: lots)
              return Act(
                "single-sided adds", done.added.position, done.added.shares, given - done.left)
            } catch {
              guard case .tooFewShares = error else { throw error }
              return Act("adds refused")
            }
          }
          let done = try pool.add(shares: size, lock: lock, at: now)
          return Act("fair adds", done.position, done.shares, done.paidIn)
        }
        let held = try pool.book.position(id)
        if let lock = held.lock, !lock.isOver(at: now) {
          let done = try pool.leaveEarly(id, at: now)
          let out = done.refund + LotPair(a: done.fees, b: 0)
          return Act("early exits", id, -done.shares, .zero - out)
        }
        if choice == 2 {
          let fees = try pool.claimFees(of: id, at: now)
          return Act("claims", id, 0, LotPair(a: -fees, b: 0))
        }
        let burned = choice == 3 ? held.shares : (held.shares + 1) / 2
        let done = try pool.remove(shares: burned, from: id, at: now)
        let out = done.paidOut + LotPair(a: done.fees, b: 0)
        return Act("removes", id, -burned, .zero - out)
      }
      books.count(act.name)
      books.paid = books.paid + act.paid
      books.shares += act.shares
      if let id = act.id {
        positions[id, default: 0] += act.shares
        if positions[id] == 0 { positions[id] = nil }
      }
    }
    let pool = shared.snapshot
    for (id, shares) in positions {
      let held = try pool.book.position(id).shares
      books.demand(held == shares, "position \(id) has \(held) shares, but \(shares) are its own")
    }
  }

  /// What a provider did.
  private struct Act: Sendable {
    let name: String
    var id: PositionID?
    var shares = 0
    var paid = LotPair.zero

    init(_ name: String) { self.name = name }
    init(_ name: String, _ id: PositionID, _ shares: Int, _ paid: LotPair) {
      (self.name, self.id, self.shares, self.paid) = (name, id, shares, paid)
    }
  }

  /// Asks a cache for more tables than it keeps.
  func askForTables(
    _ cache: TableCache, _ books: inout Books, _ random: inout SplitMix64
  ) throws {
    for _ in 0..<2 * rounds {
      letOthersRun(&random)
      try askForTable(cache, &books, &random)
    }
  }

  private func askForTable(
    _ cache: TableCache, _ books: inout Books, _ random: inout SplitMix64
  ) throws {
    let number = Int.random(in: 1...6, using: &random)
    let s = Double(number) * 0.001
    let base = random.oneIn(2) ? 0.0 : 5
    let fees = try FeeSchedule(baseBps: base)
    let table = try cache.table(CurveShape(relativeSigma: s), fees: fees)
    books.count("tables")
    // 60 ticks a side for each 0.001 of s at 6 deviations and 1 bp
    let isRight =
      table.relativeSigma == s && table.count == 120 * number && table.fees == fees
    books.demand(isRight, "s = \(s) and \(base) bp gave a table of \(table.count) ticks")
    let kept = cache.kept
    books.demand(
      kept.ticks <= max(cache.capacity, 720), "\(kept.ticks) ticks are kept of \(cache.capacity)")
  }
}
