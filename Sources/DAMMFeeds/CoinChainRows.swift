import DAMMModel
import DAMMOracle

/// Rows of a chain whose premiums are in coin.
final class CoinChainRows: ChainRows {
  static let columns = [
    "timestamp", "instrument_name", "currency", "option_type", "strike", "expiry_datetime",
    "bid_price", "ask_price", "mark_price", "futures_price", "implied_volatility", "index_price",
  ]

  /// Where the columns are, in their order.
  private enum Slot {
    static let (
      timestamp, instrumentName, currency, optionType, strike, expiryDatetime, bidPrice, askPrice,
      markPrice, futuresPrice, impliedVolatility, indexPrice
    ) = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
  }

  private(set) var quotes: [(underlying: String, quote: OptionQuote)] = []
  private var places: [String: Places] = [:]

  /// How the numbers of one underlying are written.
  private struct Places {
    /// The most decimal places of a mark. A mark that ends in zeros shows fewer.
    var mark = 0
    /// The most decimal places of a volatility.
    var volatility = 0
    /// How many forwards have so many decimal places. Forwards of expiries without a future are
    /// computed between others and show all digits of a `Double`, so the most common number counts.
    var forwards: [Int: Int] = [:]
  }

  func add(_ row: TableRow) throws(TableError) {
    let underlying = try row.name(Slot.currency)
    let terms = OptionTerms(
      instrument: try row.name(Slot.instrumentName), kind: try row.kind(Slot.optionType),
      strike: try row.number(Slot.strike, in: Domain.price),
      expiry: try row.time(Slot.expiryDatetime, as: Self.timeForms, Self.time),
      time: try row.time(Slot.timestamp, as: Self.timeForms, Self.time), quotation: .coin)
    let quote = try terms.quote(
      line: row.line, bid: row.optionalNumber(Slot.bidPrice, in: Domain.quotedPremium),
      ask: row.optionalNumber(Slot.askPrice, in: Domain.quotedPremium),
      mark: row.optionalNumber(Slot.markPrice, in: Domain.quotedPremium),
      volatility: row.volatility(Slot.impliedVolatility),
      forward: row.optionalNumber(Slot.futuresPrice, in: Domain.price),
      spot: row.optionalNumber(Slot.indexPrice, in: Domain.price))
    quotes.append((underlying, quote))
    var seen = places[underlying] ?? Places()
    seen.mark = max(seen.mark, Decimals.places(row.text(Slot.markPrice)))
    if let volatility = quote.quotedVolatility {
      seen.volatility = max(seen.volatility, Decimals.places(volatility))
    }
    if quote.forward != nil {
      seen.forwards[Decimals.places(row.text(Slot.futuresPrice)), default: 0] += 1
    }
    places[underlying] = seen
  }

  func steps(of underlying: String) -> QuotationSteps? {
    guard let seen = places[underlying] else { return nil }
    let forward = seen.forwards.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    return try? QuotationSteps(
      premium: Decimals.step(seen.mark), volatility: Decimals.step(seen.volatility),
      forward: forward.map(Decimals.step) ?? 0)
  }

  /// Reads what `UTCTime.init(iso8601:)` reads, also with a fraction of a second, to the nearest second.
  private static func time(_ text: String) -> UTCTime? {
    guard let point = text.firstIndex(of: ".") else { return UTCTime(iso8601: text) }
    let fraction = text[text.index(after: point)...].prefix { $0.isASCII && $0.isNumber }
    // A fraction of a second, not of a day.
    guard let first = fraction.first, text[..<point].utf8.count == 19,
      let second = UTCTime(iso8601: String(text[..<point]) + text[fraction.endIndex...])
    else { return nil }
    return first < "5" ? second : UTCTime(secondsSince1970: second.secondsSince1970 + 1)
  }

  private static let timeForms = UTCTime.iso8601Forms + ", also with a fraction of a second"
}
