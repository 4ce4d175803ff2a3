import DAMMKernel
import DAMMModel
import DAMMPrices

/// A pair of price functions as the prices of a market, in whole lots.
///
/// The functions trade on reserves that are the market's own, in real numbers of tokens: of liquidity
/// `sqrt(NA NB)` where it is opened, at a ratio of its own. Each trade is one of whole lots of B; what they cost is
/// rounded up to a lot of A and what they bring down, behind a margin of `Tolerance.priceAmount` for the error
/// of the real numbers. Fees that the functions hold apart are rounded up.
public struct FunctionPricing<Prices: PriceFunctions>: MarketPricing {
  /// The functions on reserves of their own, in tokens.
  public private(set) var pool: PricePool<Prices>
  /// Lots of A.
  public let a: LotSize
  /// Lots of B.
  public let b: LotSize
  /// Whether the reserves trade at the same prices in both directions.
  public let retraces: Bool

  /// Price functions at the liquidity of a pool.
  ///
  /// - Parameters:
  ///   - prices: with prices in tokens.
  ///   - ratio: where the market stands: `NA/NB` in tokens, in `prices.ratios`.
  ///   - terms: of the pool, for its lots.
  ///   - snapshot: what is known of the pool.
  ///   - retraces: `true` if `reservePrice` is the same for both sides at every ratio and time, as it is without a fee
  ///     or with one held apart; then less has to be computed for each quote.
  /// - Throws: `PoolError.parameter` that names the value.
  public init(
    _ prices: Prices, ratio: Double, terms: SharedPoolTerms, on snapshot: PoolSnapshot,
    retraces: Bool = false
  ) throws(PoolError) {
    (a, b) = (terms.a, terms.b)
    self.retraces = retraces
    try Domain.checkPool(ratio, "ratio of the reserves", in: prices.ratios)
    // sqrt(NA NB) in tokens: lots of A times lots of B, each in tokens
    let liquidity =
      snapshot.liquidity.value * (a.tokensPerLot * b.tokensPerLot).squareRoot()
    do throws(DAMMError) {
      pool = try PricePool(
        prices,
        reserves: Reserves(a: liquidity * ratio.squareRoot(), b: liquidity / ratio.squareRoot()))
    } catch {
      throw .parameter(error)
    }
  }

  // MARK: The prices of a market

  /// The ratio of the reserves.
  public var price: Double { pool.ratio }

  /// Lots until the functions end, or no reserve of theirs may move further.
  public func mostLots(_ side: Side, at now: UTCTime) -> Int {
    let end = side == .buy ? Domain.target.upperBound : Domain.target.lowerBound
    guard let order = try? Order(side, .toPrice(end)), let quote = try? pool.quote(order, at: now)
    else { return 0 }
    return min(b.wholeLots(quote.b * (1 - margin)), Domain.orderLots.upperBound)
  }

  /// What the lots cost or bring, without the fee.
  public func reach(_ side: Side, _ lots: Int, at now: UTCTime) -> MarketReach {
    let quote = lots > 0 ? try? quote(side, lots, at: now) : nil
    let price = pool.prices.reservePrice(side, quote?.ratioAfter ?? pool.ratio, at: now)
    return MarketReach(
      moved: quote.map { amounts($0).moved } ?? 0,
      lotPrice: LotSize.pricePerLot(price: price, a: a, b: b))
  }

  /// The order, by whole lots of B.
  public mutating func trade(
    _ order: LotOrder, most: Int, at now: UTCTime
  ) throws(PoolError) -> MarketFill {
    let most = min(most, mostLots(order.side, at: now))
    let wanted = try wanted(order, at: now)
    let lots = min(wanted.lots, most)
    let isCut = lots < wanted.lots
    guard lots > 0 else {
      return MarketFill(
        side: order.side, amountIn: 0, amountOut: 0, fee: 0, priceAfter: price,
        stop: isCut ? .exhausted : wanted.stop, left: order.size.lots)
    }
    let quote: PriceQuote
    do throws(DAMMError) {
      var traded = pool
      quote = try traded.swap(Order(order.side, .amount(b.tokens(lots))), at: now)
      pool = try PricePool(pool.prices, reserves: traded.reserves)
    } catch {
      throw .parameter(error)
    }
    let (moved, fee) = amounts(quote)
    var traded = order.side == .buy ? moved + fee : max(0, moved - fee)
    var left: Int?
    switch order.size {
    case .amount(let asked): left = asked - lots
    case .notional(let asked):
      // what the last lot of B is worth beyond the A that was asked for stays in the pool
      if order.side == .sell { traded = min(traded, asked) }
      left = asked - traded
    case .toPrice: left = nil
    }
    return MarketFill(
      side: order.side, amountIn: order.side == .buy ? traded : lots,
      amountOut: order.side == .buy ? lots : traded, fee: min(fee, moved),
      priceAfter: price, stop: isCut ? .exhausted : wanted.stop, left: left)
  }

  /// All reserves grow alike.
  public mutating func scale(
    to liquidity: LotLiquidity, from before: LotLiquidity
  ) throws(PoolError) {
    let times = liquidity.over(before)
    do throws(DAMMError) {
      pool = try PricePool(
        pool.prices, reserves: Reserves(a: times * pool.reserves.a, b: times * pool.reserves.b))
    } catch {
      throw .parameter(error)
    }
  }

  // MARK: Lots

  private var margin: Double { Tolerance.priceAmount.relative }

