import ArgumentParser
import DAMM
import DAMMFeeds
import Foundation

extension QuotePrice: ExpressibleByArgument {}

/// `damm iv --chain`: the volatility at the money of an option chain, and a comparison of its quoted
/// volatilities with those that its prices imply.
struct IVChainOptions: ParsableArguments {
  static let discussion = """
    CHAIN is a table of comma-separated text with a header, one option a row; the columns tell the \
    format. Premiums in coin: timestamp, instrument_name, currency, option_type, strike, \
    expiry_datetime, bid_price, ask_price, mark_price, futures_price, implied_volatility, \
    index_price. Premiums in cash, without a rate: underlying, underlying_last, optionroot, type, \
    expiration, quotedate, strike, bid, ask, impliedvol; forward and discount are then those of \
    put-call parity.

    At each expiry the volatility is that of the nearest strikes below and above the forward, \
    linear between them in the logarithm of the strike. Between expiries total variance is linear \
    in time, in years of 365 days; before the first and beyond the last volatility is flat.

    EXAMPLES
      damm iv --chain data/demo/chain.csv --underlying TOY --horizon-days 7
      damm iv --chain data/demo/chain.csv --underlying TOY --horizon-days 7 \\
        --price mid --json
      damm iv --chain data/demo/chain.csv --compare
    """

  @Option(
    help: ArgumentHelp(
      "A file with an option chain; - is standard input.", valueName: "file"))
  var chain: String?

  @Option(parsing: .unconditional, help: "Horizon in days; a year has 365.")
  var horizonDays: Double?

  @Option(help: "What the options are on, where the file has several, such as BTC.")
  var underlying: String?

  @Option(help: "When, in UTC, where the file has several times: the last chain until then.")
  var at: String?

  @Option(
    help: "Which premium is used: \(QuotePrice.choices). Either is the mark, or else the mid.")
  var price = QuotePrice.either

  @Option(
    parsing: .unconditional, help: "How much older than the chain a quote may be, in seconds.")
  var maxAge = 600.0

  @Flag(
    help:
      "Compare all quoted volatilities with those of the prices, of every chain if none is named.")
  var compare = false

  func validate() throws {
    let given = horizonDays != nil || compare
    guard chain != nil else {
      guard !given, underlying == nil, at == nil else {
        throw ValidationError("--horizon-days, --underlying, --at and --compare need --chain.")
      }
      return
    }
    guard given else { throw ValidationError("--chain needs --horizon-days, or --compare.") }
  }

  /// Reads the chain and prints what was asked for.
  func run(_ path: String, json: Bool) throws {
    let rule = try QuoteRule(price: price, ageLimitSeconds: maxAge)
    let file = try file(path)
    let term = try horizonDays.map { days in
      let chain = try chosen(file, path)
      let structure = try refusing(path) { () throws(ReadingError) in
        try VolatilityTermStructure(chain, rule: rule)
      }
      return IVChainReport(structure, horizon: try structure.volatility(horizonDays: days))
    }
    let comparisons =
      try compare ? compared(file, path).map { ChainComparison($0, rule: rule) } : nil
    if json {
      try Output.json(
        IVChainAnswer(term: term, comparisons: comparisons?.map(IVComparisonReport.init)))
    } else {
      let parts =
        (term.map { [$0.text] } ?? []) + (comparisons ?? []).map { IVComparisonReport($0).text }
      try Output.text(parts.joined(separator: "\n\n"))
    }
  }

  private func file(_ chain: String) throws -> OptionChainFile {
    let text = String(decoding: try InputFile.text(chain), as: UTF8.self)
    let name = chain == "-" ? "standard input" : URL(filePath: chain).lastPathComponent
    return try refusing(chain) { () throws(TableError) in try OptionChainFile(csv: text, name: name)
    }
  }

  private func chosen(_ file: OptionChainFile, _ path: String) throws -> OptionChain {
    let time = try at.map { text in
      guard let time = UTCTime(iso8601: text) else {
        throw Refusal(
          "--at is \(Refusal.quoted(text)), but it must be a UTC time written as "
            + "\(UTCTime.iso8601Forms).")
      }
      return time
    }
    return try refusing(path) { () throws(ChainChoiceError) in
      try file.chain(underlying: underlying, at: time)
    }
  }

  /// The chains to compare: the one that was named, or all.
  private func compared(_ file: OptionChainFile, _ path: String) throws -> [OptionChain] {
    underlying == nil && at == nil ? file.chains : [try chosen(file, path)]
  }

  /// Names the file in what is refused.
  private func refusing<Result, Failure: Error & CustomStringConvertible>(
    _ chain: String, _ body: () throws(Failure) -> Result
  ) throws(Refusal) -> Result {
    do { return try body() } catch {
      throw Refusal("\(InputFile.name(chain)): \(error.description)")
    }
  }
}

/// The whole JSON of `damm iv --chain`.
struct IVChainAnswer: Encodable {
  @OrNull var term: IVChainReport?
  @OrNull var comparisons: [IVComparisonReport]?

  init(term: IVChainReport?, comparisons: [IVComparisonReport]?) {
    _term = OrNull(wrappedValue: term)
    _comparisons = OrNull(wrappedValue: comparisons)
  }
}
