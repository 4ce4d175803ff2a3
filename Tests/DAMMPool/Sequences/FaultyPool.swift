import DAMMModel
import DAMMPool
import Foundation

/// A pool that commits one fault, and is sound otherwise: what it gives or takes too much is missing from
/// the reserves or fees that it shows.
struct FaultyPool: LedgerUnderTest {
  let fault: PoolFault
  private var box: Box
  private var drift = LotPair.zero
  private var offeredDrift = LotPair.zero
  private var collectedDrift = 0
  private var paidDrift = 0
  private var priceFactor = 1.0
  private var lastB = 0

  private final class Box: Equatable {
    var pool: SoundPool
    init(_ pool: SoundPool) { self.pool = pool }
    static func == (left: Box, right: Box) -> Bool { left.pool == right.pool }
  }

  init(_ pool: Pool, _ fault: PoolFault) {
    self.fault = fault
    box = Box(SoundPool(pool: pool))
  }

  /// The sound pool; a copy's own, unless that is the fault.
  private var sound: SoundPool {
    get { box.pool }
    set { if fault == .copyIsShared { box.pool = newValue } else { box = Box(newValue) } }
  }

  var pool: Pool { sound.pool }
  var reserves: LotPair { sound.reserves + drift }
  var price: Double? { sound.price.map { $0 * priceFactor } }
  var collected: Int { sound.collected + collectedDrift }
  var paid: Int { sound.paid + paidDrift }
  var offered: LotPair {
    sound.offered + offeredDrift + (fault == .offersMore ? LotPair(a: 0, b: 1) : .zero)
  }

  // MARK: Trades

  func quote(_ order: LotOrder, at now: UTCTime) throws(PoolError) -> LotQuote {
    var copy = self
    if fault == .copyIsShared { copy.box = Box(sound) }
    if fault == .quoteIsOfAnotherSize, case .amount(let lots) = order.size, lots > 1 {
      return try copy.swap(LotOrder(order.side, .amount(lots - 1), limit: order.limit), at: now)
    }
    return try copy.swap(order, at: now)
  }

  mutating func swap(_ order: LotOrder, at now: UTCTime) throws(PoolError) -> LotQuote {
    var order = order
    if fault == .endIsNotReached, case .toPrice = order.size, order.side == .buy, offered.b > 1 {
      order = try LotOrder(.buy, .amount(offered.b - 1), limit: order.limit)
    }
    let quote = try refusing { (ledger) throws(PoolError) in
      try ledger.sound.swap(order, at: now)
    }
    defer { if fault == .smallerCostsMore { lastB = quote.b } }
    guard case .amount = order.size, quote.b > 0 else {
      return fault == .leftIsForgotten ? quote.with(left: 0) : quote
    }
    let selling = order.side == .sell
    let without = quote.a - quote.fee
    switch fault {
    case .saleRoundsUp where selling:
      drift.a -= 1
      return quote.with(a: quote.a + 1)
    case .buyRoundsDown where !selling && without > 0:
      drift.a -= 1
      return quote.with(a: quote.a - 1)
    case .saleAtUpperEdge where selling:
      let more = Int(Double(quote.a) * pool.terms.tickWidthBps / 10_000)
      drift.a -= more
      return quote.with(a: quote.a + more)
    case .feeGoesMissing where quote.fee > 0: collectedDrift -= 1
    case .feeOfDustIsFree where quote.b <= 4: return charge(quote, -quote.fee)
    case .feeOfLargeOrders where quote.b > 1000 && !selling: return charge(quote, quote.a / 8)
    case .smallerCostsMore where quote.b < lastB && !selling: return charge(quote, 7)
    default: break
    }
    return quote
  }

  /// The same quote with a fee of so many lots more.
  private mutating func charge(_ quote: LotQuote, _ lots: Int) -> LotQuote {
    collectedDrift += lots
    return quote.with(
      a: quote.side == .buy ? quote.a + lots : quote.a - lots, fee: quote.fee + lots)
  }

  private mutating func refusing<Answer>(
    _ action: (inout FaultyPool) throws(PoolError) -> Answer
  ) throws(PoolError) -> Answer {
    do throws(PoolError) { return try action(&self) } catch {
      if fault == .refusalTakesALot { drift.b -= 1 }
      throw error
    }
  }

  // MARK: Liquidity

  mutating func found(_ deposit: LotPair, at now: UTCTime) throws(PoolError) -> LiquidityPaid {
    try sound.found(deposit, at: now)
  }

  mutating func add(
    shares: Int, to id: PositionID?, lock: Lock?, at now: UTCTime
  ) throws(PoolError) -> LiquidityPaid {
    let (reserve, all) = (sound.reserves.a, sound.shares)
    var added = try refusing { (ledger) throws(PoolError) in
      try ledger.sound.add(shares: shares, to: id, lock: lock, at: now)
    }
    let before = added.paidIn
    switch fault {
    case .sharesForRoot:
      added.paidIn = LotPair(a: 2 * before.a, b: (before.b + 1) / 2)
    case .sharesForFree where shares < 4: added.paidIn = .zero
    case .addPaysFloor
    where (Int128(shares) * Int128(reserve)) % Int128(all) != 0: added.paidIn.a -= 1
    case .nameIsUsedAgain where id == nil: added.position = PositionID(1)
    default: break
    }
    drift = drift + added.paidIn - before
    return added
  }

