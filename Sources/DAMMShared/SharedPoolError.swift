import DAMMModel

/// Why a shared pool or a market refuses an action. Nothing has changed then.
public enum SharedPoolError: Error, Sendable, Equatable {
  /// A pool's own refusal: of a count, an amount, a lock, a position.
  case pool(PoolError)
  /// There is no such market, or it has been closed.
  case noSuchMarket(MarketID)
  /// There is, or was, a market of that name.
  case marketExists(MarketID)
  /// The settlement does not show the key of the market that it names.
  case wrongKey(MarketID)
  /// The settlement's number is not the next one of its market.
  case sequenceGap(MarketID, posted: Int, expected: Int)
  /// Another settlement was applied under that number.
  case sequenceTaken(MarketID, sequence: Int)
  /// Something that nobody may have sent so.
  case malformed(String)
  /// The pool does not have that many lots, LP tokens redeemed and other markets' credits left alone.
  case insufficient(Token, asked: Int, held: Int)
  /// The health factor would be less than the floor.
  case belowFloor(Health, floor: Health)
  /// The market's falls of health of this day would be more than its allowance.
  case allowanceUsed(fall: Health, fallenToday: Health, allowance: Health)
  /// Credits would no longer be covered: their full use would leave less health than the floor, or fewer lots than
  /// none.
  case creditsUncovered(LotPair)
  /// The position belongs to another market, or to none.
  case positionElsewhere(PositionID, home: MarketID?)
  /// The last shares cannot leave while markets are open.
  case marketsAreOpen(Int)
  /// The pool has no LP tokens of an outside pool, or not so many.
  case tooFewTokens(asked: Int, held: Int)
  /// A market waits for an answer to a settlement that it has posted.
  case awaitsAnswer(MarketID, sequence: Int)
  /// A market has been refused, and trades again only when it has settled.
  case stopped(MarketID, reason: String)
  /// A receipt is not that of the settlement that a market has posted.
  case notMyReceipt(MarketID, sequence: Int)
}

extension SharedPoolError: CustomStringConvertible {
  /// One sentence: what was given and what is allowed.
  public var description: String {
    switch self {
    case .pool(let error): return error.description
    case .noSuchMarket(let id): return "there is no open market \(id)."
    case .marketExists(let id): return "there is, or was, a market \(id): take another name."
    case .wrongKey(let id): return "the settlement does not show the key of market \(id)."
    case .sequenceGap(let id, let posted, let expected):
      return "market \(id) posted settlement \(posted), but its next one is \(expected)."
    case .sequenceTaken(let id, let sequence):
      return "another settlement \(sequence) of market \(id) was applied before."
    case .malformed(let what): return "malformed: \(what)."
    case .insufficient(let token, let asked, let held):
      return "\(asked) lots of \(token.rawValue.uppercased()) are asked for, but \(held) are there "
        + "for this market."
    case .belowFloor(let health, let floor):
      return "the health factor would be \(health), but it must be at least \(floor)."
    case .allowanceUsed(let fall, let fallen, let allowance):
      return "the health factor would fall by \(fall), after \(fallen) by this market today, but "
        + "its daily allowance is \(allowance)."
    case .creditsUncovered(let credits):
      return "credits of \(credits.a) lots of A and \(credits.b) of B would no longer be covered."
    case .positionElsewhere(let id, let home):
      return "position \(id) belongs to \(home.map { "market \($0)" } ?? "the pool itself")."
    case .marketsAreOpen(let count):
      return "the last shares cannot leave while \(count) markets are open: close them first."
    case .tooFewTokens(let asked, let held):
      return "\(asked) LP tokens are asked for, but the pool has \(held)."
    case .awaitsAnswer(let id, let sequence):
      return "market \(id) waits for the answer to its settlement \(sequence)."
    case .stopped(let id, let reason):
      return "market \(id) has stopped until it settles: \(reason)"
    case .notMyReceipt(let id, let sequence):
      return "market \(id) has not posted what this receipt, of number \(sequence), answers."
    }
  }
}

/// Runs something that throws a pool's error where one of a shared pool is thrown.
package func asShared<Result>(
  _ body: () throws(PoolError) -> Result
) throws(SharedPoolError) -> Result {
  do throws(PoolError) { return try body() } catch { throw .pool(error) }
}
