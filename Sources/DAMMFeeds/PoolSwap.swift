import DAMMModel

/// One swap of a concentrated-liquidity pool, exactly as the chain has it. Exactly one amount is positive.
public struct PoolSwap: Sendable, Hashable {
  /// The columns that a log of swaps must have; it may have others.
  public enum Column: String, Sendable, CaseIterable {
    /// Time of the block, UTC, `YYYY-MM-DD HH:MM:SS`.
    case time = "block_timestamp"
    /// Kind of event; `SWAP` rows are swaps.
    case kind = "tx_type"
    /// Integer amount of token 0, positive into the pool.
    case amount0
    /// Integer amount of token 1, positive into the pool.
    case amount1
    /// Root of the price after the event, `sqrt(raw1 / raw0) * 2^96`.
    case sqrtPriceX96
    /// Index of the real pool's own tick after the event; `199720.0` means 199720.
    case tick = "current_tick"
  }

  /// Line of the file, from 1, the header.
  public let line: Int
  /// Time of the block.
  public let time: UTCTime
  /// Amount of token 0 in its smallest unit, positive into the pool.
  public let amount0: ChainInteger
  /// Amount of token 1 in its smallest unit, positive into the pool.
  public let amount1: ChainInteger
  /// Root of the price after the swap, `sqrt(raw1 / raw0) * 2^96`.
  public let sqrtPriceX96: ChainInteger
  /// The real pool's own tick after the swap: `1.0001^tick <= raw1 / raw0 < 1.0001^(tick + 1)`.
  public let tick: Int
  /// Liquidity of the real pool in that tick after the swap, `sqrt(raw0 raw1)`; `nil` where the log does
  /// not say.
  public let liquidity: ChainInteger?

  /// The roots of a price that such a pool can have: those of its ticks -887272 to 887272.
  public static let allowedSqrtPriceX96: ClosedRange<ChainInteger> =
    ChainInteger(lowestRoot)...highestRoot
  private static let lowestRoot: Int128 = 4_295_128_739
  private static let highestRoot: ChainInteger = {
    guard let root = try? ChainInteger("1461446703485210103287273052203988822378723970342") else {
      preconditionFailure("49 digits are below 2^255")
    }
    return root
  }()

  /// The ticks that such a pool can have.
  public static let allowedTicks = PoolTick.allowed
}
