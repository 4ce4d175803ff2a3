import DAMMFeeds
import DAMMModel
import DAMMPool
import DAMMReplay
import Foundation
import TestSupport
import Testing

/// How long replays take, on one core: the least of some, for other tests run beside. The benchmark tells the time on an
/// idle machine.
@Suite struct ReplaySpeedTests {
  @Test("a month of minutes with arbitrage in each, and a day of 6,000 swaps")
  func speed() throws {
    let seed = RandomCurves.seed("replays", 61)
    let terms = try ReplayFixture.terms(
      fees: FeeSchedule(baseBps: 5), policy: ReformPolicy(deviationBps: 50))
    let month = try ReplayFixture.steps(43_200, seed: seed)
    let day = try ReplayFixture.steps(6_000, seconds: 14, seed: seed).map { step in
      ReplayStep(
        time: step.time, price: step.price, impliedVolatility: step.impliedVolatility,
        orders: [try Order.exactIn(5_000, .buy)],
        recorded: RecordedPool(price: step.price, liquidity: 1e6, inA: 5_000, inB: 0))
    }
    for (name, steps, most) in [("month", month, 1.0), ("day", day, 0.1)] {
      var times: [Double] = []
      for _ in 0..<5 {
        let start = ContinuousClock.now
        let figures = try Replay.run(ReplayFixture.setup(terms), steps)
        let time = ContinuousClock.now - start
        #expect(figures.steps == steps.count - 1)
        times.append(time / .seconds(1))
      }
      let least = try #require(times.min())
      print("\(name): \(least) s, the least of \(times.count)")
      #expect(least < most)
    }
  }
}
