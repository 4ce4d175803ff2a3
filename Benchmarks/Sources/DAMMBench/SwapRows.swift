import CPeers
import DAMM

/// A peer that carries out dependent swaps.
typealias PeerSwaps =
  @convention(c) (
    UnsafePointer<peer_curve>?, UnsafeMutablePointer<peer_place>?, UnsafePointer<Double>?,
    UnsafeMutablePointer<Double>?, Int, Int
  ) -> Void

/// Swaps each of which starts where the one before ended, buying and selling alternately.
enum SwapRows {
  private static let peers: [(name: String, swaps: PeerSwaps)] = [
    ("tick loop over a table", peer_swaps_walk),
    ("prefix sums, lower_bound", peer_swaps_lower_bound),
    ("prefix sums, branch-free", peer_swaps_branch_free),
  ]

  /// Where the pool stands: about the place where its curve was formed, so that most orders cross it, or
  /// where half of a side has been bought.
  private enum Place: String, CaseIterable {
    case formed = "about the place of forming"
    case away = "away from it"

    /// The B sold below a tick there, and what that tick has.
    func tick(_ market: Market) -> (below: Double, b: Double) {
      guard self == .away else { return (0, market.firstTick.b) }
      var pool = market.curve
      pool.swap(try! Order(.buy, .amount(market.whole.b / 2)))
      let tick = pool.position.tick
      try! pool.move(to: Position(tick: tick, fraction: 0))
      return (market.whole.b - pool.offered.b, try! market.curve.depth(ofTick: tick).b)
    }
  }

  /// How far the pool wanders, in B; the size of an order is between two fifths and twice this.
  private enum Size: String, CaseIterable {
    case small, middling, large

    func range(_ market: Market, _ place: Place) -> (centre: Double, reach: Double) {
      let tick = place.tick(market)
      return switch self {
      // about the middle of a tick, and now and then out of it
      case .small: (tick.below + 0.5 * tick.b, 0.6 * tick.b)
      case .middling: (tick.below, 30 * tick.b)
      // on average a third of a side
      case .large: (tick.below, market.whole.b / 3.6)
      }
    }

    var target: Double { self == .large ? 15 : 10 }
  }

  /// A pool that goes on from where it stands.
  private final class Pool {
    var curve: Curve
    init(_ curve: Curve) { self.curve = curve }
  }

  private final class PeerPool {
    var place: peer_place
    init(_ place: peer_place) { self.place = place }
  }

  static func rows(_ markets: [Market], using random: inout Random) -> [Row] {
    var rows: [Row] = []
    for place in Place.allCases {
      for size in Size.allCases {
        for market in markets {
          let range = size.range(market, place)
          let drawn = Sizes.alternating(centre: range.centre, reach: range.reach, using: &random)
          rows.append(row(size, place, market, drawn))
        }
      }
    }
    return rows
  }

  private static func row(
    _ size: Size, _ place: Place, _ market: Market, _ drawn: (sizes: [Double], start: Double)
  ) -> Row {
    var start = market.curve
    let first = try! Order(drawn.start < 0 ? .sell : .buy, .amount(abs(drawn.start)))
    start.swap(first)
    let desk = Desk(drawn.sizes)
    let ticks = crossed(start, desk)
    let exactA = ExactAnswers { exact(market, first, .amount, desk.values[..<$0]) }
    // the same swaps with their A fixed
    let deskA = Desk(desk.answers(desk.count, of: work(Pool(start), .amount, desk)))
    let exactB = ExactAnswers { exact(market, first, .notional, deskA.values[..<$0]) }
    var contenders = [
      ours(start, .amount, desk, exactA),
      ours(start, .notional, deskA, exactB),
      inSequence(start, .amount, desk, exactA, size.target),
      inSequence(start, .notional, deskA, exactB, size.target),
    ]
    for (name, swaps) in peers {
      contenders.append(peer(name, swaps, market, drawn.start, desk, exactA))
    }
    return Row(
      section: .swaps, title: "\(size.rawValue), \(market.title), \(place.rawValue)", unit: "swap",
      contenders: contenders,
      notes: ["\(figure(ticks)) ticks crossed on average; the peers have B fixed"],
      agreement: { agreement(desk, deskA, contenders) })
  }

  /// All swaps of all contenders: the A of each, and the B that this A gives back.
  private static func agreement(_ desk: Desk, _ deskA: Desk, _ contenders: [Contender]) -> Double {
    let back = contenders[1].answersFromStart(deskA)
    return contenders.dropFirst(4).reduce(Proof.difference(back, Array(desk.values))) {
      max($0, Proof.difference($1.answersFromStart(desk), Array(deskA.values)))
    }
  }

