import CMachine
import DAMM
import Foundation

/// The same batch on one core and on two at once.
enum ThreadRows {
  /// `nil` with the reason where there is no second core to bind a thread to.
  static func row(_ market: Market, using random: inout Random) -> Result<Row, Skipped> {
    let cores = Int(machine_cores())
    guard cores >= 2, let second = SecondCore() else {
      return .failure(Skipped(why: "two threads: no second core that a thread can be bound to"))
    }
    let sizes = Sizes.uniform(whole: market.whole.b, using: &random)
    let desks = [Desk(sizes), Desk(sizes)]
    let work = desks.map { desk in
      let batch = desk.batch(market.curve, .buy, .amount)
      // an element is one pass over all sizes
      return Passes { range in
        for _ in range {
          for from in stride(from: 0, to: desk.count, by: QuoteRows.granule) {
            batch(from..<from + QuoteRows.granule)
          }
        }
      }
    }
    // both threads write what the first alone does
    let proof = { (work: @escaping (Range<Int>) -> Void, used: ArraySlice<Desk>) in
      { (n: Int) in
        for desk in used { desk.answers.update(repeating: .nan) }
        work(0..<1)
        let exact = market.exact(.buy, .amount, sizes.prefix(n))
        return used.reduce(into: Contender.Finding()) { worst, desk in
          let finding = Proof.compare(
            Array(desk.answers.prefix(n)), exact, allowed: Tolerance.amountFixed.relative)
          worst.worst = max(worst.worst, finding.worst)
          worst.excess = max(worst.excess, finding.excess)
        }
      }
    }
    let together = { (range: Range<Int>) in
      second.start { work[1].run(range) }
      work[0].run(range)
      second.finish()
    }
    // The second core sleeps while other rows run, and a machine may lend a sleeping core to others.
    let warmUp = { together(0..<300) }
    return .success(
      Row(
        section: .threads, title: "batch, uniform, \(market.title)", unit: "quote",
        contenders: [
          Contender(
            "one thread", count: .max, operations: sizes.count, sampleFactor: 8, warmUp: warmUp,
            prove: proof(work[0].run, desks[..<1]), work: work[0].run),
          Contender(
            "two threads", count: .max, operations: 2 * sizes.count, sampleFactor: 8,
            warmUp: warmUp,
            prove: proof(together, desks[...]), work: together),
        ],
        demands: [
          .init(
            title: "speedup of two threads", bound: .atLeast(1.9),
            value: { Statistics.ratio($0[0], to: $0[1]) })
        ]))
  }

  struct Skipped: Error { let why: String }

  /// Work on a curve, which is immutable, and on arrays that one thread uses at a time.
  private struct Passes: @unchecked Sendable {
    let run: (Range<Int>) -> Void
  }

  /// A thread on another core than the one that measures.
  private final class SecondCore: @unchecked Sendable {
    private let wanted = DispatchSemaphore(value: 0)
    private let done = DispatchSemaphore(value: 0)
    private var job: () -> Void = {}
    private var bound = false

    init?() {
      Thread.detachNewThread { [self] in
        bound = machine_pin(0) != 0
        done.signal()
        while bound {
          wanted.wait()
          job()
          done.signal()
        }
      }
      done.wait()
      guard bound else { return nil }
    }

    func start(_ job: @escaping @Sendable () -> Void) {
      self.job = job
      wanted.signal()
    }

    func finish() { done.wait() }
  }
}
