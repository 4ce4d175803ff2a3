import DAMMModel
import DAMMPool
import TestSupport

import DAMMShared

extension SharedWorld {
  /// Positions of the pool itself, of those that are locked or of those that are not.
  private func position(_ number: Int, locked: Bool?) -> PositionID? {
    guard let owners = pool.owners else { return nil }
    let own = owners.book.positionIDs.filter { (id: PositionID) -> Bool in
      guard owners.homes[id] == nil, let its = try? owners.book.position(id) else { return false }
      let isLocked = its.lock.map { !$0.isOver(at: now) } ?? false
      return locked == nil || locked == isLocked
    }
    return own.isEmpty ? nil : own[number % own.count]
  }

  mutating func grant(_ place: Int, _ a: Double, _ b: Double) throws(SharedViolation) -> Bool {
    let id = markets[place].id
    let reserves = pool.reserves
    let credit = LotPair(
      a: Int(Double(reserves.a) * min(a, 1)), b: Int(Double(reserves.b) * min(b, 1)))
    let before = ledger
    switch apply(.grant(credit, to: id)) {
    case .failure(let error):
      try checkUnchanged(before, "credit", error)
      return false
    case .success:
      credits[id] = credit
      return true
    }
  }

  mutating func add(
    _ size: Double, term: Int64?, tokens part: Double, same: Bool
  ) throws(SharedViolation) -> Bool {
    let (account, before) = (pool.account, ledger)
    let (reserves, health) = (account.reserves, pool.health)
    let shares = lots(size, of: account.shares)
    let position = same ? self.position(0, locked: false) : nil
    let all = UInt128(account.shares)
    func cost(_ reserve: Int) -> Int {
      let product: UInt128 = UInt128(shares) * UInt128(reserve)
      return Int((product + all - 1) / all)
    }
    let whole = LotPair(a: cost(reserves.a), b: cost(reserves.b))
    var (tokens, worth) = (0, LotPair.zero)
    if part > 0, let outside = account.outside {
      let most = min(
        Double(whole.a) / Double(outside.reserves.a), Double(whole.b) / Double(outside.reserves.b))
      tokens = Int(min(part * most, 1e9) * Double(outside.supply))
      func held(_ count: Int, _ reserve: Int) -> Int {
        let product: UInt128 = UInt128(max(0, count)) * UInt128(reserve)
        return Int(product / UInt128(outside.supply))
      }
      let (more, now) = (outside.tokens + tokens, outside.tokens)
      worth = LotPair(
        a: held(more, outside.reserves.a) - held(now, outside.reserves.a),
        b: held(more, outside.reserves.b) - held(now, outside.reserves.b))
    }
    let lock = term.flatMap {
      try? Lock(
        start: now, end: UTCTime(secondsSince1970: now.secondsSince1970 + $0),
        schedule: [.linear, .quadratic, .cliff, .steps(4)][Int($0) % 4])
    }
    switch apply(.add(shares: shares, to: position, lock: lock, tokens: tokens)) {
    case .failure(let error):
      try checkUnchanged(before, "add", error)
      return false
    case .success(let receipt):
      paid = paid + whole - worth
      try noteRedeemed(before, atOnce: tokens == 0)
      try demand(
        .answers, receipt.shares == shares && receipt.moved == whole - worth,
        "\(receipt.moved), not \(whole) less \(worth)")
      let extra = pool.reserves - reserves - whole
      try demand(
        .fair, mayRound(before).contains(extra.a) && mayRound(before).contains(extra.b),
        "reserves grew by \(pool.reserves - reserves), not \(whole)")
      grow(by: Double(account.shares + shares) / Double(account.shares))
      try checkFair(health, before, 1)
      return true
    }
  }

  mutating func remove(_ number: Int, _ size: Double) throws(SharedViolation) -> Bool {
    guard let id = position(number, locked: false), let owners = pool.owners,
      let own = try? owners.book.position(id).shares
    else { return false }
    let (account, before, health) = (pool.account, ledger, pool.health)
    let shares = min(own, lots(size, of: own))
    switch apply(.remove(shares: shares, from: id)) {
    case .failure(let error):
      try checkUnchanged(before, "remove", error)
      return false
    case .success(let receipt):
      func pay(_ reserve: Int) -> Int {
        let product: UInt128 = UInt128(shares) * UInt128(reserve)
        return Int(product / UInt128(account.shares))
      }
      let out = LotPair(a: pay(account.reserves.a), b: pay(account.reserves.b))
      try leave(before, receipt, out, law: .fair)
      grow(by: Double(account.shares - shares) / Double(account.shares))
      try checkFair(health, before, 1)
      return true
    }
  }

