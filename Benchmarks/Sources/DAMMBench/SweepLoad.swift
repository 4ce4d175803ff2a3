import DAMM
import DAMMReplay

/// A sweep on one thread and on two, turn by turn: cells a second, and what the second thread brings.
struct SweepLoad: Encodable {
  let jobs: Int
  let cells: Int
  /// Of the median turn.
  let cellsPerSecond: Double

  /// Runs all cells on one thread and on two, so many times.
  ///
  /// - Returns: both, and how many times faster two were, in the median of the turns.
  static func measure(turns: Int, steps: Int) throws -> (loads: [SweepLoad], speedup: Double) {
    let sweep = try sweep(steps: steps)
    let cells = sweep.identity.grid.count
    let clock = ContinuousClock()
    var times: [Int: [Double]] = [1: [], 2: []]
    var first: [SweepRow]?
    for _ in 0..<turns {
      for jobs in [1, 2] {
        let start = clock.now
        let rows = try sweep.run(jobs: jobs)
        times[jobs, default: []].append((clock.now - start) / .seconds(1))
        precondition(first == nil || rows == first, "a sweep depends on its threads")
        first = rows
      }
    }
    let (one, two) = (times[1] ?? [], times[2] ?? [])
    let loads = [(1, one), (2, two)].map { jobs, times in
      SweepLoad(
        jobs: jobs, cells: cells,
        cellsPerSecond: Double(cells) / Statistics.percentile(times.sorted(), 0.5))
    }
    return (loads, Statistics.ratio(one, to: two))
  }

  /// A month of minutes over half widths, horizons and reforms.
  private static func sweep(steps: Int) throws -> Sweep {
    let setup = try ReplayRows.setup(.manual)
    let base = SweepBase(setup)
    let grid = try SweepGrid(
      base,
      [
        SweepAxis("k", ["3", "4", "6"], of: base), SweepAxis("horizon-days", ["1", "7"], of: base),
        SweepAxis("reform-bps", ["none", "50", "200", "500"], of: base),
      ])
    let inputs = SweepInputs(try ReplayRows.path(steps: steps, seconds: 60))
    return Sweep(inputs, over: grid, version: "benchmark")
  }
}
