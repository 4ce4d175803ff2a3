import DAMMKernel
import DAMMModel

/// What is set for a pool and not read from an oracle: lots, shape, fees, funding, and when it reforms.
public struct PoolTerms: Sendable, Hashable, Codable {
  /// Lots of the numeraire token A.
  public let a: LotSize
  /// Lots of the asset token B.
  public let b: LotSize
  /// Density of the liquidity.
  public let shape: Shape
  /// Half width `k` in standard deviations.
  public let halfWidth: Double
  /// Tick width in basis points of the oracle price.
  public let tickWidthBps: Double
  /// What the pool takes of each trade.
  public let fees: FeeSchedule
  /// How much of the reserves is on offer.
  public let funding: Funding
  /// When the pool reforms by itself.
  public let policy: ReformPolicy
  /// Whether the pool may reform by its policy though ask and bid lie less than a tick apart. A shift of
  /// the grid then pays a trader up to half a tick.
  public let allowsThinSpread: Bool

  /// Terms. Those that depend on the volatility (the number of ticks, the spread) are checked when a
  /// curve is formed.
  ///
  /// - Throws: `DAMMError.outOfRange` that names the value.
  public init(
    a: LotSize, b: LotSize, shape: Shape = .normal, halfWidth: Double = 6,
    tickWidthBps: Double = 1, fees: FeeSchedule = .none, funding: Funding = .geometricMean,
    policy: ReformPolicy = .manual, allowsThinSpread: Bool = false
  ) throws(DAMMError) {
    // the same checks as for a curve; which volatility does not matter
    _ = try CurveShape(
      shape, relativeSigma: Domain.relativeSigma.upperBound, halfWidth: halfWidth,
      tickWidthBps: tickWidthBps)
    self.a = a
    self.b = b
    self.shape = shape
    self.halfWidth = halfWidth
    self.tickWidthBps = tickWidthBps
    self.fees = fees
    self.funding = funding
    self.policy = policy
    self.allowsThinSpread = allowsThinSpread
  }

  private enum CodingKeys: String, CodingKey {
    case a, b, shape, halfWidth, tickWidthBps, fees, funding, policy, allowsThinSpread
  }

  /// Terms as they were encoded, checked like any others.
  ///
  /// - Throws: `DecodingError`, or `DAMMError.outOfRange` that names the value.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      a: fields.decode(LotSize.self, forKey: .a), b: fields.decode(LotSize.self, forKey: .b),
      shape: fields.decode(Shape.self, forKey: .shape),
      halfWidth: fields.decode(Double.self, forKey: .halfWidth),
      tickWidthBps: fields.decode(Double.self, forKey: .tickWidthBps),
      fees: fields.decode(FeeSchedule.self, forKey: .fees),
      funding: fields.decode(Funding.self, forKey: .funding),
      policy: fields.decode(ReformPolicy.self, forKey: .policy),
      allowsThinSpread: fields.decode(Bool.self, forKey: .allowsThinSpread))
  }

  /// The table of a reading, from the cache of the process.
  ///
  /// - Throws: `PoolError.parameter`, and `.spreadBelowTick` for a pool that reforms by its policy.
  func table(_ reading: OracleReading) throws(PoolError) -> TickTable {
    let table: TickTable
    do throws(DAMMError) {
      let shape = try CurveShape(
        shape, relativeSigma: reading.relativeSigma, halfWidth: halfWidth,
        tickWidthBps: tickWidthBps)
      table = try TableCache.shared.table(shape, fees: fees)
    } catch {
      throw .parameter(error)
    }
    if policy != .manual, !allowsThinSpread, table.leastSpread * 1e4 < tickWidthBps * (1 - 0x1p-40)
    {
      throw .spreadBelowTick(
        spreadBps: table.leastSpread * 1e4, tickWidthBps: tickWidthBps)
    }
    return table
  }

  /// The price of a lot of B in lots of A.
  func lotPrice(_ price: Double) -> Double { LotSize.pricePerLot(price: price, a: a, b: b) }
}

extension TickTable {
  /// The least that ask over bid is above 1 on any tick, without a surge; from below, since
  /// `(1 + u) / (1 - d) - 1 >= u + d`.
  ///
  /// With the distance from the oracle price, one rate rises and the other falls alike until either is
  /// clamped. If the lowest fee clamps first, the sum rises from there on; if the highest does, it
  /// falls until the lowest clamps, too: least at the oracle price or at an end.
  var leastSpread: Double {
    [lowestTick, min(max(0, lowestTick), upperTick - 1), upperTick - 1]
      .map { feeRate(.buy, ofTick: $0) + feeRate(.sell, ofTick: $0) }.min() ?? 0
  }
}
