import DAMMModel

/// A constant-product pool outside, as it was seen last, and how many of its LP tokens the shared pool has.
///
/// `t` tokens redeem for `floor(t x / T)` and `floor(t y / T)` lots of its reserves, `T` being all its tokens.
public struct OutsideHolding: Sendable, Hashable, Codable {
  /// Its reserves in lots.
  public internal(set) var reserves: LotPair
  /// All its LP tokens, in their base unit.
  public internal(set) var supply: Int
  /// Those of the shared pool.
  public internal(set) var tokens: Int

  /// An outside pool.
  ///
  /// - Parameters:
  ///   - reserves: in lots, in `Domain.reserveLots`.
  ///   - supply: LP tokens in all, in `Domain.shares`.
  ///   - tokens: those of the shared pool, fewer.
  /// - Throws: `SharedPoolError.pool` that names the value.
  public init(reserves: LotPair, supply: Int, tokens: Int = 0) throws(SharedPoolError) {
    try asShared { () throws(PoolError) in
      try Domain.check(reserves.a, "lots of A of the outside pool", in: Domain.reserveLots)
      try Domain.check(reserves.b, "lots of B of the outside pool", in: Domain.reserveLots)
      try Domain.check(supply, "LP tokens of the outside pool", in: Domain.shares)
      try Domain.check(tokens, "LP tokens held", in: 0...supply - 1)
    }
    self.reserves = reserves
    self.supply = supply
    self.tokens = tokens
  }

  private enum Key: String, CodingKey { case reserves, supply, tokens }

  /// Reads a holding, checked like any other.
  ///
  /// - Throws: `DecodingError`, and as `init`.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    try self.init(
      reserves: fields.decode(LotPair.self, forKey: .reserves),
      supply: fields.decode(Int.self, forKey: .supply),
      tokens: fields.decode(Int.self, forKey: .tokens))
  }

  /// What so many tokens redeem for now, in lots.
  public func worth(_ count: Int) -> LotPair {
    func part(_ reserve: Int) -> Int {
      Int(UInt128(reserve) * UInt128(count) / UInt128(supply))
    }
    return LotPair(a: part(reserves.a), b: part(reserves.b))
  }

  /// What all tokens held redeem for now.
  public var redeemable: LotPair { worth(tokens) }

  /// Redeems tokens: they and what they bring leave the outside pool. What is left is worth not less a token.
  mutating func redeem(_ count: Int) -> LotPair {
    let lots = worth(count)
    reserves = reserves - lots
    tokens -= count
    supply -= count
    return lots
  }
}
