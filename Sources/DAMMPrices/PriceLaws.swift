import DAMMModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// The laws of price functions, checked over an interval of ratios at a moment.
///
/// A law is proved where the functions tell their closed form, or bounds over intervals; elsewhere it is sampled,
/// and the verdict says how finely.
public struct PriceLaws<Prices: PriceFunctions>: Sendable {
  /// The functions.
  public let prices: Prices
  /// Where they are checked.
  public let ratios: ClosedRange<Double>
  /// When.
  public let time: UTCTime
  /// How many ratios are sampled, or trades made, where nothing is proved.
  public let samples: Int

  /// Halvings of an interval before it is sampled instead.
  private static var mostHalvings: Int { 40 }
  /// Intervals of a proof by bounds before the rest is sampled.
  private static var mostIntervals: Int { 1 << 16 }

  /// Checks of some functions.
  ///
  /// - Parameters:
  ///   - prices: the functions.
  ///   - ratios: where they are checked, within `prices.ratios`.
  ///   - time: when.
  ///   - samples: how many ratios or trades, in `Domain.lawSamples`.
  /// - Throws: `DAMMError.outOfRange`.
  public init(
    _ prices: Prices, over ratios: ClosedRange<Double>, at time: UTCTime, samples: Int = 1_000
  ) throws(DAMMError) {
    try Domain.check(ratios.lowerBound, "ratio", in: prices.ratios)
    try Domain.check(ratios.upperBound, "ratio", in: prices.ratios)
    let allowed = Domain.lawSamples
    try Domain.check(
      Double(samples), "samples", in: Double(allowed.lowerBound)...Double(allowed.upperBound))
    self.prices = prices
    self.ratios = ratios
    self.time = time
    self.samples = samples
  }

  // MARK: Ask and bid

  /// Whether `ask(r) >= bid(r)` on the interval, both ends included.
  ///
  /// Between two breaks, prices in closed form are straight lines, which are compared at both ends. Elsewhere, if
  /// there are bounds, an interval is done when the least ask is not below the greatest bid, and halved otherwise.
  ///
  /// - Throws: `DAMMError.invalidPrice`.
  public func askNotBelowBid() throws(DAMMError) -> Verdict {
    try check { piece throws(DAMMError) in
      if let lines = lines(piece) {
        let (ask, bid) = lines
        return ask.low >= bid.low && ask.high >= bid.high ? .done(1) : .open(piece.high)
      }
      var search = Search()
      return search.proves(self, piece.low, piece.high, Self.mostHalvings)
        ? .done(search.intervals) : .open(search.suspect)
    } sample: { ratio, _ throws(DAMMError) in
      let (ask, bid) = try (price(.buy, ratio), price(.sell, ratio))
      return ask >= bid
        ? nil
        : Violation(.askNotBelowBid, ratio: ratio, found: ask, expected: bid, what: "the ask")
    }
  }

  /// Whether neither price falls anywhere on the interval.
  ///
  /// - Throws: `DAMMError.invalidPrice`.
  public func pricesRise() throws(DAMMError) -> Verdict {
    try check { piece throws(DAMMError) in
      guard let (ask, bid) = lines(piece) else { return .open(nil) }
      return ask.low <= ask.high && bid.low <= bid.high ? .done(1) : .open(piece.high)
    } sample: { ratio, before throws(DAMMError) in
      for side in Side.allCases {
        let (now, then) = try (price(side, ratio), price(side, before))
        if now < then {
          return Violation(
            .pricesRise, ratio: ratio, found: now, expected: then, what: "the price to \(side)")
        }
      }
      return nil
    }
  }

  private func price(_ side: Side, _ ratio: Double) throws(DAMMError) -> Double {
    try Marginal(prices, side, ratio, time).price
  }

  // MARK: Pieces

  private struct Piece {
    let low: Double
    let high: Double
  }

  private enum Proof {
    /// By so many intervals.
    case done(Int)
    /// None; perhaps the law does not hold at this ratio.
    case open(Double?)
  }

  /// Breaks of both functions inside the interval, and its ends.
  private var places: [Double] {
    var places = [ratios.lowerBound, ratios.upperBound]
    var ratio = ratios.lowerBound
    while let next = prices.nextBreak(.buy, after: ratio, at: time), next > ratio,
      next < ratios.upperBound
    {
      places.append(next)
      ratio = next
    }
    ratio = ratios.upperBound
    while let next = prices.nextBreak(.sell, after: ratio, at: time), next < ratio,
      next > ratios.lowerBound
    {
      places.append(next)
      ratio = next
    }
    places.sort()
    return places
  }

