import DAMMModel
import DAMMReplay
import Foundation
import Testing
import TestSupport

/// Sweeps on several threads, and going on from a store.
@Suite("Runs of sweeps") struct SweepRunTests {
  private static let axes = ["k=3,6", "fee-bps=0,5,30", "reform-bps=none,20"]

  @Test("the rows do not depend on the number of threads, nor on which cells were there")
  func threads() async throws {
    let sweep = try SweepFixture.sweep(Self.axes)
    let grid = sweep.identity.grid
    let alone = (0..<grid.count).map { sweep.row(grid.cell($0)) }
    #expect(alone.contains { $0.error != nil } && Set(alone).count == grid.count)
    for jobs in [1, 2, 3, 8, 64] { #expect(try sweep.run(jobs: jobs) == alone) }
    try await TemporaryFolder.with { folder in
      let path = folder.appending(path: "store").path
      // cells that are there are taken as they are, whatever they say
      let strange = SweepRow(values: alone[3].values.dropLast() + [.text("there")])
      try SweepStore(path, of: sweep.identity).append([(3, strange), (11, alone[11])])
      var told: [Int] = []
      do {
        let store = try SweepStore(path, of: sweep.identity)
        let rows = try sweep.run(jobs: 2, store: store) { told.append($0) }
        #expect(rows.indices.allSatisfy { rows[$0] == ($0 == 3 ? strange : alone[$0]) })
      }
      #expect(told.first == 2 && told.last == 12 && told == told.sorted())
      let store = try SweepStore(path, of: sweep.identity)
      #expect(store.rows.count == 12)
      let other = try SweepFixture.sweep(["k=3,6"])
      #expect(throws: SweepError.self) { try other.run(jobs: 1, store: store) }
      var again: [Int] = []
      let bytes = try Data(contentsOf: URL(filePath: path))
      #expect(try sweep.run(jobs: 2, store: store) { again.append($0) }[3] == strange)
      #expect(again == [12])
      #expect(try Data(contentsOf: URL(filePath: path)) == bytes)
    }
    for jobs in [0, -1, 1_025] {
      #expect(throws: SweepError.jobs(jobs, allowed: Domain.sweepJobs)) {
        try sweep.run(jobs: jobs)
      }
    }
  }

  @Test("every item is computed once, and its result is delivered once")
  func work() {
    for (count, jobs) in [(0, 4), (1, 4), (1_000, 1), (1_000, 7), (3, 100)] {
      let computed = Counts()
      var delivered: [Int] = []
      ParallelWork.run(Array(0..<count), jobs: jobs) { item in
        computed.add(item)
        return item * item
      } deliver: { done in
        for (item, result) in done {
          #expect(result == item * item)
          delivered.append(item)
        }
      }
      #expect(delivered.sorted() == Array(0..<count))
      #expect(computed.all.sorted() == Array(0..<count))
    }
  }

  @Test("when a result cannot be kept, no more is begun")
  func failure() {
    struct Full: Error {}
    let computed = Counts()
    var kept = 0
    #expect(throws: Full.self) {
      try ParallelWork.run(Array(0..<10_000), jobs: 3) { item in
        computed.add(item)
        usleep(100)
        return item
      } deliver: { (done) throws(Full) in
        kept += done.count
        if kept >= 20 { throw Full() }
      }
    }
    let begun = computed.all.count
    #expect(begun >= kept && begun < 5_000, "\(begun)")
    usleep(20_000)
    #expect(computed.all.count == begun, "nothing goes on behind the caller's back")
  }

  /// What several threads count.
  private final class Counts: @unchecked Sendable {
    private let lock = NSLock()
    private var items: [Int] = []

    func add(_ item: Int) { lock.withLock { items.append(item) } }
    var all: [Int] { lock.withLock { items } }
  }
}
