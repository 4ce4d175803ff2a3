import DAMMModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Orders of traders who know nothing: moments of a Poisson process, buys and sells alike, of exponentially distributed
/// amounts that are paid in.
struct NoiseOrders {
  private let noise: ReplayAgents.Noise
  private var bits: SplitMix
  /// Seconds from one order to the next, on average.
  private let meanWait: Double
  /// When the next comes, in seconds after the first step.
  private var nextAt = 0.0
  private var start: UTCTime?

  init(_ noise: ReplayAgents.Noise, seed: UInt64) {
    self.noise = noise
    // another row of numbers than the keys of markets
    bits = SplitMix(seed: ~seed)
    meanWait = 86_400 * noise.meanSize / noise.dailyVolume
  }

  /// Those that come until a moment.
  mutating func next(until time: UTCTime, after last: ReplayStep) throws(DAMMError) -> [Order] {
    guard noise.dailyVolume > 0 else { return [] }
    if start == nil {
      start = last.time
      nextAt = wait
    }
    let until = time.seconds(since: start ?? last.time)
    var orders: [Order] = []
    while nextAt <= until {
      nextAt += wait
      let isBuy = bits.next() & 1 == 0
      let size = noise.meanSize * exponential / (isBuy ? 1 : last.price)
      guard Domain.amount.contains(size) else { continue }
      orders.append(try Order.exactIn(size, isBuy ? .buy : .sell))
    }
    return orders
  }

  private var wait: Double { mutating get { meanWait * exponential } }

  /// A number of the standard exponential distribution.
  private var exponential: Double { mutating get { -log(1 - bits.uniform()) } }
}
