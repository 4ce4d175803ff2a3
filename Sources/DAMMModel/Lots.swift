/// Whole lots of both tokens, as the ledger of a pool counts them. A lot is the smallest amount that it
/// knows; `LotSize` says how large one is.
public struct LotPair: Sendable, Hashable, Codable {
  /// Lots of the numeraire token A.
  public var a: Int
  /// Lots of the asset token B.
  public var b: Int

  /// So many lots.
  public init(a: Int, b: Int) {
    self.a = a
    self.b = b
  }

  /// Nothing.
  public static let zero = LotPair(a: 0, b: 0)

  /// Both sums. The ledger keeps them far from overflow.
  public static func + (left: LotPair, right: LotPair) -> LotPair {
    LotPair(a: left.a + right.a, b: left.b + right.b)
  }

  /// Both differences.
  public static func - (left: LotPair, right: LotPair) -> LotPair {
    LotPair(a: left.a - right.a, b: left.b - right.b)
  }
}
