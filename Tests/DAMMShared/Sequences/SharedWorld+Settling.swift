import DAMMModel
import TestSupport

import DAMMShared

extension SharedWorld {
  /// Posts what a market has in its book.
  mutating func post(_ place: Int, last: Bool) throws(SharedViolation) -> Settlement? {
    let last = last && markets.count - closed.count > 1
    let posted = attempt { () throws(SharedPoolError) in try markets[place].post(isLast: last) }
    guard case .success(let message) = posted else {
      try demand(
        .once, closed.contains(markets[place].id), "\(markets[place].id) posts nothing: \(posted)")
      return nil
    }
    // earlier revisions stay on their way
    if !wire.contains(message) { wire.append(message) }
    return message
  }

  /// Brings a message to the pool, and the answer back or not.
  mutating func deliver(_ message: Settlement, answers: Bool) throws(SharedViolation) -> Bool {
    let id = message.market
    let place = markets.firstIndex { $0.id == id }!
    let before = ledger
    let isNew = message.sequence == applied[id]! + 1 && !closed.contains(id)
    let isRefused = isNew && isRefused(message.flow, by: id)
    switch apply(.settle(message)) {
    case .failure(let error):
      try checkUnchanged(before, "settlement \(message.sequence) of \(id)", error)
      if isNew {
        try demand(
          .refusedAsItShould, isRefused || !message.requests.isEmpty,
          "\(message.flow) of \(id): \(error)")
        if answers, case .posted(message) = markets[place].phase {
          try! markets[place].refused(error)
        }
      } else {
        try demand(
          .once,
          error == .sequenceTaken(id, sequence: message.sequence)
            || error == .noSuchMarket(id), "\(message.sequence) of \(id): \(error)")
        if answers { try answer(place, message) }
      }
      return false
    case .success(let receipt):
      guard let settled = receipt.settlement else {
        throw SharedViolation(law: .answers, detail: "no answer to a settlement")
      }
      try demand(.once, isNew, "\(message.sequence) of \(id) behind \(applied[id]!)")
      try demand(.refusedAsItShould, !isRefused, "\(message.flow) of \(id) was applied")
      try account(message, settled, receipt, before)
      try demand(
        .liquidity, settled.snapshot.liquidity == pool.account.liquidity,
        "\(id) is told of another liquidity")
      receipts[id, default: [:]][message.sequence] = settled
      if answers { try answer(place, message) }
      return true
    }
  }

  /// What an applied settlement did, in the own books.
  private mutating func account(
    _ message: Settlement, _ settled: SettlementReceipt, _ receipt: LedgerReceipt,
    _ before: Ledger
  ) throws(SharedViolation) {
    let id = message.market
    let (was, its) = (before.pool.health, pool.health)
    let credit = credits[id]!
    let isGranted = -message.flow.a <= credit.a && -message.flow.b <= credit.b
    try demand(
      .floor, isGranted || its >= limits.floor || its >= was, "\(its) behind \(message.flow)")
    let fall = max(0, was.parts - its.parts)
    let fallen = (falls[id]?[day] ?? 0) + fall
    if let allowance = limits.dailyAllowance, !isGranted, fall > 0 {
      try demand(
        .allowance, fallen <= allowance.parts, "\(id) fell by \(Health(parts: fallen)) today")
    }
    falls[id, default: [:]][day] = fallen
    settledWithin += isGranted ? 1 : 0
    applied[id] = message.sequence
    credits[id] = LotPair(
      a: max(0, credit.a - max(0, -message.flow.a)), b: max(0, credit.b - max(0, -message.flow.b)))
    if message.isLast {
      closed.insert(id)
      credits[id] = .zero
    }
    try demand(
      .answers,
      settled.market == id && settled.sequence == message.sequence && settled.healthBefore == was
        && settled.healthAfter == its && settled.outcomes.count == message.requests.count,
      "\(settled)")
    var moved = message.flow + LotPair(a: message.fee, b: 0)
    for outcome in settled.outcomes {
      switch outcome {
      case .added(_, let shares, let cost):
        moved = moved + cost
        paid = paid + cost
        let all = before.pool.account.shares
        if settled.outcomes.count == 1 { grow(by: Double(all + shares) / Double(all)) }
      case .removed(let shares, let out, let fees):
        moved = moved - out - LotPair(a: fees, b: 0)
        paid = paid - out - LotPair(a: fees, b: 0)
        let all = before.pool.account.shares
        if settled.outcomes.count == 1 { grow(by: Double(all - shares) / Double(all)) }
      }
    }
    if settled.outcomes.count > 1 { growTogether(settled, before.pool.account.shares) }
    try noteRedeemed(before, atOnce: message.requests.isEmpty)
    try demand(.answers, receipt.moved == moved, "\(receipt.moved) moved, not \(moved)")
    if !message.requests.isEmpty && message.flow == .zero {
      try checkFair(was, before, message.requests.count)
    }
  }

