import DAMMModel

/// What it takes for a mark and a quoted volatility to agree; the first that does.
public enum MarkAgreement: String, Sendable, Hashable, CaseIterable, Codable {
  /// Half a step of the mark, of the volatility and of the forward.
  case rounding
  /// The same, at the forward that the marks of call and put imply: the recorded forward is of another
  /// moment than the mark.
  case pairForward = "forward of the pair"
  /// The same, with a mark that was made up to `MarkMoments.pollingSeconds` from the time of the chain.
  case pollingTime = "time of polling"
  /// The recorded forward, moved by no more than the price of the underlying moved between the rows
  /// of the chain: call and put were marked at different moments, or one has no other.
  case recordedMove = "move during polling"
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
  /// How far the recorded forwards of one expiry spread at most, in the same way.
  public let forwardSpread: Double
  /// How many rows have no recorded forward.
  public let withoutForward: Int
  /// How much later than the time of the chain the marks were made, in seconds, negative for earlier:
  /// the median over all pairs of `T (1 - (iv/quoted)^2)` at the forward of the pair, each weighted by
  /// what its rounding leaves of it. `nil` without pairs.
  public let markDelaySeconds: Double?

  /// How far from the time of a chain its marks may have been made, in seconds. Delays that short
  /// options show are the same at all expiries of a chain, from 20 s before its time to 145 s after;
  /// single pairs scatter around them by as much as the rounding allows.
  public static let pollingSeconds = 180.0

  init(_ chain: OptionChain, pairs: MarkPairs, steps: QuotationSteps) {
    func spread(_ prices: [Double]) -> Double {
      guard let low = prices.min(), let high = prices.max() else { return 0 }
      return high / low - 1
    }
    spotSpread = spread(chain.quotes.compactMap(\.spot))
    forwardSpread =
      Dictionary(grouping: chain.quotes, by: \.expiry).values
      .map { spread($0.compactMap(\.forward)) }.max() ?? 0
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
    let volatilities =
      max(quoted - steps.volatility / 2, Domain.impliedVolatility.lowerBound)...quoted + steps
      .volatility / 2
    let marks = mark - steps.premium / 2...mark + steps.premium / 2
    let polled = Self.pollingSeconds / OptionChain.secondsPerYear
    let times = max(row.years - polled, 0)...row.years + polled
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
    if let pair {
      // Half a step of either mark moves the forward of the pair by this much.
      let slack = row.quote.quotation == .coin ? pair * pair / row.quote.strike : 1
      let implied = pair - slack * steps.premium...pair + slack * steps.premium
      if agrees(implied, now) { return .pairForward }
      if agrees(implied, times) { return .pollingTime }
    }
    let moved =
      recorded.lowerBound / (1 + spotSpread)...recorded.upperBound * (1 + spotSpread)
    return agrees(moved, times) ? .recordedMove : .unexplained
  }

  /// The premium of a quote at a volatility; `nil` where the terms are outside their domains.
  static func premium(
    of quote: OptionQuote, forward: Double, volatility: Double, years: Double
  ) -> Double? {
    guard years >= 0 else { return nil }
    return try? OptionChain.contract(quote, forward: forward)
      .premium(deviation: volatility * years.squareRoot(), quotation: quote.quotation)
  }
}
