import DAMMModel

/// What a fee does to arbitrage, where those who do it come by at random moments: blocks, on average
/// `blockSeconds` apart, at each of which the curve is brought back to within the fee of the market.
///
/// With the fee as a part of the A traded and `theta = sqrt(2 / blocks) / sigma`, `sigma` that of a day and
/// `blocks` the interval in days, the market is more than the fee away at a share `1 / (1 + theta fee)`
/// of all blocks. Arbitrageurs keep that share of the loss and pay the rest as fees. For fees small
/// beside 1, in the mean over times long beside `(fee / sigma)^2`; ticks of any width.
public struct ArbitrageFees: Sendable, Hashable {
  /// What arbitrage takes in a day without fees, in A.
  public let grossLoss: Double
  /// `theta`: the inverse of how far the market moves between blocks, `sigma sqrt(blocks / 2)`.
  private let theta: Double

  init(grossLoss: Double, dailyVolatility: Double, blockSeconds: Double) {
    self.grossLoss = grossLoss
    theta = (2 * (86_400 / blockSeconds)).squareRoot() / dailyVolatility
  }

  /// At which share of the blocks the market is further away than a fee, so that arbitrage trades.
  ///
  /// - Parameter fee: part of the A traded, in `Domain.feeRate`.
  /// - Throws: `DAMMError.outOfRange`.
  public func tradeProbability(fee: Double) throws(DAMMError) -> Double {
    try Domain.check(fee, "fee", in: Domain.feeRate)
    return 1 / (1 + theta * fee)
  }

  /// What arbitrageurs trade in a day, in A: `theta L / (1 + theta fee)`.
  ///
  /// - Parameter fee: part of the A traded, in `Domain.feeRate`.
  /// - Throws: `DAMMError.outOfRange`.
  public func volume(fee: Double) throws(DAMMError) -> Double {
    try grossLoss * theta * tradeProbability(fee: fee)
  }

  /// What arbitrageurs take in a day after the fees that they pay, in A: `L / (1 + theta fee)`.
  ///
  /// - Parameter fee: part of the A traded, in `Domain.feeRate`.
  /// - Throws: `DAMMError.outOfRange`.
  public func netLoss(fee: Double) throws(DAMMError) -> Double {
    try grossLoss * tradeProbability(fee: fee)
  }

  /// The loss over the volume of arbitrage without fees, `sigma sqrt(blocks / 2)`: what each unit of A
  /// that arbitrageurs trade costs the pool. No depth and no price is in it.
  public var lossPerVolume: Double { 1 / theta }

  /// The fee at which what arbitrageurs and all others pay adds up to what arbitrage takes:
  /// `fee N = L / (1 + theta fee)`, so `fee = 2 L / (N + sqrt(N^2 + 4 theta L N))`.
  ///
  /// - Parameter noiseVolume: `N`, what others trade in a day, in A, in `Domain.dailyVolume`; taken to be
  ///   the same at every fee.
  /// - Returns: none where no fee up to all of the amount would do: arbitrage alone never pays for itself.
  /// - Throws: `DAMMError.outOfRange`.
  public func breakEvenFee(noiseVolume: Double) throws(DAMMError) -> Double? {
    try Domain.check(noiseVolume, "noise volume", in: Domain.dailyVolume)
    guard grossLoss > 0 else { return 0 }
    let root = noiseVolume.squareRoot() * (noiseVolume + 4 * theta * grossLoss).squareRoot()
    let fee = 2 * (grossLoss / (noiseVolume + root))
    return Domain.feeRate.contains(fee) ? fee : nil
  }
}

extension RiskFigures {
  /// What a fee does to the loss of a day.
  ///
  /// - Parameter blockSeconds: how far the moments lie apart at which arbitrage may trade, on average, in
  ///   `Domain.blockSeconds`.
  /// - Throws: `DAMMError.outOfRange`.
  public func arbitrageFees(blockSeconds: Double) throws(DAMMError) -> ArbitrageFees {
    try Domain.check(blockSeconds, "seconds between blocks", in: Domain.blockSeconds)
    return ArbitrageFees(
      grossLoss: try expectedLoss(), dailyVolatility: dailyVolatility, blockSeconds: blockSeconds)
  }
}
