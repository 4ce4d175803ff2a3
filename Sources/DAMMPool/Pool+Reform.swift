import DAMMKernel
import DAMMModel

extension Pool {
  /// Forms the curve anew around a reading if the policy of the pool says so.
  ///
  /// - Parameters:
  ///   - reading: what the oracle says now; a guard has accepted it.
  ///   - now: the time.
  /// - Returns: why it reformed; `nil` if it did not, and then nothing has changed.
  /// - Throws: as `reform`.
  @discardableResult
  public mutating func update(
    _ reading: OracleReading, at now: UTCTime
  ) throws(PoolError) -> ReformPolicy.Reason? {
    try check(now)
    guard let reason = maker.reasonToReform(reading, at: now) else { return nil }
    try reform(reading, at: now)
    return reason
  }

  /// Forms the curve anew around a reading.
  ///
  /// Both scales follow from the reserves; liquidity and the price coordinate of the position stay, clamped
  /// to the new curve; a surge begins. A reading that the curve was formed with changes nothing at all.
  ///
  /// - Parameters:
  ///   - reading: what the oracle says now.
  ///   - now: the time.
  /// - Returns: whether the curve was formed anew.
  /// - Throws: `PoolError.timeGoesBack`, `.lotTooCoarse`, `.spreadBelowTick`, `.parameter` for a time, a
  ///   volatility or a price that no pool may have; nothing is changed then.
  /// - Complexity: for a new price alone independent of the number of ticks; for a volatility whose table
  ///   is not in the cache, the build of a table.
  @discardableResult
  public mutating func reform(
    _ reading: OracleReading, at now: UTCTime
  ) throws(PoolError) -> Bool {
    try check(now)
    guard !reading.formsLike(self.reading) else { return false }
    try form(terms, reading, at: now)
    return true
  }

  /// Gives a live pool other terms: shape, half width, tick width, fees, funding or policy. A reform around
  /// the reading that it has; the same terms change nothing at all, and another policy alone forms nothing.
  ///
  /// - Parameters:
  ///   - terms: with the same lots, since these are the unit of every balance.
  ///   - now: the time.
  /// - Returns: whether anything changed.
  /// - Throws: `PoolError.lotsDiffer`, and as `reform`; nothing is changed then.
  @discardableResult
  public mutating func reparameterise(
    _ terms: PoolTerms, at now: UTCTime
  ) throws(PoolError) -> Bool {
    try check(now)
    guard terms.a == self.terms.a, terms.b == self.terms.b else { throw .lotsDiffer }
    guard terms != self.terms else { return false }
    if terms.formsLike(self.terms) {
      _ = try terms.table(reading)  // whether the policy may have these fees
      maker.terms = terms
      time = now
    } else {
      try form(terms, reading, at: now)
    }
    return true
  }

  /// A curve for these terms and this reading; a surge begins.
  private mutating func form(
    _ terms: PoolTerms, _ reading: OracleReading, at now: UTCTime
  ) throws(PoolError) {
    try maker.form(terms, reading, reserves: reserves, at: now)
    time = now
  }
}

extension PoolTerms {
  /// Whether a curve would be the same for both.
  fileprivate func formsLike(_ other: PoolTerms) -> Bool {
    shape == other.shape && halfWidth == other.halfWidth && tickWidthBps == other.tickWidthBps
      && fees == other.fees && funding == other.funding
  }
}
