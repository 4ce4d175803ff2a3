import DAMMModel
import DAMMPool
import Foundation
import TestSupport
import Testing

/// Laws of the book under random sequences of every action, and that each can be seen broken.
@Suite struct ShareBookLawTests {
  /// All laws after every action, and the same book out of JSON now and then.
  @Test func lawsHoldInEverySequence() throws {
    let seed = RandomCurves.seed("share book", 81)
    var taken: [String: Int] = [:]
    for run in 0..<UInt64(RandomCurves.runs(2000)) {
      var walk = BookWalk(ShareBook(), seed: seed &+ run)
      for step in 0..<200 {
        do {
          try walk.step()
        } catch {
          Issue.record("\(error) in step \(step) of DAMM_SEED=\(seed &+ run)")
          return
        }
        if step % 50 == 49 {
          let data = try JSONEncoder().encode(walk.book)
          #expect(try JSONDecoder().decode(ShareBook.self, from: data) == walk.book)
        }
      }
      taken.merge(walk.taken, uniquingKeysWith: +)
    }
    print("share book: \(taken.sorted { $0.key < $1.key })")
    for action in [
      "collect", "mint", "mint into", "claim", "burn", "burn all", "leave", "leave last", "refused",
    ] {
      #expect(taken[action, default: 0] > 1000, "\(action)")
    }
  }

  /// The same walks find every fault, each by a law that it breaks, and none where there is none.
  @Test(arguments: Fault.allCases)
  func aFaultIsFound(_ fault: Fault) throws {
    let seed = RandomCurves.seed("\(fault)", 82)
    var found: [Broken: Int] = [:]
    for run in 0..<UInt64(300) {
      var walk = BookWalk(FaultyBook(fault), seed: seed &+ run)
      do {
        for _ in 0..<200 { try walk.step() }
      } catch let broken as Broken {
        found[broken, default: 0] += 1
      }
    }
    print("\(fault): \(found)")
    #expect(found.isEmpty == (fault == .none))
  }
}
