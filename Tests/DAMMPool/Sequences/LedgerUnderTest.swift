import DAMMModel
import DAMMPool
import Foundation

/// What the sequences act on: a pool, or a pool that commits a fault.
protocol LedgerUnderTest: Equatable {
  /// The pool itself, for what no fault touches.
  var pool: Pool { get }
  var reserves: LotPair { get }
  var offered: LotPair { get }
  var price: Double? { get }
  /// Fees in lots of A: all that were taken, and what was paid out of them.
  var collected: Int { get }
  var paid: Int { get }

  func quote(_ order: LotOrder, at now: UTCTime) throws(PoolError) -> LotQuote
  mutating func swap(_ order: LotOrder, at now: UTCTime) throws(PoolError) -> LotQuote
  mutating func found(_ deposit: LotPair, at now: UTCTime) throws(PoolError) -> LiquidityPaid
  mutating func add(shares: Int, to id: PositionID?, lock: Lock?, at now: UTCTime)
    throws(PoolError) -> LiquidityPaid
  mutating func add(upTo maxima: LotPair, to id: PositionID?, at now: UTCTime)
    throws(PoolError) -> LiquidityPaid
  mutating func addSingleSided(_ token: Token, lots: Int, to id: PositionID?, at now: UTCTime)
    throws(PoolError) -> OneSidedPaid
  mutating func remove(shares: Int, from id: PositionID, at now: UTCTime)
    throws(PoolError) -> LiquidityTaken
  mutating func leaveEarly(_ id: PositionID, at now: UTCTime) throws(PoolError) -> EarlyTaken
  mutating func claimFees(of id: PositionID, at now: UTCTime) throws(PoolError) -> Int
  mutating func reform(_ reading: OracleReading, at now: UTCTime) throws(PoolError) -> Bool
  /// By the policy; whether it formed.
  mutating func update(_ reading: OracleReading, at now: UTCTime) throws(PoolError) -> Bool
  mutating func reparameterise(_ terms: PoolTerms, at now: UTCTime) throws(PoolError) -> Bool
  /// Fees that a position could claim.
  func owed(to id: PositionID) -> Int
  /// Written as JSON and read again.
  func stored() throws -> Self
}

/// The answers of a pool to those who provide liquidity, as values that a fault can make.
struct LiquidityPaid: Equatable {
  var position: PositionID
  var shares: Int
  var paidIn: LotPair
}

struct OneSidedPaid: Equatable {
  var swap: LotQuote?
  var added: LiquidityPaid
  var left: LotPair
}

struct LiquidityTaken: Equatable {
  var paidOut: LotPair
  var fees: Int
}

struct EarlyTaken: Equatable {
  var shares: Int
  var refund: LotPair
  var penalty: LotPair
  var fees: Int
}

extension LiquidityPaid {
  init(_ added: LiquidityAdded) {
    self.init(position: added.position, shares: added.shares, paidIn: added.paidIn)
  }
}

/// A pool, and nothing else.
struct SoundPool: LedgerUnderTest {
  var pool: Pool

  var reserves: LotPair { pool.reserves }
  var offered: LotPair { pool.offered }
  var price: Double? { pool.price }
  var collected: Int { pool.book.collected }
  var paid: Int { pool.book.paid }

  func quote(_ order: LotOrder, at now: UTCTime) throws(PoolError) -> LotQuote {
    try pool.quote(order, at: now)
  }

  mutating func swap(_ order: LotOrder, at now: UTCTime) throws(PoolError) -> LotQuote {
    try pool.swap(order, at: now)
  }

  mutating func found(_ deposit: LotPair, at now: UTCTime) throws(PoolError) -> LiquidityPaid {
    LiquidityPaid(try pool.found(deposit, at: now))
  }

  mutating func add(
    shares: Int, to id: PositionID?, lock: Lock?, at now: UTCTime
  ) throws(PoolError) -> LiquidityPaid {
    LiquidityPaid(try pool.add(shares: shares, to: id, lock: lock, at: now))
  }

  mutating func add(
    upTo maxima: LotPair, to id: PositionID?, at now: UTCTime
  ) throws(PoolError) -> LiquidityPaid {
    LiquidityPaid(try pool.add(upTo: maxima, to: id, at: now))
  }

  mutating func addSingleSided(
    _ token: Token, lots: Int, to id: PositionID?, at now: UTCTime
  ) throws(PoolError) -> OneSidedPaid {
    let done = try pool.addSingleSided(token, lots: lots, to: id, at: now)
    return OneSidedPaid(swap: done.swap, added: LiquidityPaid(done.added), left: done.left)
  }

  mutating func remove(
    shares: Int, from id: PositionID, at now: UTCTime
  ) throws(PoolError) -> LiquidityTaken {
    let done = try pool.remove(shares: shares, from: id, at: now)
    return LiquidityTaken(paidOut: done.paidOut, fees: done.fees)
  }

  mutating func leaveEarly(_ id: PositionID, at now: UTCTime) throws(PoolError) -> EarlyTaken {
    let left = try pool.leaveEarly(id, at: now)
    return EarlyTaken(
      shares: left.shares, refund: left.refund, penalty: left.penalty, fees: left.fees)
  }

  mutating func claimFees(of id: PositionID, at now: UTCTime) throws(PoolError) -> Int {
    try pool.claimFees(of: id, at: now)
  }

  mutating func reform(_ reading: OracleReading, at now: UTCTime) throws(PoolError) -> Bool {
    try pool.reform(reading, at: now)
  }

  mutating func update(_ reading: OracleReading, at now: UTCTime) throws(PoolError) -> Bool {
    try pool.update(reading, at: now) != nil
  }

  func owed(to id: PositionID) -> Int { (try? pool.book.owed(to: id)) ?? 0 }

  mutating func reparameterise(_ terms: PoolTerms, at now: UTCTime) throws(PoolError) -> Bool {
    try pool.reparameterise(terms, at: now)
  }

  func stored() throws -> SoundPool {
    SoundPool(pool: try JSONDecoder().decode(Pool.self, from: JSONEncoder().encode(pool)))
  }
}
