import DAMMKernel
import DAMMModel

/// Tick tables that pools share: one for each shape and fee schedule, whatever the price and the reserves.
///
/// The tables used last are kept up to a number of ticks; a pool keeps its own in any case. From any
/// thread; a table is built outside the lock, so that a long build delays nobody else.
public final class TableCache: Sendable {
  /// The cache of this process.
  public static let shared = TableCache(ticks: 1 << 20)

  fileprivate struct Key: Hashable {
    let shape: CurveShape
    let fees: FeeSchedule
  }

  fileprivate struct State: Sendable {
    var tables: [Key: (table: TickTable, used: UInt64)] = [:]
    var clock: UInt64 = 0
    var ticks = 0
  }

  /// How many ticks are kept at most, but for the table used last.
  public let capacity: Int
  private let state = Guarded(State())

  /// An empty cache that keeps tables up to a number of ticks.
  public init(ticks: Int) { capacity = ticks }

  /// The table of a shape and a fee schedule, built if it is not there.
  ///
  /// - Throws: as `TickTable.init`.
  public func table(
    _ shape: CurveShape, fees: FeeSchedule = .none
  ) throws(DAMMError) -> TickTable {
    let key = Key(shape: shape, fees: fees)
    if let table = state.withLock({ $0.use(key) }) { return table }
    let built = try TickTable(shape, fees: fees)
    // another thread may have been faster: then its table is everybody's
    return state.withLock { $0.use(key) ?? $0.insert(built, key, capacity) }
  }

  /// How many tables are kept, and how many ticks they have.
  public var kept: (tables: Int, ticks: Int) {
    state.withLock { ($0.tables.count, $0.ticks) }
  }
}

extension TableCache.State {
  fileprivate mutating func use(_ key: TableCache.Key) -> TickTable? {
    guard let found = tables[key] else { return nil }
    clock += 1
    tables[key] = (found.table, clock)
    return found.table
  }

  fileprivate mutating func insert(
    _ table: TickTable, _ key: TableCache.Key, _ capacity: Int
  ) -> TickTable {
    while ticks + table.count > capacity,
      let oldest = tables.min(by: { $0.value.used < $1.value.used })
    {
      ticks -= oldest.value.table.count
      tables[oldest.key] = nil
    }
    clock += 1
    tables[key] = (table, clock)
    ticks += table.count
    return table
  }
}
