import DAMMModel
import DAMMReplay
import Foundation
import Testing
import TestSupport

/// Paths with jumps and levels of volatility, against the moments of their model.
@Suite("Jump diffusion") struct JumpDiffusionTests {
  /// So many standard errors, of numbers that are drawn once from a seed.
  private static let errors = 5.0
  private static let steps = 200_000
  private static let seconds = 600
  private static let years = Double(seconds) / 31_536_000

  private static func moves(_ path: PricePath) -> [Double] {
    zip(path.points, path.points.dropFirst()).map { log($1.price / $0.price) }
  }

  @Test(
    "mean, variance and fourth moment of a step; prices have no drift",
    arguments: [(0.0, 0.0, 0.0), (400, -0.02, 0.015), (5000, 0.004, 0.0), (4_000, 0.0, 0.3)])
  func moments(perYear: Double, mean: Double, deviation: Double) throws {
    let seed = RandomCurves.seed("jumps", 31)
    let sigma = 0.6
    let model = try JumpDiffusion(
      price: 3000, regimes: [.init(volatility: sigma, meanDays: 1)],
      jumps: .init(perYear: perYear, mean: mean, deviation: deviation), steps: Self.steps / 50,
      secondsPerStep: Self.seconds)
    // many short paths: of a long one the price would leave its domain
    let paths = try (0..<50).map { try model.path(seed: seed &+ $0) }
    let moves = paths.flatMap(Self.moves)
    let count = Double(moves.count)
    // cumulants of a compound Poisson sum and a normal number
    let rate = perYear * Self.years
    let (m2, d2) = (mean * mean, deviation * deviation)
    let kappa = exp(mean + d2 / 2) - 1
    let first = rate * mean - (sigma * sigma / 2 + perYear * kappa) * Self.years
    let second = sigma * sigma * Self.years + rate * (m2 + d2)
    let fourth = rate * (m2 * m2 + 6 * m2 * d2 + 3 * d2 * d2)
    let central4 = fourth + 3 * second * second
    let average = moves.reduce(0, +) / count
    #expect(abs(average - first) < Self.errors * (second / count).squareRoot())
    let squares = moves.map { ($0 - first) * ($0 - first) }
    let variance = squares.reduce(0, +) / count
    #expect(
      abs(variance - second)
        < Self.errors * ((central4 - second * second) / count).squareRoot(),
      "\(variance), \(second)")
    // the fourth moment, whose error the sample itself tells
    let powers = squares.map { $0 * $0 }
    let power = powers.reduce(0, +) / count
    let error = (powers.reduce(0) { $0 + ($1 - power) * ($1 - power) } / count / count).squareRoot()
    #expect(abs(power - central4) < Self.errors * error, "\(power), \(central4)")
    // E[exp(move)] = 1
    let growth = moves.reduce(0) { $0 + expm1($1) } / count
    #expect(abs(growth) < Self.errors * (second / count).squareRoot())
    let told = (sigma * sigma + perYear * (m2 + d2)).squareRoot()
    #expect(
      paths.allSatisfy { path in
        path.points.allSatisfy { abs($0.impliedVolatility - told) <= 4 * told.ulp }
      })
  }

  @Test("levels of volatility stay as long as they should, and steps have their deviations")
  func regimes() throws {
    let seed = RandomCurves.seed("regimes", 32)
    let levels = try [(0.3, 2.0), (0.7, 1.0), (1.5, 0.25)].map {
      try JumpDiffusion.Regime(volatility: $0.0, meanDays: $0.1)
    }
    let model = try JumpDiffusion(
      price: 3000, regimes: levels, steps: Self.steps, secondsPerStep: Self.seconds)
    let path = try model.path(seed: seed)
    let moves = Self.moves(path)
    let total = levels.reduce(0) { $0 + 1 / -expm1(-Double(Self.seconds) / 86_400 / $1.meanDays) }
    var next: [Double: [Double: Int]] = [:]
    for level in levels {
      let (mine, stay) = (
        path.points.indices.dropLast().filter {
          path.points[$0].impliedVolatility == level.volatility
        }, exp(-Double(Self.seconds) / 86_400 / level.meanDays)
      )
      let count = Double(mine.count)
      let variance = level.volatility * level.volatility * Self.years
      let found = mine.reduce(0) { $0 + pow(moves[$1] + variance / 2, 2) } / count
      #expect(abs(found / variance - 1) < Self.errors * (2 / count).squareRoot())
      // how often it gives way
      let leaves = mine.filter { path.points[$0 + 1].impliedVolatility != level.volatility }
      let error = (stay * (1 - stay) / count).squareRoot()
      #expect(abs(Double(leaves.count) / count - (1 - stay)) < Self.errors * error)
      for step in leaves {
        next[level.volatility, default: [:]][path.points[step + 1].impliedVolatility, default: 0] +=
          1
      }
      // each of the others is as likely
      let others = (next[level.volatility] ?? [:]).values.map(Double.init)
      try #require(others.count == 2)
      let changes = others.reduce(0, +)
      #expect(abs(others[0] / changes - 0.5) < Self.errors * (0.25 / changes).squareRoot())
      // the part of time in the long run: visits are alike, so it goes with how long each stays; each
      // visit is about exponential, and of as many the part is known to a few of their roots
      let share = 1 / (1 - stay) / total
      #expect(abs(count / Double(Self.steps) / share - 1) < Self.errors * 2 / changes.squareRoot())
    }
  }

  @Test("the same seed gives the same path; jumps leave the diffusion as it was")
  func seeds() throws {
    func path(
      _ seed: UInt64, jumps: JumpDiffusion.Jumps = .none, steps: Int = 500
    ) throws -> PricePath {
      try JumpDiffusion(
        price: 3000,
        regimes: [
          .init(volatility: 0.3, meanDays: 1), .init(volatility: 0.9, meanDays: 1),
        ], jumps: jumps, steps: steps, secondsPerStep: 600
      ).path(seed: seed)
    }
    #expect(try path(7) == path(7) && path(7) != path(8))
    #expect(try path(7).points.prefix(101) == path(7, steps: 100).points[...])
    let jumps = try JumpDiffusion.Jumps(perYear: 300, mean: 0, deviation: 0.1)
    #expect(try path(7, jumps: jumps) == path(7, jumps: jumps))
    let (plain, jumping) = (try Self.moves(path(7)), try Self.moves(path(7, jumps: jumps)))
    let drift = 300 * (exp(0.1 * 0.1 / 2) - 1) * Self.years
    let jumped = zip(plain, jumping).count { abs($0 - drift - $1) > 1e-9 }
    #expect(jumped > 0 && jumped < 20)
  }

  @Test("what is no model is refused")
  func refusals() throws {
    let level = try JumpDiffusion.Regime(volatility: 1, meanDays: 1)
    func refuses(_ body: () throws -> Void) { #expect(throws: PoolError.self) { try body() } }
    refuses { _ = try JumpDiffusion.Regime(volatility: .nan, meanDays: 1) }
    refuses { _ = try JumpDiffusion.Regime(volatility: 1, meanDays: 0) }
    refuses { _ = try JumpDiffusion.Jumps(perYear: -1, mean: 0, deviation: 0) }
    refuses { _ = try JumpDiffusion.Jumps(perYear: 1, mean: 6, deviation: 0) }
    refuses { _ = try JumpDiffusion.Jumps(perYear: 1, mean: 0, deviation: .infinity) }
    let many = try JumpDiffusion.Jumps(perYear: 1e6, mean: 5, deviation: 5)
    for (price, regimes, jumps, steps, seconds) in [
      (0.0, [level], JumpDiffusion.Jumps.none, 1, 1), (1, [], .none, 1, 1),
      (1, [level], .none, 0, 1), (1, [level], .none, 1, 0), (1, [level], many, 1, 31_536_000),
      (1, Array(repeating: level, count: 101), .none, 1, 1),
    ] {
      refuses {
        _ = try JumpDiffusion(
          price: price, regimes: regimes, jumps: jumps, steps: steps, secondsPerStep: seconds)
      }
    }
    // a price that leaves its domain, not an infinity
    refuses {
      _ = try JumpDiffusion(
        price: 1, regimes: [level], jumps: many, steps: 1000, secondsPerStep: 600
      ).path(seed: 1)
    }
  }
}
