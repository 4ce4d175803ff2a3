import DAMMKernel
import DAMMModel
import Foundation
import TestSupport

/// Arbitrage on a real curve: a log-normal market without drift, and someone who at each block buys every
/// tick whose ask is below the market and sells into every tick whose bid is above it.
struct ArbitrageSimulation {
  let curve: Curve
  /// Over a day.
  let volatility: Double
  /// Part of the A traded, on both sides of a tick's price.
  var fee = 0.0
  /// How many blocks a day has: so many on average at random moments, or exactly so many.
  let blocks: Int
  let random: Bool

  /// The mean of a figure over the paths and its standard error.
  struct Estimate: CustomStringConvertible {
    private(set) var count = 0.0
    private(set) var mean = 0.0
    private var squares = 0.0

    mutating func add(_ value: Double) {
      count += 1
      let step = value - mean
      mean += step / count
      squares += step * (value - mean)
    }

    var standardError: Double { (squares / (count - 1) / count).squareRoot() }
    var description: String { "\(mean) +- \(standardError)" }

    /// How many standard errors another number is away.
    func errors(to other: Double) -> Double { abs(mean - other) / standardError }
  }

  /// What arbitrageurs gain in a day after fees, and what they trade; both in A.
  func run(paths: Int, seed: UInt64) throws -> (gain: Estimate, volume: Estimate) {
    var source = SplitMix64(seed: seed)
    var (gain, volume) = (Estimate(), Estimate())
    for _ in 0..<paths {
      let day = try path(&source)
      gain.add(day.gain)
      volume.add(day.volume)
    }
    return (gain, volume)
  }

  private func path(_ source: inout SplitMix64) throws -> (gain: Double, volume: Double) {
    var pool = curve
    let (mu, width) = (curve.oraclePrice, curve.table.tickWidthBps / 1e4)
    let edges = Double(curve.table.lowestTick)...Double(curve.table.upperTick)
    func coordinate(_ edge: Double) -> Double {
      mu
        * curve.table.relativePrice(ofTick: Int(min(max(edge, edges.lowerBound), edges.upperBound)))
    }
    var market = mu * curve.table.relativePrice(ofTick: curve.position.tick)
    var (time, last, gain, volume) = (0.0, false, 0.0, 0.0)
    while !last {
      var gap = 1 / Double(blocks)
      if random { gap *= -log(source.uniform(Double.leastNonzeroMagnitude...1)) }
      if time + gap >= 1 - 1e-9 { (gap, last) = (1 - time, true) }
      time += gap
      let deviation = volatility * gap.squareRoot()
      market *= exp(deviation * normal(&source) - deviation * deviation / 2)
      let up = coordinate(((market / (1 + fee) / mu - 1) / width).rounded(.up))
      let down = coordinate(((market / (1 - fee) / mu - 1) / width).rounded(.down) + 1)
      if up > pool.price {
        let trade = pool.swap(try Order(.buy, .toPrice(up)))
        gain += market * trade.amountOut - trade.amountIn * (1 + fee)
        volume += trade.amountIn
      } else if down < pool.price {
        let trade = pool.swap(try Order(.sell, .toPrice(down)))
        gain += trade.amountOut * (1 - fee) - market * trade.amountIn
        volume += trade.amountOut
      }
    }
    return (gain, volume)
  }

  /// Box and Muller.
  private func normal(_ source: inout SplitMix64) -> Double {
    let radius = (-2 * log(source.uniform(Double.leastNonzeroMagnitude...1))).squareRoot()
    return radius * cos(2 * Double.pi * source.uniform(0...1))
  }
}
