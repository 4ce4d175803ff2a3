import DAMMModel

/// A log in token units, ready to be replayed: the first price, and what traders paid in after it.
///
/// The log says prices after swaps only. The first swap therefore sets the opening price and is not
/// replayed itself; the replay starts with the second.
public struct Tape: Sendable, Equatable {
  /// One swap, in token units and A per B.
  public struct Swap: Sendable, Hashable {
    /// Time of the block.
    public let time: UTCTime
    /// A into the real pool, its fee included; negative out of it.
    public let a: Double
    /// B into the real pool, its fee included; negative out of it.
    public let b: Double
    /// Price of the real pool after the swap.
    public let priceAfter: Double

    /// What the trader paid over what the trader received, A per B, the fee included; `nil` where
    /// one of them is nothing.
    public var averagePrice: Double? { a == 0 || b == 0 ? nil : -a / b }
  }

  /// Price of the real pool after the first swap of the log, A per B.
  public let openingPrice: Double
  /// Time of that swap.
  public let openingTime: UTCTime
  /// The swaps after it, in order.
  public let swaps: [Swap]

  /// The fewest swaps that a log must have for a tape.
  public static let fewestSwaps = 2

  /// Converts a log to token units: each number is taken from the exact integers and rounded once.
  ///
  /// - Parameters:
  ///   - log: the swaps of a real pool.
  ///   - tokens: decimal places, and which token is A.
  /// - Throws: `ReplayError.tooFewSwaps`.
  public init(_ log: SwapLog, tokens: TokenPair) throws(ReplayError) {
    guard log.swaps.count >= Self.fewestSwaps else {
      throw .tooFewSwaps(found: log.swaps.count, needed: Self.fewestSwaps)
    }
    openingPrice = tokens.price(sqrtPriceX96: log.swaps[0].sqrtPriceX96)
    openingTime = log.swaps[0].time
    swaps = log.swaps.dropFirst().map { swap in
      let (a, b) = tokens.amounts(of: swap)
      return Swap(
        time: swap.time, a: a, b: b, priceAfter: tokens.price(sqrtPriceX96: swap.sqrtPriceX96))
    }
  }
}