  /// Proves piece by piece, and samples the pieces where that fails. The places themselves, and what lies
  /// next to them, are always looked at.
  ///
  /// - Parameters:
  ///   - prove: what a piece by itself tells.
  ///   - sample: what is wrong at a ratio, given the one that came before it.
  private func check(
    prove: (Piece) throws(DAMMError) -> Proof,
    sample: (Double, Double) throws(DAMMError) -> Violation?
  ) throws(DAMMError) -> Verdict {
    let places = places
    var open: [Piece] = []
    var (intervals, tried) = (0, 0)
    var before = ratios.lowerBound
    for (i, place) in places.enumerated() {
      for ratio in [place.nextDown, place, place.nextUp]
      where ratios.contains(ratio) && ratio >= before {
        if let violation = try sample(ratio, before) { return .violated(violation) }
        before = ratio
      }
      guard i > 0, places[i - 1] < place else { continue }
      let piece = Piece(low: places[i - 1], high: place)
      switch try prove(piece) {
      case .done(let count): intervals += count
      case .open(let suspect):
        if let suspect, let violation = try sample(suspect, piece.low) {
          return .violated(violation)
        }
        open.append(piece)
      }
    }
    guard !open.isEmpty else { return .proved(intervals: max(1, intervals)) }
    // as many for each piece as its part of what is open, and some at least
    let whole = open.reduce(0) { $0 + log($1.high / $1.low) }
    var resolution = 0.0
    for piece in open {
      let width = log(piece.high / piece.low)
      let count = max(8, Int(Double(samples) * width / whole))
      var before = piece.low
      for n in 1..<count {
        let ratio = min(piece.low * exp(width * (Double(n) / Double(count))), piece.high)
        if let violation = try sample(ratio, before) { return .violated(violation) }
        before = ratio
      }
      if let violation = try sample(piece.high, before) { return .violated(violation) }
      tried += count
      resolution = max(resolution, expm1(width / Double(count)))
    }
    return .held(samples: tried, resolution: resolution)
  }

  /// Ask and bid at both ends of what lies between two breaks, if both are straight lines there and are what the
  /// functions say.
  private func lines(
    _ piece: Piece
  ) -> (ask: (low: Double, high: Double), bid: (low: Double, high: Double))? {
    guard
      case .affine(let askConstant, let askSlope, let askToll)? =
        prices.closedForm(.buy, at: piece.low, time: time),
      case .affine(let bidConstant, let bidSlope, let bidToll)? =
        prices.closedForm(.sell, at: piece.high, time: time)
    else { return nil }
    func ask(_ r: Double) -> Double { (askConstant + askSlope * r) * askToll }
    func bid(_ r: Double) -> Double { (bidConstant + bidSlope * r) * bidToll }
    func agree(_ x: Double, _ y: Double) -> Bool { abs(x - y) <= 0x1p-50 * abs(y) }
    guard agree(ask(piece.low), prices.ask(piece.low, at: time)),
      agree(bid(piece.high), prices.bid(piece.high, at: time))
    else { return nil }
    return ((ask(piece.low), ask(piece.high)), (bid(piece.low), bid(piece.high)))
  }

  /// A proof by bounds over intervals.
  private struct Search {
    private(set) var intervals = 0
    /// A ratio at which the ask is below the bid.
    private(set) var suspect: Double?

    mutating func proves(
      _ laws: PriceLaws, _ low: Double, _ high: Double, _ halvings: Int
    ) -> Bool {
      intervals += 1
      let (prices, time) = (laws.prices, laws.time)
      guard intervals <= mostIntervals, let asks = prices.bounds(.buy, over: low...high, at: time),
        let bids = prices.bounds(.sell, over: low...high, at: time)
      else { return false }
      if asks.lowerBound >= bids.upperBound { return true }
      let middle = low + (high - low) / 2
      guard halvings > 0, low < middle, middle < high else { return false }
      guard prices.ask(middle, at: time) >= prices.bid(middle, at: time) else {
        suspect = middle
        return false
      }
      return proves(laws, low, middle, halvings - 1) && proves(laws, middle, high, halvings - 1)
    }
  }
}
