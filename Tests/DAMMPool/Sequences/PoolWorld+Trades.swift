import DAMMModel
import DAMMPool
import TestSupport

extension LotQuote {
  /// Lots of A and of B that moved, whichever way.
  var a: Int { side == .buy ? amountIn : amountOut }
  var b: Int { side == .buy ? amountOut : amountIn }
  /// What the trader has got of both.
  var got: LotPair { side == .buy ? LotPair(a: -a, b: b) : LotPair(a: a, b: -b) }
}

extension PoolWorld {
  mutating func trade(
    _ actor: Actor, _ order: LotOrder, _ random: inout SplitMix64
  ) throws(PoolViolation) {
    let before = ledger
    let quoted = attempt { () throws(PoolError) in try before.quote(order, at: now) }
    let done = attempt { () throws(PoolError) in try ledger.swap(order, at: now) }
    try demand(.quoteIsSwap, quoted == done, "\(order): \(quoted), but \(done)")
    switch done {
    case .failure(let error):
      try demand(.refusalsChangeNothing, ledger == before, "\(order) threw \(error)")
      switch error {
      case .empty where before.pool.isEmpty: return
      case .overflow(_, let amount, _) where !amount.hasPrefix("-"): return
      default: throw PoolViolation(law: .refusalsChangeNothing, detail: "\(order): \(error)")
      }
    case .success(let quote):
      give(actor, quote.got)
      try checkAnswer(quote, order, before)
      try checkFees(quote.fee, before)
      try checkRun(order)
      if !quote.isEmpty { try checkSplit(order, quote, before, &random) }
    }
  }

  private func checkAnswer(
    _ quote: LotQuote, _ order: LotOrder, _ before: Ledger
  ) throws(PoolViolation) {
    let buying = order.side == .buy
    try demand(
      .answersAddUp,
      quote.side == order.side && quote.a >= 0 && quote.b >= 0 && quote.fee >= 0
        && (!buying || quote.fee <= quote.a) && (quote.b > 0 || quote.a == 0),
      "\(order): \(quote)")
    let asked: Int?
    let filled: Int
    switch order.size {
    case .amount(let lots): (asked, filled) = (lots, quote.b)
    case .notional(let lots): (asked, filled) = (lots, quote.a)
    case .toPrice: (asked, filled) = (nil, 0)
    }
    try demand(
      .answersAddUp,
      quote.left == asked.map { $0 - filled } && (quote.left ?? 0) >= 0
        && (quote.stop != .complete || quote.left == nil || quote.left == 0
          || (buying && filled < asked!)),
      "\(order): \(quote)")
    // buying moves the price up, and neither passes its limit by more than the price is rounded
    let slack = 1 + 4 * Tolerance.priceAfter.relative
    func notAbove(_ x: Double, _ y: Double) -> Bool { x <= y * slack }
    let (first, last) = (before.price ?? 0, quote.priceAfter)
    try demand(
      .answersAddUp, buying ? notAbove(first, last) : notAbove(last, first),
      "\(order): from \(first) to \(last)")
    var limits = [order.limit].compactMap { $0 }
    if case .toPrice(let target) = order.size { limits.append(target) }
    for limit in limits where !quote.isEmpty {
      try demand(
        .answersAddUp,
        buying ? notAbove(last, limit) : notAbove(limit, last),
        "\(order): to \(last)")
    }
    try demand(
      .answersAddUp, ledger.price == last && pool.position == quote.positionAfter,
      "\(ledger.price ?? 0), not \(last)")
    let terms = pool.terms
    let average =
      quote.a > 0 && quote.b > 0
      ? LotSize.tokenPrice(
        pricePerLot: Double(quote.a) / Double(quote.b), a: terms.a, b: terms.b) : 0
    try demand(
      .answersAddUp,
      (quote.averagePrice == nil) == (average == 0)
        && Self.close(quote.averagePrice ?? 0, average)
        // a sale that brings less than a lot of A moves nothing
        && (quote.ticksCrossed > 0 || quote.a + quote.fee == 0)
        && (quote.ticksCrossed == 0 || quote.b > 0),
      "\(order): \(quote)")
  }

