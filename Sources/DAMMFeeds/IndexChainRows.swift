import DAMMModel
import DAMMOracle

/// Rows of an end-of-day chain of an index, whose premiums are in cash and worth what is paid now.
final class IndexChainRows: ChainRows {
  static let columns = [
    "underlying", "underlying_last", "optionroot", "type", "expiration", "quotedate", "strike",
    "bid",
    "ask", "impliedvol",
  ]

  /// Where the columns are, in their order.
  private enum Slot {
    static let (
      underlying, underlyingLast, optionroot, type, expiration, quotedate, strike, bid, ask,
      impliedvol
    ) = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9)
  }

  private(set) var quotes: [(underlying: String, quote: OptionQuote)] = []

  func add(_ row: TableRow) throws(TableError) {
    let instrument = try row.name(Slot.optionroot)
    let root = instrument.prefix { !$0.isNumber }
    let terms = OptionTerms(
      instrument: instrument, kind: try row.kind(Slot.type),
      strike: try row.number(Slot.strike, in: Domain.price),
      expiry: try row.time(Slot.expiration, as: "MM/DD/YYYY") {
        IndexCalendar.settlement($0, root: root)
      },
      time: try row.time(Slot.quotedate, as: "MM/DD/YYYY", IndexCalendar.close),
      quotation: .cash)
    let quote = try terms.quote(
      line: row.line, bid: row.number(Slot.bid, in: Domain.quotedPremium),
      ask: row.number(Slot.ask, in: Domain.quotedPremium), mark: nil,
      volatility: row.volatility(Slot.impliedvol), forward: nil,
      spot: row.optionalNumber(Slot.underlyingLast, in: Domain.price))
    quotes.append((try row.name(Slot.underlying), quote))
  }

  /// Nothing says how the numbers were rounded, and there are no marks.
  func steps(of underlying: String) -> QuotationSteps? { nil }
}
