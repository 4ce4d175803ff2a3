import DAMMModel

/// One figure of a replay, as a column of a sweep.
public struct SweepFigure: Sendable {
  /// The column that tells it.
  public let column: SweepColumn

  let value: @Sendable (ReplayFigures) -> SweepValue

  private init(
    _ name: String, _ unit: String, _ meaning: String, _ better: SweepColumn.Direction? = nil,
    number: @escaping @Sendable (ReplayFigures) -> Double?
  ) {
    column = SweepColumn(
      name, .float64, unit: unit, meaning: meaning, role: .figure, better: better)
    value = { SweepValue(number($0)) }
  }

  private init(
    _ name: String, _ unit: String, _ meaning: String, _ better: SweepColumn.Direction? = nil,
    count: @escaping @Sendable (ReplayFigures) -> Int
  ) {
    column = SweepColumn(
      name, .int64, unit: unit, meaning: meaning, role: .figure, better: better)
    value = { .integer(count($0)) }
  }

  /// All figures, in the order of the columns.
  public static let all: [SweepFigure] = worth + losses + traffic

  private static let worth: [SweepFigure] = [
    .init("days", "days", "How long the replay was.", number: { $0.days }),
    .init("steps", "steps", "How many steps came after the first.", count: { $0.steps }),
    .init("start_price", "A per B", "The first market price.", number: { $0.startPrice }),
    .init("end_price", "A per B", "The last market price.", number: { $0.endPrice }),
    .init(
      "advantage", "part", "Worth of the founder's part over holding, less 1.", .up,
      number: { $0.advantage }),
    .init(
      "value", "A", "Worth of the founder's part at the end, fees included.", .up,
      number: { $0.value }),
    .init("held_value", "A", "What holding is worth.", number: { $0.heldValue }),
    .init(
      "product_value", "A", "Worth of the constant product with the same capital.",
      number: { $0.product.end.value }),
    .init(
      "recorded_value", "A", "Worth of the position in the recorded pool.",
      number: { $0.recorded?.value }),
    .init(
      "over_product", "part", "Worth of the founder's part over the constant product, less 1.",
      .up, number: { $0.value / $0.product.end.value - 1 }),
    .init(
      "over_recorded", "part",
      "Worth of the founder's part over the position in the recorded pool, less 1.", .up,
      number: { figures in figures.recorded.map { figures.value / $0.value - 1 } }),
    .init(
      "impermanent_loss", "part",
      "Worth of the founder's part without fees over holding, less 1.", .up,
      number: { $0.impermanentLoss }),
    .init(
      "founder_fees", "A", "Fees that the founder was owed.", .up, number: { $0.pool.end.fees }),
    .init("fees", "A", "Fees that all traders paid.", .up, number: { $0.pool.total.fees }),
  ]

  private static let losses: [SweepFigure] = [
    .init(
      "lvr_measured", "A", "Loss versus rebalancing: what all traders took before fees.", .down,
      number: { $0.pool.total.measuredLoss }),
    .init(
      "lvr_predicted", "A", "The same as the implied volatility predicts it, without fees.",
      number: { $0.pool.total.predictedLoss }),
    .init(
      "lvr_realised", "A", "The same from the squared moves of the market price.",
      number: { $0.pool.total.realisedLoss }),
    .init(
      "arbitrage_profit", "A", "What arbitrageurs earned, fees paid.", .down,
      number: { $0.pool.total.arbitrage.profit }),
    .init(
      "arbitrage_predicted", "A", "The same as predicted, with fees.",
      number: { $0.pool.total.predictedProfit }),
    .init(
      "flow_profit", "A", "What the traders of the recorded flow earned, fees paid.",
      number: { $0.pool.total.flow.profit }),
    .init(
      "noise_profit", "A", "What noise earned, fees paid.", number: { $0.pool.total.noise.profit }),
  ]

  private static let traffic: [SweepFigure] = [
    .init("volume", "A", "What changed hands.", .up, number: { $0.pool.total.volume }),
    .init("trades", "trades", "Trades that moved something.", count: { $0.pool.total.all.trades }),
    .init(
      "daily_turnover", "part", "What changed hands in a day over the capital.", .up,
      number: { $0.pool.dailyTurnover }),
    .init(
      "unfilled", "A", "What of recorded orders and noise was not filled.", .down,
      number: { $0.pool.total.unfilled }),
    .init(
      "mean_offered", "part", "Worth of what is on offer over all reserves, mean over the steps.",
      .up, number: { $0.pool.meanOffered }),
    .init(
      "reforms", "reforms", "How often curves were formed anew.", count: { $0.pool.total.reforms }),
    .init(
      "worst_deviation_bps", "bps", "The largest distance from the market price behind a step.",
      .down, number: { $0.pool.worstDeviationBps }),
    .init(
      "slippage_bps", "bps",
      "Slippage of recorded orders and noise, fees included, mean weighted by A.", .down,
      number: { slippage($0.pool) }),
    .init(
      "product_slippage_bps", "bps", "The same of the constant product.",
      number: { slippage($0.product) }),
    .init(
      "least_health", "part", "The least health factor; 1 for a pool of its own.", .up,
      number: { $0.pool.leastHealth }),
    .init(
      "refused", "settlements", "Settlements that were refused.", .down,
      count: { $0.markets.reduce(0) { $0 + $1.refused } }),
    .init(
      "stopped_steps", "steps", "Steps that markets stood still, all together.", .down,
      count: { $0.markets.reduce(0) { $0 + $1.stoppedSteps } }),
  ]

  /// The mean over all sizes; `nil` where nobody traded.
  private static func slippage(_ venue: VenueFigures) -> Double? {
    let volume = venue.slippage.reduce(0) { $0 + $1.volume }
    guard volume > 0 else { return nil }
    return venue.slippage.reduce(0) { $0 + $1.bps * $1.volume } / volume
  }
}
