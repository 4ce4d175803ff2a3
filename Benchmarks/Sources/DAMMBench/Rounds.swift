/// Takes one sample after another of a contender, going round its elements.
final class Sampler {
  private let contender: Contender
  private let clock = ContinuousClock()
  private var elements = 1
  private var cursor = 0
  /// Nanoseconds an operation, a sample each.
  private(set) var times: [Double] = []

  /// Warms up and finds how many elements take `atLeast`, the fastest of three times: an interruption
  /// must not make a sample short.
  init(_ contender: Contender, atLeast: Duration) {
    self.contender = contender
    contender.reset()
    let long = atLeast * contender.sampleFactor
    while (0..<3).contains(where: { _ in run() < long }) && elements < 1 << 40 { elements *= 2 }
  }

  /// One sample.
  func sample() {
    contender.warmUp()
    times.append(run() / .nanoseconds(1) / Double(elements) / Double(contender.operations))
  }

  private func run() -> Duration {
    let start = clock.now
    var left = elements
    while left > 0 {
      let end = cursor + min(left, contender.granule, contender.count - cursor)
      contender.work(cursor..<end)
      left -= end - cursor
      cursor = end == contender.count ? 0 : end
    }
    return clock.now - start
  }
}

/// Interleaved rounds: each runs every contender once. Rows come in a shuffled order, and so do the
/// contenders of a row, which stay together: a slow moment of the machine falls on all of them.
struct Rounds {
  let count: Int
  let sampleTime: Duration

  /// Times of each contender of each row.
  func run(_ rows: [Row], using random: inout Random) -> [[[Double]]] {
    let samplers = rows.map { $0.contenders.map { Sampler($0, atLeast: sampleTime) } }
    for _ in 0..<count {
      for row in samplers.shuffled(using: &random) {
        for sampler in row.shuffled(using: &random) { sampler.sample() }
      }
    }
    return samplers.map { $0.map(\.times) }
  }
}
