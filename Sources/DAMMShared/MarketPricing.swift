import DAMMKernel
import DAMMModel

/// What gives a market its prices: a tick curve or a pair of price functions, at the liquidity that the market
/// knows of, with a position of its own.
///
/// Lots of A that reserves get or give for lots of B round for the pool, so that a purchase of all lots at once
/// never brings the reserves more than one in parts, nor does a sale take less.
public protocol MarketPricing: Sendable {
  /// Whether what the reserves hold follows from the position alone: a way back gives what the way there brought,
  /// but for roundings.
  var retraces: Bool { get }
  /// Where the market stands: A per B in tokens.
  var price: Double { get }

  /// Lots of B that can be bought, or sold, from here to the end of the prices; at most
  /// `Domain.orderLots.upperBound`.
  func mostLots(_ side: Side, at now: UTCTime) -> Int

  /// Where so many lots of B lead.
  ///
  /// - Parameters:
  ///   - side: bought or sold.
  ///   - lots: of B, from 0 to `mostLots`.
  ///   - now: the time.
  func reach(_ side: Side, _ lots: Int, at now: UTCTime) -> MarketReach

  /// Carries an order out.
  ///
  /// - Parameters:
  ///   - order: what the trader asks.
  ///   - most: no more lots of B move.
  ///   - now: the time.
  /// - Throws: `PoolError`; nothing is changed then.
  mutating func trade(
    _ order: LotOrder, most: Int, at now: UTCTime
  ) throws(PoolError) -> MarketFill

  /// The same prices at another liquidity, at the same position.
  ///
  /// - Parameters:
  ///   - liquidity: from now on.
  ///   - before: until now.
  /// - Throws: `PoolError` for one that the prices cannot have; nothing is changed then.
  mutating func scale(
    to liquidity: LotLiquidity, from before: LotLiquidity
  ) throws(PoolError)
}

/// Where lots of B lead that are bought or sold.
public struct MarketReach: Sendable, Hashable {
  /// Lots of A that the reserves get for them, or give; rises with the lots.
  public let moved: Int
  /// At which price the reserves trade there, lots of A a lot of B: not falling in lots that are bought, not rising in
  /// lots that are sold. Where it jumps, either value. Error: `Tolerance.priceAmount`.
  public let lotPrice: Double

  /// A place.
  public init(moved: Int, lotPrice: Double) {
    (self.moved, self.lotPrice) = (moved, lotPrice)
  }
}

/// What a market did for an order, in whole lots.
public struct MarketFill: Sendable, Hashable, Codable {
  /// Direction of the trade.
  public let side: Side
  /// Lots that the trader pays: of A when buying, fee included; of B when selling.
  public let amountIn: Int
  /// Lots that the trader receives: of B when buying; of A when selling, net of the fee.
  public let amountOut: Int
  /// Fee in lots of A, part of the amount of A above, held apart from the reserves.
  public let fee: Int
  /// Where the market stands then: A per B in tokens.
  public let priceAfter: Double
  /// Why the trade stopped; where the market may trade no more before it settles, `exhausted`.
  public let stop: Stop
  /// Lots that are left of the amount that the caller fixed; none for a swap to a price.
  public let left: Int?

  /// An answer of prices.
  public init(
    side: Side, amountIn: Int, amountOut: Int, fee: Int, priceAfter: Double, stop: Stop, left: Int?
  ) {
    self.side = side
    self.amountIn = amountIn
    self.amountOut = amountOut
    self.fee = fee
    self.priceAfter = priceAfter
    self.stop = stop
    self.left = left
  }

  /// Lots of B that moved.
  public var lots: Int { side == .buy ? amountOut : amountIn }
  /// What the reserves get, or give where it is negative.
  public var flow: LotPair {
    side == .buy
      ? LotPair(a: amountIn - fee, b: -amountOut) : LotPair(a: -(amountOut + fee), b: amountIn)
  }
}
