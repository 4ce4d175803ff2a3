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
  /// Where fees are held apart, what reserves get and give is compared as well: bounds say nothing of it, and
  /// it is looked at beside the breaks only.
  ///
  /// - Throws: `DAMMError.invalidPrice`, `.notIntegrable` for more breaks than can be counted.
  public func askNotBelowBid() throws(DAMMError) -> Verdict {
    try check { piece throws(DAMMError) in
      if let (ask, bid) = lines(piece) {
        return ask.isNotBelow(bid) ? .done(1) : .open(piece.high)
      }
      var search = Search()
      return search.proves(self, piece.low, piece.high, Self.mostHalvings)
        ? .done(search.intervals) : .open(search.suspect)
    } sample: { ratio, _ throws(DAMMError) in
      let (ask, bid) = try (marginal(.buy, ratio), marginal(.sell, ratio))
      let pairs = [
        (ask.price, bid.price, "the ask"),
        (ask.reservePrice, bid.reservePrice, "what reserves get for B at the ask"),
      ]
      for (ask, bid, what) in pairs where ask < bid {
        return Violation(.askNotBelowBid, ratio: ratio, found: ask, expected: bid, what: what)
      }
      return nil
    }
  }

  /// Whether neither price falls anywhere on the interval.
  ///
  /// - Throws: `DAMMError.invalidPrice`, `.notIntegrable` for more breaks than can be counted.
  public func pricesRise() throws(DAMMError) -> Verdict {
    try check { piece throws(DAMMError) in
      guard let (ask, bid) = lines(piece) else { return .open(nil) }
      return ask.rises && bid.rises ? .done(1) : .open(piece.high)
    } sample: { ratio, before throws(DAMMError) in
      for side in Side.allCases {
        let (now, then) = try (marginal(side, ratio).price, marginal(side, before).price)
        if now < then {
          return Violation(
            .pricesRise, ratio: ratio, found: now, expected: then, what: "the price to \(side)")
        }
      }
      return nil
    }
  }

  private func marginal(_ side: Side, _ ratio: Double) throws(DAMMError) -> Marginal {
    try Marginal(prices, side, ratio, time)
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
  ///
  /// - Throws: `DAMMError.notIntegrable` for functions that tell ever nearer breaks.
  private func places() throws(DAMMError) -> [Double] {
    var places = [ratios.lowerBound, ratios.upperBound]
    for side in Side.allCases {
      var ratio = side == .buy ? ratios.lowerBound : ratios.upperBound
      while let next = prices.nextBreak(side, after: ratio, at: time),
        side == .buy
          ? next > ratio && next < ratios.upperBound : next < ratio && next > ratios.lowerBound
      {
        places.append(next)
        ratio = next
        guard places.count <= 2 * PriceWalk<Prices>.mostBreaks else {
          throw .notIntegrable(
            side, from: ratios.lowerBound, to: ratios.upperBound, error: .infinity,
            allowed: Tolerance.priceIntegral.relative)
        }
      }
    }
    return places.sorted()
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
    let places = try places()
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

  /// A price that is a straight line, at both ends of what lies between two breaks.
  private struct Line {
    /// What the trader pays or gets.
    let low: Double
    let high: Double
    /// What the reserves get or give.
    let reserveLow: Double
    let reserveHigh: Double

    var rises: Bool { low <= high }

    func isNotBelow(_ bid: Line) -> Bool {
      low >= bid.low && high >= bid.high && reserveLow >= bid.reserveLow
        && reserveHigh >= bid.reserveHigh
    }
  }

  /// Ask and bid between two breaks, if both are straight lines there and are what the functions say.
  private func lines(_ piece: Piece) -> (ask: Line, bid: Line)? {
    func line(_ side: Side, at start: Double) -> Line? {
      guard
        case .affine(let constant, let slope, let toll)? =
          prices.closedForm(side, at: start, time: time)
      else { return nil }
      func price(_ r: Double) -> Double { constant + slope * r }
      func agree(_ x: Double, _ y: Double) -> Bool { abs(x - y) <= 0x1p-50 * abs(y) }
      guard agree(price(start) * toll, prices.price(side, start, at: time)),
        agree(price(start), prices.reservePrice(side, start, at: time))
      else { return nil }
      return Line(
        low: price(piece.low) * toll, high: price(piece.high) * toll,
        reserveLow: price(piece.low), reserveHigh: price(piece.high))
    }
    guard let ask = line(.buy, at: piece.low), let bid = line(.sell, at: piece.high) else {
      return nil
    }
    return (ask, bid)
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
