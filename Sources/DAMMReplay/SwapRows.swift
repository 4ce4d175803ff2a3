import DAMMFeeds
import DAMMModel

/// Turns the rows of a log into swaps, one after the other.
final class SwapRows {
  /// What was read so far.
  private(set) var log = SwapLog()

  private var lastTime: UTCTime?

  /// Reads one row.
  func add(_ row: TableRow) throws(ReplayError) {
    let swap: SwapLog.Swap
    do throws(TableError) {
      let time = try time(row)
      let kind = row.text(SwapLog.Column.kind.rawValue)
      guard kind == "SWAP" else {
        log.otherEvents[kind, default: 0] += 1
        return
      }
      swap = SwapLog.Swap(
        line: row.line, time: time,
        amount0: try row.integer(SwapLog.Column.amount0.rawValue),
        amount1: try row.integer(SwapLog.Column.amount1.rawValue),
        sqrtPriceX96: try root(row),
        tick: try row.integer(SwapLog.Column.tick.rawValue, in: SwapLog.allowedTicks))
    } catch {
      throw .table(error)
    }
    switch (swap.amount0.signum, swap.amount1.signum) {
    case (0, 0): log.emptySwaps += 1
    // The pool rounds in its own favour: dust may be paid in for nothing.
    case (1, -1), (1, 0), (-1, 1), (0, 1): log.swaps.append(swap)
    default:
      throw .swapSigns(line: row.line, amount0: "\(swap.amount0)", amount1: "\(swap.amount1)")
    }
  }

  private func time(_ row: TableRow) throws(TableError) -> UTCTime {
    let column = SwapLog.Column.time.rawValue
    let time = try row.time(column, as: "YYYY-MM-DD HH:MM:SS") { UTCTime($0) }
    if let lastTime, time < lastTime {
      throw .timeBackwards(
        line: row.line, column: column, value: row.text(column), previous: "\(lastTime)")
    }
    lastTime = time
    return time
  }

  private func root(_ row: TableRow) throws(TableError) -> ChainInteger {
    let column = SwapLog.Column.sqrtPriceX96.rawValue
    let (root, allowed) = (try row.integer(column), SwapLog.allowedSqrtPriceX96)
    guard allowed.contains(root) else {
      throw .outOfRange(
        line: row.line, column: column, value: row.text(column),
        allowed: "from \(allowed.lowerBound) to \(allowed.upperBound)")
    }
    return root
  }
}
