import DAMMModel

/// A constant product in whole lots whose fee stays in its reserves, offered at other scales: prices are those of
/// the ratio, but for a fee that is flat.
struct FlatFeeLedger: Auditable {
  /// Lots that each trade costs, or so many basis points.
  private let flatFee: Bool
  private var a = 3_000_000
  private var b = 1_000_000

  let actions = [
    AuditAction("buy, exact in", .trade, .init("lots of A in", grain: 1)),
    AuditAction("sell, exact in", .trade, .init("lots of B in", grain: 1)),
  ]

  init(flatFee: Bool) { self.flatFee = flatFee }

  var holdings: Holdings { Holdings(a: Double(a), b: Double(b)) }

  /// What comes out is rounded down once.
  var rounding: Holdings { Holdings(a: 1, b: 1) }

  func range(ofAmount number: Int, of action: Int) -> ClosedRange<Double>? {
    1...Double(2 * (action == 0 ? a : b))
  }

  func scaled(by factor: Double) -> FlatFeeLedger? {
    let (most, times) = (1 << 40, Int(factor))
    guard a < most / times, b < most / times else { return nil }
    var scaled = self
    (scaled.a, scaled.b) = (times * a, times * b)
    return scaled
  }

  mutating func perform(_ action: Int, _ amounts: AuditAmounts) throws(Refused) {
    guard amounts.first >= 1, amounts.first < 0x1p42, a < 1 << 42, b < 1 << 42 else {
      throw .amount
    }
    let lots = Int(amounts.first)
    let (reserveIn, reserveOut) = action == 0 ? (a, b) : (b, a)
    // a part is compared as it is counted: in ten thousandths of a lot
    let counted = flatFee ? (lots - 5) * 10_000 : lots * 9_970
    guard counted > 0 else { throw .amount }
    let out = Int(
      Int128(counted) * Int128(reserveOut) / (Int128(reserveIn) * 10_000 + Int128(counted)))
    guard out > 0, out < reserveOut else { throw .amount }
    if action == 0 { (a, b) = (a + lots, b - out) } else { (a, b) = (a - out, b + lots) }
  }
}

/// A book in whole lots of A at a price that rises by a step of the same width for as many token units sold, or
/// for as large a part of the liquidity. It holds what its straight line of prices says, rounded up.
struct LinearBook: Auditable {
  /// Lots of B that raise the price by what it was at first.
  private var width: Int128
  private let widthIsInLots: Bool
  private var sold: Int128 = 500_000
  private var most: Int128 = 1_000_000

  let actions = [
    AuditAction("buy", .trade, .init("lots of B out", grain: 1)),
    AuditAction("sell", .trade, .init("lots of B in", grain: 1)),
  ]

  init(widthIsInLots: Bool) {
    self.widthIsInLots = widthIsInLots
    width = 250_000
  }

  /// `3 (s + s^2 / (2 width))`, rounded up.
  var holdings: Holdings {
    let twice = 3 * (2 * width * sold + sold * sold)
    return Holdings(a: Double((twice + 2 * width - 1) / (2 * width)), b: Double(most - sold))
  }

  var rounding: Holdings { Holdings(a: 2, b: 0) }

  func range(ofAmount number: Int, of action: Int) -> ClosedRange<Double>? {
    let lots = action == 0 ? most - sold : sold
    return lots > 0 ? 1...Double(lots) : nil
  }

  func scaled(by factor: Double) -> LinearBook? {
    let times = Int128(factor)
    guard most < (1 << 45) / times else { return nil }
    var scaled = self
    (scaled.sold, scaled.most) = (times * sold, times * most)
    if !widthIsInLots { scaled.width = times * width }
    return scaled
  }

  mutating func perform(_ action: Int, _ amounts: AuditAmounts) throws(Refused) {
    guard amounts.first >= 1, amounts.first < 0x1p46 else { throw .amount }
    let lots = Int128(amounts.first)
    let after = sold + (action == 0 ? lots : -lots)
    guard (0...most).contains(after) else { throw .amount }
    sold = after
  }
}
