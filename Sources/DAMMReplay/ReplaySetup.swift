import DAMMModel
import DAMMPool
import DAMMShared

/// What a replay begins with: the pool, who trades with it, and what it is compared with. With the steps and the seed
/// it decides every figure.
public struct ReplaySetup: Sendable, Hashable, Codable {
  /// Lots, shape, fees, funding and reform policy of the tick pool, or of each market of a shared one.
  public var terms: PoolTerms
  /// Horizon of the implied volatility in days: `s = IV sqrt(T)`.
  public var horizonDays: Double
  /// What the founder pays in, in A: half of it A, half B at the first market price.
  public var capital: Double
  /// More than one, or limits of health: markets on a shared pool.
  public var markets: ReplayMarkets?
  /// Who trades, and who provides liquidity.
  public var agents: ReplayAgents
  /// What the pool is compared with.
  public var rivals: ReplayRivals
  /// Of what is drawn by chance.
  public var seed: UInt64

  /// A setup.
  ///
  /// - Parameters:
  ///   - terms: of the tick pool.
  ///   - horizonDays: in `Domain.horizonDays`.
  ///   - capital: in A, in `Domain.replayCapital`; lots must be fine enough to count it.
  ///   - markets: `nil` for a pool of its own.
  ///   - agents: recorded flow and arbitrageurs by default.
  ///   - rivals: what the pool is compared with.
  ///   - seed: of what is drawn by chance.
  public init(
    terms: PoolTerms, horizonDays: Double, capital: Double, markets: ReplayMarkets? = nil,
    agents: ReplayAgents = ReplayAgents(), rivals: ReplayRivals = ReplayRivals(), seed: UInt64 = 1
  ) {
    self.terms = terms
    self.horizonDays = horizonDays
    self.capital = capital
    self.markets = markets
    self.agents = agents
    self.rivals = rivals
    self.seed = seed
  }

  /// Checks all numbers.
  ///
  /// - Throws: `PoolError` that names the value and what is allowed.
  public func check() throws(PoolError) {
    try Domain.checkPool(horizonDays, "horizon in days", in: Domain.horizonDays)
    try Domain.checkPool(capital, "capital of the founder in A", in: Domain.replayCapital)
    if let markets {
      try Domain.check(markets.count, "number of markets", in: Domain.simulatedMarkets)
      try Domain.check(
        markets.settleEvery, "steps from settlement to settlement", in: Domain.settleEvery)
    }
    try agents.check()
    try Domain.checkPool(
      rivals.productFeeBps, "fee of the constant product in basis points",
      in: Domain.rivalFeeBps)
    try Domain.checkPool(
      rivals.recordedFeeBps, "fee of the recorded pool in basis points", in: Domain.rivalFeeBps)
    if let range = rivals.recordedRange {
      try Domain.checkPool(range, "range of the recorded position", in: Domain.recordedRange)
    }
  }
}

/// Markets on one shared pool that all see the same flow and the same market price.
public struct ReplayMarkets: Sendable, Hashable, Codable {
  /// How many, in `Domain.simulatedMarkets`. Each meets all of the flow.
  public var count: Int
  /// After how many steps each settles, one after another; in `Domain.settleEvery`.
  public var settleEvery: Int
  /// How far health may fall.
  public var limits: HealthLimits

  /// Markets.
  public init(count: Int, settleEvery: Int = 1, limits: HealthLimits = .off) {
    self.count = count
    self.settleEvery = settleEvery
    self.limits = limits
  }
}

/// What the pool is compared with, beside holding. All begin with the same capital.
public struct ReplayRivals: Sendable, Hashable, Codable {
  /// Fee of the constant product over all prices, basis points of A, held apart; in `Domain.rivalFeeBps`. It meets the
  /// same traders.
  public var productFeeBps: Double
  /// Fee of the recorded pool: basis points of what is paid in, in `Domain.rivalFeeBps`. A position in it earns its part of
  /// those that were paid there.
  public var recordedFeeBps: Double
  /// That position spans prices from the first market price over this factor to that times it, in
  /// `Domain.recordedRange`; `nil` for all prices.
  public var recordedRange: Double?

  /// Rivals.
  public init(
    productFeeBps: Double = 30, recordedFeeBps: Double = 5, recordedRange: Double? = nil
  ) {
    self.productFeeBps = productFeeBps
    self.recordedFeeBps = recordedFeeBps
    self.recordedRange = recordedRange
  }
}
