import DAMMModel

/// The volatility at the money of a chain, by horizon.
///
/// At each expiry: the nearest strikes below and above the forward, linear in `ln(K/F)` between them
/// (a total deviation is a distance in that logarithm, so a smile that is the same up and down in it
/// stays so). Between expiries total variance `iv^2 T` is linear in time; before the first and beyond
/// the last the volatility is that of the nearest expiry.
public struct VolatilityTermStructure: Sendable, Hashable {
  /// An expiry of the chain that has no volatility at the money, and why.
  public struct Gap: Sendable, Hashable {
    /// When the options are settled.
    public let expiry: UTCTime
    /// How many quotes it has.
    public let quotes: Int
    /// Why there is no volatility: `no forward`, `no usable quote` or `no strike near the forward`.
    public let reason: String
  }

  /// Two expiries that follow each other, the later one with less total variance. Variance between
  /// them would be negative: a riskless profit, or quotes that do not belong together.
  public struct Fall: Sendable, Hashable {
    /// The earlier expiry.
    public let expiry: UTCTime
    /// The later one.
    public let next: UTCTime
    /// Total variance at the earlier one.
    public let totalVariance: Double
    /// Total variance at the later one, which is less.
    public let nextTotalVariance: Double
  }

  /// What the options are on.
  public let underlying: String
  /// When the chain was recorded.
  public let time: UTCTime
  /// What to call the source.
  public let source: String
  /// Which quotes were good enough, and which of their premiums was used.
  public let rule: QuoteRule
  /// How many quotes the chain has.
  public let quoteCount: Int
  /// How many of them have a volatility, near the money or not.
  public let usableCount: Int
  /// How many have none, by reason. With `usableCount` they make up `quoteCount`.
  public let excluded: [String: Int]
  /// The expiries that have a volatility at the money, at least one, by time.
  public let expiries: [AtTheMoney]
  /// The other expiries after the time of the chain, by time.
  public let gaps: [Gap]
  /// Where total variance falls.
  public let falls: [Fall]

  /// The term structure of a chain.
  ///
  /// - Parameters:
  ///   - chain: the quotes.
  ///   - rule: which quotes are good enough, and which of their premiums is used.
  /// - Throws: `ReadingError.refused` where no expiry has a volatility at the money; it counts why.
  /// - Complexity: `n log n` in the number of quotes.
  public init(_ chain: OptionChain, rule: QuoteRule) throws(ReadingError) {
    let (usable, excluded) = chain.volatilities(rule: rule)
    let byExpiry = Dictionary(grouping: usable, by: \.quote.expiry)
    let counts = chain.quotes.filter { $0.expiry > chain.time }
      .reduce(into: [UTCTime: Int]()) { $0[$1.expiry, default: 0] += 1 }
    var expiries: [AtTheMoney] = []
    var gaps: [Gap] = []
    for (expiry, count) in counts.sorted(by: { $0.key < $1.key }) {
      guard let forward = chain.forward(of: expiry) else {
        gaps.append(Gap(expiry: expiry, quotes: count, reason: "no forward"))
        continue
      }
      guard let quotes = byExpiry[expiry] else {
        gaps.append(Gap(expiry: expiry, quotes: count, reason: "no usable quote"))
        continue
      }
      if let found = AtTheMoney(
        quotes, forward: forward, years: chain.years(to: expiry),
        nearDeviations: rule.nearDeviations)
      {
        expiries.append(found)
      } else {
        gaps.append(Gap(expiry: expiry, quotes: count, reason: "no strike near the forward"))
      }
    }
    self.excluded = excluded.reduce(into: [:]) { $0[$1.why.reason, default: 0] += 1 }
    guard !expiries.isEmpty else {
      throw .refused(
        source: chain.source,
        reason: Self.nothing(chain, excluded: self.excluded, gaps: gaps))
    }
    underlying = chain.underlying
    time = chain.time
    source = chain.source
    self.rule = rule
    quoteCount = chain.quotes.count
    usableCount = usable.count
    self.expiries = expiries
    self.gaps = gaps
    falls = zip(expiries, expiries.dropFirst()).compactMap { early, late in
      guard late.totalVariance < early.totalVariance else { return nil }
      return Fall(
        expiry: early.expiry, next: late.expiry, totalVariance: early.totalVariance,
        nextTotalVariance: late.totalVariance)
    }
  }

  private static func nothing(
    _ chain: OptionChain, excluded: [String: Int], gaps: [Gap]
  ) -> String {
    func list(_ counts: [String: Int]) -> String {
      counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        .map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }
    let quotes = excluded.isEmpty ? "" : "; quotes without a volatility: \(list(excluded))"
    let reasons = gaps.reduce(into: [String: Int]()) { $0[$1.reason, default: 0] += 1 }
    let expiries = gaps.isEmpty ? "" : "; expiries without one: \(list(reasons))"
    return
      "none of its \(chain.quotes.count) quotes on \(chain.underlying) of \(chain.time) gives a "
      + "volatility at the money\(quotes)\(expiries)."
  }
}
