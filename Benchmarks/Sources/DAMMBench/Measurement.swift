/// Times of one piece of work over many rounds, in nanoseconds an operation.
struct Measurement {
  let name: String
  /// Operations in one call of `work`.
  let operations: Int
  private let work: () -> Double
  private var times: [Double] = []

  /// - Parameter work: does the operations and returns something that depends on all of them.
  init(_ name: String, operations: Int, _ work: @escaping () -> Double) {
    self.name = name
    self.operations = operations
    self.work = work
  }

  /// One round, repeated until it takes long enough for the clock.
  mutating func round(atLeast: Duration = .milliseconds(5)) -> Double {
    let clock = ContinuousClock()
    var (sum, calls) = (0.0, 0)
    let start = clock.now
    repeat {
      sum += work()
      calls += 1
    } while clock.now - start < atLeast
    let elapsed = (clock.now - start) / .nanoseconds(1)
    times.append(elapsed / Double(calls * operations))
    return sum
  }

  /// The time that a part of the rounds stays below.
  func percentile(_ part: Double) -> Double {
    let sorted = times.sorted()
    return sorted[Int((Double(sorted.count - 1) * part).rounded())]
  }
}
