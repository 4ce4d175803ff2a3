import DAMMModel

/// What it takes for a mark and a quoted volatility to agree; the first that does.
public enum MarkAgreement: String, Sendable, Hashable, CaseIterable, Codable {
  /// Half a step of the mark, of the volatility and of the forward.
  case rounding
  /// The same, at the forward that the marks of call and put imply: the recorded forward is of another
  /// moment than the mark. It may be as far from those recorded for the expiry as the price of the
  /// underlying moved between the rows of the chain, and no further.
  case pairForward = "forward of the pair"
  /// The same, with a mark that was made up to `MarkMoments.pollingSeconds` from the time of the chain.
  case pollingTime = "time of polling"
  /// The same, at some forward between the lowest and the highest that the expiry shows, recorded with
  /// its rows or implied by its pairs: call and put were marked at different moments.
  case forwardRange = "forwards of the expiry"
  /// The same, at some forward as far from the recorded ones as the price of the underlying moved
  /// between the rows: a chain of a few rows shows few of the forwards that there were.
  case spotRange = "moves of the underlying"
  /// None of these.
  case unexplained
}

/// What the marks of a chain say of when they were made.
///
/// A chain is polled option by option while its time is written once and the market moves. Three things
/// of a row can then be of different moments: the mark, the forward beside it, and the time.
public struct MarkMoments: Sendable, Hashable {
  /// How far the recorded prices of the underlying spread, `highest/lowest - 1`; 0 without any.
  public let spotSpread: Double
  /// How far the forwards of one expiry spread at most, in the same way: those recorded with its rows
  /// and those implied by its pairs.
  public let forwardSpread: Double
  /// How many rows have no recorded forward.
  public let withoutForward: Int
  /// How much later than the time of the chain the marks were made, in seconds, negative for earlier:
  /// the median over all pairs of `T (1 - (iv/quoted)^2)` at the forward of the pair, each weighted by
  /// what its rounding leaves of it. `nil` without pairs.
  public let markDelaySeconds: Double?

  /// How far from the time of a chain its marks may have been made, in seconds. Delays that short
  /// options show are the same at all expiries of a chain, from 20 s before its time to 142 s after;
  /// single pairs scatter around them by as much as the rounding allows.
  public static let pollingSeconds = 180.0

  /// The forwards of an expiry.
  private struct Forwards: Hashable {
    /// Those recorded, or else the middle one that pairs imply, and as much on both sides as the
    /// underlying moved.
    let possible: ClosedRange<Double>
    /// Those recorded, and those that pairs imply, as far as they are possible.
    let shown: ClosedRange<Double>
  }

  private let forwards: [UTCTime: Forwards]

  init(_ chain: OptionChain, pairs: MarkPairs, steps: QuotationSteps) {
    func range(_ prices: [Double]) -> ClosedRange<Double>? {
      guard let low = prices.min(), let high = prices.max() else { return nil }
      return low...high
    }
    func spread(_ range: ClosedRange<Double>?) -> Double {
      range.map { $0.upperBound / $0.lowerBound - 1 } ?? 0
    }
    spotSpread = spread(range(chain.quotes.compactMap(\.spot)))
    let moved = 1 + spotSpread
    forwards = Dictionary(grouping: chain.quotes, by: \.expiry).compactMapValues { quotes in
      let implied = quotes.compactMap(pairs.forward)
      let middle = Distribution.median(implied).map { $0...$0 }
      guard let base = range(quotes.compactMap(\.forward)) ?? middle else { return nil }
      let possible = base.lowerBound / moved...base.upperBound * moved
      let near = implied.filter(possible.contains) + [base.lowerBound, base.upperBound]
      return range(near).map { Forwards(possible: possible, shown: $0) }
    }
    forwardSpread = forwards.values.map { spread($0.shown) }.max() ?? 0
    withoutForward = chain.quotes.count { $0.forward == nil }
    var delays: [(seconds: Double, weight: Double)] = []
    for quote in chain.quotes {
      let years = chain.years(to: quote.expiry)
      guard let forward = pairs.forward(of: quote), let quoted = quote.quotedVolatility,
        quote.kind == .call ? quote.strike >= forward : quote.strike < forward,
        let volatility = pairs.volatility(of: quote, years: years),
        let higher = Self.premium(
          of: quote, forward: forward, volatility: quoted + steps.volatility, years: years),
        let lower = Self.premium(
          of: quote, forward: forward, volatility: quoted - steps.volatility, years: years)
      else { continue }
      let ratio = volatility / quoted
      let seconds = years * OptionChain.secondsPerYear
      // What half a step of the volatility and half a step of the mark are worth in time.
      let slope = (higher - lower) / (2 * steps.volatility)
      let error = 2 * seconds / quoted * (steps.volatility + steps.premium / slope) / 2
      guard error.isFinite, error > 0 else { continue }
      delays.append((seconds * (1 - ratio * ratio), 1 / (error * error)))
    }
    markDelaySeconds = Self.weightedMedian(delays)
  }

