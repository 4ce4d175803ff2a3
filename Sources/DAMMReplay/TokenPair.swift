import DAMMFeeds
import DAMMModel

/// The two tokens of a real pool: their decimal places, and which of them is A, the numeraire.
///
/// Prices are A per B, amounts in token units, `integer / 10^decimals`.
public struct TokenPair: Sendable, Hashable {
  /// One of the two tokens, by its place in the pool.
  public enum Token: String, Sendable, Hashable, CaseIterable, Codable {
    /// The token of `amount0`.
    case token0
    /// The token of `amount1`.
    case token1
  }

  /// Decimal places of token 0.
  public let decimals0: Int
  /// Decimal places of token 1.
  public let decimals1: Int
  /// Which token is A; the other is B.
  public let numeraire: Token

  /// A pair of tokens; by default USDC (6 decimals, the numeraire) and WETH (18).
  ///
  /// - Throws: `ReplayError.decimals`.
  public init(
    decimals0: Int = 6, decimals1: Int = 18, numeraire: Token = .token0
  ) throws(ReplayError) {
    for decimals in [decimals0, decimals1] where !Domain.tokenDecimals.contains(decimals) {
      throw .decimals(decimals, allowed: Domain.tokenDecimals)
    }
    self.decimals0 = decimals0
    self.decimals1 = decimals1
    self.numeraire = numeraire
  }

  /// Price of B in A from the pool's `sqrtPriceX96 = sqrt(raw1 / raw0) * 2^96`.
  ///
  /// With token 0 as A it is `10^(decimals1 - decimals0) * 2^192 / sqrtPriceX96^2`, with token 1 as A
  /// the reciprocal. Taken from the exact integer with 128-bit products and rounded once.
  /// Units: A per B. Error: `Tolerance.chainPrice`.
  ///
  /// - Parameter sqrtPriceX96: positive; a log has refused what is outside
  ///   `PoolSwap.allowedSqrtPriceX96`.
  public func price(sqrtPriceX96: ChainInteger) -> Double {
    precondition(sqrtPriceX96.signum == 1, "the root of a price is positive")
    let root = WideFloat(sqrtPriceX96)
    let square = (root * root).scaled(byPowerOfTwo: -192)  // raw 1 per raw 0
    switch numeraire {
    case .token0: return (WideFloat(powerOfTen: decimals1 - decimals0) / square).value
    case .token1: return (WideFloat(powerOfTen: decimals0 - decimals1) * square).value
    }
  }

  /// Price of B in A at a tick of the pool, `10^(decimals1 - decimals0) / 1.0001^tick` with token 0 as A, the reciprocal with
  /// token 1 as A.
  ///
  /// Units: A per B. Error: `Tolerance.chainPrice`.
  ///
  /// - Parameter tick: in `PoolSwap.allowedTicks`.
  public func price(tick: Int) -> Double {
    precondition(PoolSwap.allowedTicks.contains(tick), "a log has checked its ticks")
    return switch numeraire {
    case .token0: PoolTick.price(tick: tick, decimals0: decimals0, decimals1: decimals1)
    // the same with the tokens exchanged, so that ticks count down
    case .token1: PoolTick.price(tick: -tick, decimals0: decimals1, decimals1: decimals0)
    }
  }

  /// The amounts of a swap in token units, each correctly rounded; positive into the pool.
  public func amounts(of swap: PoolSwap) -> (a: Double, b: Double) {
    amounts(swap.amount0, swap.amount1)
  }

  /// Amounts of token 0 and token 1 as those of A and B in token units, each correctly rounded.
  func amounts(_ amount0: ChainInteger, _ amount1: ChainInteger) -> (a: Double, b: Double) {
    ordered(
      amount0.rounded(over: .powerOfTen(decimals0)), amount1.rounded(over: .powerOfTen(decimals1)))
  }

  /// What is of token 0 and of token 1, as what is of A and of B.
  func ordered<Value>(_ value0: Value, _ value1: Value) -> (a: Value, b: Value) {
    numeraire == .token0 ? (value0, value1) : (value1, value0)
  }

  /// The pool's liquidity `sqrt(raw0 raw1)` as `sqrt(A B)` in token units.
  func liquidity(_ raw: ChainInteger) -> Double {
    let digits = decimals0 + decimals1
    // half a digit where their sum is odd
    let whole = raw.rounded(over: .powerOfTen(digits / 2))
    return digits.isMultiple(of: 2) ? whole : whole / 10.0.squareRoot()
  }
}