  mutating func leaveEarly(_ number: Int) throws(SharedViolation) -> Bool {
    guard let id = position(number, locked: true), let owners = pool.owners,
      let position = try? owners.book.position(id), let lock = position.lock
    else { return false }
    let (account, before) = (pool.account, ledger)
    switch apply(.leaveEarly(id)) {
    case .failure(let error):
      try checkUnchanged(before, "exit", error)
      return false
    case .success(let receipt):
      let vested = lock.vested(at: now)
      func refund(_ reserve: Int) -> Int {
        let product: UInt128 = UInt128(position.shares) * UInt128(reserve)
        let amount: UInt128 = product / UInt128(account.shares)
        return Int(amount * UInt128(vested.numerator) / UInt128(vested.denominator))
      }
      let out = LotPair(a: refund(account.reserves.a), b: refund(account.reserves.b))
      try leave(before, receipt, out, law: .exits)
      grow(
        by: 1 - Double(position.shares) / Double(account.shares) * vested.value)
      return true
    }
  }

  /// What a remove or an exit paid, in the own books.
  private mutating func leave(
    _ before: Ledger, _ receipt: LedgerReceipt, _ out: LotPair, law: SharedLaw
  ) throws(SharedViolation) {
    let fees: Int = pool.owners!.book.paid - before.pool.owners!.book.paid
    paid = paid - out - LotPair(a: fees, b: 0)
    try noteRedeemed(before, atOnce: true)
    try demand(
      .answers, receipt.moved == .zero - out - LotPair(a: fees, b: 0),
      "\(receipt.moved), not \(out) and \(fees)")
    let extra = pool.reserves - before.pool.reserves + out
    try demand(
      law, mayRound(before).contains(extra.a) && mayRound(before).contains(extra.b),
      "reserves fell by \(before.pool.reserves - pool.reserves), not \(out)")
  }

  /// What LP tokens redeem for is rounded down, before and behind a redemption.
  private func mayRound(_ before: Ledger) -> ClosedRange<Int> {
    before.pool.account.outside?.supply == pool.account.outside?.supply ? 0...0 : -1...1
  }

  mutating func claim(_ number: Int) throws(SharedViolation) -> Bool {
    guard let id = position(number, locked: false), let owners = pool.owners else { return false }
    let (before, was) = (ledger, owners.book.paid)
    switch apply(.claimFees(id)) {
    case .failure(let error):
      try checkUnchanged(before, "claim", error)
      return false
    case .success(let receipt):
      let fees = pool.owners!.book.paid - was
      paid.a -= fees
      try demand(.answers, receipt.moved == LotPair(a: -fees, b: 0), "\(receipt.moved)")
      try demand(.fair, pool.reserves == before.pool.reserves, "a claim moves reserves")
      return fees > 0
    }
  }

  mutating func payIn(_ size: Double) throws(SharedViolation) -> Bool {
    let reserves = pool.reserves
    let gift = LotPair(a: lots(size, of: reserves.a), b: Int(size * Double(reserves.b)))
    let before = ledger
    switch apply(.payIn(gift)) {
    case .failure(let error):
      try checkUnchanged(before, "gift", error)
      return false
    case .success(let receipt):
      paid = paid + gift
      try demand(.answers, receipt.moved == gift, "\(receipt.moved), not \(gift)")
      return true
    }
  }

  mutating func observe(_ a: Double, _ b: Double) throws(SharedViolation) -> Bool {
    let known = pool.account.outside
    let base = known?.reserves ?? pool.reserves
    let before = ledger
    let its = LotPair(a: lots(a, of: base.a), b: lots(b, of: base.b))
    switch apply(.observe(outside: its, supply: known?.supply ?? 1_000_003)) {
    case .failure(let error):
      try checkUnchanged(before, "observation", error)
      return false
    case .success: return true
    }
  }

  mutating func redeem(_ size: Double) throws(SharedViolation) -> Bool {
    let tokens = lots(size, of: pool.account.outside?.tokens ?? 0)
    let before = ledger
    switch apply(.redeem(tokens)) {
    case .failure(let error):
      try checkUnchanged(before, "redemption", error)
      return false
    case .success:
      try noteRedeemed(before, atOnce: true)
      return true
    }
  }
}
