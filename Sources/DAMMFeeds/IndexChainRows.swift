import DAMMModel
import DAMMOracle

/// Rows of an end-of-day chain of an index, whose premiums are in cash and worth what is paid now.
final class IndexChainRows: ChainRows {
  static let columns = [
    "underlying", "underlying_last", "optionroot", "type", "expiration", "quotedate", "strike",
    "bid",
    "ask", "impliedvol",
  ]

  private(set) var quotes: [(underlying: String, quote: OptionQuote)] = []

  func add(_ row: TableRow) throws(TableError) {
    let instrument = try row.name("optionroot")
    let root = instrument.prefix { !$0.isNumber }
    let terms = OptionTerms(
      instrument: instrument, kind: try row.kind("type"),
      strike: try row.number("strike", in: Domain.price),
      expiry: try row.time("expiration", as: "MM/DD/YYYY") {
        IndexCalendar.settlement($0, root: root)
      },
      time: try row.time("quotedate", as: "MM/DD/YYYY", IndexCalendar.close),
      quotation: .cash)
    let quote = try terms.quote(
      line: row.line, bid: row.number("bid", in: Domain.quotedPremium),
      ask: row.number("ask", in: Domain.quotedPremium), mark: nil,
      volatility: row.volatility("impliedvol"), forward: nil,
      spot: row.optionalNumber("underlying_last", in: Domain.price))
    quotes.append((try row.name("underlying"), quote))
  }

  /// Nothing says how the numbers were rounded, and there are no marks.
  func steps(of underlying: String) -> QuotationSteps? { nil }
}
