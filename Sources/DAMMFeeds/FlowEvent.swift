import DAMMModel

/// One thing that happened in a market, or became known, for a replay.
public struct FlowEvent: Sendable, Hashable {
  /// What it is.
  public enum Kind: Sendable, Hashable {
    /// A swap of a real pool; one of nothing for nothing is left out.
    case swap(PoolSwap)
    /// Liquidity added to a real pool.
    case mint(PoolLiquidityChange)
    /// Liquidity removed from a real pool.
    case burn(PoolLiquidityChange)
    /// What a real pool traded in a minute.
    case minute(PoolMinute)
    /// How a price moved in an hour.
    case candle(Candle)
    /// An implied volatility, a year, as a decimal, whatever the file's unit is.
    case volatility(Double)
    /// A price, and what is known with it.
    case price(PricePoint)
    /// An order.
    case order(Order)
  }

  /// When it happened or, of an interval, when that ended and its close was known.
  public let time: UTCTime
  /// Line of its file, from 1, the header.
  public let line: Int
  /// What it is.
  public let kind: Kind
}

/// What a concentrated-liquidity pool traded in one minute, exactly as the chain has it.
public struct PoolMinute: Sendable, Hashable {
  /// When the minute began.
  public let begin: UTCTime
  /// What flowed in of token 0 less what flowed out, in its smallest unit.
  public let netAmount0: ChainInteger
  /// The same of token 1.
  public let netAmount1: ChainInteger
  /// What flowed in of token 0, in its smallest unit; not below zero or the net.
  public let inAmount0: ChainInteger
  /// The same of token 1.
  public let inAmount1: ChainInteger
  /// The pool's tick at the end of the minute; in `PoolSwap.allowedTicks`.
  public let closeTick: Int
  /// The pool's liquidity in that tick, `sqrt(raw0 raw1)`.
  public let liquidity: ChainInteger
}

/// How a price moved in an interval, A per B.
public struct Candle: Sendable, Hashable {
  /// When the interval began.
  public let begin: UTCTime
  /// The first price.
  public let open: Double
  /// The highest.
  public let high: Double
  /// The lowest.
  public let low: Double
  /// The last.
  public let close: Double
  /// What was traded, in B; `nil` where the file does not say.
  public let volumeB: Double?
}

/// A price at a moment, and what is known with it.
public struct PricePoint: Sendable, Hashable {
  /// A per B.
  public let price: Double
  /// Implied volatility, a year, as a decimal; `nil` where the file does not say.
  public let impliedVolatility: Double?
  /// A that buyers paid in since the row before; `nil` where the file does not say.
  public let volumeInA: Double?
  /// B that sellers paid in since the row before; `nil` where the file does not say.
  public let volumeInB: Double?
}
