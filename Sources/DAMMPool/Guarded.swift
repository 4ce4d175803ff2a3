#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// A value behind a lock of POSIX.
///
/// Not `Synchronization.Mutex`: on Linux its slow path lies in a library that the thread sanitizer does not
/// see, so that it reports races wherever two threads met at the lock, in our tests and in those of
/// everybody who shares a pool. The sanitizer knows the locks of POSIX.
final class Guarded<Value: Sendable>: @unchecked Sendable {
  // @unchecked: both blocks have one address for life, and the value is touched under the lock only.

  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let value: UnsafeMutablePointer<Value>

  init(_ value: Value) {
    mutex = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    var kind = pthread_mutexattr_t()
    pthread_mutexattr_init(&kind)
    // a thread that waits for itself is told so, instead of waiting for ever
    pthread_mutexattr_settype(&kind, .init(PTHREAD_MUTEX_ERRORCHECK))
    let made = pthread_mutex_init(mutex, &kind)
    precondition(made == 0, "no lock could be made: error \(made)")
    pthread_mutexattr_destroy(&kind)
    self.value = .allocate(capacity: 1)
    self.value.initialize(to: value)
  }

  deinit {
    value.deinitialize(count: 1)
    value.deallocate()
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Acts on the value while no other thread does.
  @inline(__always)
  func withLock<Result, Failure>(
    _ action: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let locked = pthread_mutex_lock(mutex)
    precondition(locked == 0, "this thread holds the lock of this value already")
    defer { pthread_mutex_unlock(mutex) }
    return try action(&value.pointee)
  }
}