  /// A fee is owed to all positions by their shares, each to two lots: one that is not whole, before and after.
  private func checkFees(_ fee: Int, _ before: Ledger) throws(PoolViolation) {
    for id in owners.keys where fee > 0 {
      guard let own = try? pool.book.position(id).shares else { continue }
      let more = Int128(ledger.owed(to: id) - before.owed(to: id)) * Int128(shares)
      let part = Int128(fee) * Int128(own)
      try demand(
        .feesProRata, (more - part).magnitude <= 2 * UInt128(shares),
        "of \(fee) lots \(id) with \(own) of \(shares) shares got \(more / Int128(shares))")
    }
  }

  /// No state of a run takes out both tokens of an earlier one.
  private mutating func checkRun(_ order: LotOrder) throws(PoolViolation) {
    let now = total
    for earlier in run {
      try demand(
        .tradersGainNothing, !isGain(earlier - now),
        "\(order): held \(earlier.a) A with fees and \(earlier.b) B, now \(now.a) and \(now.b)")
    }
    run.append(now)
  }

  /// The same order in parts, in another order of its parts, and back.
  private func checkSplit(
    _ order: LotOrder, _ whole: LotQuote, _ before: Ledger, _ random: inout SplitMix64
  ) throws(PoolViolation) {
    guard let lots = order.lots, lots > 1, whole.stop == .complete else {
      return try checkBack(whole)
    }
    let cut =
      random.oneIn(3)
      ? [1, lots - 1].randomElement(using: &random)! : Int.random(in: 1..<lots, using: &random)
    let cuts = random.oneIn(3) && cut > 1 ? [cut / 2, cut - cut / 2] : [cut]
    let parts = cuts + [lots - cut]
    guard let split = sum(of: parts, like: order, on: before),
      let reversed = sum(of: parts.reversed(), like: order, on: before)
    else { return try checkBack(whole) }
    try demand(
      .splitting, !isGain(split - whole.got),
      "\(order): \(whole.got) at once, \(split) in \(parts)")
    if case .amount = order.size {
      try demand(
        .reordering,
        split.b == reversed.b
          && Double((split.a - reversed.a).magnitude) <= Double(parts.count) * (1 + standing),
        "\(order): \(split) in \(parts), \(reversed) the other way round")
    }
    try checkBack(whole)
  }

  /// What a trader has got after some orders; `nil` where one was not filled.
  private func sum(of parts: [Int], like order: LotOrder, on start: Ledger) -> LotPair? {
    var copy = start
    var got = LotPair.zero
    for lots in parts {
      guard let quote = try? copy.swap(order.of(lots), at: now), quote.stop == .complete else {
        return nil
      }
      got = got + quote.got
    }
    return got
  }

  /// Back again, by B and by A.
  private func checkBack(_ quote: LotQuote) throws(PoolViolation) {
    var copy = ledger
    if quote.b > 0, let order = try? LotOrder(quote.side.other, .amount(quote.b)),
      let back = try? copy.swap(order, at: now)
    {
      try demand(
        .roundTrips, !isGain(quote.got + back.got), "\(quote), and back \(back)")
    }
    copy = ledger
    if quote.a > 0, let order = try? LotOrder(quote.side.other, .notional(quote.a)),
      let back = try? copy.swap(order, at: now)
    {
      try demand(
        .roundTrips, !isGain(quote.got + back.got), "\(quote), and back \(back)")
    }
  }
}

extension LotQuote {
  /// Whether nothing moved.
  var isEmpty: Bool { a == 0 && b == 0 }
}

extension LotOrder {
  /// The lots that it fixes.
  var lots: Int? {
    switch size {
    case .amount(let lots), .notional(let lots): lots
    case .toPrice: nil
    }
  }

  /// The same kind of order of other lots.
  func of(_ lots: Int) throws(PoolError) -> LotOrder {
    switch size {
    case .amount: try LotOrder(side, .amount(lots), limit: limit)
    case .notional: try LotOrder(side, .notional(lots), limit: limit)
    case .toPrice: self
    }
  }
}

extension Side {
  var other: Side { self == .buy ? .sell : .buy }
}