  private static func weightedMedian(_ values: [(seconds: Double, weight: Double)]) -> Double? {
    let half = values.reduce(0) { $0 + $1.weight } / 2
    var sum = 0.0
    return values.sorted { $0.seconds < $1.seconds }.first {
      sum += $0.weight
      return sum >= half
    }?.seconds
  }

  /// What it takes for a row to agree.
  func agreement(
    of row: QuoteVolatility, pair: Double?, steps: QuotationSteps
  ) -> MarkAgreement {
    guard let quoted = row.quote.quotedVolatility, let mark = row.quote.mark else {
      return .unexplained
    }
    let leastVolatility = max(
      quoted - steps.volatility / 2, Domain.impliedVolatility.lowerBound)
    let volatilities = leastVolatility...quoted + steps.volatility / 2
    let marks = mark - steps.premium / 2...mark + steps.premium / 2
    let polled = Self.pollingSeconds / OptionChain.secondsPerYear
    // An option that ends while it is polled keeps a second.
    let times = max(row.years - polled, 1 / OptionChain.secondsPerYear)...row.years + polled
    func agrees(_ forwards: ClosedRange<Double>, _ years: ClosedRange<Double>) -> Bool {
      let isCall = row.quote.kind == .call
      let low = Self.premium(
        of: row.quote, forward: isCall ? forwards.lowerBound : forwards.upperBound,
        volatility: volatilities.lowerBound, years: years.lowerBound)
      let high = Self.premium(
        of: row.quote, forward: isCall ? forwards.upperBound : forwards.lowerBound,
        volatility: volatilities.upperBound, years: years.upperBound)
      guard let low, let high else { return false }
      return low <= marks.upperBound && marks.lowerBound <= high
    }
    let half = steps.forward / 2
    let recorded = row.forward - half...row.forward + half
    let now = row.years...row.years
    if agrees(recorded, now) { return .rounding }
    guard let known = forwards[row.quote.expiry] else { return .unexplained }
    func around(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
      range.lowerBound - half...range.upperBound + half
    }
    if let pair {
      // Half a step of either mark moves the forward of the pair by this much.
      let slack = row.quote.quotation == .coin ? pair * pair / row.quote.strike : 1
      let implied = pair - slack * steps.premium...pair + slack * steps.premium
      let isPossible = around(known.possible).overlaps(implied)
      if isPossible, agrees(implied, now) { return .pairForward }
      if isPossible, agrees(implied, times) { return .pollingTime }
    }
    if agrees(around(known.shown), times) { return .forwardRange }
    return agrees(around(known.possible), times) ? .spotRange : .unexplained
  }

  /// The premium of a quote at a volatility; `nil` where there is no time left or no volatility, or the
  /// terms are outside their domains.
  static func premium(
    of quote: OptionQuote, forward: Double, volatility: Double, years: Double
  ) -> Double? {
    guard years > 0, volatility > 0 else { return nil }
    return try? OptionChain.contract(quote, forward: forward)
      .premium(deviation: volatility * years.squareRoot(), quotation: quote.quotation)
  }
}
