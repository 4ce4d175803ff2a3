import DAMMModel

/// Liquidity that an owner added to a range of ticks of a concentrated-liquidity pool, or removed,
/// exactly as the chain has it.
public struct PoolLiquidityChange: Sendable, Hashable {
  /// Line of the file, from 1, the header.
  public let line: Int
  /// Time of the block.
  public let time: UTCTime
  /// Amount of token 0 in its smallest unit, paid in by a mint or owed after a burn; not negative.
  public let amount0: ChainInteger
  /// The same of token 1.
  public let amount1: ChainInteger
  /// Liquidity added or removed, not negative: a burn of nothing collects fees.
  public let liquidity: ChainInteger
  /// The ticks of the range: from the first, up to the second and without it.
  public let ticks: Range<Int>
  /// The owner's position, where the log names one.
  public let position: String?
}
