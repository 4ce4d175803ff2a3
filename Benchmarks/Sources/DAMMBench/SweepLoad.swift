import DAMM
import DAMMReplay
import Foundation

/// A sweep on one thread, on two, and in two processes that share nothing, turn by turn: cells a second, and what the second
/// core brings.
struct SweepLoad: Encodable {
  let name: String
  let cells: Int
  /// Minutes of each cell.
  let steps: Int
  /// Of the median turn.
  let cellsPerSecond: Double
  /// How many times as fast as one thread, in the median of the turns.
  let timesOne: Double

  private enum Way: CaseIterable {
    case one, two, processes

    var name: String {
      switch self {
      case .one: "one thread"
      case .two: "two threads"
      case .processes: "two processes"
      }
    }
  }

  /// Runs all cells in each way, so many times.
  static func measure(
    turns: Int, steps: Int
  ) throws -> (loads: [SweepLoad], outcomes: [Report.Outcome]) {
    let sweep = try sweep(steps: steps)
    let cells = sweep.identity.grid.count
    let copies = try (0..<2).map { _ in try SweepCopy(steps: steps) }
    defer { copies.forEach { $0.stop() } }
    let first = try sweep.run(jobs: 2)
    let clock = ContinuousClock()
    /// Seconds for all cells once.
    func time(_ way: Way) throws -> Double {
      let start = clock.now
      switch way {
      case .one, .two:
        let rows = try sweep.run(jobs: way == .one ? 1 : 2)
        precondition(rows == first, "a sweep depends on its threads")
      case .processes:
        for copy in copies { try copy.start() }
        for copy in copies { copy.wait() }
      }
      return (clock.now - start) / .seconds(1) / (way == .processes ? Double(copies.count) : 1)
    }
    var times: [Way: [Double]] = [:]
    for turn in 0..<turns {
      let order = turn.isMultiple(of: 2) ? Way.allCases : Way.allCases.reversed()
      for way in order { times[way, default: []].append(try time(way)) }
    }
    func ratio(_ slow: Way, to fast: Way) -> Double {
      Statistics.ratio(times[slow] ?? [], to: times[fast] ?? [])
    }
    let outcomes = [
      Report.Outcome(
        subject: "Sweeps: two threads, times as fast as one",
        measured: ratio(.one, to: .two), unit: "times", bound: .atLeast(1.9)),
      Report.Outcome(
        subject: "Sweeps: two threads, times as fast as two processes",
        measured: ratio(.processes, to: .two), unit: "times", bound: .atLeast(0.95)),
    ]
    let loads = Way.allCases.map { way in
      SweepLoad(
        name: way.name, cells: cells, steps: steps,
        cellsPerSecond: Double(cells) / Statistics.median(times[way] ?? []),
        timesOne: ratio(.one, to: way))
    }
    return (loads, outcomes)
  }

  /// What a copy of the program does: runs all cells on one thread whenever it is told to.
  static func serve(steps: Int) throws {
    let sweep = try sweep(steps: steps)
    func say(_ line: String) throws {
      try FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
    }
    _ = try sweep.run(jobs: 1)
    try say("ready")
    while readLine() != nil {
      _ = try sweep.run(jobs: 1)
      try say("done")
    }
  }

  /// Minutes over half widths, horizons and reforms.
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

/// A copy of this program that runs the same sweep when it is told to.
private final class SweepCopy {
  private let companion: Companion

  private struct NotReady: Error, CustomStringConvertible {
    var description: String { "a copy of the program did not begin to sweep." }
  }

  init(steps: Int) throws {
    guard let program = Bundle.main.executableURL,
      let companion = Companion(program, ["--sweep-beside", "\(steps)"]),
      companion.line() == "ready"
    else { throw NotReady() }
    self.companion = companion
  }

  func start() throws { try companion.tell("go") }
  func wait() { _ = companion.line() }
  func stop() { companion.stop() }
}