  private static func crossed(_ start: Curve, _ desk: Desk) -> Double {
    var pool = start
    let ticks = desk.values.indices.reduce(0) { sum, i in
      sum + pool.swap(order(i, .amount, desk.values[i])).ticksCrossed
    }
    return Double(ticks) / Double(desk.count)
  }

  private static func order(_ index: Int, _ fixed: Order.Fixed, _ value: Double) -> Order {
    try! Order(
      index % 2 == 0 ? .buy : .sell, fixed == .amount ? .amount(value) : .notional(value))
  }

  private static func exact(
    _ market: Market, _ first: Order, _ fixed: Order.Fixed, _ values: some Sequence<Double>
  ) -> [Exact] {
    var pool = try! market.reference.get()
    _ = pool.swap(first)
    return values.enumerated().map { pool.exact(order($0, fixed, $1)) }
  }

  private static func work(
    _ pool: Pool, _ fixed: Order.Fixed, _ desk: Desk
  ) -> (Range<Int>) -> Void {
    { range in
      var curve = pool.curve
      for i in range {
        let quote = curve.swap(order(i, fixed, desk.values[i]))
        let answerIsIn = (i % 2 == 0) == (fixed == .amount)
        desk.answers[i] = answerIsIn ? quote.amountIn : quote.amountOut
      }
      pool.curve = curve
    }
  }

  private static func ours(
    _ start: Curve, _ fixed: Order.Fixed, _ desk: Desk, _ exact: ExactAnswers
  ) -> Contender {
    let pool = Pool(start)
    let work = work(pool, fixed, desk)
    return Contender(
      "swap, \(fixed == .amount ? "B" : "A") fixed", count: desk.count,
      reset: { pool.curve = start },
      prove: exact.proof(desk, allowed: Tolerance.amountFixed.relative, of: work), work: work)
  }

  /// The same swaps in one call, as a signed flow: the traversal alone, two amounts out.
  private static func inSequence(
    _ start: Curve, _ fixed: Order.Fixed, _ desk: Desk, _ exact: ExactAnswers, _ target: Double
  ) -> Contender {
    let pool = Pool(start)
    let flow = Desk(desk.values.enumerated().map { $0 % 2 == 0 ? $1 : -$1 })
    let work = { (range: Range<Int>) in
      var arrays = QuoteArrays()
      arrays.amountIn = flow.answers.baseAddress! + range.lowerBound
      arrays.amountOut = flow.echo.baseAddress! + range.lowerBound
      try! pool.curve.swaps(
        fixed, flow: UnsafeBufferPointer(rebasing: flow.values[range]), into: arrays)
    }
    // what goes in is the answer of every other order
    let answers = { (range: Range<Int>) in
      work(range)
      for i in range where (i % 2 == 0) != (fixed == .amount) {
        flow.answers[i] = flow.echo[i]
      }
    }
    return Contender(
      "swaps in sequence, \(fixed == .amount ? "B" : "A") fixed", count: flow.count,
      target: target, reset: { pool.curve = start },
      prove: exact.proof(flow, allowed: Tolerance.amountFixed.relative, of: answers), work: work)
  }

  private static func peer(
    _ name: String, _ swaps: @escaping PeerSwaps, _ market: Market, _ sold: Double, _ desk: Desk,
    _ exact: ExactAnswers
  ) -> Contender {
    let pool = PeerPool(peer_oracle(market.peer))
    let reset = {
      // the first order leads from the oracle price to the start: buying is even, selling odd
      var (place, size, a) = (peer_oracle(market.peer), [abs(sold), abs(sold)], [0.0, 0])
      let index = sold < 0 ? 1 : 0
      swaps(market.peer, &place, &size, &a, index, index + 1)
      pool.place = place
    }
    let work = { (range: Range<Int>) in
      swaps(
        market.peer, &pool.place, desk.values.baseAddress!, desk.answers.baseAddress!,
        range.lowerBound, range.upperBound)
    }
    return Contender(
      name, isOurs: false, count: desk.count, reset: reset,
      prove: exact.proof(desk, allowed: Proof.peerBound, of: work), work: work)
  }
}

extension Contender {
  fileprivate func answersFromStart(_ desk: Desk) -> [Double] {
    reset()
    return desk.answers(desk.count, of: work)
  }
}
