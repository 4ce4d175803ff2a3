import DAMMModel

/// Every quote of a chain that names a volatility, beside the volatility that its price implies.
///
/// Differences are implied less quoted, in volatility points (hundredths of the decimal). The venue's
/// own fair premium is inverted where there is one, and else the mid: so a rule with `mark` or
/// `either` compares what the venue says belongs together.
///
/// A row **counts** if half a step of its premium moves its volatility by less than
/// `countingPoints`: further in or out of the money a premium does not tell its volatility. For marks
/// the step is the venue's (`QuotationSteps`), for mids half the spread takes the place of half a step.
public struct ChainComparison: Sendable, Hashable {
  /// What the options are on.
  public let underlying: String
  /// When the chain was recorded.
  public let time: UTCTime
  /// What to call the source.
  public let source: String
  /// The steps of the venue, where they are known.
  public let steps: QuotationSteps?
  /// How many rows there are.
  public let rows: Int
  /// How many have a volatility. With `refused` and `excluded` they make up `rows`.
  public let inverted: Int
  /// How many premiums were refused, by reason.
  public let refused: [String: Int]
  /// How many were not inverted for want of a premium, a forward or time, by reason.
  public let excluded: [String: Int]
  /// How many of the refused name no volatility either: the venue found none.
  public let refusedUnquoted: Int
  /// How many were inverted but name no volatility to compare with.
  public let unquoted: Int
  /// Differences of all rows that have both volatilities; `nil` for none.
  public let all: Distribution?
  /// Differences of the rows that count; `nil` for none.
  public let counted: Distribution?
  /// How many rows have both volatilities but do not count.
  public let uncounted: Int
  /// What the marks say of when they were made; `nil` where the venue's steps are not known.
  public let moments: MarkMoments?
  /// How many of the rows that count agree, and what it takes; empty where the steps are not known.
  public let agreement: [MarkAgreement: Int]
  /// The rows that count and agree by nothing that is known.
  public let unexplained: [QuoteVolatility]
  /// Differences of the rows that count, with the forward of their pair instead of the recorded one;
  /// without those whose partner is marked 0.
  public let atPairForward: Distribution?
  /// How many refused premiums have a volatility at the forward of their pair.
  public let refusedInvertedAtPairForward: Int
  /// The largest difference between a mark and the premium at the quoted volatility, over all rows, in
  /// the unit of the premiums.
  public let largestPremiumDifference: Double?

  /// A volatility point is a hundredth of the decimal; rows that half a step moves by as much do not
  /// count.
  public static let countingPoints = 1.0

  /// Compares.
  ///
  /// - Parameters:
  ///   - chain: the quotes.
  ///   - rule: which premium is inverted, and how old a quote may be.
  /// - Complexity: `n log n` in the number of quotes.
  public init(_ chain: OptionChain, rule: QuoteRule) {
    let (usable, excluded) = chain.volatilities(rule: rule)
    underlying = chain.underlying
    time = chain.time
    source = chain.source
    steps = chain.steps
    rows = chain.quotes.count
    inverted = usable.count
    var counts: (refused: [String: Int], excluded: [String: Int]) = ([:], [:])
    for (_, why) in excluded {
      if why.isRefusal {
        counts.refused[why.reason, default: 0] += 1
      } else {
        counts.excluded[why.reason, default: 0] += 1
      }
    }
    (refused, self.excluded) = counts
    refusedUnquoted = excluded.count {
      $0.why.isRefusal && $0.quote.quotedVolatility == nil
    }
    let both = usable.filter { $0.quote.quotedVolatility != nil }
    let counting = both.filter { Self.counts($0, steps: chain.steps) }
    unquoted = usable.count - both.count
    uncounted = both.count - counting.count
    all = Distribution(both.compactMap(\.points))
    counted = Distribution(counting.compactMap(\.points))
    guard let steps = chain.steps else {
      (moments, agreement, unexplained, atPairForward) = (nil, [:], [], nil)
      (refusedInvertedAtPairForward, largestPremiumDifference) = (0, nil)
      return
    }
    let pairs = MarkPairs(chain)
    let moments = MarkMoments(chain, pairs: pairs, steps: steps)
    let judged = counting.map {
      (row: $0, by: moments.agreement(of: $0, pair: pairs.forward(of: $0.quote), steps: steps))
    }
    self.moments = moments
    agreement = judged.reduce(into: [:]) { $0[$1.by, default: 0] += 1 }
    unexplained = judged.filter { $0.by == .unexplained }.map(\.row)
    atPairForward = Distribution(
      counting.compactMap { pairs.points(of: $0.quote, years: $0.years) })
    refusedInvertedAtPairForward = excluded.count {
      guard $0.why.isRefusal else { return false }
      return pairs.points(of: $0.quote, years: chain.years(to: $0.quote.expiry)) != nil
    }
    largestPremiumDifference = chain.quotes.compactMap { quote in
      let forward = quote.forward ?? chain.forward(of: quote.expiry)?.forward
      guard let forward, let mark = quote.mark, let quoted = quote.quotedVolatility else {
        return nil
      }
      return MarkMoments.premium(
        of: quote, forward: forward, volatility: quoted, years: chain.years(to: quote.expiry)
      ).map { ($0 - mark).magnitude }
    }.max()
  }

  /// Whether half a step of a premium moves its volatility by less than the limit.
  private static func counts(_ row: QuoteVolatility, steps: QuotationSteps?) -> Bool {
    let half: Double
    if row.price == .mark {
      guard let steps else { return true }
      half = steps.premium / 2
    } else {
      guard let bid = row.quote.bid, let ask = row.quote.ask else { return false }
      half = (ask - bid) / 2
    }
    // d iv = iv * condition * dp / p
    return 100 * row.volatility * row.condition * (half / row.premium) < countingPoints
  }
}

extension QuoteVolatility {
  /// Implied less quoted volatility, in volatility points; `nil` where none is quoted.
  public var points: Double? { quote.quotedVolatility.map { (volatility - $0) * 100 } }
}
