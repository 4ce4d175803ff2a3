import DAMMModel

/// Replays of one flow over a grid of setups.
public struct Sweep: Sendable {
  /// What is replayed.
  public let inputs: SweepInputs
  /// The cells.
  public let identity: SweepIdentity

  private var price: Double { inputs.steps.first?.price ?? .nan }

  /// A sweep.
  ///
  /// - Parameters:
  ///   - inputs: what is replayed.
  ///   - grid: the cells.
  ///   - version: of the program, which a store keeps.
  public init(_ inputs: SweepInputs, over grid: SweepGrid, version: String) {
    self.inputs = inputs
    identity = SweepIdentity(version: version, inputs: inputs.fingerprint, grid: grid)
  }

  /// The row of one cell: a pure function of the inputs, the base and the cell.
  public func row(_ cell: SweepCell) -> SweepRow {
    cell.row(identity.grid.base, at: price) { (setup) throws(ReplayError) in
      try Replay.run(setup, inputs.steps)
    }
  }

  /// Computes the cells that a store does not have.
  ///
  /// The rows are the same for any number of threads.
  ///
  /// - Parameters:
  ///   - jobs: how many threads, in `Domain.sweepJobs`.
  ///   - store: has finished cells, and is given those that follow.
  ///   - progress: is told how many are finished, now and then, on the caller's thread.
  /// - Returns: a row for each cell, in their order.
  /// - Throws: `SweepError.jobs`, `.storeFailed`, `.otherSweep` for a store of another sweep.
  public func run(
    jobs: Int, store: SweepStore? = nil, progress: (Int) -> Void = { _ in }
  ) throws(SweepError) -> [SweepRow] {
    guard Domain.sweepJobs.contains(jobs) else {
      throw .jobs(jobs, allowed: Domain.sweepJobs)
    }
    try store?.check(identity)
    let grid = identity.grid
    var rows = [SweepRow?](repeating: nil, count: grid.count)
    for (index, row) in store?.rows ?? [:] { rows[index] = row }
    let missing = rows.indices.filter { rows[$0] == nil }
    var finished = grid.count - missing.count
    progress(finished)
    try ParallelWork.run(missing, jobs: jobs) {
      row(grid.cell($0))
    } deliver: {
      (done) throws(SweepError) in
      try store?.append(done.map { (index: $0.item, row: $0.result) })
      for (index, row) in done { rows[index] = row }
      finished += done.count
      progress(finished)
    }
    return rows.compactMap { $0 }
  }
}
