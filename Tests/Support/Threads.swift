import Foundation

/// Runs each body on a thread of its own, all let go at once, and returns what they gave, in their order.
public func onThreads<Result: Sendable>(_ bodies: [@Sendable () -> Result]) -> [Result] {
  let crew = Crew<Result>(count: bodies.count)
  for (number, body) in bodies.enumerated() {
    let thread = Thread {
      crew.wait()
      crew.finish(number, body())
    }
    thread.stackSize = 8 << 20
    thread.start()
  }
  return crew.results()
}

/// Gives the other threads a turn, now and then for longer: on two processors a thread would often be done
/// before the next one has begun.
func letOthersRun(_ random: inout SplitMix64) {
  if random.oneIn(4) { usleep(100) } else { sched_yield() }
}

/// What the threads of one run share: whether they may begin, and what they gave.
private final class Crew<Result: Sendable>: @unchecked Sendable {
  // @unchecked: all of it is touched under the lock of the condition.
  private let condition = NSCondition()
  private var given: [Result?]
  private var missing: Int
  private var waiting = 0

  init(count: Int) {
    given = Array(repeating: nil, count: count)
    missing = count
  }

  /// Until the last thread is here, too.
  func wait() {
    condition.lock()
    waiting += 1
    condition.broadcast()
    while waiting < given.count { condition.wait() }
    condition.unlock()
  }

  func finish(_ number: Int, _ result: Result) {
    condition.lock()
    given[number] = result
    missing -= 1
    condition.broadcast()
    condition.unlock()
  }

  func results() -> [Result] {
    condition.lock()
    defer { condition.unlock() }
    while missing > 0 { condition.wait() }
    return given.compactMap { $0 }
  }
}
