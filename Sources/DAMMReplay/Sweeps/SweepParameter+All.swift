import DAMMModel

extension SweepParameter {
  /// All that an axis may set, in the order of the columns.
  public static let all: [SweepParameter] = pool + fees + reforms + markets + agents + rivals

  private static let hours =
    Domain.ageLimitSeconds.lowerBound / 3600...Domain.ageLimitSeconds.upperBound / 3600

  private static let pool: [SweepParameter] = [
    .number("capital", \.capital, in: Domain.replayCapital, "A", "What the founder pays in."),
    .number(
      "horizon-days", \.horizonDays, in: Domain.horizonDays, "days",
      "Horizon of the implied volatility."),
    .number(
      "k", \.k, in: Domain.halfWidth, "standard deviations", "Half width of the curve."),
    .number(
      "tick-bps", \.tickBps, in: Domain.tickWidthBps, "bps",
      "Tick width, of the oracle price."),
    .choice("shape", \.shape, "Density of the liquidity."),
    .choice("funding", \.funding, "How much of the reserves is on offer."),
  ]

  private static let fees: [SweepParameter] = [
    .number("fee-bps", \.feeBps, in: Domain.feeBps, "bps", "Base fee."),
    .number(
      "fee-vol", \.feeVol, in: Domain.feeVolatility, "rate",
      "What one unit of sigma over price adds to the fee."),
    .number(
      "fee-skew", \.feeSkew, in: Domain.feeSkew, "rate",
      "What one unit of distance from the oracle price adds to the fee on the way there."),
    .number("fee-min-bps", \.feeMinBps, in: Domain.feeBps, "bps", "The least fee."),
    .number("fee-max-bps", \.feeMaxBps, in: Domain.feeBps, "bps", "The most of it."),
    .number("surge-bps", \.surgeBps, in: Domain.feeBps, "bps", "What a reform adds to the fee."),
    .number(
      "surge-half-life", \.surgeHalfLife, in: Domain.surgeHalfLifeSeconds, "seconds",
      "Until half of that is gone."),
  ]

  private static let reforms: [SweepParameter] = [
    .number(
      "reform-bps", orNone: \.reformBps, in: Domain.reformDeviationBps, "bps",
      "Move of the market price that forms the curve anew; none for no such."),
    .number(
      "reform-hours", orNone: \.reformHours, in: hours, "hours",
      "Age that forms the curve anew; none for no such."),
    .number(
      "reform-volatility", orNone: \.reformVolatility, in: Domain.volatilityChange, "rate",
      "Relative change of the volatility that forms the curve anew; none for no such."),
    .flag(
      "thin-spread", \.thinSpread, "Whether reforms are allowed with a spread below a tick."),
  ]

  private static let markets: [SweepParameter] = [
    .count(
      "markets", orNone: \.markets, in: Domain.simulatedMarkets, "markets",
      "Markets on a shared pool; none for a pool of its own."),
    .count(
      "settle-every", \.settleEvery, in: Domain.settleEvery, "steps",
      "From one settlement of a market to the next."),
  ]

  private static let agents: [SweepParameter] = [
    .number(
      "flow-share", \.flowShare, in: Domain.flowShare, "part",
      "How much of each recorded order comes to the pool."),
    .number(
      "arbitrage-cost", orNone: \.arbitrageCost, in: Domain.arbitrageCost, "A",
      "What a trade costs arbitrageurs beside its fee; none for no arbitrageurs."),
    .number(
      "noise-volume", \.noiseVolume, in: Domain.dailyVolume, "A a day",
      "What traders who know nothing trade."),
    .number(
      "noise-size", orNone: \.noiseSize, in: Domain.noiseSize, "A",
      "Mean worth of an order of theirs; none for a hundredth of a day."),
  ]

  private static let rivals: [SweepParameter] = [
    .number(
      "product-fee-bps", \.productFeeBps, in: Domain.rivalFeeBps, "bps",
      "Fee of the constant product."),
    .number(
      "recorded-fee-bps", \.recordedFeeBps, in: Domain.rivalFeeBps, "bps",
      "Fee of the recorded pool."),
    .number(
      "recorded-range", orNone: \.recordedRange, in: Domain.recordedRange, "factor",
      "How far the position in the recorded pool reaches up and down; none for all prices."),
    .seed("seed", \.seed, "Of what is drawn by chance."),
  ]
}
