import DAMM

/// A chain's quoted volatilities beside those of its prices, in the words of its JSON. Differences are
/// implied less quoted, in volatility points.
struct IVComparisonReport: Encodable {
  struct Steps: Encodable {
    let premium: Double
    let volatility: Double
    let forward: Double
  }

  struct Moments: Encodable {
    let spotSpread: Double
    let forwardSpread: Double
    let rowsWithoutForward: Int
    @OrNull var markDelaySeconds: Double?
  }

  let source: String
  let underlying: String
  let time: String
  @OrNull var steps: Steps?
  let rows: Int
  let inverted: Int
  let refused: [String: Int]
  let excluded: [String: Int]
  let refusedWithoutQuotedVolatility: Int
  let withoutQuotedVolatility: Int
  let notCounted: Int
  @OrNull var all: Distribution?
  @OrNull var counted: Distribution?
  @OrNull var countedAtPairForward: Distribution?
  let agreement: [String: Int]
  let refusedInvertedAtPairForward: Int
  @OrNull var largestPremiumDifference: Double?
  @OrNull var moments: Moments?

  init(_ comparison: ChainComparison) {
    source = comparison.source
    underlying = comparison.underlying
    time = "\(comparison.time)"
    _steps = OrNull(
      wrappedValue: comparison.steps.map {
        Steps(premium: $0.premium, volatility: $0.volatility, forward: $0.forward)
      })
    rows = comparison.rows
    inverted = comparison.inverted
    refused = comparison.refused
    excluded = comparison.excluded
    refusedWithoutQuotedVolatility = comparison.refusedUnquoted
    withoutQuotedVolatility = comparison.unquoted
    notCounted = comparison.uncounted
    _all = OrNull(wrappedValue: comparison.all)
    _counted = OrNull(wrappedValue: comparison.counted)
    _countedAtPairForward = OrNull(wrappedValue: comparison.atPairForward)
    agreement = Dictionary(
      uniqueKeysWithValues: comparison.agreement.map { ($0.key.rawValue, $0.value) })
    refusedInvertedAtPairForward = comparison.refusedInvertedAtPairForward
    _largestPremiumDifference = OrNull(wrappedValue: comparison.largestPremiumDifference)
    _moments = OrNull(
      wrappedValue: comparison.moments.map {
        Moments(
          spotSpread: $0.spotSpread, forwardSpread: $0.forwardSpread,
          rowsWithoutForward: $0.withoutForward,
          markDelaySeconds: OrNull(wrappedValue: $0.markDelaySeconds))
      })
  }
}

extension IVComparisonReport.Moments {
  init(
    spotSpread: Double, forwardSpread: Double, rowsWithoutForward: Int,
    markDelaySeconds: OrNull<Double>
  ) {
    self.spotSpread = spotSpread
    self.forwardSpread = forwardSpread
    self.rowsWithoutForward = rowsWithoutForward
    _markDelaySeconds = markDelaySeconds
  }
}
