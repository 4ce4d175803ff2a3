import DAMMModel

/// What a venue says about one option at one moment: terms, prices, and what it thinks of them.
public struct OptionQuote: Sendable, Hashable {
  /// The venue's name of the option, for people.
  public let instrument: String
  /// Which way it pays.
  public let kind: OptionContract.Kind
  /// Strike, in the currency of the underlying's price.
  public let strike: Double
  /// When it is settled.
  public let expiry: UTCTime
  /// When the quote was made.
  public let time: UTCTime
  /// In what the premiums are counted: cash, or coin (cash over the forward).
  public let quotation: OptionContract.Quotation
  /// The best price at which someone buys; `nil` where nobody does, which venues also write as 0.
  public let bid: Double?
  /// The best price at which someone sells; `nil` where nobody does, which venues also write as 0.
  public let ask: Double?
  /// The venue's own fair premium. It may be 0: worth less than half a step of price.
  public let mark: Double?
  /// The volatility that the venue names, a year, as a decimal.
  public let quotedVolatility: Double?
  /// The forward of the expiry that was recorded with the quote.
  public let forward: Double?
  /// The price of the underlying now that was recorded with the quote.
  public let spot: Double?

  /// A quote.
  ///
  /// - Parameters:
  ///   - instrument: a name for people.
  ///   - kind: which way it pays.
  ///   - strike: in `Domain.price`.
  ///   - expiry: in `Domain.secondsSince1970`.
  ///   - time: the same. It may be later than the expiry: the chain tells such quotes apart.
  ///   - quotation: in what the premiums are counted.
  ///   - bid: in `Domain.quotedPremium`; 0 counts as none. As quoted: a cash premium is worth what is paid
  ///     now, and the chain takes the discount out.
  ///   - ask: the same. An ask below the bid is not refused here: the chain tells such quotes apart.
  ///   - mark: in `Domain.quotedPremium`; 0 is kept.
  ///   - quotedVolatility: in `Domain.impliedVolatility`.
  ///   - forward: in `Domain.price`.
  ///   - spot: in `Domain.price`.
  /// - Throws: `DAMMError.outOfRange` that names the value.
  public init(
    instrument: String, kind: OptionContract.Kind, strike: Double, expiry: UTCTime, time: UTCTime,
    quotation: OptionContract.Quotation, bid: Double? = nil, ask: Double? = nil,
    mark: Double? = nil, quotedVolatility: Double? = nil, forward: Double? = nil,
    spot: Double? = nil
  ) throws(DAMMError) {
    let seconds = Domain.secondsSince1970
    try Domain.check(strike, "strike", in: Domain.price)
    try Domain.check(Double(expiry.secondsSince1970), "expiry in seconds since 1970", in: seconds)
    try Domain.check(Double(time.secondsSince1970), "time in seconds since 1970", in: seconds)
    let premiums = [(bid, "bid"), (ask, "ask"), (mark, "mark")]
    for case (let value?, let name) in premiums {
      try Domain.check(value, name, in: Domain.quotedPremium)
    }
    for case (let value?, let name) in [(forward, "forward"), (spot, "spot price")] {
      try Domain.check(value, name, in: Domain.price)
    }
    if let quotedVolatility {
      try Domain.check(quotedVolatility, "quoted volatility", in: Domain.impliedVolatility)
    }
    self.instrument = instrument
    self.kind = kind
    self.strike = strike
    self.expiry = expiry
    self.time = time
    self.quotation = quotation
    self.bid = bid == 0 ? nil : bid
    self.ask = ask == 0 ? nil : ask
    self.mark = mark
    self.quotedVolatility = quotedVolatility
    self.forward = forward
    self.spot = spot
  }

  /// Half of bid and ask together, where there are both and they are not crossed.
  public var mid: Double? {
    guard let bid, let ask, bid <= ask else { return nil }
    // Halves first: a sum of two large premiums need not be one.
    return bid / 2 + ask / 2
  }
}

/// Steps in which a venue writes its numbers: what a written number may be off by is half of one.
public struct QuotationSteps: Sendable, Hashable {
  /// Step of the marks, in the unit of the premiums.
  public let premium: Double
  /// Step of the quoted volatilities, as a decimal.
  public let volatility: Double
  /// Step of the forwards.
  public let forward: Double

  /// Steps.
  ///
  /// - Throws: `DAMMError.outOfRange` for a step that is not in `Domain.quotedPremium`.
  public init(premium: Double, volatility: Double, forward: Double) throws(DAMMError) {
    try Domain.check(premium, "step of the premiums", in: Domain.quotedPremium)
    try Domain.check(volatility, "step of the volatilities", in: Domain.quotedPremium)
    try Domain.check(forward, "step of the forwards", in: Domain.quotedPremium)
    self.premium = premium
    self.volatility = volatility
    self.forward = forward
  }
}