  private mutating func growTogether(_ settled: SettlementReceipt, _ before: Int) {
    var all = Double(before)
    for outcome in settled.outcomes {
      let after: Double
      switch outcome {
      case .added(_, let shares, _): after = all + Double(shares)
      case .removed(let shares, _, _): after = all - Double(shares)
      }
      grow(by: after / all)
      all = after
    }
  }

  /// The answer that a settlement was applied arrives, if the market still waits for it.
  private mutating func answer(_ place: Int, _ message: Settlement) throws(SharedViolation) {
    let id = message.market
    guard case .posted(let posted) = markets[place].phase, posted.sequence == message.sequence,
      let receipt = receipts[id]?[message.sequence]
    else { return }
    let was = markets[place].book
    do throws(SharedPoolError) { try markets[place].applied(receipt) } catch {
      throw SharedViolation(law: .liquidity, detail: "\(id) cannot take its answer: \(error)")
    }
    seen[id] = receipt.snapshot == (try? pool.snapshot(for: id)) ? version : -1
    // of an earlier revision, what has come since stays
    let revision = (was.refused + [posted]).first { $0.revision == receipt.revision }!
    try demand(
      .once,
      markets[place].book.flow == was.flow - revision.flow
        && markets[place].book.fee == was.fee - revision.fee
        && markets[place].book.requests.isEmpty, "\(id) kept \(markets[place].book)")
    try checkLiquidity(markets[place], receipt)
  }

  /// A message that no market sent; none of them may be applied.
  mutating func forge(_ place: Int, _ kind: Int, _ size: Double) throws(SharedViolation) -> Bool {
    let id = markets[place].id
    let (next, key) = (applied[id]! + 1, keys[id]!)
    let flow = LotPair(a: 1, b: lots(size, of: pool.reserves.b))
    let flipped = try! MarketKey(
      (key.digits.first == "0" ? "1" : "0") + String(key.digits.dropFirst()))
    func settlement(
      _ market: MarketID? = nil, _ other: MarketKey? = nil, _ sequence: Int? = nil,
      flow other2: LotPair? = nil, fee: Int = 0, _ requests: [LiquidityRequest] = []
    ) -> Settlement {
      Settlement(
        market: market ?? id, key: other ?? key, sequence: sequence ?? next,
        flow: other2 ?? flow, fee: fee, requests: requests)
    }
    let law: SharedLaw
    let message: Settlement
    switch kind {
    case 0: (law, message) = (.keyed, settlement(nil, flipped))
    case 1: (law, message) = (.keyed, settlement(try! MarketID("nobody")))
    case 2:
      let other = markets[(place + 1) % markets.count].id
      if other == id { return false }
      (law, message) = (.keyed, settlement(other, key, applied[other]! + 1))
    case 3: (law, message) = (.once, settlement(nil, nil, next + 1 + Int(size * 10)))
    case 4: (law, message) = (.once, settlement(nil, nil, -Int(size * 10)))
    case 5:
      let huge = LotPair(a: -.max, b: .max)
      (law, message) = (.refusedAsItShould, settlement(flow: huge))
    case 6: (law, message) = (.refusedAsItShould, settlement(flow: .zero, fee: -1))
    case 7:
      // under the number of one that was applied, with another content
      guard next > 1 else { return false }
      (law, message) = (.once, settlement(nil, nil, next - 1))
    default:
      let request: [LiquidityRequest] = [
        .remove(shares: 0, from: SharedPool.founder), .remove(shares: 1, from: SharedPool.founder),
        .add(upTo: LotPair(a: -1, b: 1), into: nil), .add(upTo: flow, into: SharedPool.founder),
      ]
      (law, message) = (
        .refusedAsItShould, settlement(flow: .zero, [request[Int(size * 100) % request.count]])
      )
    }
    let before = ledger
    switch apply(.settle(message)) {
    case .success: try demand(law, false, "a forged message was applied: \(message)")
    case .failure(let error): try checkUnchanged(before, "\(message)", error)
    }
    return true
  }
}
