import DAMMModel

extension SeriesFormat {
  /// Where the time stands in a row of `columns`.
  static let timeSlot = 0
  /// Where the number stands.
  static let valueSlot = 1

  /// The number of a row of `columns`: A per B, or a volatility a year as a decimal.
  ///
  /// - Throws: `TableError.notANumber`, `.notAnInteger`, `.outOfRange`.
  func value(_ row: TableRow) throws(TableError) -> Double {
    let domain = quantity == .price ? Domain.price : Domain.impliedVolatility
    switch unit {
    case .decimal: return try row.number(Self.valueSlot, in: domain)
    case .percent: return try row.number(Self.valueSlot, isPercent: true, in: domain)
    case .tick(let decimals0, let decimals1):
      let tick = try row.integer(Self.valueSlot, in: PoolTick.allowed)
      let price = PoolTick.price(tick: tick, decimals0: decimals0, decimals1: decimals1)
      guard domain.contains(price) else {
        throw row.outOfRange(
          Self.valueSlot,
          allowed: "the tick of a price from \(domain.lowerBound) to \(domain.upperBound)")
      }
      return price
    }
  }
}
