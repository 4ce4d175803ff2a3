import DAMMModel

/// The price at a tick of a concentrated-liquidity pool.
package enum PoolTick {
  /// The ticks that such a pool can have.
  package static let allowed = -887_272...887_272

  /// Price of token 1 in token 0, `10^(decimals1 - decimals0) / 1.0001^tick`.
  ///
  /// By repeated squaring with 128 significant bits, so that it has the same bits on every machine.
  /// Units: token 0 per token 1. Error: `Tolerance.chainPrice`.
  ///
  /// - Parameters:
  ///   - tick: in `allowed`.
  ///   - decimals0: decimal places of token 0, in `Domain.tokenDecimals`.
  ///   - decimals1: decimal places of token 1, in `Domain.tokenDecimals`.
  package static func price(tick: Int, decimals0: Int, decimals1: Int) -> Double {
    let scale = WideFloat(powerOfTen: decimals1 - decimals0)
    let base = WideFloat(ChainInteger(10_001)) * WideFloat(powerOfTen: -4)
    var (power, square, bits) = (WideFloat(powerOfTen: 0), base, tick.magnitude)
    while bits != 0 {
      if bits & 1 == 1 { power = power * square }
      square = square * square
      bits >>= 1
    }
    return (tick >= 0 ? scale / power : scale * power).value
  }
}
