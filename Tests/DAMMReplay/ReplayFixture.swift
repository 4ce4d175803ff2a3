import DAMMFeeds
import DAMMModel
import DAMMPool
import DAMMReplay
import DAMMShared
import TestSupport

/// Setups and steps of replays, made up.
enum ReplayFixture {
  /// Lots of a millionth of A, and of 10^-9 B.
  static func terms(
    fees: FeeSchedule = .none, policy: ReformPolicy = .manual, funding: Funding = .full
  ) throws -> PoolTerms {
    try PoolTerms(
      a: LotSize(decimals: 6, exponent: 0), b: LotSize(decimals: 9, exponent: 0), fees: fees,
      funding: funding, policy: policy, allowsThinSpread: true)
  }

  static func setup(
    _ terms: PoolTerms, capital: Double = 1e6, agents: ReplayAgents = ReplayAgents(),
    markets: ReplayMarkets? = nil
  ) -> ReplaySetup {
    ReplaySetup(
      terms: terms, horizonDays: 7, capital: capital, markets: markets, agents: agents)
  }

  /// A Brownian path of minutes.
  static func steps(_ count: Int = 1440, seconds: Int = 60, seed: UInt64) throws -> [ReplayStep] {
    let motion = try GeometricBrownianMotion(
      price: 3000, volatility: 0.8, steps: count, secondsPerStep: seconds)
    return ReplayStep.steps(of: try motion.paths(1, seed: seed)[0])
  }

  /// Steps with orders at random and a recorded pool that follows the price.
  static func steps(_ count: Int, orders seed: UInt64) throws -> [ReplayStep] {
    var random = SplitMix64(seed: seed)
    return try steps(count, seed: seed).map { step in
      var orders: [Order] = []
      for _ in 0..<Int.random(in: 0...3, using: &random) {
        let side = Bool.random(using: &random) ? Side.buy : .sell
        let worth = Double.random(in: 1...40_000, using: &random)
        let b = worth / step.price
        switch Int.random(in: 0..<5, using: &random) {
        case 0: orders.append(try Order(side, .notional(worth)))
        case 1: orders.append(try Order(side, .amount(b)))
        case 2: orders.append(try Order(side, .amount(b), limit: step.price))
        case 3: orders.append(try Order(side, .toPrice(step.price)))
        default: orders.append(try Order.exactIn(side == .buy ? worth : b, side))
        }
      }
      return ReplayStep(
        time: step.time, price: step.price, impliedVolatility: step.impliedVolatility,
        orders: orders,
        recorded: RecordedPool(
          price: step.price, liquidity: 1e6, inA: worth(orders, .buy, step.price),
          inB: worth(orders, .sell, step.price) / step.price))
    }
  }

  private static func worth(_ orders: [Order], _ side: Side, _ price: Double) -> Double {
    orders.filter { $0.side == side }.reduce(0) {
      switch $1.size {
      case .notional(let a): $0 + a
      case .amount(let b): $0 + b * price
      case .toPrice: $0
      }
    }
  }
}
