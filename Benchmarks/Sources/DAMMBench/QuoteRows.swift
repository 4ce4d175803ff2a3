import CPeers
import DAMM

/// A peer that answers exact-B-out quotes from the oracle price.
typealias PeerQuotes =
  @convention(c) (
    UnsafePointer<peer_curve>?, UnsafePointer<Double>?, UnsafeMutablePointer<Double>?, Int
  ) -> Void

/// How sizes are drawn.
enum Draw: String, CaseIterable, Encodable {
  case uniform
  case logUniform = "log-uniform"

  func sizes(
    _ reach: (whole: Double, firstTick: Double), using random: inout Random
  ) -> [Double] {
    switch self {
    case .uniform: Sizes.uniform(whole: reach.whole, using: &random)
    case .logUniform:
      Sizes.logUniform(whole: reach.whole, firstTick: reach.firstTick, using: &random)
    }
  }
}

/// Exact-B-out quotes bought from the oracle price, and the four kinds of orders in batch.
enum QuoteRows {
  static let peers: [(name: String, quotes: PeerQuotes)] = [
    ("tick loop with erf", peer_quotes_erf),
    ("tick loop over a table", peer_quotes_walk),
    ("prefix sums, lower_bound", peer_quotes_lower_bound),
    ("prefix sums, branch-free", peer_quotes_branch_free),
  ]
  static let ours = ["batch", "batch, all fields", "quote", "swap"]
  /// Most orders of a call.
  static let granule = 4_096

  /// Ours in the order of `ours`, then peers.
  static func contenders(
    _ market: Market, _ desk: Desk, _ exact: ExactAnswers, target: Double?,
    peers: [(name: String, quotes: PeerQuotes)]
  ) -> [Contender] {
    let curve = market.curve
    let work = [
      desk.batch(curve, .buy, .amount), desk.batchOfAllFields(curve, .buy, .amount),
      desk.singly(curve, .buy, .amount), desk.swaps(curve, .buy, .amount),
    ]
    return zip(Self.ours, work).enumerated().map { index, one in
      Contender(
        one.0, count: desk.count, granule: granule, target: index == 0 ? target : nil,
        prove: exact.proof(desk, allowed: Tolerance.amountFixed.relative, of: one.1), work: one.1)
    }
      + peers.map { name, quotes in
        let work = { (range: Range<Int>) in
          quotes(
            market.peer, desk.values.baseAddress! + range.lowerBound,
            desk.answers.baseAddress! + range.lowerBound, range.count)
        }
        return Contender(
          name, isOurs: false, count: desk.count, granule: granule,
          prove: exact.proof(desk, allowed: Proof.peerBound, of: work), work: work)
      }
  }

  static func rows(_ markets: [Market], using random: inout Random) -> [Row] {
    var rows: [Row] = []
    for draw in Draw.allCases {
      for (index, market) in markets.enumerated() {
        let reach = market.reach(.buy, .amount)
        let desk = Desk(draw.sizes(reach, using: &random))
        let exact = ExactAnswers { market.exact(.buy, .amount, desk.values[..<$0]) }
        let target = draw == .uniform ? [2, 2.5, 3.5][index] : 2
        let contenders = contenders(market, desk, exact, target: target, peers: Self.peers)
        var row = Row(
          section: .quotes, title: "\(draw.rawValue), \(market.title)", unit: "quote",
          contenders: contenders)
        if draw == .uniform {
          let peers = contenders.indices.filter { !contenders[$0].isOurs }
          row.demands = [Row.faster(0, thanBestOf: peers, atLeast: 10)]
        } else {
          row.notes = [note(reach, desk)]
        }
        row.agreement = { try agreement(desk, contenders) }
        rows.append(row)
      }
    }
    return rows
  }

  /// The range of log-uniform sizes, as it was drawn.
  private static func note(_ reach: (whole: Double, firstTick: Double), _ desk: Desk) -> String {
    let lowest = Sizes.logUniformLowest(whole: reach.whole, firstTick: reach.firstTick)
    let first = desk.values.count { $0 <= reach.firstTick }
    return "sizes from \(figure(lowest)) to \(figure(reach.whole)) B; "
      + "\(figure(100 * Double(first) / Double(desk.count))) % end in the first tick, "
      + "which holds \(figure(reach.firstTick)) B"
  }

  /// All answers of all contenders: ours to the bit, peers within what they may err by.
  static func agreement(_ desk: Desk, _ contenders: [Contender]) throws -> Double {
    let first = desk.answers(desk.count, of: contenders[0].work)
    return try contenders.dropFirst().reduce(0) { worst, contender in
      let answers = desk.answers(desk.count, of: contender.work)
      guard !contender.isOurs || answers == first else {
        throw Proof.Wrong(description: "\(contender.name) and batch differ")
      }
      return max(worst, Proof.difference(answers, first))
    }
  }

  /// The batch in both directions with either quantity fixed.
  static func kinds(_ markets: [Market], using random: inout Random) -> [Row] {
    var rows: [Row] = []
    for draw in Draw.allCases {
      for market in markets {
        let contenders = Side.allCases.flatMap { side in
          Order.Fixed.allCases.map { fixed -> Contender in
            let desk = Desk(draw.sizes(market.reach(side, fixed), using: &random))
            let exact = ExactAnswers { market.exact(side, fixed, desk.values[..<$0]) }
            let work = desk.batch(market.curve, side, fixed)
            return Contender(
              name(side, fixed), count: desk.count, granule: granule,
              prove: exact.proof(desk, allowed: Tolerance.amountFixed.relative, of: work),
              work: work)
          }
        }
        rows.append(
          Row(
            section: .kinds, title: "\(draw.rawValue), \(market.title)", unit: "quote",
            contenders: contenders,
            demands: [
              .init(
                title: "slowest over fastest", bound: .atMost(1.5), value: Statistics.spread)
            ]))
      }
    }
    return rows
  }

  private static func name(_ side: Side, _ fixed: Order.Fixed) -> String {
    let isIn = (side == .buy) == (fixed == .notional)
    return "\(side.rawValue), exact \(fixed == .amount ? "B" : "A") \(isIn ? "in" : "out")"
  }
}

/// Exact answers to the first orders of a row, found once and used for all its contenders.
final class ExactAnswers {
  private let find: (Int) -> [Exact]
  private var found: [Exact] = []

  init(_ find: @escaping (Int) -> [Exact]) { self.find = find }

  func first(_ n: Int) -> [Exact] {
    if found.count != n { found = find(n) }
    return found
  }

  /// The proof of a contender that answers on a desk.
  func proof(
    _ desk: Desk, allowed: Double, of work: @escaping (Range<Int>) -> Void
  ) -> (Int) -> Contender.Finding {
    { n in Proof.compare(desk.answers(n, of: work), self.first(n), allowed: allowed) }
  }
}
