import DAMMModel

extension ReferenceLots {
  /// What an order fixes.
  public enum Fixed: Sendable {
    /// Lots of B.
    case amount(Int)
    /// Lots of A, fee included.
    case notional(Int)
    /// Nothing: to the limit, or the end.
    case nothing
  }

  /// What an order moves.
  public struct Trade: Sendable, Equatable {
    /// Lots of B.
    public var amount = 0
    /// Lots of A without the fee.
    public var moved = 0
    /// Lots of A.
    public var fee = 0
    /// Whether the order's size was reached before the end.
    public var filled = false
    /// Whether the order's own limit is where it had to end.
    public var limited = false
    /// Lots of B sold where the ledger stands then.
    public var after = 0

    /// What was moved.
    public init(
      amount: Int = 0, moved: Int = 0, fee: Int = 0, filled: Bool = false, limited: Bool = false,
      after: Int = 0
    ) {
      self.after = after
      self.amount = amount
      self.moved = moved
      self.fee = fee
      self.filled = filled
      self.limited = limited
    }
  }

  /// The fee of the whole lots of A between two levels, rounded up.
  public func fee(from: Int, to: Int, buying: Bool, surge: Double) -> Int {
    // in parts of 2^-32 lots, as they are charged
    func parts(_ level: Int) -> Int128 {
      let fee = charged(FixedPoint(level), buying ? 1 : 0) + FixedPoint(level) * surge
      return (fee * 0x1p32 + FixedPoint(0.5)).whole
    }
    let difference = buying ? parts(to) - parts(from) : parts(from) - parts(to)
    return Int(max(0, (difference + 0xffff_ffff) >> 32))
  }

  /// What a trade from `n0` to `n1` lots sold moves.
  public func trade(from n0: Int, to n1: Int, surge: Double) -> Trade {
    guard n0 != n1 else { return Trade(after: n0) }
    let (q0, q1, buying) = (held(after: n0), held(after: n1), n1 > n0)
    return Trade(
      amount: abs(n1 - n0), moved: abs(q1 - q0),
      fee: fee(from: q0, to: q1, buying: buying, surge: surge), after: last(with: n1))
  }

  /// Carries an order out from where `n0` lots lead.
  public func swap(
    _ side: Side, _ fixed: Fixed, limit: Double?, surge: Double, from n0: Int
  ) -> Trade {
    let buying = side == .buy
    var (end, limited) = (buying ? range.upperBound : range.lowerBound, false)
    if let limit, let last = lots(before: limit, buying: buying),
      buying ? last <= end : last >= end
    {
      (end, limited) = (stop(before: last, buying: buying), true)
    }
    let open = buying ? end > n0 : end < n0
    func result(_ n1: Int, filled: Bool) -> Trade {
      var trade = open ? trade(from: n0, to: n1, surge: surge) : Trade(after: n0)
      (trade.filled, trade.limited) = (filled, limited)
      return trade
    }
    switch fixed {
    case .nothing: return result(end, filled: false)
    case .amount(let value):
      let n1 = buying ? n0 + value : n0 - value
      let within = buying ? n1 <= end : n1 >= end
      return result(within ? n1 : end, filled: within)
    case .notional(let value):
      guard open else { return result(n0, filled: false) }
      func total(_ n1: Int) -> Int {
        let trade = trade(from: n0, to: n1, surge: surge)
        return buying ? trade.moved + trade.fee : trade.moved - trade.fee
      }
      if buying {
        let n1 = Self.last(from: n0, to: range.upperBound) { total($0) <= value }
        let stop = min(n1, end)
        let enough = n1 <= end && n1 < range.upperBound
        return result(stop, filled: enough || total(stop) == value)
      }
      // the fewest lots that cover it are one more than the most that do not
      let short = Self.last(from: n0, to: range.lowerBound) { total($0) < value }
      let stop = short == range.lowerBound ? end : max(short - 1, end)
      return result(stop, filled: total(stop) >= value)
    }
  }
}
