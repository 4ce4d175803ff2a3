import DAMM
import DAMMFeeds

/// What `damm reading` tells, in the words of its JSON. The price is A per B.
struct ReadingAnswer: Encodable {
  let price: Double
  let impliedVolatility: Double
  let time: String
  let ageSeconds: Double
  let source: String
  let horizonDays: Double
  let sigmaConvention: SigmaConvention
  let relativeSigma: Double
  let sigma: Double
  /// How many readings the files have; none for a node.
  @OrNull var readings: Int?
  /// How many prices of the files have no volatility; none for a node.
  @OrNull var pricesWithoutVolatility: Int?

  init(
    _ market: MarketReading, _ reading: OracleReading, now: UTCTime, readings: Int?,
    pricesWithoutVolatility: Int?
  ) {
    guard let basis = reading.basis else { preconditionFailure("sigma followed from a volatility") }
    price = market.price
    impliedVolatility = market.impliedVolatility
    time = "\(market.time)"
    ageSeconds = now.seconds(since: market.time)
    source = market.source
    horizonDays = basis.horizonDays
    sigmaConvention = basis.convention
    relativeSigma = reading.relativeSigma
    sigma = reading.relativeSigma * reading.price
    _readings = OrNull(wrappedValue: readings)
    _pricesWithoutVolatility = OrNull(wrappedValue: pricesWithoutVolatility)
  }

  /// Labelled lines with units.
  var text: String {
    var rows = [
      ("source", OneLine.of(source, most: 200)),
      ("time", "\(time) UTC, \(Figures.full(ageSeconds)) s ago"),
      ("price", "\(Figures.full(price)) A per B"),
      ("volatility", "\(Figures.full(impliedVolatility)) a year"),
      ("horizon", "\(Figures.full(horizonDays)) days of 365 in a year"),
      ("relativeSigma", Figures.relativeSigma(relativeSigma, sigmaConvention)),
      ("sigma", "\(Figures.full(sigma)) A per B"),
    ]
    if let readings, let pricesWithoutVolatility {
      rows.append(
        ("files", "\(readings) readings; \(pricesWithoutVolatility) prices without a volatility"))
    }
    return Figures.lines(rows)
  }
}
