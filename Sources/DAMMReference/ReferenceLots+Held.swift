extension ReferenceLots {
  /// The largest whole number not above a real one, dust aside.
  static func floor(_ x: FixedPoint) -> Int { whole(x + FixedPoint(dust)) }
  /// The smallest whole number not below a real one, dust aside.
  static func ceiling(_ x: FixedPoint) -> Int { -floor(-x) }
  /// The smallest whole number not below a real one.
  static func plainCeiling(_ x: FixedPoint) -> Int { -whole(-x) }

  /// The largest integer not above a number. So far out as 2^62 no ledger looks.
  private static func whole(_ x: FixedPoint) -> Int { Int(min(max(x.whole, -1 << 62), 1 << 62)) }

  /// `F(n)`, clamped to what is laid.
  func heldExactly(after n: Int) -> FixedPoint {
    let sold = FixedPoint(n)
    if sold == formed.sold { return formed.held }
    let upwards = formed.sold < sold
    let pieces = upwards ? above : below
    let index = Self.first(pieces) { upwards ? !($0.sold.far < sold) : !(sold < $0.sold.far) }
    guard index < pieces.count else { return pieces.last?.held.far ?? formed.held }
    let piece = pieces[index]
    return piece.held.near + (sold - piece.sold.near) * piece.price
  }

  /// `Q(n)`: the A held after `n` lots of B beyond what was held at the anchor, rounded up.
  public func held(after n: Int) -> Int { Self.ceiling(heldExactly(after: n)) }

  /// `F(n)` less `Q(n)`, from -1 to `dust`.
  public func rounded(after n: Int) -> Double {
    (heldExactly(after: n) - FixedPoint(held(after: n))).double
  }

  /// `G(level)`: fees of all A up to a level, counted from the anchor. Beyond the ends the rate is that of the
  /// tick where the curve ends.
  func charged(_ level: FixedPoint, _ direction: Int) -> FixedPoint {
    let upwards = formed.held < level
    let pieces = upwards ? above : below
    let index = Self.first(pieces) { upwards ? !($0.held.far < level) : !(level < $0.held.far) }
    if index < pieces.count {
      let piece = pieces[index]
      return piece.fees.near[direction] + (level - piece.held.near) * piece.rates[direction]
    }
    if let last = pieces.last {
      return last.fees.far[direction] + (level - last.held.far) * last.rates[direction]
    }
    let rate = rates(min(formedTick, ticks.upper - 1))[direction]
    return formed.fees[direction] + (level - formed.held) * rate
  }

  /// The last whole lots before the ends.
  mutating func setRange() {
    let most = FixedPoint(Self.mostLots)
    let top = min(above.last?.sold.far ?? formed.sold, most)
    let bottom = max(below.last?.sold.far ?? formed.sold, -most)
    var highest = Self.floor(top)
    // no ledger holds as many lots of A as the far end of some curves would bring
    if highest > 0, held(after: highest) > Self.mostLots {
      highest = Self.last(from: 0, to: highest) { held(after: $0) <= Self.mostLots }
    }
    range = Self.ceiling(bottom)...highest
    range = last(with: range.lowerBound)...highest
  }

  /// The most lots of B sold with which the curve holds as much as with `n`: there a ledger stands.
  public func last(with n: Int) -> Int {
    let held = held(after: n)
    return Self.last(from: n, to: range.upperBound) { self.held(after: $0) == held }
  }

  /// Where an order that goes no further than `end` stops: where a ledger can stand, and nobody sells a lot
  /// for nothing.
  func stop(before end: Int, buying: Bool) -> Int {
    guard end > range.lowerBound, end < range.upperBound else {
      return min(max(end, range.lowerBound), range.upperBound)
    }
    let last = last(with: end)
    if !buying || last == end { return last }
    let held = held(after: end)
    return Self.last(from: end, to: range.lowerBound) { self.held(after: $0) == held } - 1
  }

  /// Where the last lot before a price coordinate is, on the way of a side; none where it lies beyond the
  /// curve.
  public func lots(before price: Double, buying: Bool) -> Int? {
    func end(_ tick: Int) -> Double {
      ((Wide(1) + ticks.width * Double(tick)) * oraclePrice).double
    }
    guard buying ? price <= end(ticks.upper) : price >= end(ticks.lowest) else { return nil }
    let sold = sold(at: Self.place(ofPrice: price, ticks, oraclePrice))
    // beyond what a ledger holds all places are one
    let most = Self.mostLots
    // places have 106 bits: what is whole but for their last ones is whole
    let bits = FixedPoint(sold.double.magnitude * 0x1p-98 + 0x1p-120)
    let lots = buying ? Self.whole(sold + bits) : Self.plainCeiling(sold - bits)
    return min(max(lots, -most), most)
  }

  /// Lots of B sold at the lower edge of each tick that has some, and at both ends, ascending; as whole
  /// numbers below them.
  public var edges: [Int] {
    (below.reversed().map(\.sold.far) + [formed.sold] + above.map(\.sold.far))
      .map(Self.whole)
  }

  /// How far `n` lots sold are from a place given by its tick and the sold fraction of it, in lots; and the
  /// lots of that tick.
  public func distance(
    of n: Int, toTick tick: Int, fraction: Double
  ) -> (lots: Double, ofTick: Double) {
    let tickLots = (below + above).filter { $0.tick == tick }.map(\.capacity.double).max() ?? 0
    return ((sold(at: (tick, Wide(fraction))) - FixedPoint(n)).double, tickLots)
  }

  /// How many ticks give something between two numbers of lots sold, more than `least` lots each.
  public func ticksCrossed(_ n0: Int, _ n1: Int, least: Double) -> Int {
    let (low, high) = (FixedPoint(min(n0, n1)), FixedPoint(max(n0, n1)))
    let ticks = (below + above).compactMap { piece -> Int? in
      let (from, to) = (min(piece.sold.near, piece.sold.far), max(piece.sold.near, piece.sold.far))
      return FixedPoint(least) < min(to, high) - max(from, low) ? piece.tick : nil
    }
    return Set(ticks).count
  }

  /// The first element that `holds`, which all behind it do.
  static func first(_ pieces: [Piece], where holds: (Piece) -> Bool) -> Int {
    var (low, high) = (0, pieces.count)
    while low < high {
      let middle = (low + high) / 2
      if holds(pieces[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// The last of numbers that `holds`, which holds at the first and then no more.
  static func last(from first: Int, to last: Int, where holds: (Int) -> Bool) -> Int {
    var (low, high) = (first, last + (first <= last ? 1 : -1))
    while (high - low).magnitude > 1 {
      let middle = low + (high - low) / 2
      if holds(middle) { low = middle } else { high = middle }
    }
    return low
  }
}
