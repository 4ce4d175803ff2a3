/// Turns the rows of a log into swaps, one after the other, until one is wrong.
///
/// A class because the parser hands out rows through an escaping closure that cannot throw.
final class RowReader {
  /// What was read so far.
  private(set) var log = SwapLog()
  /// The first row that is wrong ends the reading.
  private(set) var refusal: ReplayError?
  /// Line of the last row that was read, from 1, the header.
  private(set) var line: Int

  private let columns: Int
  private let index: [SwapLog.Column: Int]
  private var lastTime: UTCTime?

  init(header: [String]) throws(ReplayError) {
    var index: [SwapLog.Column: Int] = [:]
    for column in SwapLog.Column.allCases {
      guard let place = header.firstIndex(of: column.rawValue) else {
        throw .missingColumn(name: column.rawValue, found: header)
      }
      guard header.lastIndex(of: column.rawValue) == place else {
        throw .repeatedColumn(name: column.rawValue)
      }
      index[column] = place
    }
    self.index = index
    columns = header.count
    line = Self.lines(of: header)
  }

  /// How many lines a row takes: a value in quotes may contain line ends.
  private static func lines(of row: [String]) -> Int {
    row.reduce(1) { $0 + $1.count(where: \.isNewline) }
  }

  /// Reads a row, unless an earlier one was wrong.
  func read(_ row: [String]) {
    guard refusal == nil else { return }
    do {
      // A row of several lines is named by its first.
      try add(row, line: line + 1)
      line += Self.lines(of: row)
    } catch {
      refusal = error
    }
  }

  private func add(_ row: [String], line: Int) throws(ReplayError) {
    if row == [""] { return }
    guard row.count == columns else {
      throw .wrongFieldCount(line: line, found: row.count, expected: columns)
    }
    func text(_ column: SwapLog.Column) -> String { row[index[column]!] }
    let time = try self.time(text(.time), line)
    guard text(.kind) == "SWAP" else {
      log.otherEvents[text(.kind), default: 0] += 1
      return
    }
    let swap = SwapLog.Swap(
      line: line, time: time,
      amount0: try integer(text(.amount0), .amount0, line),
      amount1: try integer(text(.amount1), .amount1, line),
      sqrtPriceX96: try root(text(.sqrtPriceX96), line),
      tick: try tick(text(.tick), line))
    switch (swap.amount0.signum, swap.amount1.signum) {
    case (0, 0): log.emptySwaps += 1
    // The pool rounds in its own favour: dust may be paid in for nothing.
    case (1, -1), (1, 0), (-1, 1), (0, 1): log.swaps.append(swap)
    default:
      throw .swapSigns(line: line, amount0: "\(swap.amount0)", amount1: "\(swap.amount1)")
    }
  }

  private func time(_ text: String, _ line: Int) throws(ReplayError) -> UTCTime {
    let column = SwapLog.Column.time.rawValue
    guard let time = UTCTime(text) else {
      throw .badTime(line: line, column: column, value: text)
    }
    if let lastTime, time < lastTime {
      throw .timeBackwards(line: line, column: column, value: text, previous: "\(lastTime)")
    }
    lastTime = time
    return time
  }

  private func integer(
    _ text: String, _ column: SwapLog.Column, _ line: Int
  ) throws(ReplayError) -> ChainInteger {
    do {
      return try ChainInteger(text)
    } catch {
      switch error {
      case .notAnInteger: throw .notAnInteger(line: line, column: column.rawValue, value: text)
      case .overflow:
        throw .outOfRange(
          line: line, column: column.rawValue, value: text, allowed: "smaller than 2^255 in size")
      }
    }
  }

  private func root(_ text: String, _ line: Int) throws(ReplayError) -> ChainInteger {
    let root = try integer(text, .sqrtPriceX96, line)
    let allowed = SwapLog.allowedSqrtPriceX96
    guard allowed.contains(root) else {
      throw .outOfRange(
        line: line, column: SwapLog.Column.sqrtPriceX96.rawValue, value: text,
        allowed: "from \(allowed.lowerBound) to \(allowed.upperBound)")
    }
    return root
  }

  private func tick(_ text: String, _ line: Int) throws(ReplayError) -> Int {
    // Tools that keep missing values write a column of integers with a fraction of zero.
    let digits = text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    let (column, allowed) = (SwapLog.Column.tick, SwapLog.allowedTicks)
    let tick = try integer(digits, column, line)
    guard let small = Int(tick.description), allowed.contains(small) else {
      throw .outOfRange(
        line: line, column: column.rawValue, value: text,
        allowed: "from \(allowed.lowerBound) to \(allowed.upperBound)")
    }
    return small
  }
}
