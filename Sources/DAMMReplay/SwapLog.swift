import DAMMFeeds
import DAMMModel

/// The event log of a concentrated-liquidity pool: its swaps in order, exactly as the chain has them.
///
/// Read from comma-separated text whose header names at least the columns of `Column`, in any order;
/// see `SwapLog+Reading.swift`. Rows of other kinds (mints, burns, collects) are counted and skipped,
/// as is a swap of nothing for nothing.
public struct SwapLog: Sendable, Equatable {
  /// The columns that are read; a log may have others.
  public typealias Column = PoolSwap.Column
  /// One swap. Exactly one amount is positive.
  public typealias Swap = PoolSwap

  /// The swaps, in the order of the file.
  public internal(set) var swaps: [Swap] = []
  /// How many rows of each other kind there are.
  public internal(set) var otherEvents: [String: Int] = [:]
  /// How many swaps moved nothing at all and were skipped.
  public internal(set) var emptySwaps = 0
  /// The rows that were left out because something is wrong with them.
  public internal(set) var badRows = BadRows()

  /// Rows of the file, the header not counted.
  public var rows: Int {
    swaps.count + emptySwaps + badRows.count + otherEvents.values.reduce(0, +)
  }

  /// The roots of a price that such a pool can have: those of its ticks -887272 to 887272.
  public static var allowedSqrtPriceX96: ClosedRange<ChainInteger> {
    PoolSwap.allowedSqrtPriceX96
  }

  /// The ticks that such a pool can have.
  public static var allowedTicks: ClosedRange<Int> { PoolSwap.allowedTicks }
}
