import DAMMLedger
import DAMMStoreSQLite
import Foundation
import LedgerSupport
import Testing
import TestSupport

extension LedgerTests {
  /// Many processes on one ledger, some of which die.
  @Suite struct ProcessTests {
    /// Eight processes make the ledger and settle on it, all of them what all others do, and threads of this one, too.
    @Test(arguments: StoreKind.onDisk) func nothingIsLostAndNothingTwice(
      _ kind: StoreKind
    ) throws {
      try kind.with { place, folder in
        let workers = try (1...8).map {
          try Worker(place, market: "m\($0)", count: 40, in: folder)
        }
        for worker in workers {
          worker.process.waitUntilExit()
          #expect(worker.process.terminationStatus == 0, "\(worker.said)")
          #expect(worker.acknowledged == 40)
        }
        let store = try place.open(create: false)
        let failures = onThreads(
          (1...4).map { thread in
            { @Sendable () -> String? in
              do {
                for _ in 1...20 { try Settling.settle(store, market: "t\(thread)") }
                return nil
              } catch { return "\(error)" }
            }
          }
        ).compactMap(\.self)
        #expect(failures.isEmpty)
        let (faults, settled) = try Settling.verify(store)
        #expect(faults.isEmpty)
        for number in 1...8 { #expect(settled["m\(number)"] == 40) }
        for number in 1...4 { #expect(settled["t\(number)"] == 20) }
      }
    }

    /// Processes are killed at random moments: what they were told to be durable is there, at most one settlement more,
    /// and nothing by half.
    @Test(arguments: StoreKind.onDisk) func killedAtRandomMoments(_ kind: StoreKind) throws {
      var random = SplitMix64(seed: RandomCurves.seed("killedAtRandomMoments", 31))
      let kills = min(RandomCurves.runs(20), 200)
      try kind.with { place, folder in
        let store = try place.open()
        var workers: [Worker] = []
        defer { for worker in workers { worker.kill() } }
        var (started, unacknowledged) = (0, 0)
        for kill in 1...kills {
          while workers.count < 3 {
            started += 1
            workers.append(try Worker(place, market: "m\(started)", count: nil, in: folder))
          }
          // the newest has begun, and the moment is any
          let isRunning = Worker.wait { workers.allSatisfy { $0.acknowledged > 0 } }
          try #require(isRunning, "\(workers.map { $0.said.suffix(300) })")
          usleep(UInt32.random(in: 0...20_000, using: &random))
          let number = Int.random(in: 0..<workers.count, using: &random)
          let market = workers[number].process.arguments![1]
          workers[number].kill()
          let known = workers[number].acknowledged
          workers.remove(at: number)
          let (faults, settled) = try Settling.verify(store)
          #expect(faults.isEmpty, "kill \(kill)")
          let more = settled[market, default: 0] - known
          #expect(more == 0 || more == 1, "kill \(kill): \(more) more than acknowledged")
          unacknowledged += more
        }
        print("\(kind): \(kills) kills, \(unacknowledged) between a settlement and its word")
        // all at once, then the ledger is opened as after a power loss
        for worker in workers { Foundation.kill(worker.process.processIdentifier, SIGKILL) }
        for worker in workers { worker.process.waitUntilExit() }
        let again = try place.open(create: false)
        #expect(try Settling.verify(again).faults.isEmpty)
        try Settling.settle(again, market: "last")
        #expect(try Settling.verify(again).settled["last"] == 1)
      }
    }
  }
}
