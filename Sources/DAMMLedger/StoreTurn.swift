import Foundation

/// Whose turn it is on one store: what would wait for itself is refused, and nobody waits for ever.
package final class StoreTurn: @unchecked Sendable {
  // @unchecked: both are never changed, and the lock is there for threads.
  private let lock = NSLock()
  private let key = UUID().uuidString

  /// A turn for a store.
  package init() {}

  /// Runs `body` unless this thread is inside another one of the store.
  package func marked<Result>(_ body: () throws -> Result) throws -> Result {
    let marks = Thread.current.threadDictionary
    guard marks[key] == nil else { throw StorageError.nested }
    marks[key] = true
    defer { marks.removeObject(forKey: key) }
    return try body()
  }

  /// Runs `body` with no other thread in here.
  package func exclusively<Result>(
    _ place: String, _ patience: StoragePatience, _ body: () throws -> Result
  ) throws -> Result {
    try marked {
      guard lock.lock(before: Date(timeIntervalSinceNow: patience.waitSeconds)) else {
        throw StorageError.busy(place: place, seconds: patience.waitSeconds)
      }
      defer { lock.unlock() }
      return try body()
    }
  }
}
