import DAMMKernel
import DAMMModel

/// What a tick pool would have done with the flow of a real pool.
///
/// Every swap of the tape is an order that pays in what the log says was paid in: A buys, B sells. The
/// tick pool keeps its curve all the time, and nobody trades the two pools against each other: where
/// they drift apart, the flow alone has done it. A function of its inputs; the same inputs give the
/// same bits.
public struct Replay: Sendable, Equatable {
  /// How many orders were filled.
  public struct Fills: Sendable, Hashable {
    /// The whole order.
    public internal(set) var complete = 0
    /// A part of it: the curve ended.
    public internal(set) var partial = 0
    /// None of it: the curve had ended before.
    public internal(set) var nothing = 0
  }

  /// Amounts that traders paid in and took out, in token units. Sums in the order of the tape.
  public struct Volume: Sendable, Hashable {
    /// A paid in by buyers, fees included.
    public internal(set) var aIn = 0.0
    /// A taken out by sellers.
    public internal(set) var aOut = 0.0
    /// B paid in by sellers, fees included.
    public internal(set) var bIn = 0.0
    /// B taken out by buyers.
    public internal(set) var bOut = 0.0

    mutating func add(a: Double, b: Double) {
      if a > 0 { aIn += a } else { aOut -= a }
      if b > 0 { bIn += b } else { bOut -= b }
    }
  }

  /// How far the price of the tick pool is from the real one, over the real one, in basis points.
  public struct Deviation: Sendable, Hashable {
    /// After the last swap; positive where the tick pool is dearer.
    public internal(set) var finalBps = 0.0
    /// The largest distance after any swap.
    public internal(set) var maximumBps = 0.0
    /// The mean distance after a swap.
    public internal(set) var meanBps = 0.0
  }

  /// The two prices at one moment.
  public struct Sample: Sendable, Hashable {
    /// How many swaps were done: 0 at the opening.
    public let swaps: Int
    /// Time of the last of them.
    public let time: UTCTime
    /// Price coordinate of the tick pool, A per B.
    public let poolPrice: Double
    /// Price of the real pool, A per B.
    public let realPrice: Double
  }

  /// Orders of the tape, by how far the tick pool filled them.
  public let fills: Fills
  /// What was traded with the tick pool.
  public let volume: Volume
  /// What was traded with the real pool.
  public let realVolume: Volume
  /// Distance of the two prices.
  public let deviation: Deviation
  /// Mean of `|average price / price before - 1|` over the trades with the tick pool, in basis points,
  /// weighted by their A. The price before is the marginal one, that of the tick. `nil` without
  /// trades.
  public let slippageBps: Double?
  /// The same for the real pool, whose average prices include its fee.
  public let realSlippageBps: Double?
  /// Both prices, evenly spaced over the swaps; the opening and the end are always there.
  public let path: [Sample]
  /// Where the tick pool stands after the last swap.
  public let position: Position

  /// How many samples a path has by default.
  public static let defaultSamples = 241

  /// Runs a tape through a curve.
  ///
  /// - Parameters:
  ///   - tape: the flow.
  ///   - curve: where the tick pool stands before the first order; formed at `tape.openingPrice`
  ///     unless a stale oracle is what one wants to see. A copy is traded with.
  ///   - samples: the most samples that the path may have, at least 2.
  /// - Throws: `DAMMError.outOfRange` for an amount that is no order.
  /// - Complexity: linear in the swaps.
  public init(
    _ tape: Tape, on curve: Curve, samples: Int = Replay.defaultSamples
  ) throws(DAMMError) {
    var (pool, real) = (curve, tape.openingPrice)
    var (fills, volume, realVolume) = (Fills(), Volume(), Volume())
    var (slippage, realSlippage) = (WeightedMean(), WeightedMean())
    var deviation = Deviation()
    var path = [
      Sample(swaps: 0, time: tape.openingTime, poolPrice: curve.price, realPrice: real)
    ]
    let (count, intervals) = (tape.swaps.count, min(max(samples, 2) - 1, tape.swaps.count))
    for (index, swap) in tape.swaps.enumerated() {
      let before = pool.marginalPrice
      let quote = try pool.swap(swap.order())
      switch quote.stop {
      case .complete: fills.complete += 1
      default: if quote.amountIn > 0 { fills.partial += 1 } else { fills.nothing += 1 }
      }
      let buying = quote.side == .buy
      let (a, b) =
        buying ? (quote.amountIn, -quote.amountOut) : (-quote.amountOut, quote.amountIn)
      volume.add(a: a, b: b)
      realVolume.add(a: swap.a, b: swap.b)
      slippage.add(average: quote.averagePrice, before: before, weight: abs(a))
      realSlippage.add(average: swap.averagePrice, before: real, weight: abs(swap.a))
      real = swap.priceAfter
      deviation.finalBps = (quote.priceAfter / real - 1) * 1e4
      deviation.maximumBps = max(deviation.maximumBps, abs(deviation.finalBps))
      deviation.meanBps += abs(deviation.finalBps)
      // One sample in every interval, at its end.
      let done = index + 1
      if done * intervals / count != index * intervals / count {
        path.append(
          Sample(swaps: done, time: swap.time, poolPrice: quote.priceAfter, realPrice: real))
      }
    }
    deviation.meanBps /= Double(count)
    self.fills = fills
    self.volume = volume
    self.realVolume = realVolume
    self.deviation = deviation
    self.slippageBps = slippage.bps
    self.realSlippageBps = realSlippage.bps
    self.path = path
    self.position = pool.position
  }
}
