/// What a file of a replay holds. It is found by the columns of the header, which may stand in any order
/// and among others.
public enum FlowFormat: String, Sendable, Hashable, CaseIterable {
  /// Swaps, mints and burns of a pool, in the columns of `PoolSwap` and `tick_lower,tick_upper,liquidity`.
  case poolEvents
  /// Swaps of a pool, in the columns of `PoolSwap` alone: mints and burns are counted.
  case poolSwaps
  /// Minutes of a pool.
  case poolMinutes
  /// Candles of an hour.
  case hourlyCandles
  /// A volatility index by the hour, in percent.
  case hourlyVolatility
  /// A volatility index by the day, in percent.
  case dailyVolatility
  /// Orders.
  case orders
  /// Prices, with or without volatilities and volumes.
  case prices
  /// Volatilities, as decimals.
  case volatilities

  /// The columns that a header must have.
  public var columns: [String] {
    switch self {
    case .poolEvents: PoolEventRows.columns
    case .poolSwaps: PoolSwap.Column.allCases.map(\.rawValue)
    case .poolMinutes: PoolMinuteRows.columns
    case .hourlyCandles: CandleRows.columns
    case .hourlyVolatility: SeriesFormat.hourlyVolatility.columns
    case .dailyVolatility: SeriesFormat.dailyVolatility.columns
    case .orders: OrderRows.columns
    case .prices: PriceRows.columns
    case .volatilities: SeriesFormat.volatilities.columns
    }
  }

  /// How long the interval of a row is, in seconds; 0 where a row is about a moment.
  public var intervalSeconds: Int64 {
    switch self {
    case .poolMinutes: 60
    case .hourlyCandles, .hourlyVolatility: 3600
    case .dailyVolatility: 86_400
    case .poolEvents, .poolSwaps, .orders, .prices, .volatilities: 0
    }
  }

  /// Whether several rows may be of the same moment.
  var mayRepeatTimes: Bool { self == .poolEvents || self == .poolSwaps || self == .orders }

  /// Whether rows may stand newest first. Then the file is read whole.
  var mayFall: Bool {
    self == .hourlyVolatility || self == .dailyVolatility || self == .volatilities
  }

  /// The format of a header.
  ///
  /// - Throws: `TableError.unknownFormat`.
  init(header: [String]) throws(TableError) {
    guard
      let format = Self.allCases.first(where: { $0.columns.allSatisfy(header.contains) })
    else {
      throw .unknownFormat(
        found: header, allowed: Self.allCases.map { $0.columns.joined(separator: ",") })
    }
    self = format
  }

  /// What reads the rows of a table in this format.
  func rows(_ table: Table) throws(TableError) -> any FlowRows {
    switch self {
    case .poolEvents: try PoolEventRows(table, readsLiquidity: true)
    case .poolSwaps: try PoolEventRows(table, readsLiquidity: false)
    case .poolMinutes: try PoolMinuteRows(table)
    case .hourlyCandles: try CandleRows(table)
    case .hourlyVolatility: try VolatilityRows(table, .hourlyVolatility)
    case .dailyVolatility: try VolatilityRows(table, .dailyVolatility)
    case .volatilities: try VolatilityRows(table, .volatilities)
    case .orders: try OrderRows(table)
    case .prices: try PriceRows(table)
    }
  }
}

/// Turns rows into events.
protocol FlowRows: AnyObject {
  /// The event of a row; `nil` where the row is none of a replay.
  func event(_ row: TableRow) throws(TableError) -> FlowEvent?
  /// How many rows were none of a replay, by kind.
  var others: [String: Int] { get }
}

extension FlowRows {
  /// None.
  var others: [String: Int] { [:] }
}
