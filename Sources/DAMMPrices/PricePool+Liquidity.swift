import DAMMModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// Shares that were made or burnt, and what was paid in or out for them, in token units.
public struct ShareChange: Sendable, Hashable {
  /// Shares made by an add, burnt by a remove.
  public let shares: Double
  /// A of the reserves.
  public let a: Double
  /// B of the reserves.
  public let b: Double
  /// A of the fees that are held apart.
  public let fees: Double
}

/// What an add of one token alone did.
public struct SingleSidedChange: Sendable, Hashable {
  /// The swap that came first.
  public let swap: PriceQuote
  /// The fair add that followed it.
  public let added: ShareChange
  /// What is left of the token given, of `swap` and `added` rounded: dust.
  public let left: Double
}

extension PricePool {
  /// Adds liquidity in the proportion of what the pool holds: `dS/S` of both reserves, and of fees that are
  /// held apart. The ratio does not move, and so neither do prices.
  ///
  /// - Parameter newShares: `dS`, in `Domain.realShares`.
  /// - Returns: what is paid in. Error: two roundings.
  /// - Throws: `DAMMError.outOfRange`, also for reserves or shares that would leave their domain; nothing is
  ///   changed then.
  @discardableResult
  public mutating func add(shares newShares: Double) throws(DAMMError) -> ShareChange {
    try Domain.check(newShares, "shares to make", in: Domain.realShares)
    return try change(newShares)
  }

  /// Removes liquidity: the inverse of an add.
  ///
  /// - Parameter oldShares: less than all; who holds all of them holds the pool.
  /// - Returns: what is paid out. Error: three roundings, also of what is left of nearly all.
  /// - Throws: `DAMMError.outOfRange`; nothing is changed then.
  @discardableResult
  public mutating func remove(shares oldShares: Double) throws(DAMMError) -> ShareChange {
    try Domain.check(oldShares, "shares to burn", in: Domain.realShares)
    try Domain.check(oldShares, "shares to burn", in: 0...shares.nextDown)
    return try change(-oldShares)
  }

  private mutating func change(_ newShares: Double) throws(DAMMError) -> ShareChange {
    let part = newShares / shares
    let (all, rest) = sum(newShares)
    try Domain.check(all, "shares", in: Domain.realShares)
    let left = all / shares
    /// What is there then, and by how much it has changed: of nearly all that is paid out, what stays counts.
    func change(_ held: Double) -> (after: Double, by: Double) {
      guard part < -0.5 else { return (held + part * held, part * held) }
      return (held * left, held * left - held)
    }
    let (a, b, fees) = (change(reserves.a), change(reserves.b), change(self.fees))
    try Domain.check(fees.after, "fees held apart", in: 0...Domain.reserve.upperBound)
    reserves = try Reserves(a: a.after, b: b.after)
    (shares, sharesRest, self.fees) = (all, rest, fees.after)
    return ShareChange(shares: abs(newShares), a: abs(a.by), b: abs(b.by), fees: abs(fees.by))
  }

  /// The same pool so many times as large.
  ///
  /// - Throws: `DAMMError.outOfRange`.
  func scaled(by factor: Double) throws(DAMMError) -> PricePool {
    var pool = self
    pool.reserves = try Reserves(a: factor * reserves.a, b: factor * reserves.b)
    (pool.shares, pool.sharesRest) = (factor * shares, factor * sharesRest)
    pool.fees = factor * fees
    try Domain.check(pool.shares, "shares", in: Domain.realShares)
    try Domain.check(pool.fees, "fees held apart", in: 0...Domain.reserve.upperBound)
    return pool
  }

  /// All shares and some more, to twice the digits.
  private func sum(_ more: Double) -> (all: Double, rest: Double) {
    func exact(_ x: Double, _ y: Double) -> (all: Double, rest: Double) {
      let sum = x + y
      let part = sum - x
      return (sum, (x - (sum - part)) + (y - part))
    }
    let (all, rest) = exact(shares, more)
    return exact(all, rest + sharesRest)
  }

