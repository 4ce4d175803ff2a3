import DAMM
import DAMMReplay

/// What a replay comes to: the figures that decide, derived from `ReplayFigures`. Amounts are worth in A at the market
/// price, parts are decimals.
struct ReplaySummary: Encodable {
  /// A venue, and what the founder has of it.
  struct Venue: Encodable {
    let value: Double
    /// `value` less what holding would be worth, in A.
    let gain: Double
    /// `value` over what holding would be worth, less 1.
    let advantage: Double
    /// The same without fees.
    let impermanentLoss: Double
    /// That the founder was owed.
    let fees: Double
    /// That all traders paid.
    let paidFees: Double
    let trades: Int
    let volume: Double
    let measuredLoss: Double
    let predictedLoss: Double
    let realisedLoss: Double
    let arbitrageProfit: Double
    let predictedProfit: Double
    /// What recorded orders and noise brought the pool beyond the market price, fees included.
    let flowIncome: Double
    let meanOffered: Double
    let dailyTurnover: Double
    let worstDeviationBps: Double
    let leastHealth: Double
    let reforms: Int
    let unfilled: Double

    init(_ figures: VenueFigures, held: Double) {
      value = figures.end.value
      gain = value - held
      advantage = value / held - 1
      fees = figures.end.fees
      impermanentLoss = (value - fees) / held - 1
      let total = figures.total
      (paidFees, trades, volume) = (total.fees, total.all.trades, total.volume)
      (measuredLoss, predictedLoss, realisedLoss) = (
        total.measuredLoss, total.predictedLoss, total.realisedLoss
      )
      (arbitrageProfit, predictedProfit) = (total.arbitrage.profit, total.predictedProfit)
      flowIncome = -total.flow.profit - total.noise.profit
      (meanOffered, dailyTurnover) = (figures.meanOffered, figures.dailyTurnover)
      (worstDeviationBps, leastHealth) = (figures.worstDeviationBps, figures.leastHealth)
      (reforms, unfilled) = (total.reforms, total.unfilled)
    }
  }

  /// A position in the recorded pool.
  struct Recorded: Encodable {
    let value: Double
    let gain: Double
    let advantage: Double
    let impermanentLoss: Double
    let fees: Double
    let volume: Double
    let meanShare: Double
    let depthShare: Double
    let inRange: Double

    init(_ figures: RecordedFigures, held: Double) {
      (value, fees, volume) = (figures.value, figures.fees, figures.volume)
      gain = value - held
      advantage = value / held - 1
      impermanentLoss = (value - fees) / held - 1
      (meanShare, depthShare, inRange) = (
        figures.meanShare, figures.depthShare, figures.inRange
      )
    }
  }

  let days: Double
  let heldValue: Double
  let pool: Venue
  let product: Venue
  @OrNull var recorded: Recorded?

  init(_ figures: ReplayFigures) {
    let held = figures.heldValue
    (days, heldValue) = (figures.days, held)
    pool = Venue(figures.pool, held: held)
    product = Venue(figures.product, held: held)
    _recorded = OrNull(wrappedValue: figures.recorded.map { Recorded($0, held: held) })
  }
}
