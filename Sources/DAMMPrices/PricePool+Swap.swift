import DAMMModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

extension PricePool {
  /// What an order would do now: `swap` on a copy, the same numbers.
  ///
  /// - Throws: as `swap`.
  @_specialize(where Prices == ConstantProduct)
  @_specialize(where Prices == FeeHeldApart<ConstantProduct>)
  public func quote(_ order: Order, at now: UTCTime) throws(DAMMError) -> PriceQuote {
    var copy = self
    return try copy.swap(order, at: now)
  }

  /// Carries an order out: exact in, exact out, or to a price, in both directions.
  ///
  /// A limit or a target is a price that `ask` does not pass in a purchase, nor `bid` in a sale; the
  /// trade ends where they reach it, so they are taken to rise with the ratio. A trade ends at the latest
  /// where `prices.ratios` does, or a reserve could leave `Domain.reserve`: of all of a reserve a little stays.
  ///
  /// Error of the amounts: `Tolerance.priceAmount`. The reserves behind the trade lie on its invariant curve,
  /// `ln NB + C(r)`, to the same over `1 + |ln(r1/r0)|` alone, however little is left of one: the reserve that
  /// falls follows from the curve, and what is paid from it is the difference.
  ///
  /// - Parameters:
  ///   - order: what the trader asks; it has checked its own numbers.
  ///   - now: the time that the price functions are told.
  /// - Throws: `DAMMError.invalidPrice` for a price that is none, `.notIntegrable` where an integral is not known
  ///   to `Tolerance.priceIntegral`, `.outOfRange` for fees that are no number any more; nothing is changed then.
  /// - Complexity: a few integrals, or in closed form a few evaluations for each break that is crossed.
  @discardableResult
  @_specialize(where Prices == ConstantProduct)
  @_specialize(where Prices == FeeHeldApart<ConstantProduct>)
  public mutating func swap(_ order: Order, at now: UTCTime) throws(DAMMError) -> PriceQuote {
    let stretches = Stretches(prices: prices, side: order.side, time: now)
    let target: PriceWalk<Prices>.Target
    var fixed: Double?
    var stop = order.limit
    var isTarget = false
    switch order.size {
    case .amount(let b): (target, fixed) = (.b(b, of: reserves.b), b)
    case .notional(let a): (target, fixed) = (.a(a, of: reserves.a), a)
    case .toPrice(let price):
      target = .end
      let limit = order.limit ?? price
      let nearer = order.side == .buy ? min(price, limit) : max(price, limit)
      (stop, isTarget) = (nearer, nearer == price)
    }
    var (end, isLimited) = (room(order.side), false)
    if let stop, let there = try stretches.distance(toPrice: stop, from: ratio, within: end) {
      (end, isLimited) = (there, true)
    }
    let done = try trade(stretches, to: target, end: end)
    let moved = fixed.map { order.fixesA ? done.fill(a: $0) : done.fill(b: $0) } ?? done
    let left = fixed.map { $0 - (order.fixesA ? moved.a : moved.b) }
    let complete = left.map { $0 == 0 } ?? (isLimited && isTarget)
    let next = try moved.settled(self)
    let quote = PriceQuote(
      side: order.side, a: moved.a, b: moved.b, fee: moved.fee,
      priceAfter: try Marginal(prices, order.side, next.ratio, now).price, ratioAfter: next.ratio,
      stop: complete ? .complete : isLimited ? .priceLimit : .exhausted, left: left,
      integrationError: moved.error)
    self = next
    return quote
  }

  /// How far `ln r` may move until the functions end or a reserve might leave its domain.
  func room(_ side: Side) -> Double {
    // a reserve that just stays inside must not leave it by a rounding
    let (least, most) = (
      Domain.reserve.lowerBound * (1 + 0x1p-40), Domain.reserve.upperBound * (1 - 0x1p-40)
    )
    let end =
      side == .buy
      ? min(prices.ratios.upperBound, reserves.a / least, most / reserves.b)
      : max(prices.ratios.lowerBound, reserves.a / most, least / reserves.b)
    guard side == .buy ? end > ratio : end < ratio else { return 0 }
    return abs(log(end / ratio))
  }

  func trade(
    _ stretches: Stretches<Prices>, to target: PriceWalk<Prices>.Target, end: Double
  ) throws(DAMMError) -> PriceTrade<Prices> {
    var walk = PriceWalk(stretches, from: ratio, to: target, end: end)
    try walk.run()
    return PriceTrade(walk.reached, stretches.side, reserves)
  }
}

extension Order {
  /// The caller fixes an amount of A.
  fileprivate var fixesA: Bool {
    if case .notional = size { return true }
    return false
  }
}

