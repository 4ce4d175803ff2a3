import DAMM

/// The risk figures of a curve in the words of the JSON of `damm risk`. Prices are A per B, reserves
/// token units, values and losses A; rates and changes are decimals, fees those of the A traded.
struct RiskAnswer: Encodable {
  /// What the pool holds after a move of the market.
  struct Move: Encodable {
    /// In standard deviations `mu s`, where that is how it was asked.
    @OrNull var deviations: Double?
    let change: Double
    let price: Double
    let reserveA: Double
    let reserveB: Double
    let heldValue: Double
    let value: Double
    let impermanentLoss: Double
    let relativeLoss: Double

    init(_ move: MarketMove, deviations: Double? = nil) {
      _deviations = OrNull(wrappedValue: deviations)
      (change, price, reserveA, reserveB) = (move.change, move.price, move.a, move.b)
      (heldValue, value) = (move.heldValue, move.value)
      (impermanentLoss, relativeLoss) = (move.impermanentLoss, move.relativeLoss)
    }
  }

  /// What is on offer within a part of the price.
  struct Band: Encodable {
    let within: Double
    let offeredA: Double
    let offeredB: Double
  }

  let price: Double
  let volatility: Double
  let dailyVolatility: Double
  let relativeSigma: Double
  @OrNull var sigmaConvention: SigmaConvention?
  let reserveA: Double
  let reserveB: Double
  let value: Double
  let bands: [Band]
  let density: Double
  let capitalEfficiency: Double
  let moves: [Move]
  let deviationMoves: [Move]
  let lossVersusRebalancing: Double
  let lossVersusRebalancingBps: Double
  let expectedLoss: Double
  let expectedLossBps: Double
  let blockSeconds: Double
  let arbitrageVolume: Double
  let lossPerVolume: Double
  @OrNull var noiseVolume: Double?
  @OrNull var breakEvenFee: Double?
  @OrNull var breakEvenTradeProbability: Double?
  @OrNull var breakEvenArbitrageVolume: Double?

  init(
    _ risk: RiskFigures, convention: SigmaConvention?, changes: [Double], noiseVolume: Double?,
    blockSeconds: Double
  ) throws {
    price = risk.price
    (volatility, dailyVolatility) = (risk.volatility, risk.dailyVolatility)
    relativeSigma = risk.curve.table.relativeSigma
    _sigmaConvention = OrNull(wrappedValue: convention)
    (reserveA, reserveB, value) = (risk.reserves.a, risk.reserves.b, risk.value)
    bands = try [0.01, 0.02].map { part in
      let offered = try risk.offered(within: part)
      return Band(within: part, offeredA: offered.a, offeredB: offered.b)
    }
    (density, capitalEfficiency) = (risk.density, risk.capitalEfficiency)
    moves = try changes.map { Move(try risk.move(by: $0)) }
    deviationMoves = try [-3, -2, -1, 1, 2, 3].compactMap { count in
      try risk.move(deviations: count).map { Move($0, deviations: count) }
    }
    lossVersusRebalancing = risk.lossVersusRebalancing
    lossVersusRebalancingBps = 1e4 * (lossVersusRebalancing / value)
    let fees = try risk.arbitrageFees(blockSeconds: blockSeconds)
    expectedLoss = fees.grossLoss
    expectedLossBps = 1e4 * (expectedLoss / value)
    self.blockSeconds = blockSeconds
    arbitrageVolume = try fees.volume(fee: 0)
    lossPerVolume = fees.lossPerVolume
    let fee = try noiseVolume.flatMap { try fees.breakEvenFee(noiseVolume: $0) }
    _noiseVolume = OrNull(wrappedValue: noiseVolume)
    _breakEvenFee = OrNull(wrappedValue: fee)
    _breakEvenTradeProbability = OrNull(
      wrappedValue: try fee.map { try fees.tradeProbability(fee: $0) })
    _breakEvenArbitrageVolume = OrNull(wrappedValue: try fee.map { try fees.volume(fee: $0) })
  }
}
