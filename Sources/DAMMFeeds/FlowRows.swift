import DAMMModel

extension PoolEventRows: FlowRows {
  func event(_ row: TableRow) throws(TableError) -> FlowEvent? {
    switch try read(row) {
    case .swap(let swap):
      guard swap.amount0.signum != 0 || swap.amount1.signum != 0 else {
        count("swaps of nothing")
        return nil
      }
      return FlowEvent(time: swap.time, line: row.line, kind: .swap(swap))
    case .mint(let change): return FlowEvent(time: change.time, line: row.line, kind: .mint(change))
    case .burn(let change): return FlowEvent(time: change.time, line: row.line, kind: .burn(change))
    case .other(let kind):
      count(OneLine.of(kind, most: 40))
      return nil
    }
  }
}

/// Rows of the minutes of a pool.
final class PoolMinuteRows: FlowRows {
  static let columns = [
    "timestamp", "netAmount0", "netAmount1", "inAmount0", "inAmount1", "closeTick",
    "currentLiquidity",
  ]

  init(_ table: Table) throws(TableError) { try table.choose(Self.columns) }

  func event(_ row: TableRow) throws(TableError) -> FlowEvent? {
    let begin = try row.time(0)
    let net = (try row.integer(1), try row.integer(2))
    let gross = (try row.integer(3), try row.integer(4))
    for (slot, net, gross) in [(3, net.0, gross.0), (4, net.1, gross.1)] {
      guard !gross.isNegative, gross >= net else {
        throw row.outOfRange(slot, allowed: "neither negative nor below the net amount, \(net)")
      }
    }
    let tick = try row.integer(5, in: PoolTick.allowed)
    let liquidity = try row.integer(6)
    guard !liquidity.isNegative else { throw row.outOfRange(6, allowed: "not negative") }
    return FlowEvent(
      time: UTCTime(secondsSince1970: begin.secondsSince1970 + 60), line: row.line,
      kind: .minute(
        PoolMinute(
          begin: begin, netAmount0: net.0, netAmount1: net.1, inAmount0: gross.0,
          inAmount1: gross.1, closeTick: tick, liquidity: liquidity)))
  }
}

/// Rows of candles of an hour.
final class CandleRows: FlowRows {
  static let columns = ["timestamp", "open", "high", "low", "close"]
  private let hasVolume: Bool

  init(_ table: Table) throws(TableError) {
    try table.choose(Self.columns, optional: ["volume"])
    hasVolume = table.has(5)
  }

  func event(_ row: TableRow) throws(TableError) -> FlowEvent? {
    let begin = try row.time(0)
    let (open, high) = (try row.number(1, in: Domain.price), try row.number(2, in: Domain.price))
    let (low, close) = (try row.number(3, in: Domain.price), try row.number(4, in: Domain.price))
    guard high >= max(open, close) else {
      throw row.outOfRange(2, allowed: "at least open and close")
    }
    guard low <= min(open, close) else {
      throw row.outOfRange(3, allowed: "at most open and close")
    }
    let volume = hasVolume ? try row.optionalNumber(5, in: Domain.dailyVolume) : nil
    return FlowEvent(
      time: UTCTime(secondsSince1970: begin.secondsSince1970 + 3600), line: row.line,
      kind: .candle(
        Candle(begin: begin, open: open, high: high, low: low, close: close, volumeB: volume)))
  }
}

/// Rows of volatilities.
final class VolatilityRows: FlowRows {
  private let format: SeriesFormat

  init(_ table: Table, _ format: SeriesFormat) throws(TableError) {
    self.format = format
    try table.choose(format.columns)
  }

  func event(_ row: TableRow) throws(TableError) -> FlowEvent? {
    let time = try row.time(SeriesFormat.timeSlot)
    return FlowEvent(
      time: UTCTime(secondsSince1970: time.secondsSince1970 + format.intervalSeconds),
      line: row.line, kind: .volatility(try format.value(row)))
  }
}

/// Rows of prices, and what is known with them.
final class PriceRows: FlowRows {
  static let columns = ["time", "price"]

  init(_ table: Table) throws(TableError) {
    try table.choose(Self.columns, optional: ["volatility", "volume_in_a", "volume_in_b"])
  }

  func event(_ row: TableRow) throws(TableError) -> FlowEvent? {
    let point = PricePoint(
      price: try row.number(1, in: Domain.price),
      impliedVolatility: try row.optionalNumber(2, in: Domain.impliedVolatility),
      volumeInA: try row.optionalNumber(3, in: Domain.dailyVolume),
      volumeInB: try row.optionalNumber(4, in: Domain.dailyVolume))
    return FlowEvent(time: try row.time(0), line: row.line, kind: .price(point))
  }
}

/// Rows of orders.
final class OrderRows: FlowRows {
  static let columns = ["time", "side", "kind", "value"]

  init(_ table: Table) throws(TableError) {
    try table.choose(Self.columns, optional: ["limit"])
  }

  func event(_ row: TableRow) throws(TableError) -> FlowEvent? {
    let time = try row.time(0)
    guard let side = Side(rawValue: row.text(1)) else {
      throw row.outOfRange(1, allowed: "buy or sell")
    }
    let size: Order.Size
    if row.has("amount", 2) {
      size = .amount(try row.number(3, in: Domain.amount))
    } else if row.has("notional", 2) {
      size = .notional(try row.number(3, in: Domain.amount))
    } else if row.has("to-price", 2) {
      size = .toPrice(try row.number(3, in: Domain.target))
    } else {
      throw row.outOfRange(2, allowed: "amount, notional or to-price")
    }
    let limit = try row.optionalNumber(4, in: Domain.target)
    do throws(DAMMError) {
      let order = try Order(side, size, limit: limit)
      return FlowEvent(time: time, line: row.line, kind: .order(order))
    } catch {
      throw row.outOfRange(3, allowed: error.description)
    }
  }
}
