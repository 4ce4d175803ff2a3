import DAMMModel
import DAMMOracle

/// The terms of an option, read from a row, and when the row was made.
struct OptionTerms {
  let instrument: String
  let kind: OptionContract.Kind
  let strike: Double
  let expiry: UTCTime
  let time: UTCTime
  let quotation: OptionContract.Quotation

  /// The quote of these terms.
  ///
  /// - Throws: `TableError.outOfRange` for a number outside its domain.
  func quote(
    line: Int, bid: Double?, ask: Double?, mark: Double?, volatility: Double?, forward: Double?,
    spot: Double?
  ) throws(TableError) -> OptionQuote {
    do throws(DAMMError) {
      return try OptionQuote(
        instrument: instrument, kind: kind, strike: strike, expiry: expiry, time: time,
        quotation: quotation, bid: bid, ask: ask, mark: mark, quotedVolatility: volatility,
        forward: forward, spot: spot)
    } catch {
      throw .outOfRange(
        line: line, column: "the row", value: instrument, allowed: error.description)
    }
  }
}
