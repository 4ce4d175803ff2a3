import DAMMModel
import DAMMPool
import DAMMShared

/// What all cells of a sweep begin with.
public struct SweepBase: Sendable, Hashable, Codable {
  /// The setup that the values of a cell change.
  public let setup: ReplaySetup
  /// Settlement and limits of markets, for cells with markets where the setup has none.
  public let markets: ReplayMarkets
  /// Mean size of an order of noise in A; `nil` for a hundredth of what they trade in a day.
  public let noiseSize: Double?

  /// A base.
  ///
  /// - Parameters:
  ///   - setup: what the values of a cell change.
  ///   - markets: for cells with markets, if the setup has none; their count does not matter.
  ///   - noiseSize: that of the setup by default.
  public init(
    _ setup: ReplaySetup, markets: ReplayMarkets = ReplayMarkets(count: 1), noiseSize: Double? = nil
  ) {
    self.setup = setup
    self.markets = setup.markets ?? markets
    let noise = setup.agents.noise
    let told = noise.flatMap { $0.meanSize == $0.dailyVolume / 100 ? nil : $0.meanSize }
    self.noiseSize = noiseSize ?? told
  }
}

/// The parameters of a cell as plain values, each of which an axis may set.
struct SweepDraft {
  var capital: Double
  var horizonDays: Double
  var k: Double
  var tickBps: Double
  var shape: Shape
  var funding: Funding
  var feeBps: Double
  var feeVol: Double
  var feeSkew: Double
  var feeMinBps: Double
  var feeMaxBps: Double
  var surgeBps: Double
  var surgeHalfLife: Double
  var reformBps: Double?
  var reformHours: Double?
  var reformVolatility: Double?
  var thinSpread: Bool
  var markets: Int?
  var settleEvery: Int
  var flowShare: Double
  var arbitrageCost: Double?
  var noiseVolume: Double
  var noiseSize: Double?
  var productFeeBps: Double
  var recordedFeeBps: Double
  var recordedRange: Double?
  var seed: UInt64

  init(_ base: SweepBase) {
    let (setup, terms) = (base.setup, base.setup.terms)
    capital = setup.capital
    horizonDays = setup.horizonDays
    k = terms.halfWidth
    tickBps = terms.tickWidthBps
    shape = terms.shape
    funding = terms.funding
    feeBps = terms.fees.baseBps
    feeVol = terms.fees.volatility
    feeSkew = terms.fees.skew
    feeMinBps = terms.fees.minimumBps
    feeMaxBps = terms.fees.maximumBps
    surgeBps = terms.fees.surgeBps
    surgeHalfLife = terms.fees.surgeHalfLifeSeconds
    reformBps = terms.policy.deviationBps
    reformHours = Self.hours(terms.policy)
    reformVolatility = terms.policy.volatilityChange
    thinSpread = terms.allowsThinSpread
    markets = setup.markets?.count
    settleEvery = base.markets.settleEvery
    flowShare = setup.agents.flowShare
    arbitrageCost = setup.agents.arbitrage?.cost
    noiseVolume = setup.agents.noise?.dailyVolume ?? 0
    noiseSize = base.noiseSize
    productFeeBps = setup.rivals.productFeeBps
    recordedFeeBps = setup.rivals.recordedFeeBps
    recordedRange = setup.rivals.recordedRange
    seed = setup.seed
  }

  private static func hours(_ policy: ReformPolicy) -> Double? {
    policy.ageSeconds.map { $0 / 3600 }
  }

  /// The setup of these values.
  ///
  /// - Parameters:
  ///   - base: what has all that no axis may set: lots, limits of health, providers.
  ///   - price: the first market price, of which the lots of another capital follow.
  /// - Throws: `PoolError` that names a value, or why values do not go together.
  func setup(_ base: SweepBase, at price: Double) throws(PoolError) -> ReplaySetup {
    var setup = base.setup
    setup.terms = try terms(base.setup, at: price)
    setup.horizonDays = horizonDays
    setup.capital = capital
    setup.markets = markets.map {
      ReplayMarkets(count: $0, settleEvery: settleEvery, limits: base.markets.limits)
    }
    setup.agents.flowShare = flowShare
    setup.agents.arbitrage = arbitrageCost.map { .init(cost: $0) }
    setup.agents.noise =
      noiseVolume == 0
      ? nil : .init(dailyVolume: noiseVolume, meanSize: noiseSize ?? noiseVolume / 100)
    setup.rivals.productFeeBps = productFeeBps
    setup.rivals.recordedFeeBps = recordedFeeBps
    setup.rivals.recordedRange = recordedRange
    setup.seed = seed
    try setup.check()
    return setup
  }

  private func terms(_ base: ReplaySetup, at price: Double) throws(PoolError) -> PoolTerms {
    let old = base.terms
    var (a, b) = (old.a, old.b)
    if capital != base.capital {
      a = try LotSize.fine(for: capital / 2)
      b = try LotSize.fine(for: capital / 2 / price)
    }
    do throws(DAMMError) {
      let fees = try FeeSchedule(
        baseBps: feeBps, volatility: feeVol, skew: feeSkew, minimumBps: feeMinBps,
        maximumBps: feeMaxBps, surgeBps: surgeBps, surgeHalfLifeSeconds: surgeHalfLife)
      // hours that no axis set are the seconds that they come from, to the bit
      let seconds =
        reformHours == Self.hours(old.policy)
        ? old.policy.ageSeconds : reformHours.map { $0 * 3600 }
      return try PoolTerms(
        a: a, b: b, shape: shape, halfWidth: k, tickWidthBps: tickBps, fees: fees, funding: funding,
        policy: ReformPolicy(
          deviationBps: reformBps, ageSeconds: seconds, volatilityChange: reformVolatility),
        allowsThinSpread: thinSpread)
    } catch {
      throw .parameter(error)
    }
  }
}
