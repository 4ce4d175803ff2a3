import DAMMModel

/// The options of one underlying, as a venue quoted them at one time.
public struct OptionChain: Sendable, Hashable {
  /// What the options are on, such as `BTC`.
  public let underlying: String
  /// When the chain was recorded. Ages and times to expiry count from here.
  public let time: UTCTime
  /// Every quote, in the order of the source.
  public let quotes: [OptionQuote]
  /// What to call the source, for people.
  public let source: String
  /// The steps in which the venue writes its numbers, where they are known.
  public let steps: QuotationSteps?
  /// The expiries after `time` that have a forward, by time.
  public let forwards: [ExpiryForward]

  /// A chain.
  ///
  /// The forward of an expiry is the median of those recorded with its quotes. Where none is, it is
  /// what put-call parity of the quotes says; see `ExpiryForward`.
  ///
  /// - Parameters:
  ///   - underlying: a name for people.
  ///   - time: when the chain was recorded.
  ///   - quotes: at least one, in any order.
  ///   - source: a name for people.
  ///   - steps: the steps in which the venue writes its numbers.
  /// - Throws: `ReadingError.empty` without a quote, `.invalid` for a time outside
  ///   `Domain.secondsSince1970`.
  /// - Complexity: `n log n` in the number of quotes.
  public init(
    underlying: String, time: UTCTime, quotes: [OptionQuote], source: String,
    steps: QuotationSteps? = nil
  ) throws(ReadingError) {
    guard !quotes.isEmpty else { throw .empty(source: source) }
    do throws(DAMMError) {
      try Domain.check(
        Double(time.secondsSince1970), "time of the chain in seconds since 1970",
        in: Domain.secondsSince1970)
    } catch {
      throw .invalid(source: source, error: error)
    }
    self.underlying = underlying
    self.time = time
    self.quotes = quotes
    self.source = source
    self.steps = steps
    forwards = Dictionary(grouping: quotes.filter { $0.expiry > time }, by: \.expiry)
      .sorted { $0.key < $1.key }
      .compactMap { ExpiryForward(expiry: $0.key, quotes: $0.value) }
  }

  /// The forward of an expiry; `nil` where it has passed, or the quotes do not tell.
  ///
  /// - Complexity: logarithmic in the number of expiries.
  public func forward(of expiry: UTCTime) -> ExpiryForward? {
    let place = forwards.firstPlace { $0.expiry >= expiry }
    guard place < forwards.count, forwards[place].expiry == expiry else { return nil }
    return forwards[place]
  }

  /// From the time of the chain to a moment, in years of 365 days.
  public func years(to expiry: UTCTime) -> Double {
    expiry.seconds(since: time) / Self.secondsPerYear
  }

  /// 365 days.
  public static let secondsPerYear = 365.0 * 86_400
}
