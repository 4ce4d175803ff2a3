import DAMMModel
import DAMMReplay
import Foundation
import Testing
import TestSupport

@Suite struct PricePathTests {
  private static let steps = 20_000

  private func motion(steps: Int = Self.steps) throws -> GeometricBrownianMotion {
    try GeometricBrownianMotion(price: 3000, volatility: 0.8, steps: steps, secondsPerStep: 600)
  }

  private func moves(_ path: PricePath) -> [Double] {
    zip(path.points, path.points.dropFirst()).map { log($1.price / $0.price) }
  }

  /// So many standard errors, of numbers that are drawn once from a seed.
  private static let errors = 5.0

  @Test func stepsHaveTheMeanAndTheVarianceOfTheMotion() throws {
    let seed = RandomCurves.seed("paths", 11)
    let moves = moves(try motion().paths(1, seed: seed)[0])
    let variance = 0.8 * 0.8 * 600 / 31_536_000
    let count = Double(moves.count)
    let mean = moves.reduce(0, +) / count
    #expect(abs(mean + variance / 2) < Self.errors * (variance / count).squareRoot())
    let square = moves.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    #expect(abs(square / variance - 1) < Self.errors * (2 / count).squareRoot())
    // and of the normal distribution: a part of 0.3173 lies beyond one deviation, of 0.0455 beyond two
    for (deviations, part) in [(1.0, 0.31731), (2, 0.0455)] {
      let beyond = moves.count { abs($0 - mean) > deviations * variance.squareRoot() }
      let error = (part * (1 - part) / count).squareRoot()
      #expect(abs(Double(beyond) / count - part) < Self.errors * error)
    }
  }

  @Test(arguments: [0, 0.5, 0.9]) func pathsMoveTogetherAsTheyShould(correlation: Double) throws {
    let seed = RandomCurves.seed("paths", 12)
    let paths = try motion().paths(3, correlation: correlation, seed: seed).map(moves)
    for (i, j) in [(0, 1), (0, 2), (1, 2)] {
      let product = zip(paths[i], paths[j]).reduce(0) { $0 + $1.0 * $1.1 }
      let squares = [i, j].map { paths[$0].reduce(0) { $0 + $1 * $1 } }
      let found = product / (squares[0] * squares[1]).squareRoot()
      let error = (1 - correlation * correlation) / Double(Self.steps).squareRoot()
      #expect(abs(found - correlation) < Self.errors * error, "\(i), \(j): \(found)")
    }
  }

  @Test func aSeedIsAPath() throws {
    let motion = try motion(steps: 50)
    let together = try motion.paths(4, seed: 3)
    #expect(Set(together).count == 1 && together.count == 4)
    #expect(try motion.paths(1, seed: 3)[0] == together[0])
    let apart = try motion.paths(4, correlation: 0.5, seed: 3)
    #expect(Set(apart).count == 4)
    #expect(try motion.paths(2, correlation: 0.5, seed: 3) == Array(apart.prefix(2)))
    #expect(try motion.paths(1, seed: 4)[0] != together[0])
    #expect(together[0].points[0].price == 3000 && together[0].steps == 50)
    #expect(together[0].points[50].time.seconds(since: together[0].points[0].time) == 30_000)
  }

  @Test func whatIsNoPathIsRefused() throws {
    func refuses(_ body: () throws -> Void) { #expect(throws: PoolError.self) { try body() } }
    for (price, volatility, steps, seconds) in [
      (0.0, 0.8, 1, 1), (1, .nan, 1, 1), (1, 0.8, 0, 1), (1, 0.8, 1, 0), (1, 0.8, 2_000_000, 1),
    ] {
      refuses {
        _ = try GeometricBrownianMotion(
          price: price, volatility: volatility, steps: steps, secondsPerStep: seconds)
      }
    }
    let motion = try motion(steps: 2)
    for correlation in [-0.1, 1.1, .nan] {
      refuses { _ = try motion.paths(2, correlation: correlation, seed: 1) }
    }
    refuses { _ = try motion.paths(0, seed: 1) }
    // beyond the year 9999, and beyond any price
    refuses {
      _ = try GeometricBrownianMotion(
        price: 1, volatility: 0.8, steps: 100_000, secondsPerStep: 31_536_000
      ).paths(1, seed: 1)
    }
    refuses {
      _ = try GeometricBrownianMotion(
        price: 1, volatility: 100, steps: 1000, secondsPerStep: 31_536_000
      ).paths(1, seed: 1)
    }
    let point = PricePath.Point(
      time: UTCTime(secondsSince1970: 5), price: 1, impliedVolatility: 0.5)
    refuses { _ = try PricePath([point]) }
    refuses { _ = try PricePath([point, point]) }
    refuses { _ = try PricePath([PricePath.Point]()) }
  }
}