  private func quote(
    _ side: Side, _ lots: Int, at now: UTCTime
  ) throws(DAMMError) -> PriceQuote {
    try pool.quote(Order(side, .amount(b.tokens(lots))), at: now)
  }

  /// Lots of A that the reserves get or give, and the fee.
  private func amounts(_ quote: PriceQuote) -> (moved: Int, fee: Int) {
    let fee = quote.fee > 0 ? a.lotsCovering(quote.fee * (1 + margin)) : 0
    let moved = quote.side == .buy ? quote.a - quote.fee : quote.a + quote.fee
    return quote.side == .buy
      ? (a.lotsCovering(moved * (1 + margin)), fee) : (a.wholeLots(moved * (1 - margin)), fee)
  }

  /// Lots of B that an order comes to, as far as the prices go.
  private func wanted(
    _ order: LotOrder, at now: UTCTime
  ) throws(PoolError) -> (lots: Int, stop: Stop) {
    let real: PriceQuote
    do throws(DAMMError) {
      let size: Order.Size =
        switch order.size {
        case .amount(let lots): .amount(b.tokens(lots))
        case .notional(let lots): .notional(a.tokens(lots))
        case .toPrice(let price): .toPrice(price)
        }
      real = try pool.quote(Order(order.side, size, limit: order.limit), at: now)
    } catch {
      throw .parameter(error)
    }
    switch order.size {
    case .amount(let lots) where real.stop == .complete: return (lots, .complete)
    case .notional(let asked) where real.stop == .complete:
      return (try lots(order.side, worth: asked, near: real.b, at: now), .complete)
    default: return (b.wholeLots(real.b * (1 - margin)), real.stop)
    }
  }

  /// The most lots that so many of A pay for, or the fewest that bring them: the real amount says where to look.
  private func lots(
    _ side: Side, worth asked: Int, near real: Double, at now: UTCTime
  ) throws(PoolError) -> Int {
    /// What the trader pays or gets.
    func traded(_ lots: Int) throws(PoolError) -> Int {
      guard lots > 0 else { return 0 }
      do throws(DAMMError) {
        let (moved, fee) = amounts(try quote(side, lots, at: now))
        return side == .buy ? moved + fee : moved - fee
      } catch {
        throw .parameter(error)
      }
    }
    let near = b.wholeLots(real)
    if side == .buy {
      return try Self.first(near: near) { lots throws(PoolError) in try traded(lots) > asked } - 1
    }
    return try Self.first(near: near) { lots throws(PoolError) in try traded(lots) >= asked }
  }

  /// The fewest lots, at least 1, for which something holds that holds for all more: by steps that double from
  /// near it, then by halving.
  private static func first(
    near: Int, where holds: (Int) throws(PoolError) -> Bool
  ) throws(PoolError) -> Int {
    let most = Domain.orderLots.upperBound
    var (low, high, step) = (max(0, near), max(0, near), 1)
    while high <= most, try !holds(high) {
      low = high
      high += step
      step *= 2
    }
    step = 1
    while low > 0, try holds(low) {
      high = low
      low = max(0, low - step)
      step *= 2
    }
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if try holds(middle) { high = middle } else { low = middle }
    }
    return high
  }
}

extension FunctionPricing: Codable where Prices: Codable {
  private enum Key: String, CodingKey { case prices, reserveA, reserveB, a, b, retraces }

  /// Reads prices and where they stand.
  ///
  /// - Throws: `DecodingError`; `DAMMError` and `PoolError` for numbers that no market has.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    a = try fields.decode(LotSize.self, forKey: .a)
    b = try fields.decode(LotSize.self, forKey: .b)
    retraces = try fields.decode(Bool.self, forKey: .retraces)
    pool = try PricePool(
      fields.decode(Prices.self, forKey: .prices),
      reserves: Reserves(
        a: fields.decode(Double.self, forKey: .reserveA),
        b: fields.decode(Double.self, forKey: .reserveB)))
  }

  /// Writes prices and where they stand, to the bit.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Key.self)
    try fields.encode(pool.prices, forKey: .prices)
    try fields.encode(pool.reserves.a, forKey: .reserveA)
    try fields.encode(pool.reserves.b, forKey: .reserveB)
    try fields.encode(a, forKey: .a)
    try fields.encode(b, forKey: .b)
    try fields.encode(retraces, forKey: .retraces)
  }
}

extension FunctionPricing: Equatable where Prices: Equatable {}

extension LotOrder.Size {
  /// The lots that the caller fixed.
  fileprivate var lots: Int? {
    switch self {
    case .amount(let lots), .notional(let lots): return lots
    case .toPrice: return nil
    }
  }
}

extension LotSize {
  /// A lot in tokens, rounded once.
  fileprivate var tokensPerLot: Double { tokens(1) }

  /// Whole lots in an amount of tokens, as far as a `Double` tells; at most four times what a pool may have.
  fileprivate func wholeLots(_ tokens: Double) -> Int { lots(tokens.lots(self).rounded(.down)) }

  /// Whole lots that cover an amount of tokens.
  fileprivate func lotsCovering(_ tokens: Double) -> Int {
    lots(tokens.lots(self).rounded(.up))
  }

  private func lots(_ count: Double) -> Int {
    // what is beyond all that a book may have, whatever is in it, stays beyond
    Int(min(max(count, 0), 4 * Double(Domain.reserveLots.upperBound)))
  }
}

extension Double {
  /// Tokens in lots, rounded once or twice.
  fileprivate func lots(_ size: LotSize) -> Double { self / size.tokens(1) }
}
