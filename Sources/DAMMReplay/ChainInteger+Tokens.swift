import DAMMFeeds
import DAMMModel

extension ChainInteger {
  /// The amount in token units, `self / 10^decimals`, correctly rounded: the `Double` nearest to the
  /// exact quotient, ties to even.
  ///
  /// Units: token units. Error: half an ulp, the one rounding of the whole conversion.
  ///
  /// - Parameter decimals: how many decimal places the token has, in `Domain.tokenDecimals`.
  /// - Throws: `ReplayError.decimals`.
  public func tokens(decimals: Int) throws(ReplayError) -> Double {
    guard Domain.tokenDecimals.contains(decimals) else {
      throw .decimals(decimals, allowed: Domain.tokenDecimals)
    }
    return rounded(over: .powerOfTen(decimals))
  }
}
