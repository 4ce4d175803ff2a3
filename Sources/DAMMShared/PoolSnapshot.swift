import DAMMKernel
import DAMMModel

/// What a market knows of the pool: as it was at its last settlement, or when it was opened. From this alone it
/// trades, and tells how much more it may.
public struct PoolSnapshot: Sendable, Hashable, Codable {
  /// Lots of the reserves, LP tokens at what they redeem for.
  public let reserves: LotPair
  /// The health factor.
  public let health: Health
  /// Lots that the market may still take without being refused.
  public let credit: LotPair
  /// Credits of all other markets.
  public let otherCredits: LotPair
  /// The UTC day for which `fallenToday` counts, in days since 1970.
  public let day: Int
  /// By how much the market's settlements have taken the health factor down on that day.
  public let fallenToday: Health
  /// When it was so, in seconds since 1970.
  public let secondsSince1970: Int64
  /// All shares of the pool.
  public let shares: Int
  /// The pool's liquidity.
  public let liquidity: LotLiquidity

  /// When it was so.
  public var time: UTCTime { UTCTime(secondsSince1970: secondsSince1970) }

  package init(
    reserves: LotPair, health: Health, shares: Int, liquidity: LotLiquidity, credit: LotPair,
    otherCredits: LotPair,
    day: Int,
    fallenToday: Health, time: UTCTime
  ) {
    self.reserves = reserves
    self.health = health
    self.shares = shares
    self.liquidity = liquidity
    self.credit = credit
    self.otherCredits = otherCredits
    self.day = day
    self.fallenToday = fallenToday
    secondsSince1970 = time.secondsSince1970
  }

  /// Whether the credit covers a flow: it takes no more of either token.
  func isGranted(_ flow: LotPair) -> Bool { -flow.a <= credit.a && -flow.b <= credit.b }

  /// Why a settlement of a flow would be refused; `nil` if it would not. The pool asks this, and so does the
  /// market beforehand: there is no other rule.
  ///
  /// More lots of either token never make it worse, as far as reserves fit: these, and with them the health factor,
  /// grow.
  func refusal(of flow: LotPair, _ rules: PoolRules, day today: Int) -> SharedPoolError? {
    guard fits(flow) else { return oversize(flow) }
    return isGranted(flow) ? nil : refusal(beyondCredit: flow, rules, day: today)
  }

  /// Whether reserves would be no larger than a pool may have.
  func fits(_ flow: LotPair) -> Bool {
    let most = Domain.reserveLots.upperBound
    return reserves.a + flow.a <= most && reserves.b + flow.b <= most
  }

  private func oversize(_ flow: LotPair) -> SharedPoolError {
    let most = Domain.reserveLots.upperBound
    let (token, lots) =
      reserves.a + flow.a > most ? ("A", reserves.a + flow.a) : ("B", reserves.b + flow.b)
    return .pool(
      .overflow(
        name: "the reserve of \(token) in lots", amount: "\(lots)", allowed: "\(most)"))
  }

  /// The same, whether or not the credit covers it: the flows that are not refused are a convex set.
  ///
  /// Reserves less what credits may still take rise with the flow and are concave in it, and so is the health
  /// factor in reserves.
  func refusal(
    beyondCredit flow: LotPair, _ rules: PoolRules, day today: Int
  ) -> SharedPoolError? {
    let after = reserves + flow
    if after.a < otherCredits.a {
      return .insufficient(.a, asked: -flow.a, held: reserves.a - otherCredits.a)
    }
    if after.b < otherCredits.b {
      return .insufficient(.b, asked: -flow.b, held: reserves.b - otherCredits.b)
    }
    let credits = otherCredits + credit.used(by: flow)
    if credits != .zero, rules.health(after - credits, liquidity) < rules.limits.floor {
      return .creditsUncovered(credits)
    }
    let then = rules.health(after, liquidity)
    if then < rules.limits.floor { return .belowFloor(then, floor: rules.limits.floor) }
    if let allowance = rules.limits.dailyAllowance {
      let fallen = fallen(on: today)
      let fall = health.fall(to: then)
      if fallen.adding(fall) > allowance, fall > .none {
        return .allowanceUsed(fall: fall, fallenToday: fallen, allowance: allowance)
      }
    }
    return nil
  }

  /// Falls of a day: none yet on a later one.
  func fallen(on today: Int) -> Health { today == day ? fallenToday : .none }
}

/// What the rules of a pool are, and what measures its health.
struct PoolRules: Sendable {
  let limits: HealthLimits
  let curve: HealthCurve

  func health(_ reserves: LotPair, _ liquidity: LotLiquidity) -> Health {
    curve.health(reserves, liquidity)
  }
}

extension LotPair {
  /// What is left of a credit when a flow has taken lots.
  func used(by flow: LotPair) -> LotPair {
    LotPair(a: max(0, a + min(0, flow.a)), b: max(0, b + min(0, flow.b)))
  }
}

extension UTCTime {
  /// The day in UTC, counted from 1970.
  var day: Int { Int(secondsSince1970 / 86_400) }
}
