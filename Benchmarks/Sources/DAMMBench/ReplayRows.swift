import CMachine
import DAMM
import DAMMReplay

/// Whole replays: the tick pool with its agents, the constant product beside it with the same ones, and all figures; what is
/// read from files is parsed before.
enum ReplayRows {
  static func rows() throws -> [Row] {
    let month = try path(steps: 43_200, seconds: 60)
    let day = try path(steps: 6_000, seconds: 14).enumerated().map { index, step in
      // a swap a step, of sizes from 100 to 50,000 A
      let worth = 100 * Double(1 + (index &* 7919) % 500)
      return ReplayStep(
        time: step.time, price: step.price, impliedVolatility: step.impliedVolatility,
        orders: [
          index.isMultiple(of: 2)
            ? try Order.exactIn(worth, .buy) : try Order.exactIn(worth / step.price, .sell)
        ],
        recorded: RecordedPool(price: step.price, liquidity: 4e5, inA: worth, inB: 0))
    }
    return [
      try row("a month of 43,200 minutes, arbitrage in each, in 1 s", month, seconds: 1),
      try row("a day of 6,000 swaps and arbitrage behind each, in 20 ms", day, seconds: 0.02),
    ]
  }

  private static func row(_ title: String, _ steps: [ReplayStep], seconds: Double) throws -> Row {
    let count = steps.count - 1
    let contenders = try [
      ("reforms at 50 bp", try ReformPolicy(deviationBps: 50)), ("never formed anew", .manual),
    ].map { name, policy in
      let setup = try setup(policy)
      let first = try Replay.run(setup, steps)
      return Contender(
        name, count: 1, operations: count, target: seconds / Double(count) * 1e9,
        prove: { _ in
          // held to the reference elsewhere; here, that it did something and does it again
          let again = try! Replay.run(setup, steps)
          let isSame = again == first && first.pool.total.arbitrage.trades > count / 20
          return Contender.Finding(worst: 0, excess: isSame ? 0 : 2)
        },
        work: { _ in
          var value = try! Replay.run(setup, steps).value
          withUnsafePointer(to: &value) { machine_keep($0) }
        })
    }
    return Row(section: .replays, title: title, unit: "step", contenders: contenders)
  }

  static func setup(_ policy: ReformPolicy) throws -> ReplaySetup {
    let terms = try PoolTerms(
      a: LotSize(decimals: 6, exponent: 0), b: LotSize(decimals: 9, exponent: 0),
      fees: FeeSchedule(baseBps: 5), policy: policy)
    return ReplaySetup(terms: terms, horizonDays: 7, capital: 3e6)
  }

  static func path(steps: Int, seconds: Int) throws -> [ReplayStep] {
    let motion = try GeometricBrownianMotion(
      price: 3000, volatility: 0.8, steps: steps, secondsPerStep: seconds)
    return ReplayStep.steps(of: try motion.paths(1, seed: 8)[0])
  }
}
