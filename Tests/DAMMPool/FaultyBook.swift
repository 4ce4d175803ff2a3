import DAMMModel
import DAMMPool

/// Mistakes that books of fees are known to make.
enum Fault: CaseIterable {
  /// None: what the others are compared with.
  case none
  /// What the index could not divide is lost.
  case carryLost
  /// Fees are divided when somebody claims, among the shares of that moment.
  case newcomersShareOldFees
  /// More shares in a position earn from its beginning.
  case mintWithoutSettling
  /// Burned shares take their earnings with them.
  case burnWithoutSettling
  /// A fraction of a lot is paid as a lot.
  case claimsRoundUp
  /// What a leaver forfeits counts as collected again.
  case forfeitsCollectedTwice
  /// What a leaver forfeits is nobody's.
  case forfeitsVanish
  /// A leaver is paid the fees that it also leaves.
  case leaverIsPaid
  /// The penalty is divided among all shares, those of the leaver too.
  case leaverSharesOwnPenalty
  /// The last to leave early loses its fees.
  case lastForfeits
  /// Fees of those who stay go with a leaver.
  case stayersPay
  /// A refused burn settles first and burns nothing.
  case refusalsChange
}

/// The same book in its plainest form, with a fault.
struct FaultyBook: FeeLedger {
  struct Stake: Equatable {
    var shares: Int
    var lock: Lock?
    var accrued: UInt128 = 0
    var entry: UInt128
  }

  let fault: Fault
  var shares = 0
  var collected = 0
  var paid = 0
  var pending = 0
  var next = 1
  var index: UInt128 = 0
  var carry: UInt128 = 0
  var stakes: [PositionID: Stake] = [:]

  init(_ fault: Fault) { self.fault = fault }

  var lawHolds: Bool {
    var copy = self
    copy.fold()
    var (owed, rest) = (UInt128(0), copy.carry)
    for var stake in copy.stakes.values {
      copy.settle(&stake)
      owed &+= stake.accrued >> 64
      rest &+= stake.accrued & UInt128(UInt64.max)
    }
    let lots = owed &+ rest >> 64 &+ UInt128(truncatingIfNeeded: paid)
    return rest & UInt128(UInt64.max) == 0 && lots == UInt128(truncatingIfNeeded: collected)
  }

  mutating func fold() {
    guard shares > 0 else { return }
    let units = UInt128(pending) << 64 &+ carry
    index &+= units / UInt128(shares)
    carry = fault == .carryLost ? 0 : units % UInt128(shares)
    pending = 0
  }

  func settle(_ stake: inout Stake) {
    stake.accrued &+= (index &- stake.entry) &* UInt128(stake.shares)
    stake.entry = index
  }

  func free(_ id: PositionID, _ now: UTCTime) throws(PoolError) -> Stake {
    guard let stake = stakes[id] else { throw .noSuchPosition(id) }
    if let lock = stake.lock, now < lock.end { throw .locked(id, until: lock.end) }
    return stake
  }

  mutating func collect(_ fee: Int) throws(PoolError) {
    guard shares > 0 else { throw .empty }
    try Domain.check(fee, "fee", in: 0...Domain.collectedFees.upperBound - collected)
    collected += fee
    pending += fee
  }

  mutating func mint(_ count: Int, lock: Lock?) throws(PoolError) -> PositionID {
    try Domain.check(count, "shares", in: 1...Int.max)
    try Domain.check(count, "shares", in: 0...Domain.shares.upperBound - shares)
    if fault != .newcomersShareOldFees { fold() }
    defer { next += 1 }
    stakes[PositionID(next)] = Stake(shares: count, lock: lock, entry: index)
    shares += count
    return PositionID(next)
  }

  mutating func mint(_ count: Int, into id: PositionID, at now: UTCTime) throws(PoolError) {
    try Domain.check(count, "shares", in: 1...Int.max)
    try Domain.check(count, "shares", in: 0...Domain.shares.upperBound - shares)
    var stake = try free(id, now)
    fold()
    if fault != .mintWithoutSettling { settle(&stake) }
    stake.shares += count
    stakes[id] = stake
    shares += count
  }

  mutating func burn(_ count: Int, from id: PositionID, at now: UTCTime) throws(PoolError) -> Int {
    var stake = try free(id, now)
    if fault == .refusalsChange { fold() }
    try Domain.check(count, "shares", in: 1...stake.shares)
    if count == stake.shares { return remove(id, keepingFees: true) }
    fold()
    if fault != .burnWithoutSettling { settle(&stake) }
    stake.shares -= count
    stakes[id] = stake
    shares -= count
    fold()
    return 0
  }

  mutating func claim(from id: PositionID, at now: UTCTime) throws(PoolError) -> Int {
    var stake = try free(id, now)
    fold()
    settle(&stake)
    defer { stakes[id] = stake }
    return pay(&stake.accrued)
  }

  mutating func leave(_ id: PositionID, at now: UTCTime) throws(PoolError) -> Int {
    guard let stake = stakes[id] else { throw .noSuchPosition(id) }
    guard let lock = stake.lock, now < lock.end else { throw .notLocked(id) }
    let isLast = stake.shares == shares
    return remove(id, keepingFees: isLast && fault != .lastForfeits)
  }

  func owed(to id: PositionID) throws(PoolError) -> Int {
    guard var stake = stakes[id] else { throw .noSuchPosition(id) }
    var copy = self
    copy.fold()
    copy.settle(&stake)
    return Int(truncatingIfNeeded: stake.accrued >> 64)
  }

  private mutating func pay(_ units: inout UInt128) -> Int {
    let roundsUp = fault == .claimsRoundUp && units & UInt128(UInt64.max) != 0
    let lots = Int(truncatingIfNeeded: units >> 64) + (roundsUp ? 1 : 0)
    units = roundsUp ? 0 : units & UInt128(UInt64.max)
    paid += lots
    return lots
  }

  private mutating func remove(_ id: PositionID, keepingFees: Bool) -> Int {
    fold()
    var stake = stakes.removeValue(forKey: id)!
    settle(&stake)
    if stake.shares == shares {
      stake.accrued &+= carry
      carry = 0
    }
    let forfeited = Int(truncatingIfNeeded: stake.accrued >> 64)
    var lots = 0
    if keepingFees {
      lots = pay(&stake.accrued)
    } else {
      switch fault {
      case .forfeitsCollectedTwice: collected += forfeited
      case .forfeitsVanish: stake.accrued &= UInt128(UInt64.max)
      case .leaverIsPaid:
        paid += forfeited
        lots = forfeited
      case .stayersPay:
        index &-= UInt128(forfeited)
      case .leaverSharesOwnPenalty:
        index &+= stake.accrued / UInt128(shares)
        stake.accrued %= UInt128(shares)
      default: break
      }
    }
    shares -= stake.shares
    carry &+= stake.accrued
    fold()
    return lots
  }
}