  mutating func add(
    upTo maxima: LotPair, to id: PositionID?, at now: UTCTime
  ) throws(PoolError) -> LiquidityPaid {
    var added = try refusing { (ledger) throws(PoolError) in
      try ledger.sound.add(upTo: maxima, to: id, at: now)
    }
    if fault == .addTakesAll {
      drift = drift + maxima - added.paidIn
      added.paidIn = maxima
    }
    return added
  }

  mutating func addSingleSided(
    _ token: Token, lots: Int, to id: PositionID?, at now: UTCTime
  ) throws(PoolError) -> OneSidedPaid {
    let used = fault == .oneSidedKeepsHalf && lots > 1 ? lots / 2 : lots
    var done = try refusing { (ledger) throws(PoolError) in
      try ledger.sound.addSingleSided(token, lots: used, to: id, at: now)
    }
    let kept = lots - used
    done.left = done.left + (token == .a ? LotPair(a: kept, b: 0) : LotPair(a: 0, b: kept))
    return done
  }

  mutating func remove(
    shares: Int, from id: PositionID, at now: UTCTime
  ) throws(PoolError) -> LiquidityTaken {
    let before = sound.offered
    var taken: LiquidityTaken
    do throws(PoolError) {
      taken = try refusing { (ledger) throws(PoolError) in
        try ledger.sound.remove(shares: shares, from: id, at: now)
      }
    } catch {
      guard fault == .lockedIsRemoved, case .locked = error else { throw error }
      let left = try sound.leaveEarly(id, at: now)
      drift = drift - left.penalty
      return LiquidityTaken(paidOut: left.refund + left.penalty, fees: left.fees)
    }
    if fault == .removePaysMore {
      taken.paidOut.a += 2
      drift.a -= 2
    }
    if fault == .removeForgetsDepth { offeredDrift = offeredDrift + before - sound.offered }
    return taken
  }

  mutating func leaveEarly(_ id: PositionID, at now: UTCTime) throws(PoolError) -> EarlyTaken {
    let before = sound.offered
    var left = try refusing { (ledger) throws(PoolError) in
      try ledger.sound.leaveEarly(id, at: now)
    }
    if fault == .exitForgetsDepth { offeredDrift = offeredDrift + before - sound.offered }
    if fault == .exitPaysPenalty {
      left.refund = left.refund + left.penalty
      drift = drift - left.penalty
    }
    if fault == .exitVestsMore, left.penalty.a > 0 {
      left.refund.a += 1
      left.penalty.a -= 1
      drift.a -= 1
    }
    return left
  }

  mutating func claimFees(of id: PositionID, at now: UTCTime) throws(PoolError) -> Int {
    let lots = try refusing { (ledger) throws(PoolError) in
      try ledger.sound.claimFees(of: id, at: now)
    }
    if fault == .feeIsCountedTwice { paidDrift += lots }
    guard fault == .claimPaysTwice else { return lots }
    paidDrift += lots
    return 2 * lots
  }

  // MARK: Reforms and storage

  mutating func reform(_ reading: OracleReading, at now: UTCTime) throws(PoolError) -> Bool {
    if fault == .sameReadingForms, reading == pool.reading,
      let other = try? OracleReading(
        price: reading.price.nextUp, relativeSigma: reading.relativeSigma)
    {
      _ = try sound.reform(other, at: now)
      return false
    }
    let formed = try sound.reform(reading, at: now)
    if formed, fault == .reformMoves { priceFactor = 1 + 1e-9 }
    if formed, fault == .reformTakesALot { drift.a -= 1 }
    return formed
  }

  mutating func update(_ reading: OracleReading, at now: UTCTime) throws(PoolError) -> Bool {
    let formed = try sound.update(reading, at: now)
    if !formed, fault == .updateTakesALot { drift.a -= 1 }
    return formed
  }

  func owed(to id: PositionID) -> Int {
    let lock = (try? pool.book.position(id))?.lock
    return fault == .lockedEarnNothing && lock != nil ? 0 : sound.owed(to: id)
  }

  mutating func reparameterise(_ terms: PoolTerms, at now: UTCTime) throws(PoolError) -> Bool {
    try sound.reparameterise(terms, at: now)
  }

  func stored() throws -> FaultyPool {
    var back = self
    guard fault == .jsonDropsABit else {
      back.sound = try sound.stored()
      return back
    }
    // the low part of a sum of two `Double`s
    let text = String(decoding: try JSONEncoder().encode(pool), as: UTF8.self)
    let dropped = text.replacing(/"anchorLow":[^,}]*/, with: "\"anchorLow\":0")
    back.sound = SoundPool(pool: try JSONDecoder().decode(Pool.self, from: Data(dropped.utf8)))
    return back
  }
}

extension LotQuote {
  /// The same answer but for an amount of A, a fee or what is left.
  fileprivate func with(a: Int? = nil, fee: Int? = nil, left: Int? = nil) -> LotQuote {
    LotQuote(
      side: side, amountIn: side == .buy ? a ?? amountIn : amountIn,
      amountOut: side == .buy ? amountOut : a ?? amountOut, fee: fee ?? self.fee, priceOfLots: 1,
      priceAfter: priceAfter, positionAfter: positionAfter, ticksCrossed: ticksCrossed, stop: stop,
      left: left ?? self.left)
  }
}
