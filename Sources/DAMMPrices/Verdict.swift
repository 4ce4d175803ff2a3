import DAMMModel

/// What a maker must keep.
public enum PriceLaw: String, Sendable, Hashable, CaseIterable {
  /// `ask(r) >= bid(r)`: nobody gains by a round trip.
  case askNotBelowBid
  /// Neither price falls where the ratio rises: who trades more pays more.
  case pricesRise
  /// Reserves and amounts times `c` trade at the same prices.
  case scaleFreedom
  /// A trade in parts comes to what it comes to at once; there and back, without a fee, changes nothing, and
  /// with one gives the trader nothing.
  case pathIndependence
  /// A fair add keeps the ratio; an add of one token is a swap and a fair add; a remove undoes an add.
  case liquidityComposes
}

/// Where a law does not hold: two numbers of which one should not be above the other, or which should agree.
public struct Violation: Sendable, Hashable {
  /// The law.
  public let law: PriceLaw
  /// The ratio at which it was seen.
  public let ratio: Double
  /// What was seen there.
  public let found: Double
  /// What it should have been, or the bound that it should have kept.
  public let expected: Double
  /// What the two numbers are.
  public let what: String

  /// A violation, for checks of the caller's own.
  public init(_ law: PriceLaw, ratio: Double, found: Double, expected: Double, what: String) {
    self.law = law
    self.ratio = ratio
    self.found = found
    self.expected = expected
    self.what = what
  }
}

extension Violation: CustomStringConvertible {
  /// One sentence: which law, where, and the two numbers.
  public var description: String {
    "\(law.rawValue) does not hold at the ratio \(ratio): \(what) is \(found), and should be \(expected)."
  }
}

/// What a check of a law came to.
public enum Verdict: Sendable, Hashable {
  /// It holds everywhere that was asked about, by so many intervals, as far as what the functions tell of
  /// themselves is true.
  case proved(intervals: Int)
  /// It held wherever it was tried: so many times, neighbours apart by this part of the ratio.
  case held(samples: Int, resolution: Double)
  /// It does not hold.
  case violated(Violation)

  /// What was seen where the law does not hold; `nil` where it was proved or held.
  public var violation: Violation? {
    if case .violated(let violation) = self { return violation }
    return nil
  }
}