  /// Adds one token alone: a swap of a part of it, then a fair add of all that is in hand.
  ///
  /// A fair add leaves the ratio alone, and in the end the pool holds what it held and what was given. So the
  /// swap goes to where `NA/NB` has that value: for `x` of A to `ln r + ln(1 + x/NA)`, for `x` of B to
  /// `ln r - ln(1 + x/NB)`, whatever the price functions are, and the shares grow as the other reserve falls in the
  /// swap. Where fees are held apart the place is found by halving. Doing it by hand gives the same.
  ///
  /// - Parameters:
  ///   - token: which one is given: A, of which a part buys B, or B.
  ///   - amount: of it, in `Domain.amount`.
  ///   - now: the time that the price functions are told.
  /// - Throws: as `swap`; `DAMMError.outOfRange` for more than leads to the end of the functions. Nothing is
  ///   changed then.
  @discardableResult
  public mutating func addSingleSided(
    _ token: Token, _ amount: Double, at now: UTCTime
  ) throws(DAMMError) -> SingleSidedChange {
    let side = token == .a ? Side.buy : .sell
    try Domain.check(amount, "amount to add", in: Domain.amount)
    let stretches = Stretches(prices: prices, side: side, time: now)
    let part = amount / (side == .buy ? reserves.a : reserves.b)
    let room = room(side)
    func tooMuch() -> DAMMError {
      .outOfRange(name: "amount to add over its reserve", value: part, allowed: 0...expm1(room))
    }
    let move = log1p(part)
    guard move <= room else { throw tooMuch() }
    var best = try plan(stretches, move)
    if best.trade.reached.hasToll || fees > 0 {
      // what is held apart belongs to the shares as well: the swap ends elsewhere
      var (low, high, beyond) = (0.0, move, best)
      while beyond.needed(side) <= amount {
        guard high < room else { throw tooMuch() }
        (low, best) = (high, beyond)
        high = min(2 * high, room)
        beyond = try plan(stretches, high)
      }
      while true {
        let middle = low + (high - low) / 2
        guard low < middle, middle < high else { break }
        let trial = try plan(stretches, middle)
        if trial.needed(side) <= amount { (low, best) = (middle, trial) } else { high = middle }
      }
    }
    let trade = best.trade
    var pool = try trade.settled(self)
    let quote = PriceQuote(
      side: side, a: trade.a, b: trade.b, fee: trade.fee,
      priceAfter: try Marginal(prices, side, pool.ratio, now).price, ratioAfter: pool.ratio,
      stop: .complete, left: nil, integrationError: trade.error)
    let added = try pool.add(shares: best.growth * shares)
    self = pool
    let used = side == .buy ? quote.a + (added.a + added.fees) : quote.b + added.b
    return SingleSidedChange(swap: quote, added: added, left: amount - used)
  }

  private func plan(
    _ stretches: Stretches<Prices>, _ move: Double
  ) throws(DAMMError) -> Plan {
    try Plan(try trade(stretches, to: .end, end: move), self)
  }

  /// A swap, and the fair add that what it brought pays for.
  private struct Plan {
    let trade: PriceTrade<Prices>
    /// `dS/S` of the fair add.
    let growth: Double
    private let pool: PricePool
    private let fees: Double

    init(_ trade: PriceTrade<Prices>, _ pool: PricePool) throws(DAMMError) {
      self.trade = trade
      self.pool = try trade.settled(pool)
      fees = self.pool.fees
      let reached = trade.reached
      growth =
        trade.side == .buy
        ? expm1(reached.logB)
        : reached.hasToll || fees > 0
          ? trade.a / (self.pool.reserves.a + fees) : expm1(reached.logA)
    }

    /// How much of the token given both need.
    func needed(_ side: Side) -> Double {
      side == .buy
        ? trade.a + growth * (pool.reserves.a + fees) : trade.b + growth * pool.reserves.b
    }
  }
}
