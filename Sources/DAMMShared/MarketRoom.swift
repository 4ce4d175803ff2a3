import DAMMModel

/// How much a market may still trade before a settlement would be refused, as far as it knows: by what the pool was at
/// its last settlement. Others trade too; only what is within its credit is sure.
public struct MarketRoom: Sendable, Hashable {
  /// What bounds a side.
  public enum Bound: String, Sendable, Hashable, Codable {
    /// The end of the prices.
    case prices
    /// Lots of the pool that no other market has a credit for.
    case reserves
    /// The floor of the health factor.
    case floor
    /// The market's falls of the health factor in one day.
    case allowance
    /// Credits of others must stay covered.
    case credits
    /// Reserves that a pool may have at most.
    case size
  }

  /// One direction of trade.
  public struct Way: Sendable, Hashable {
    /// Lots of B that may move.
    public let lots: Int
    /// What bounds them.
    public let bound: Bound
    /// Lots of B of which the credit alone makes sure.
    public let granted: Int
  }

  /// For purchases.
  public let buy: Way
  /// For sales.
  public let sell: Way

  /// The way of a side.
  public subscript(side: Side) -> Way { side == .buy ? buy : sell }
}

extension MarketRoom.Bound {
  /// What a refusal comes from.
  init(_ refusal: SharedPoolError) {
    switch refusal {
    case .belowFloor: self = .floor
    case .allowanceUsed: self = .allowance
    case .creditsUncovered: self = .credits
    case .pool: self = .size
    default: self = .reserves
    }
  }
}

extension MarketRoom.Way {
  /// Searches for the first lot after which a settlement would be refused.
  ///
  /// Reserves that grow are never refused more. On the way from `n` to `m` lots of a purchase there is never less A
  /// than after `n` nor less B than after `m`; of a sale it is the other way round. If these worst ends are
  /// accepted, so is all between; else the stretch is cut. Health may fall and rise again along a way, and the
  /// answer is before the first fall too deep. It may be less than that where health stays close to its limit for
  /// long: after `mostSteps` it is what was reached by then.
  init(
    _ side: Side, _ prices: some MarketPricing, from booked: LotPair, _ snapshot: PoolSnapshot,
    _ rules: PoolRules, at now: UTCTime
  ) {
    let end = prices.mostLots(side, at: now)
    let today = now.day
    func flow(_ n: Int) -> LotPair {
      let moved = prices.moved(side, n, at: now)
      return booked
        + (side == .buy ? LotPair(a: moved, b: -n) : LotPair(a: -moved, b: n))
    }
    func worst(_ near: LotPair, _ far: LotPair) -> LotPair {
      LotPair(a: min(near.a, far.a), b: min(near.b, far.b))
    }
    func search(_ isAccepted: (LotPair) -> Bool) -> Int {
      var (safe, step, steps) = (0, end, 0)
      var near = flow(0)
      while safe < end, steps < Self.mostSteps {
        steps += 1
        let n = min(end, safe + step)
        let far = flow(n)
        if isAccepted(step == 1 ? far : worst(near, far)) {
          (safe, near) = (n, far)
          step = min(2 * step, end)
        } else if step > 1 {
          step /= 2
        } else {
          break
        }
      }
      return safe
    }
    lots = search { snapshot.refusal(of: $0, rules, day: today) == nil }
    bound =
      lots < end
      ? snapshot.refusal(of: flow(lots + 1), rules, day: today).map(MarketRoom.Bound.init)
        ?? .reserves : .prices
    granted = search { snapshot.isGranted($0) }
  }

  /// How often the search looks.
  private static var mostSteps: Int { 4096 }
}
