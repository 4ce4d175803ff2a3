import DAMMModel

/// What must hold after every action, each by its name in a report.
enum PoolLaw: String, CaseIterable {
  /// What the pool holds and what everybody else holds is constant, to the lot, in both tokens.
  case conservation = "no lot is made or lost"
  /// Of a run of trades no later state has no more of both tokens, fees included, and less of one.
  case tradersGainNothing = "a run of trades never takes out both tokens"
  /// A loop of one who trades, adds, locks, removes and leaves, alone between two reforms.
  case attackersGainNothing = "a loop from no shares to no shares never gains"
  case covered = "the reserves cover what the curve offers, all the way"
  case quoteIsSwap = "a quote is the swap"
  case answersAddUp = "an answer says what was asked, filled and left"
  case refusalsChangeNothing = "what throws changes nothing, and throws what it should"
  case splitting = "splitting an order never helps"
  case reordering = "the order of two orders of a side changes a lot each at most"
  case roundTrips = "out and back never gains"
  case sameReading = "the reading that the pool has changes nothing"
  case reformKeeps = "a reform keeps the coordinate, reserves, shares and liquidity"
  case scaleFree = "c times the pool trades c times the amounts at the same prices"
  case stored = "JSON gives the same pool, to the bit"
  case snapshots = "a copy stays as it was"
  case pricesOfShares = "shares cost and pay their part, rounded for those who stay"
  case stayersKeep = "who stays has no less of either token a share"
  case depth = "shares change the depth by their part, and not the price"
  case exits = "refund and penalty are the amount, by the schedule"
  case locksHold = "what is locked stays"
  case oneSided = "an add of one token is a swap and a fair add, and leaves dust"
  case claims = "a claim pays what is owed, once"
  case feesProRata = "a fee belongs to all shares alike"
  case ownLaws = "the ledger's own laws"
}

/// A law that an action broke.
struct PoolViolation: Error, CustomStringConvertible {
  var law: PoolLaw
  var detail: String

  var description: String { "\(law.rawValue): \(detail)" }
}
