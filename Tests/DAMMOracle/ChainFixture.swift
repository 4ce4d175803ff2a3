import DAMMModel
import DAMMOracle
import TestSupport

/// Chains whose volatilities are known.
enum ChainFixture {
  static let start = UTCTime("2026-01-02 03:04:05")!

  static func after(days: Double) -> UTCTime {
    UTCTime(secondsSince1970: start.secondsSince1970 + Int64(days * 86_400))
  }

  /// Years of 365 days to an expiry, from its whole seconds.
  static func years(_ days: Double) -> Double {
    after(days: days).seconds(since: start) / (365 * 86_400)
  }

  /// The premium of an option.
  static func premium(
    _ kind: OptionContract.Kind, _ strike: Double, days: Double, volatility: Double,
    forward: Double = 100, quotation: OptionContract.Quotation = .coin
  ) throws -> Double {
    try OptionContract(kind, forward: forward, strike: strike)
      .premium(deviation: volatility * years(days).squareRoot(), quotation: quotation)
  }

  /// A quote with a mark of a known volatility and nothing else.
  static func quote(
    _ kind: OptionContract.Kind, _ strike: Double, days: Double, volatility: Double,
    forward: Double = 100, recorded: Double?? = .none, quotation: OptionContract.Quotation = .coin,
    quoted: Double? = nil, spot: Double? = nil
  ) throws -> OptionQuote {
    try OptionQuote(
      instrument: "\(kind) \(strike) \(days)", kind: kind, strike: strike,
      expiry: after(days: days), time: start, quotation: quotation,
      mark: premium(
        kind, strike, days: days, volatility: volatility, forward: forward, quotation: quotation),
      quotedVolatility: quoted, forward: recorded ?? forward, spot: spot)
  }

  /// Calls and puts of many strikes.
  static func quotes(
    days: Double, strikes: [Double] = Array(stride(from: 80, through: 120, by: 4)),
    volatility: (Double) -> Double
  ) throws -> [OptionQuote] {
    try strikes.flatMap { strike in
      try OptionContract.Kind.allCases.map {
        try quote($0, strike, days: days, volatility: volatility(strike))
      }
    }
  }

  static func chain(
    _ quotes: [OptionQuote], steps: QuotationSteps? = nil
  ) throws -> OptionChain {
    try OptionChain(
      underlying: "TOY", time: start, quotes: quotes, source: "toy", steps: steps)
  }

  static func term(
    _ quotes: [OptionQuote], _ rule: QuoteRule? = nil
  ) throws -> VolatilityTermStructure {
    try VolatilityTermStructure(chain(quotes), rule: rule ?? QuoteRule())
  }
}

extension Double {
  /// Whether a number is within a tolerance of the exact one.
  func agrees(with exact: Double, _ tolerance: Tolerance) -> Bool {
    (self - exact).magnitude <= tolerance.relative * exact.magnitude
  }
}
