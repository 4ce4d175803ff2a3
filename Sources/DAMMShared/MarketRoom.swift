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
  /// Along a side, reserves of A are a convex function of lots of B, rounded up: prices rise with what is bought and fall
  /// with what is sold. So between two places, a lot lower, they lie above the tangents of both, and these meet in a
  /// corner. Flows that are not refused without a credit are a convex set to which all larger ones belong, as far as reserves
  /// fit: if it has both places a lot lower and the corner, it has all between. So has a credit what lies between two
  /// flows that it covers. Else the stretch is cut. Health may fall and rise again along a way; the answer is before the first
  /// fall too deep. It may be less where health stays close to its limit for long: after `mostSteps` it is what was
  /// reached by then.
  init(
    _ side: Side, _ prices: some MarketPricing, from booked: LotPair, _ snapshot: PoolSnapshot,
    _ rules: PoolRules, at now: UTCTime
  ) {
    let end = prices.mostLots(side, at: now)
    let today = now.day
    func place(_ n: Int) -> Place { Place(side, n, prices.reach(side, n, at: now), booked) }
    func isAccepted(_ flow: LotPair) -> Bool {
      snapshot.refusal(of: flow, rules, day: today) == nil
    }
    func isSafe(_ near: Place, _ far: Place) -> Bool {
      guard isAccepted(far.flow) else { return false }
      if far.lots - near.lots == 1
        || (snapshot.isGranted(near.flow) && snapshot.isGranted(far.flow))
      {
        return true
      }
      func isAllowed(_ flow: LotPair) -> Bool {
        snapshot.refusal(beyondCredit: flow, rules, day: today) == nil
      }
      // less than the least of both there is nowhere: where lots of A are few, and do not change, that tells more
      return isAllowed(near.least(with: far))
        || [far.below, near.below, near.corner(with: far, side)].allSatisfy(isAllowed)
    }
    var (safe, step, steps) = (place(0), end, 0)
    while safe.lots < end, steps < Self.mostSteps, steps > 0 || isAccepted(safe.flow) {
      steps += 1
      let far = place(min(end, safe.lots + step))
      if isSafe(safe, far) {
        safe = far
        step *= 2
      } else if step > 1 {
        // not beyond the end, from where it would be halved in vain
        step = min(step, end - safe.lots) / 2
      } else {
        break
      }
      step = max(1, min(step, end - safe.lots))
    }
    lots = safe.lots
    bound =
      lots < end
      ? snapshot.refusal(of: place(lots + 1).flow, rules, day: today).map(MarketRoom.Bound.init)
        ?? .reserves : .prices
    granted = Self.granted(side, prices, from: booked, snapshot, at: now)
  }

  /// How often the search looks.
  private static var mostSteps: Int { 4096 }

  /// The last of the lots all of which a credit covers, as far as reserves fit. Of a purchase it is B that is taken and A
  /// that is paid in, more and more; of a sale the other way round.
  static func granted(
    _ side: Side, _ prices: some MarketPricing, from booked: LotPair, _ snapshot: PoolSnapshot,
    at now: UTCTime
  ) -> Int {
    func isGranted(_ lots: Int) -> Bool {
      let flow = Place(side, lots, prices.reach(side, lots, at: now), booked).flow
      return snapshot.isGranted(flow) && snapshot.fits(flow)
    }
    guard isGranted(0) else { return 0 }
    var (low, high) = (0, prices.mostLots(side, at: now) + 1)
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if isGranted(middle) { low = middle } else { high = middle }
    }
    return low
  }

  /// Where so many lots lead, from what is in the book.
  private struct Place {
    let lots: Int
    let flow: LotPair
    let price: Double

    init(_ side: Side, _ lots: Int, _ reach: MarketReach, _ booked: LotPair) {
      self.lots = lots
      price = reach.lotPrice
      flow =
        booked
        + (side == .buy
          ? LotPair(a: reach.moved, b: -lots) : LotPair(a: -reach.moved, b: lots))
    }

    /// The least of both tokens at two places.
    func least(with far: Place) -> LotPair {
      LotPair(a: min(flow.a, far.flow.a), b: min(flow.b, far.flow.b))
    }

    /// Not more than what it would be without rounding.
    var below: LotPair { LotPair(a: flow.a - 1, b: flow.b) }

    /// Where the tangents of two places a lot lower meet, or below; rounded down.
    func corner(with far: Place, _ side: Side) -> LotPair {
      let between = Double(far.lots - lots)
      let change = Double(far.flow.a - flow.a)
      // how A changes a lot there, without more than it is and without less
      let margin = 16 * Tolerance.priceAmount.relative
      let (here, there) =
        side == .buy
        ? (price * (1 - margin), far.price * (1 + margin))
        : (-price * (1 + margin), -far.price * (1 - margin))
      // change - there (between - x) = here x
      let bend = there - here
      let x = bend > 0 ? min(max((there * between - change) / bend, 0), between) : between / 2
      let lower = max(here * x, change - there * (between - x))
      // a lot for the rounding of both places, and more for those here
      let slack = 1 + 0x1p-50 * (abs(here) + abs(there)) * between
      // A only rises or only falls on the way
      let a = Double(flow.a) + max(lower - slack, min(0, change) - 1)
      let b = side == .buy ? -(x.rounded(.up)) : x.rounded(.down)
      return LotPair(a: Int(a.rounded(.down)), b: flow.b + Int(b))
    }
  }
}
