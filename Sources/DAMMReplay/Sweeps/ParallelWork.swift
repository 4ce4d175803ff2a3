import Foundation

/// Independent pieces of work on several threads, whose results come to one.
package enum ParallelWork {
  /// Computes all items, each once, and hands over results as they come.
  ///
  /// - Parameters:
  ///   - items: what there is to do; begun in this order.
  ///   - jobs: how many threads, positive.
  ///   - compute: on one of them.
  ///   - deliver: on the caller's thread: all results since it was called last, at least one. If it throws, no more
  ///     items are begun, and the error is thrown when those that are have ended.
  package static func run<Item: Sendable, Result: Sendable, Failure: Error>(
    _ items: [Item], jobs: Int, compute: @escaping @Sendable (Item) -> Result,
    deliver: ([(item: Item, result: Result)]) throws(Failure) -> Void
  ) throws(Failure) {
    let desk = Desk<Item, Result>(items)
    let workers = min(jobs, items.count)
    for _ in 0..<workers {
      let thread = Thread {
        while let item = desk.take() { desk.put(item, compute(item)) }
      }
      // as much as the main thread has
      thread.stackSize = 8 << 20
      thread.start()
    }
    var missing = items.count
    while missing > 0 {
      let done = desk.wait()
      missing -= done.count
      do throws(Failure) {
        try deliver(done)
      } catch {
        desk.close()
        throw error
      }
    }
  }
}

/// Where threads fetch items and leave results.
private final class Desk<Item: Sendable, Result: Sendable>: @unchecked Sendable {
  // @unchecked: all that changes is touched under the condition only.
  private let condition = NSCondition()
  private let items: [Item]
  private var next = 0
  private var begun = 0
  private var done: [(item: Item, result: Result)] = []

  init(_ items: [Item]) { self.items = items }

  func take() -> Item? {
    condition.lock()
    defer { condition.unlock() }
    guard next < items.count else { return nil }
    defer { next += 1 }
    begun += 1
    return items[next]
  }

  func put(_ item: Item, _ result: Result) {
    condition.lock()
    defer { condition.unlock() }
    begun -= 1
    done.append((item, result))
    condition.signal()
  }

  /// Waits for results.
  func wait() -> [(item: Item, result: Result)] {
    condition.lock()
    defer { condition.unlock() }
    while done.isEmpty { condition.wait() }
    defer { done.removeAll() }
    return done
  }

  /// Lets nobody begin anything more, and waits for what was begun.
  func close() {
    condition.lock()
    defer { condition.unlock() }
    next = items.count
    while begun > 0 { condition.wait() }
  }
}
