import DAMM

/// The term structure of a chain, in the words of its JSON. Volatilities are decimals a year,
/// premiums as quoted.
struct IVChainReport: Encodable {
  struct Horizon: Encodable {
    let days: Double
    let volatility: Double
    let totalVariance: Double
    let place: HorizonVolatility.Place
    let expiries: [String]
  }

  struct Expiry: Encodable {
    let expiry: String
    let days: Double
    let forward: Double
    let discount: Double
    let forwardSource: ExpiryForward.Source
    let volatility: Double
    let totalVariance: Double
    let isOneSided: Bool
    let isUsed: Bool
    let strikes: [Strike]
  }

  struct Strike: Encodable {
    let strike: Double
    let logMoneyness: Double
    let volatility: Double
    let combination: StrikeVolatility.Combination
    let quotes: [Quote]
  }

  struct Quote: Encodable {
    let instrument: String
    let kind: OptionContract.Kind
    let price: QuotePrice
    let premium: Double
    let quotation: OptionContract.Quotation
    let forward: Double
    let volatility: Double
    @OrNull var quotedVolatility: Double?
    let time: String
  }

  struct Gap: Encodable {
    let expiry: String
    let quotes: Int
    let reason: String
  }

  struct Fall: Encodable {
    let expiry: String
    let next: String
    let totalVariance: Double
    let nextTotalVariance: Double
  }

  let source: String
  let underlying: String
  let time: String
  let price: QuotePrice
  let ageLimitSeconds: Double
  let horizon: Horizon
  let quotes: Int
  let usableQuotes: Int
  let excludedQuotes: [String: Int]
  let expiries: [Expiry]
  let expiriesWithout: [Gap]
  let fallsOfTotalVariance: [Fall]

  init(_ structure: VolatilityTermStructure, horizon: HorizonVolatility) {
    source = structure.source
    underlying = structure.underlying
    time = "\(structure.time)"
    price = structure.rule.price
    ageLimitSeconds = structure.rule.ageLimitSeconds
    self.horizon = Horizon(
      days: horizon.horizonDays, volatility: horizon.volatility,
      totalVariance: horizon.totalVariance, place: horizon.place,
      expiries: horizon.expiries.map { "\($0.expiry)" })
    quotes = structure.quoteCount
    usableQuotes = structure.usableCount
    excludedQuotes = structure.excluded
    let used = Set(horizon.expiries.map(\.expiry))
    expiries = structure.expiries.map { Expiry($0, isUsed: used.contains($0.expiry)) }
    expiriesWithout = structure.gaps.map {
      Gap(expiry: "\($0.expiry)", quotes: $0.quotes, reason: $0.reason)
    }
    fallsOfTotalVariance = structure.falls.map {
      Fall(
        expiry: "\($0.expiry)", next: "\($0.next)", totalVariance: $0.totalVariance,
        nextTotalVariance: $0.nextTotalVariance)
    }
  }
}

extension IVChainReport.Expiry {
  init(_ found: AtTheMoney, isUsed: Bool) {
    expiry = "\(found.expiry)"
    days = found.days
    forward = found.forward.forward
    discount = found.forward.discount
    forwardSource = found.forward.source
    volatility = found.volatility
    totalVariance = found.totalVariance
    isOneSided = found.isOneSided
    self.isUsed = isUsed
    strikes = found.strikes.map { strike in
      IVChainReport.Strike(
        strike: strike.strike, logMoneyness: strike.logMoneyness, volatility: strike.volatility,
        combination: strike.combination, quotes: strike.quotes.map(IVChainReport.Quote.init))
    }
  }
}

extension IVChainReport.Quote {
  init(_ used: QuoteVolatility) {
    instrument = used.quote.instrument
    kind = used.quote.kind
    price = used.price
    premium = used.premium
    quotation = used.quote.quotation
    forward = used.forward
    volatility = used.volatility
    _quotedVolatility = OrNull(wrappedValue: used.quote.quotedVolatility)
    time = "\(used.quote.time)"
  }
}
