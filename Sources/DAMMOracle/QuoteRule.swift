import DAMMModel

/// Which premium of a quote is used.
public enum QuotePrice: String, Sendable, Hashable, CaseIterable, Codable {
  /// The venue's fair premium.
  case mark
  /// Half of bid and ask together; both must be there.
  case mid
  /// The mark where there is one, and else the mid. The default.
  case either
}

/// Which quotes are good enough, and which of their premiums is used.
public struct QuoteRule: Sendable, Hashable {
  /// Which premium is used.
  public let price: QuotePrice
  /// How much older than the chain a quote may be, in seconds.
  public let ageLimitSeconds: Double
  /// How far from the forward a strike may lie and still tell the volatility at the money, in total
  /// deviations of its own volatility: `|ln(K/F)| <= limit * iv * sqrt(T)`.
  public let nearDeviations: Double

  /// A rule.
  ///
  /// - Parameters:
  ///   - price: which premium is used.
  ///   - ageLimitSeconds: in `Domain.ageLimitSeconds`. By default ten minutes: polling a chain takes
  ///     some.
  ///   - nearDeviations: in `Domain.nearDeviations`. By default one: further out a premium tells less
  ///     of its volatility, and a straight line between two strikes less of what lies between.
  /// - Throws: `DAMMError.outOfRange` that names the value.
  public init(
    price: QuotePrice = .either, ageLimitSeconds: Double = 600, nearDeviations: Double = 1
  ) throws(DAMMError) {
    try Domain.check(
      ageLimitSeconds, "age limit of a quote in seconds", in: Domain.ageLimitSeconds)
    try Domain.check(
      nearDeviations, "distance of a strike in deviations", in: Domain.nearDeviations)
    self.price = price
    self.ageLimitSeconds = ageLimitSeconds
    self.nearDeviations = nearDeviations
  }
}

/// Why a quote of a chain has no volatility. `reason` is a short name to count by.
public enum QuoteExclusion: Error, Sendable, Equatable {
  /// The option expires at the time of the chain or did before.
  case expired
  /// The quote is older than the age limit.
  case stale(ageSeconds: Double)
  /// The quote is later than the chain.
  case fromTheFuture(aheadSeconds: Double)
  /// There is no forward for the expiry, recorded or by put-call parity.
  case noForward
  /// There is no mark, and no mid is allowed.
  case noMark
  /// There is neither a bid nor an ask.
  case noSides
  /// There is an ask and no bid.
  case noBid
  /// There is a bid and no ask.
  case noAsk
  /// The bid is above the ask.
  case crossed
  /// The inversion refused the premium.
  case refused(PremiumError)
  /// The volatility is outside `Domain.impliedVolatility`.
  case volatilityOutside(Double)

  /// A short name to count by.
  public var reason: String {
    switch self {
    case .expired: "expired"
    case .stale: "stale"
    case .fromTheFuture: "from the future"
    case .noForward: "no forward"
    case .noMark: "no mark"
    case .noSides: "no bid and no ask"
    case .noBid: "no bid"
    case .noAsk: "no ask"
    case .crossed: "crossed"
    case .refused(let error): "premium \(error.reason)"
    case .volatilityOutside: "volatility outside its domain"
    }
  }

  /// Whether there was a premium to invert and it was refused.
  public var isRefusal: Bool {
    switch self {
    case .refused, .volatilityOutside: true
    default: false
    }
  }
}

extension QuoteRule {
  /// The premium to use, and which one it is.
  ///
  /// - Throws: why there is none.
  func premium(
    of quote: OptionQuote
  ) throws(QuoteExclusion) -> (value: Double, price: QuotePrice) {
    if price != .mid {
      if let mark = quote.mark { return (mark, .mark) }
      guard price == .either else { throw .noMark }
    }
    switch (quote.bid, quote.ask) {
    case (nil, nil): throw .noSides
    case (nil, _?): throw .noBid
    case (_?, nil): throw .noAsk
    default:
      guard let mid = quote.mid else { throw .crossed }
      return (mid, .mid)
    }
  }
}
