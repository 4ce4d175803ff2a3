import DAMMModel
import Foundation

extension LotSize {
  /// Lots of which there are 1e12 to 1e13 in an amount of tokens: far below what is looked at, and many times as
  /// many may come in.
  ///
  /// - Throws: `PoolError.parameter` for an amount outside `Domain.amount`; `.countOutOfRange` for one of which no lot
  ///   is so small or so large.
  package static func fine(for amount: Double) throws(PoolError) -> LotSize {
    try Domain.checkPool(amount, "amount of a token", in: Domain.amount)
    let places = 12 - Int(log10(amount).rounded(.down))
    return try LotSize(decimals: max(0, places), exponent: max(0, -places))
  }
}
