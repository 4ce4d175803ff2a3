import DAMMKernel
import DAMMModel
import DAMMReference
import Testing
import TestSupport

/// A curve in lots and the slow path's answer to it, kept alike. Both take what a tick holds and what it charges
/// from the table, and the scales from the curve; the rest each finds for itself.
struct JudgedLots {
  let made: LotCase
  private(set) var oraclePrice: Double
  var fast: LotCurve
  var slow: ReferenceLots

  init(_ made: LotCase) {
    self.made = made
    oraclePrice = made.oraclePrice
    fast = made.curve
    let real = made.curve.current
    let liquidity = ReferenceLots.liquidity(ofLots: made.reserves.a, made.reserves.b)
    slow = Self.formed(like: real, liquidity, atPrice: made.price)
  }

  /// The slow path's curve around the oracle price of another, with its scales.
  private static func formed(
    like real: Curve, _ liquidity: Wide, atPrice price: Double
  ) -> ReferenceLots {
    ReferenceLots(
      ticks(real.table), oraclePrice: real.oraclePrice, liquidity: liquidity,
      scales: (real.scaleA, real.scaleB), atPrice: price,
      rates: { [table = real.table] tick in
        [table.feeRate(.sell, ofTick: tick), table.feeRate(.buy, ofTick: tick)]
      })
  }

  /// What the ticks of a table hold, `Double`s by their definition: `capacityB` rounds them once more.
  static func ticks(_ table: TickTable) -> ReferenceLots.Ticks {
    let fold = min(max(-table.lowestTick, 0), table.count)
    // two numbers of two parts an edge, and the fold edge twice
    let edges = table.layout[1].assumingMemoryBound(to: Double.self)
    func b(_ index: Int) -> Wide { Wide(edges[4 * index]) + Wide(edges[4 * index + 1]) }
    return ReferenceLots.Ticks(
      lowest: table.lowestTick, widthBps: table.tickWidthBps,
      prices: (table.lowestTick..<table.upperTick).map(table.relativePrice),
      capacities: (0..<table.count).map { tick in
        let index = tick + (tick >= fold ? 1 : 0)
        return (b(index + 1) - b(index)).double
      })
  }

  /// Lots of A that both sides would be worth, whether a ledger knows as many or not.
  private var worth: Double {
    let price = made.table.relativePrice(ofTick: made.table.upperTick) * oraclePrice
    return slow.liquidity.double * slow.liquidity.double / Double(made.reserves.a) * price
      + slow.liquidity.double * slow.liquidity.double / Double(made.reserves.b)
  }

  /// Whether sums are of more than any ledger knows, in lots of either token, so that their last bits show.
  var isVast: Bool {
    let lowest = made.table.relativePrice(ofTick: made.table.lowestTick) * oraclePrice
    return worth > 0x1p56 || worth / lowest > 0x1p60
  }

  var about: String {
    "\(made.table.fees == .none ? "" : "\(made.table.fees) ")\(made.shape) mu \(oraclePrice), at first \(made.oraclePrice), at \(made.price) \(made.reserves) \(made.funding) "
      + "range \(fast.range) sold \(fast.sold)"
  }

  /// Compares the range and what is held at its ends.
  func compareRange() {
    #expect(fast.range == slow.range, "\(slow.range) \(about)")
    let offered = fast.offered
    let (low, high) = (slow.range.lowerBound, slow.range.upperBound)
    #expect(offered.b == high - fast.sold, "\(about)")
    #expect(offered.a == fast.held - fast.heldAfter(low), "\(about)")
    compareHeld(fast.sold)
    compareHeld(low)
  }

  /// Compares `Q(n)`.
  func compareHeld(_ n: Int) {
    let off = slow.rounded(after: n)
    let (fast, slow) = (fast.heldAfter(n), slow.held(after: n))
    // what decides is nearer than the last bits of all that the curve would hold
    let bits = 0x1p-100 * worth
    let decided = min(ReferenceLots.dust - off, off + 1 - ReferenceLots.dust) > bits
    if !decided, abs(fast - slow) <= 1 { return }
    #expect(fast == slow, "Q(\(n)), less the exact: \(self.slow.rounded(after: n)); \(about)")
  }

