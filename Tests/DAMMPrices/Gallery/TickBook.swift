import DAMMModel

/// Why something of the gallery refuses.
enum Refused: Error { case amount, noSuchThing }

/// A small AMM on ticks, in real numbers: tick `i` has so much B at its price `P_i = 1 + i w`, and `ask_i`
/// and `bid_i` are what it takes and pays for one. It stands at `sold`, the B that it has sold. What a trade
/// moves is the difference of cumulative sums, so that without a fault no path gains.
struct TickBook: Auditable {
  /// Tick prices that leak, each beside its own prices that do not.
  enum Fault: CaseIterable {
    /// On four ticks of the 4000 the bid is 20 basis points above the ask.
    case bidAboveAsk
    /// A buyer pays the lower edge, a seller gets the upper one.
    case enteredEdge
    /// The fee falls with the distance from the middle in both directions, and below zero.
    case skew
  }

  private static let middle = 2000
  private static let width = 1e-4
  /// B of every tick.
  private static let depth = 10.0

  /// What a buyer has paid and a seller would have got until so many ticks are sold.
  private let asks, bids: [Double]
  private var sold: Double
  private(set) var holdings: Holdings

  let actions = [
    AuditAction("buy", .trade, .init("B out")), AuditAction("sell", .trade, .init("B in")),
    AuditAction("buy, exact in", .trade, .init("A in")),
  ]

  init(_ fault: Fault, isThere: Bool) {
    let ticks = 0..<2 * Self.middle
    func price(_ tick: Int, _ side: Side) -> Double {
      let away = Double(tick - Self.middle) * Self.width
      let (up, down) = Self.fees(fault, isThere: isThere, tick, away)
      return (1 + away) * (side == .buy ? 1 + up : 1 - down)
    }
    func sums(_ side: Side) -> [Double] {
      var sum = 0.0
      return [0]
        + ticks.map { tick in
          sum += Self.depth * price(tick, side)
          return sum
        }
    }
    asks = sums(.buy)
    bids = sums(.sell)
    sold = Double(Self.middle) * Self.depth
    holdings = Holdings(a: bids[Self.middle] * 1.1, b: sold)
  }

  /// The fees of a tick as rates.
  private static func fees(
    _ fault: Fault, isThere: Bool, _ tick: Int, _ away: Double
  ) -> (up: Double, down: Double) {
    switch fault {
    case .bidAboveAsk:
      let isBad = isThere && (middle + 300..<middle + 304).contains(tick)
      return isBad ? (-0.001, -0.001) : (0.0005, 0.0005)
    case .enteredEdge:
      // the seller enters at the upper edge
      return isThere ? (0, -width / (1 + away)) : (0, 0)
    case .skew:
      let (base, skew) = (0.001, 0.05)
      return isThere
        ? (base - skew * away.magnitude, base - skew * away.magnitude)
        : (max(0, base + skew * away), max(0, base - skew * away))
    }
  }

  var noise: Holdings { Holdings(a: 1e-11 * asks[asks.count - 1], b: 1e-11 * holdings.b) }

  private func sum(_ sums: [Double], at sold: Double) -> Double {
    let tick = min(Int(sold / Self.depth), sums.count - 2)
    let part = sold / Self.depth - Double(tick)
    return sums[tick] + part * (sums[tick + 1] - sums[tick])
  }

  func range(ofAmount number: Int, of action: Int) -> ClosedRange<Double>? {
    1e-3...Double(Self.middle) * Self.depth
  }

  mutating func perform(_ action: Int, _ amounts: AuditAmounts) throws(Refused) {
    let amount = amounts.first
    guard amount > 0, amount.isFinite else { throw .amount }
    switch action {
    case 0: try move(amount)
    case 1: try move(-amount)
    default:
      // the B that it pays for, by halving
      var (low, high) = (sold, Double(asks.count - 1) * Self.depth)
      let paid = sum(asks, at: sold) + amount
      for _ in 0..<60 {
        let middle = (low + high) / 2
        if sum(asks, at: middle) <= paid { low = middle } else { high = middle }
      }
      guard low > sold else { throw .amount }
      try move(low - sold)
    }
  }

  private mutating func move(_ amount: Double) throws(Refused) {
    let after = sold + amount
    guard after >= 0, after <= Double(asks.count - 1) * Self.depth else { throw .amount }
    let sums = amount > 0 ? asks : bids
    let paid = sum(sums, at: after) - sum(sums, at: sold)
    guard holdings.a + paid >= 0, holdings.b >= amount else { throw .amount }
    holdings.a += paid
    holdings.b -= amount
    sold = after
  }
}

/// A small AMM on ticks that holds whole lots: 60 lots of B over 240 ticks, a quarter of one each, at 1000 lots of A.
///
/// Its curve says how much may be sold; nothing else looks at what it holds.
struct TickLots: Auditable {
  /// Sums of the ticks: each rounded up to a lot, or not rounded.
  private let depth: Double
  private var sold = 0.0
  private(set) var holdings = Holdings(a: 0, b: 60)

  let actions = [
    AuditAction("buy", .trade, .init("lots of B out", grain: 1)),
    AuditAction("sell", .trade, .init("lots of B in", grain: 1)),
  ]

  init(roundsUp: Bool) { depth = roundsUp ? (0.25).rounded(.up) : 0.25 }

  /// Lots of A for all until so many lots of B are sold, rounded up.
  private func held(_ sold: Double) -> Double {
    let ticks = sold / depth
    let whole = ticks.rounded(.down)
    // the price rises by a lot of A from tick to tick
    let sum = whole * 1000 + whole * (whole - 1) / 2 + (ticks - whole) * (1000 + whole)
    return (sum * depth).rounded(.up)
  }

  func range(ofAmount number: Int, of action: Int) -> ClosedRange<Double>? {
    let most = action == 0 ? 240 * depth - sold : sold
    return most >= 1 ? 1...most : nil
  }

  mutating func perform(_ action: Int, _ amounts: AuditAmounts) throws(Refused) {
    let lots = amounts.first.rounded()
    let after = sold + (action == 0 ? lots : -lots)
    guard lots >= 1, after >= 0, after <= 240 * depth else { throw .amount }
    holdings.a += held(after) - held(sold)
    holdings.b -= after - sold
    sold = after
  }
}