/// A walk in token units.
struct PriceTrade<Prices: PriceFunctions> {
  let reached: PriceWalk<Prices>.Reached
  let side: Side
  /// A that the trader pays or gets, B that it gets or pays.
  private(set) var a: Double
  private(set) var b: Double
  /// A that the reserves get or give.
  private(set) var movedA: Double

  init(_ reached: PriceWalk<Prices>.Reached, _ side: Side, _ reserves: Reserves) {
    self.reached = reached
    self.side = side
    /// What a reserve pays: of more than half of it, what is not left.
    func out(_ traded: Double, _ reserve: Double, _ moved: Double) -> Double {
      traded <= 0.5 ? traded * reserve : reserve - reserve * exp(-moved)
    }
    if side == .buy {
      a = reached.tradedA * reserves.a
      b = out(reached.tradedB, reserves.b, reached.logB)
      movedA = reached.hasToll ? reached.movedA * reserves.a : a
    } else {
      movedA = out(reached.movedA, reserves.a, reached.logA)
      a = reached.hasToll ? min(reached.tradedA * reserves.a, movedA) : movedA
      b = reached.tradedB * reserves.b
    }
  }

  /// A that is held apart.
  var fee: Double { abs(a - movedA) }

  /// What GSL's estimates come to, relative to the amounts.
  var error: Double { reached.error * (1 + max(reached.logA, reached.logB)) }

  /// The same trade with the amount that was fixed, to the bit if it was reached, and never more.
  func fill(a fixed: Double) -> PriceTrade {
    var trade = self
    trade.a = reached.isFilled ? fixed : min(a, fixed)
    if !reached.hasToll { trade.movedA = trade.a }
    return trade
  }

  /// The same for B.
  func fill(b fixed: Double) -> PriceTrade {
    var trade = self
    trade.b = reached.isFilled ? fixed : min(b, fixed)
    return trade
  }

  /// The pool behind the trade.
  ///
  /// - Throws: `DAMMError.outOfRange`.
  func settled(_ pool: PricePool<Prices>) throws(DAMMError) -> PricePool<Prices> {
    var pool = pool
    /// What is left of a reserve; what is left of nearly all of it, by its logarithm.
    func less(_ reserve: Double, _ amount: Double, _ moved: Double) -> Double {
      amount <= reserve / 2 ? reserve - amount : reserve * exp(-moved)
    }
    let (a, b) = (pool.reserves.a, pool.reserves.b)
    pool.reserves =
      side == .buy
      ? try Reserves(a: a + movedA, b: less(b, self.b, reached.logB))
      : try Reserves(a: less(a, movedA, reached.logA), b: b + self.b)
    pool.fees += fee
    try Domain.check(pool.fees, "fees held apart", in: 0...Domain.reserve.upperBound)
    return pool
  }
}

extension Stretches {
  /// How far `ln r` moves until a price is reached: the least move that does it, where prices do not fall with
  /// the ratio; `nil` where it is not reached within `end`.
  func distance(
    toPrice price: Double, from ratio: Double, within end: Double
  ) throws(DAMMError) -> Double? {
    func reaches(_ v: Double) throws(DAMMError) -> Bool {
      let there = try marginal(self.ratio(ratio, movedBy: v)).price
      return side == .buy ? there >= price : there <= price
    }
    if try reaches(0) { return 0 }
    var (low, high) = (0.0, min(0x1p-10, end))
    // rounding alone keeps the closed form from being exact: looked for beside it, then anywhere
    if let near = closedDistance(toPrice: price, from: ratio), near < end,
      try !reaches(max(0, near - 0x1p-50)), try reaches(min(near + 0x1p-50, end))
    {
      (low, high) = (max(0, near - 0x1p-50), min(near + 0x1p-50, end))
    } else {
      while try !reaches(high) {
        guard high < end else { return nil }
        (low, high) = (high, min(4 * high, end))
      }
    }
    while true {
      let middle = low + (high - low) / 2
      guard low < middle, middle < high, high > 0x1p-60 else { return high }
      if try reaches(middle) { high = middle } else { low = middle }
    }
  }

  /// How far away a price is if the closed form where the trade begins holds until there; `nil` where that does
  /// not tell.
  private func closedDistance(toPrice price: Double, from ratio: Double) -> Double? {
    guard
      case .affine(let constant, let slope, let toll)? = prices.closedForm(
        side, at: ratio, time: time), slope > 0
    else { return nil }
    let there = (price / toll - constant) / slope
    return there > 0 && there.isFinite ? distance(from: ratio, to: there) : nil
  }
}
