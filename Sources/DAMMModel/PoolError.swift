/// Why a pool refused. Each case carries what was given and what is allowed, and `description` says both
/// in one sentence. Nothing is changed when an error is thrown.
public enum PoolError: Error, Equatable, Sendable {
  /// A number that is no count of lots is outside its domain, or a curve cannot be made of it.
  case parameter(DAMMError)
  /// A count (lots, shares, decimals) lies outside its domain; both ends of `allowed` are included.
  case countOutOfRange(name: String, value: Int, allowed: ClosedRange<Int>)
  /// A text that should be an amount is none.
  case notAnAmount(String)
  /// An amount is not a whole number of lots; `lot` is one lot in the same unit.
  case notWholeLots(amount: String, lot: String)
  /// An amount does not fit: a reserve would leave `Domain.reserveLots`, or a number of base units 128 bits.
  case overflow(name: String, amount: String, allowed: String)
  /// A lot of a token is too coarse for the prices of the curve: prices in lots of A a lot of B would leave
  /// `Domain.lotPrice`. `token` is the one whose lot should be smaller.
  case lotTooCoarse(token: String, price: Double, allowed: ClosedRange<Double>)
  /// The pool has no shares: somebody has to fund it first.
  case empty
  /// The pool has shares already: liquidity is added, not founded.
  case alreadyFunded(shares: Int)
  /// There is no such position.
  case noSuchPosition(PositionID)
  /// The position is locked until that moment: it can only be left early.
  case locked(PositionID, until: UTCTime)
  /// The position is not locked, or no longer, so that it is simply removed.
  case notLocked(PositionID)
  /// A lock belongs to a new position, not to one that is there.
  case locksAreForNewPositions(PositionID)
  /// A lock would begin before the position that it locks: a part of its term, or all, would be served already.
  case lockStartsInThePast(UTCTime, now: UTCTime)
  /// Fewer shares than the caller's minimum would be made.
  case tooFewShares(made: Int, minimum: Int)
  /// Less would be paid out than the caller's minimum.
  case tooLittlePaid(LotPair, minimum: LotPair)
  /// More would have to be paid in than the caller's maximum.
  case tooMuchAsked(LotPair, maximum: LotPair)
  /// The deadline of the action has passed.
  case deadlinePassed(UTCTime, now: UTCTime)
  /// A time lies before the last one that the pool has seen.
  case timeGoesBack(UTCTime, last: UTCTime)
  /// The fees of a pool that reforms leave less between ask and bid than a tick is wide.
  case spreadBelowTick(spreadBps: Double, tickWidthBps: Double)
  /// Other terms count in other lots than the pool.
  case lotsDiffer
  /// A stored state contradicts itself.
  case corruptState(String)
}

extension PoolError: CustomStringConvertible {
  /// One sentence: what was given and what is allowed.
  public var description: String {
    switch self {
    case .parameter(let error): return error.description
    case .countOutOfRange(let name, let value, let allowed):
      return "\(name) is \(value), but it must be a whole number from \(allowed.lowerBound) "
        + "to \(allowed.upperBound)."
    case .notAnAmount(let text):
      return "\"\(text)\" is no amount: digits, and at most one decimal point, are allowed."
    case .notWholeLots(let amount, let lot):
      return "\(amount) is not a whole number of lots of \(lot)."
    case .overflow(let name, let amount, let allowed):
      return "\(name) would be \(amount), but it must be at most \(allowed)."
    case .lotTooCoarse(let token, let price, let allowed):
      return "the curve has a price of \(price) lots of A a lot of B, but prices must lie from "
        + "\(allowed.lowerBound) to \(allowed.upperBound): make a lot of \(token) smaller."
    case .empty: return "the pool has no shares: it must be founded first."
    case .alreadyFunded(let shares):
      return "the pool has \(shares) shares already: liquidity can be added, not founded again."
    case .noSuchPosition(let id): return "there is no position \(id)."
    case .locked(let id, let until):
      return "position \(id) is locked until \(until): it can be left early, at a penalty."
    case .notLocked(let id): return "position \(id) is not locked: remove its shares instead."
    case .locksAreForNewPositions(let id):
      return "position \(id) is there without this lock: a lock needs a new position."
    case .lockStartsInThePast(let start, let now):
      return "the lock begins at \(start), but it is \(now): a term must not begin in the past."
    case .tooFewShares(let made, let minimum):
      return "\(made) shares would be made, but at least \(minimum) were asked for."
    case .tooLittlePaid(let paid, let minimum):
      return "\(paid.a) lots of A and \(paid.b) of B would be paid out, but at least "
        + "\(minimum.a) and \(minimum.b) were asked for."
    case .tooMuchAsked(let asked, let maximum):
      return "\(asked.a) lots of A and \(asked.b) of B would have to be paid in, but at most "
        + "\(maximum.a) and \(maximum.b) were offered."
    case .deadlinePassed(let deadline, let now):
      return "the deadline was \(deadline), but it is \(now)."
    case .timeGoesBack(let time, let last):
      return "the time is \(time), but the pool has seen \(last): times must not go back."
    case .spreadBelowTick(let spread, let width):
      return "ask over bid is \(spread) basis points, but a pool that reforms needs at least the "
        + "\(width) of a tick: raise the fees."
    case .lotsDiffer:
      return "the terms have lots of other sizes than the pool, but its balances are in those."
    case .corruptState(let what): return "the stored state contradicts itself: \(what)."
    }
  }
}

extension Domain {
  /// The check of a number as an error of a pool.
  ///
  /// - Throws: `PoolError.parameter` for NaN, an infinity, or a number outside `allowed`.
  package static func checkPool(
    _ value: Double, _ name: String, in allowed: ClosedRange<Double>
  ) throws(PoolError) {
    do { try check(value, name, in: allowed) } catch { throw .parameter(error) }
  }

  /// Throws unless a moment lies in `secondsSince1970`.
  ///
  /// - Throws: `PoolError.parameter` that names the time.
  package static func checkPool(_ time: UTCTime, _ name: String) throws(PoolError) {
    let seconds = Double(time.secondsSince1970)
    // a text is made for what is refused alone: this stands in loops
    guard !secondsSince1970.contains(seconds) else { return }
    try checkPool(seconds, "\(name) in seconds since 1970", in: secondsSince1970)
  }
}

/// The name of an LP's stake in a pool; the pool gives them out, from 1 on.
public struct PositionID: Sendable, Hashable, Codable, Comparable, CustomStringConvertible {
  /// The number.
  public let number: Int

  /// A name by its number.
  public init(_ number: Int) { self.number = number }

  /// The number in decimal digits.
  public var description: String { "\(number)" }

  /// Given out earlier than.
  public static func < (left: PositionID, right: PositionID) -> Bool { left.number < right.number }
}

extension PositionID: CodingKeyRepresentable {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { Int(stringValue) }

    init(stringValue: String) { self.stringValue = stringValue }
    init(intValue: Int) { stringValue = "\(intValue)" }
  }

  /// The number in decimal digits, so that tables by position are objects in JSON.
  public var codingKey: any CodingKey { Key(intValue: number) }

  /// A name by its number in decimal digits.
  public init?<Other: CodingKey>(codingKey: Other) {
    guard let number = Int(codingKey.stringValue) else { return nil }
    self.init(number)
  }
}
