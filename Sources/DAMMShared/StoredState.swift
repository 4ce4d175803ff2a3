import DAMMModel

// What is read from a store was written by this module, or by somebody else. Numbers that no action leads to are
// refused before anything is computed with them.

extension PoolSnapshot {
  /// Throws `PoolError.countOutOfRange` or `.parameter` for numbers that no pool tells.
  func check() throws(PoolError) {
    try Domain.checkLots(reserves, "reserves")
    try Domain.checkLots(credit, "credit")
    try Domain.checkLots(otherCredits, "credits of others")
    let left = reserves - credit - otherCredits
    guard left.a >= 0, left.b >= 0 else {
      throw .corruptState("credits of \(credit) and \(otherCredits) beside \(reserves)")
    }
    try Domain.check(shares, "shares", in: Domain.shares)
    try Domain.checkPool(time, "time of a snapshot")
  }
}

extension PoolAccount {
  /// Throws `PoolError.countOutOfRange`, `.parameter` or `.corruptState` for numbers that no pool has.
  func check() throws(PoolError) {
    try Domain.checkLots(plain, "own tokens")
    try Domain.checkLots(allocated, "credits")
    try Domain.checkLots(reserves, "reserves")
    guard unallocated.a >= 0, unallocated.b >= 0 else {
      throw .corruptState("credits of \(allocated) beside own tokens of \(plain)")
    }
    try Domain.check(pendingFees, "fees in lots", in: Domain.collectedFees)
    try Domain.check(shares, "shares", in: 0...Domain.shares.upperBound)
    try Domain.check(openMarkets, "open markets", in: 0...1 << 48)
    try Domain.checkPool(time, "time of the pool")
  }
}

extension MarketAccount {
  /// Throws `PoolError.countOutOfRange` for numbers that no market has.
  func check() throws(PoolError) {
    try Domain.checkLots(credit, "credit")
    try Domain.check(sequence, "number of a settlement", in: 0...Int.max - 2)
  }
}

extension MarketBook {
  /// Throws `SharedPoolError.malformed` or `.pool` for numbers that no book has.
  func check() throws(SharedPoolError) {
    let most = Domain.reserveLots.upperBound
    try asShared { () throws(PoolError) in
      try Domain.check(sequence, "number of a settlement", in: 1...Int.max - 2)
      try Domain.check(flow.a, "flow of A in lots", in: -most...most)
      try Domain.check(flow.b, "flow of B in lots", in: -most...most)
      try Domain.check(fee, "fee in lots", in: 0...most)
      try Domain.check(trades, "trades", in: 0...1 << 60)
      try Domain.check(
        requests.count, "requests of a settlement", in: Domain.settlementRequests)
    }
    for request in requests { try request.check() }
  }
}

extension Domain {
  /// Throws `PoolError.countOutOfRange` unless both are lots that a pool may have.
  fileprivate static func checkLots(_ lots: LotPair, _ name: String) throws(PoolError) {
    try check(lots.a, "\(name) in lots of A", in: reserveLots)
    try check(lots.b, "\(name) in lots of B", in: reserveLots)
  }
}
