import DAMMModel

/// A small constant-product AMM in whole lots, its fee in the token that comes in and kept in the reserves, with
/// shares. All rounding is for the pool unless a fault is planted.
struct ProductLedger: Auditable {
  enum Fault: CaseIterable {
    /// Amounts out below 100 lots are rounded to the nearest lot.
    case dust
    /// What stays idle is rounded down, and whoever withdraws gets the rest.
    case idle
    /// Adds make `floor(sqrt(dA dB))` shares.
    case rootShares
    /// An add of B alone is exchanged at the price before it.
    case preTradePrice
  }

  private let fault: Fault?
  private var a = 1_000_000
  private var b = 1_000_000
  /// Lots of each that no trade can reach and that belong to the shares.
  private var idle = 0
  private var shares = 1_000_000
  private var own = 0
  /// What a trade pays, in basis points.
  private let feeBps: Int

  let actions = [
    AuditAction("buy, exact in", .trade, .init("lots of A in", grain: 1)),
    AuditAction("sell, exact in", .trade, .init("lots of B in", grain: 1)),
    AuditAction("add", .deposit, .init("lots of A", grain: 1), .init("lots of B", grain: 1)),
    AuditAction("add B alone", .deposit, .init("lots of B", grain: 1)),
    AuditAction("remove", .withdrawal, .init("shares", grain: 1)),
  ]

  /// A ledger that may have a fault, in the state in which that fault has something to take: with fees that have
  /// been earned, or with lots that are idle.
  init(_ kind: Fault, isThere: Bool) {
    fault = isThere ? kind : nil
    feeBps = kind == .dust ? 0 : 30
    switch kind {
    case .dust: (a, b, shares) = (200_000, 300_000, 244_948)
    case .idle: (idle, shares) = (100_000, 1_000_000_000)
    case .rootShares: (a, b) = (1_020_000, 1_015_000)
    case .preTradePrice: break
    }
  }

  var holdings: Holdings { Holdings(a: Double(a + idle), b: Double(b + idle)) }
  var owesOutsider: Bool { own > 0 }

  func range(ofAmount number: Int, of action: Int) -> ClosedRange<Double>? {
    switch action {
    case 0: 1...Double(2 * a)
    case 1, 3: 1...Double(2 * b)
    case 2: 1...Double(number == 0 ? 2 * a : 2 * b)
    default: own > 0 ? 1...Double(own) : nil
    }
  }

  mutating func perform(_ action: Int, _ amounts: AuditAmounts) throws(Refused) {
    guard amounts.first >= 1, amounts.first <= 0x1p50, amounts.second >= 0, amounts.second <= 0x1p50
    else {
      throw .amount
    }
    // far from what would overflow
    guard a + idle < 1 << 40, b + idle < 1 << 40, shares < 1 << 50 else { throw .amount }
    let (first, second) = (Int(amounts.first), Int(amounts.second))
    switch action {
    case 0:
      let out = try out(first, a, b)
      a += first
      b -= out
    case 1:
      let out = try out(first, b, a)
      b += first
      a -= out
    case 2: try add(first, second)
    case 3: try addB(first)
    default: try remove(first)
    }
  }

  /// What a trade gives.
  private func out(_ amount: Int, _ reserveIn: Int, _ reserveOut: Int) throws(Refused) -> Int {
    guard amount < 1 << 41 else { throw .amount }
    let paid = amount * (10_000 - feeBps)
    let denominator = reserveIn * 10_000 + paid
    let (whole, rest) = Self.divide(paid, reserveOut, denominator)
    var out = whole
    if fault == .dust, out < 100, 2 * rest >= denominator { out += 1 }
    guard out > 0, out < reserveOut else { throw .amount }
    return out
  }

  /// Takes both tokens for shares; what a fair share does not need stays with the owner.
  private mutating func add(_ mostA: Int, _ mostB: Int) throws(Refused) {
    if fault == .rootShares {
      guard mostA < 1 << 41, mostB < 1 << 41 else { throw .amount }
      let made = Int((Double(mostA) * Double(mostB)).squareRoot())
      guard made > 0 else { throw .amount }
      a += mostA
      b += mostB
      shares += made
      own += made
      return
    }
    guard mostA < 1 << 41, mostB < 1 << 41 else { throw .amount }
    let (allA, allB) = (a + idle, b + idle)
    let made = min(
      Self.divide(mostA, shares, allA).quotient, Self.divide(mostB, shares, allB).quotient)
    guard made > 0 else { throw .amount }
    func cost(_ reserve: Int) -> Int {
      let (whole, rest) = Self.divide(made, reserve, shares)
      return whole + (rest > 0 ? 1 : 0)
    }
    // both tokens have the same lots idle
    let (costA, costB, costIdle) = (cost(a), cost(b), cost(idle))
    a += costA
    b += costB
    idle += costIdle
    shares += made
    own += made
  }

  /// Takes B alone: half of it is exchanged for A, then both are added.
  private mutating func addB(_ lots: Int) throws(Refused) {
    let half = lots / 2
    guard half > 0, half < 1 << 41 else { throw .amount }
    var copy = self
    if fault == .preTradePrice {
      // half of the value is B already: shares as if the other half were worth its price now
      let made = Int(Double(lots) / 2 / Double(b) * Double(shares))
      guard made > 0 else { throw .amount }
      copy.b += lots
      copy.shares += made
      copy.own += made
    } else {
      let got = try out(half, b, a)
      copy.b += half
      copy.a -= got
      try copy.add(got, lots - half)
    }
    self = copy
  }

  private mutating func remove(_ burned: Int) throws(Refused) {
    guard burned <= own, burned < shares else { throw .amount }
    let left = shares - burned
    func part(_ lots: Int, _ shares: Int) -> Int {
      Self.divide(lots, shares, self.shares).quotient
    }
    a -= part(a, burned)
    b -= part(b, burned)
    idle = fault == .idle ? part(idle, left) : idle - part(idle, burned)
    shares = left
    own -= burned
  }

  /// `x y / z` and what is left.
  private static func divide(
    _ x: Int, _ y: Int, _ z: Int
  ) -> (quotient: Int, remainder: Int) {
    let (quotient, remainder) = (Int128(x) * Int128(y)).quotientAndRemainder(dividingBy: Int128(z))
    return (Int(quotient), Int(remainder))
  }
}
