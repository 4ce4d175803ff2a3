import DAMMKernel
import DAMMModel

/// A tick curve in lots, and what it was formed with: what trades in a pool, and in a market of a shared pool.
/// For whom it trades, and which reserves it may give, it is told.
///
/// A value. It knows no clock; who holds it checks times.
package struct TickMaker: Sendable, Equatable {
  /// What is set and not read from an oracle.
  package internal(set) var terms: PoolTerms
  /// What the curve was formed with.
  package internal(set) var reading: OracleReading
  /// When it was.
  package internal(set) var formedAt: UTCTime
  /// Since when the surge decays: the last reform; `nil` if there was none.
  package internal(set) var surgeFrom: UTCTime?
  /// `.nothing` without liquidity.
  package internal(set) var curve: LotCurve
  /// One lot of A a lot of B as a price in tokens.
  package let priceOfLots: Double

  /// A maker without liquidity, or with a curve that was formed with these terms and this reading.
  package init(
    _ terms: PoolTerms, reading: OracleReading, formedAt: UTCTime, surgeFrom: UTCTime? = nil,
    curve: LotCurve = .nothing
  ) {
    self.terms = terms
    self.reading = reading
    self.formedAt = formedAt
    self.surgeFrom = surgeFrom
    self.curve = curve
    priceOfLots = LotSize.tokenPrice(pricePerLot: 1, a: terms.a, b: terms.b)
  }

  // MARK: Trading

  /// Carries an order out and moves the reserves by it.
  ///
  /// - Parameters:
  ///   - order: what the trader asks.
  ///   - now: the time, for the surge.
  ///   - reserves: not more than these lots are given.
  @inline(__always)
  package mutating func settle(
    _ order: LotOrder, at now: UTCTime, _ reserves: inout LotPair
  ) -> LotQuote {
    curve.settle(
      order, stop(order), surge: surgeFrom == nil ? 0 : surgeRate(at: now), &reserves,
      priceOfLots: priceOfLots)
  }

  /// The nearer of target and limit in lots.
  @inline(__always)
  private func stop(_ order: LotOrder) -> LotCurve.Stop? {
    guard case .toPrice(let target) = order.size else {
      return order.limit.map { .init(price: lotPrice($0), isTarget: false) }
    }
    let limit = order.limit ?? target
    let nearer = order.side == .buy ? min(target, limit) : max(target, limit)
    return .init(price: lotPrice(nearer), isTarget: nearer == target)
  }

  /// The rate that is added to fees now because the curve was reformed: `surge 2^(-t / halfLife)`, `t` seconds
  /// after the last reform; all of the surge before that, and none without a reform. Error: `Tolerance.decay`.
  package func surgeRate(at now: UTCTime) -> Double {
    guard let surgeFrom, terms.fees.surgeBps > 0 else { return 0 }
    return terms.fees.surgeRate(afterSeconds: max(0, now.seconds(since: surgeFrom)))
  }

  // MARK: Forming

  /// A curve for these terms and this reading at the same liquidity and price coordinate, with scales from
  /// the reserves; a surge begins.
  ///
  /// - Throws: `PoolError.lotTooCoarse`, `.spreadBelowTick`, `.parameter`; nothing is changed then.
  package mutating func form(
    _ terms: PoolTerms, _ reading: OracleReading, reserves: LotPair, at now: UTCTime
  ) throws(PoolError) {
    let table = try terms.table(reading)
    if curve != .nothing {
      try curve.reform(
        table, oraclePrice: terms.lotPrice(reading.price), reserves: reserves,
        funding: terms.funding)
    }
    self.terms = terms
    self.reading = reading
    formedAt = now
    surgeFrom = now
  }

  /// Why the policy would reform around a reading now; `nil` if it would not.
  package func reasonToReform(
    _ reading: OracleReading, at now: UTCTime
  ) -> ReformPolicy.Reason? {
    terms.policy.reason(for: reading, after: self.reading, seconds: now.seconds(since: formedAt))
  }

  // MARK: Prices

  /// A price in tokens as lots of A a lot of B, kept a number that a curve can compare with.
  func lotPrice(_ price: Double) -> Double {
    let allowed = Domain.target
    return min(max(terms.lotPrice(price), allowed.lowerBound), allowed.upperBound)
  }
}

extension TickMaker {
  /// A maker as it was stored.
  ///
  /// - Throws: `PoolError.corruptState` for a curve that no forming leads to, and as forming one.
  package init(
    _ terms: PoolTerms, reading: OracleReading, formedAt: UTCTime, surgeFrom: UTCTime?,
    _ state: LotCurve.State
  ) throws(PoolError) {
    self.init(terms, reading: reading, formedAt: formedAt, surgeFrom: surgeFrom)
    curve = try LotCurve(
      state, terms.table(reading), oraclePrice: terms.lotPrice(reading.price),
      funding: terms.funding)
  }

  /// A maker with a curve of a given liquidity, formed around a reading.
  ///
  /// - Parameters:
  ///   - reserves: from which the scales follow; a side may be empty.
  ///   - price: where it stands, as a price coordinate in tokens, clamped to the curve; the oracle price by
  ///     default.
  /// - Throws: `PoolError.lotTooCoarse`, `.spreadBelowTick`, `.parameter`.
  package init(
    _ terms: PoolTerms, _ reading: OracleReading, liquidity: LotLiquidity, reserves: LotPair,
    at now: UTCTime, atPrice price: Double? = nil
  ) throws(PoolError) {
    if let price { try Domain.checkPool(price, "position", in: Domain.target) }
    self.init(terms, reading: reading, formedAt: now)
    curve = try LotCurve(
      terms.table(reading), oraclePrice: terms.lotPrice(reading.price), liquidity: liquidity,
      reserves: reserves, funding: terms.funding, atPrice: price.map(lotPrice))
  }
}

extension TickMaker {
  /// Lots of A that the reserves get for so many more lots of B, or give for so many fewer. Not beyond the
  /// curve.
  package func moved(_ side: Side, _ lots: Int) -> Int {
    side == .buy
      ? curve.heldAfter(curve.sold + lots) - curve.held
      : curve.held - curve.heldAfter(curve.sold - lots)
  }

  /// The price of the tick where that leads, lots of A a lot of B.
  package func lotPrice(_ side: Side, after lots: Int) -> Double {
    curve.priceAfter(side == .buy ? curve.sold + lots : curve.sold - lots)
  }

  /// Lots of B to the end of the curve.
  package func mostLots(_ side: Side) -> Int {
    side == .buy ? curve.range.upperBound - curve.sold : curve.sold - curve.range.lowerBound
  }

  /// The position as a price coordinate in tokens.
  package var price: Double { curve.standing.price * priceOfLots }

  /// The same curve at another liquidity.
  ///
  /// - Throws: `PoolError.overflow` for more lots on the curve than can be counted; nothing is changed then.
  package mutating func scale(to liquidity: LotLiquidity) throws(PoolError) {
    let (range, times) = (curve.range, liquidity.over(curve.liquidity))
    let b = Double(range.upperBound - range.lowerBound)
    let a = Double(curve.heldAfter(range.upperBound) - curve.heldAfter(range.lowerBound))
    let lots = max(a, b) * times
    guard lots <= Domain.curveRange else {
      throw .overflow(
        name: "lots on the curve", amount: "\(lots)", allowed: "\(Domain.curveRange)")
    }
    curve.scale(to: liquidity)
  }

  /// What the curve is, to be stored.
  package var state: LotCurve.State { curve.state }
}