  /// Compares an order's answer, and says what it was.
  func compare(
    _ side: Side, _ fixed: LotCurve.Fixed, limit: Double? = nil, surge: Double = 0
  ) -> (LotCurve.Fill, ReferenceLots.Trade) {
    let fill = fast.fill(side, fixed, stop: limit, surge: surge)
    let same: ReferenceLots.Fixed =
      switch fixed {
      case .amount(let value): .amount(value)
      case .notional(let value): .notional(value)
      case .nothing: .nothing
      }
    let trade = slow.swap(side, same, limit: limit, surge: surge, from: fast.sold)
    var got = ReferenceLots.Trade(
      amount: fill.amount, moved: fill.moved, fee: fill.fee,
      filled: fill.filled, limited: fill.limited, after: fill.soldAfter)
    // A limit that decides by the last bits of its coordinate, as at an end, may count as an ulp or two more or
    // less; a limit within an ulp of an end, whose coordinate is rounded, as that or as beyond it
    let price = made.table.relativePrice(
      ofTick: side == .buy ? made.table.upperTick : made.table.lowestTick)
    let end = oraclePrice * price
    // end, and what an end's rounded coordinate means is the end
    if let limit, (end.nextDown.nextDown...end.nextUp.nextUp).contains(limit) {
      got.limited = trade.limited
    }
    if let limit, got != trade {
      for near in [nil, limit.nextDown.nextDown, limit.nextUp.nextUp] {
        guard near != nil || (end.nextDown.nextDown...end.nextUp.nextUp).contains(limit) else {
          continue
        }
        var other = slow.swap(side, same, limit: near, surge: surge, from: fast.sold)
        (other.limited, other.filled) = (got.limited, got.filled)
        if got == other { return (fill, trade) }
      }
    }
    #expect(
      got == trade,
      "\(side) \(fixed) limit \(limit ?? .nan) surge \(surge): \(got) and \(trade); \(about)")
    return (fill, trade)
  }

  /// Compares where a fill ends with the lots that lead there, and the ticks on the way.
  func comparePlace(_ side: Side, _ fill: LotCurve.Fill) {
    let n = fill.soldAfter
    let tick = fill.tickAfter
    let (off, ofTick) = slow.distance(of: n, toTick: tick, fraction: fill.fractionAfter)
    // the fraction has the roundings of a Double
    #expect(
      off.magnitude <= Self.slack + ofTick * 0x1p-51,
      "\(off) lots off at \(tick) \(fill.fractionAfter) of \(ofTick); to \(n), \(about)")
    let price = made.table.relativePrice(ofTick: tick)
    let step = made.table.tickWidthBps / 1e4 * fill.fractionAfter
    let coordinate = oraclePrice * (price + step)
    #expect((fill.priceAfter / coordinate - 1).magnitude <= 0x1p-51, "\(n), \(about)")
    let least = slow.ticksCrossed(fast.sold, n, least: Self.slack)
    let most = slow.ticksCrossed(fast.sold, n, least: -Self.slack)
    #expect((least...most).contains(fill.ticksCrossed), "\(fill.ticksCrossed) to \(n), \(about)")
  }

  /// So many lots the kernel's sums may be off.
  static let slack = ReferenceLots.dust

  /// Carries a fill out.
  mutating func apply(_ fill: LotCurve.Fill) { fast.stand(after: fill.soldAfter) }

  /// Multiplies the liquidity of both, and counts lots from there.
  mutating func scale(by numerator: Int, over denominator: Int) {
    slow.scale(by: numerator, over: denominator, after: fast.sold)
    fast.scale(by: UInt128(numerator), over: UInt128(denominator))
  }

  /// Forms both anew around another oracle price, from other reserves; whether that was not refused.
  mutating func reform(oraclePrice mu: Double, reserves: LotPair, funding: Funding) -> Bool {
    let price = fast.current.price
    do {
      try fast.reform(fast.table, oraclePrice: mu, reserves: reserves, funding: funding)
    } catch { return false }
    oraclePrice = mu
    slow = Self.formed(like: fast.current, slow.liquidity, atPrice: price)
    return true
  }
}
