import DAMMModel

/// Turns the rows of a pool's event log into events, one after the other.
package final class PoolEventRows {
  /// What a row says.
  package enum Event {
    /// A swap, also one of nothing for nothing.
    case swap(PoolSwap)
    /// Liquidity was added.
    case mint(PoolLiquidityChange)
    /// Liquidity was removed.
    case burn(PoolLiquidityChange)
    /// Something else, by its kind.
    case other(String)
  }

  /// The columns of liquidity.
  private static let liquidityColumns = ["tick_lower", "tick_upper", "liquidity"]
  private static let optionalColumns = ["total_liquidity", "position_id"]
  /// Where the columns are, in their order.
  private enum Slot {
    static let (time, kind, amount0, amount1, root, tick) = (0, 1, 2, 3, 4, 5)
    static let (lowest, highest, liquidity) = (6, 7, 8)
  }

  private let readsLiquidity: Bool
  private let totalLiquidity: Int?
  private let position: Int?
  private var lastTime: UTCTime?

  /// Rows of a table.
  ///
  /// - Parameters:
  ///   - table: its header is looked at.
  ///   - readsLiquidity: whether mints and burns are read. If not, they are other events, and their
  ///     columns need not be there.
  /// - Throws: `TableError.missingColumn` and `.repeatedColumn`.
  package init(_ table: Table, readsLiquidity: Bool) throws(TableError) {
    let needed = readsLiquidity ? Self.columns : PoolSwap.Column.allCases.map(\.rawValue)
    try table.choose(needed, optional: Self.optionalColumns)
    self.readsLiquidity = readsLiquidity
    totalLiquidity = table.has(needed.count) ? needed.count : nil
    position = table.has(needed.count + 1) ? needed.count + 1 : nil
  }

  /// The columns of an event log with liquidity.
  static let columns = PoolSwap.Column.allCases.map(\.rawValue) + liquidityColumns

  /// How many rows were none of a replay, by kind.
  private(set) var others: [String: Int] = [:]

  func count(_ kind: String) { others[kind, default: 0] += 1 }

  /// Reads one row.
  package func read(_ row: TableRow) throws(TableError) -> Event {
    let time = try row.time(Slot.time, as: "YYYY-MM-DD HH:MM:SS") { UTCTime($0) }
    if let lastTime, time < lastTime {
      throw .timeBackwards(
        line: row.line, column: row.column(Slot.time), value: row.text(Slot.time),
        previous: "\(lastTime)")
    }
    let event: Event =
      if row.has("SWAP", Slot.kind) {
        .swap(try swap(row, time))
      } else if readsLiquidity, row.has("MINT", Slot.kind) {
        .mint(try change(row, time))
      } else if readsLiquidity, row.has("BURN", Slot.kind) {
        .burn(try change(row, time))
      } else {
        .other(row.text(Slot.kind))
      }
    lastTime = time
    return event
  }

  private func swap(_ row: TableRow, _ time: UTCTime) throws(TableError) -> PoolSwap {
    let (amount0, amount1) = (try row.integer(Slot.amount0), try row.integer(Slot.amount1))
    let (root, allowed) = (try row.integer(Slot.root), PoolSwap.allowedSqrtPriceX96)
    guard allowed.contains(root) else {
      throw row.outOfRange(
        Slot.root, allowed: "from \(allowed.lowerBound) to \(allowed.upperBound)")
    }
    let tick = try row.integer(Slot.tick, in: PoolSwap.allowedTicks)
    switch (amount0.signum, amount1.signum) {
    // The pool rounds in its own favour: dust may be paid in for nothing.
    case (0, 0), (1, -1), (1, 0), (-1, 1), (0, 1): break
    default:
      throw .swapSigns(line: row.line, amount0: "\(amount0)", amount1: "\(amount1)")
    }
    var liquidity: ChainInteger?
    if readsLiquidity, let totalLiquidity, !row.isEmpty(totalLiquidity) {
      liquidity = try notNegative(row, totalLiquidity)
    }
    return PoolSwap(
      line: row.line, time: time, amount0: amount0, amount1: amount1, sqrtPriceX96: root,
      tick: tick, liquidity: liquidity)
  }

  private func change(
    _ row: TableRow, _ time: UTCTime
  ) throws(TableError) -> PoolLiquidityChange {
    let lowest = try row.integer(Slot.lowest, in: PoolSwap.allowedTicks)
    let highest = try row.integer(Slot.highest, in: PoolSwap.allowedTicks)
    guard lowest < highest else {
      throw row.outOfRange(Slot.highest, allowed: "above tick_lower, \(lowest)")
    }
    var name: String?
    if let position, !row.isEmpty(position) {
      let text = OneLine.of(row.text(position), most: 100)
      // tools that keep missing values write whole numbers so
      name = text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
    return PoolLiquidityChange(
      line: row.line, time: time, amount0: try notNegative(row, Slot.amount0),
      amount1: try notNegative(row, Slot.amount1),
      liquidity: try notNegative(row, Slot.liquidity), ticks: lowest..<highest, position: name)
  }

  private func notNegative(_ row: TableRow, _ slot: Int) throws(TableError) -> ChainInteger {
    let value = try row.integer(slot)
    guard !value.isNegative else { throw row.outOfRange(slot, allowed: "not negative") }
    return value
  }
}
