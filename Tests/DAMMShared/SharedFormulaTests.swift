import DAMMKernel
import DAMMModel
import DAMMPool
import Foundation
import TestSupport
import Testing

import DAMMShared
import struct DAMMShared.SharedPool

/// Every formula of docs/shared-pool.md, evaluated: none is shown that is not listed here, and none listed that is
/// not shown.
@Suite struct SharedFormulaTests {
  /// Two sides of a formula, and how far they may be apart.
  private struct Sides {
    let found: Double
    let formula: Double
    let allowed: Double

    init(_ found: Double, _ formula: Double, _ allowed: Double = 8 * Tolerance.health.relative) {
      (self.found, self.formula, self.allowed) = (found, formula, allowed)
    }
  }

  /// What a lone market of a tick reference holds at each edge, by the curve in real numbers, in lots.
  private struct Ticks {
    static let deposit = LotPair(a: 4_000_000_000, b: 2_000_000_000)
    let pool: SharedPool
    /// Holdings at edges from the lowest up, and the price of the tick above each.
    var a: [Double] = []
    var b: [Double] = []
    var price: [Double] = []

    init() throws {
      let terms = try PoolTerms(
        a: SharedFixture.lots, b: SharedFixture.lots, tickWidthBps: 50, funding: .geometricMean)
      let reading = try OracleReading(price: 2, relativeSigma: 0.1)
      pool = try SharedFixture.pool(Self.deposit, reference: .ticks(terms, reading))
      let reserves = try Reserves(a: Double(Self.deposit.a), b: Double(Self.deposit.b))
      let curve = try Curve(
        table: TickTable(CurveShape(relativeSigma: 0.1, tickWidthBps: 50)), oraclePrice: 2,
        reserves: reserves)
      let ticks = try (curve.table.lowestTick..<curve.table.upperTick)
        .map { try curve.depth(ofTick: $0) }
      price = ticks.map(\.price)
      var (heldA, heldB) = (reserves.a - curve.offered.a, reserves.b - curve.offered.b)
      a = [heldA]
      for tick in ticks {
        heldA += tick.a
        a.append(heldA)
      }
      b = [heldB]
      for tick in ticks.reversed() {
        heldB += tick.b
        b.append(heldB)
      }
      b.reverse()
    }

    /// The health of reserves that this pool would have.
    func health(_ reserves: LotPair) throws -> Double {
      var pool = pool
      let id = try MarketID("m")
      try pool.open(id, key: SharedFixture.key, at: SharedFixture.noon)
      try pool.settle(
        Settlement(
          market: id, key: SharedFixture.key, sequence: 1, flow: reserves - Self.deposit),
        at: SharedFixture.noon)
      return pool.health.value
    }

    /// The largest `c` by looking at every place of a fine grid.
    func most(_ reserves: LotPair) -> Double {
      var most = 0.0
      for tick in price.indices {
        for part in 0...1000 {
          let t = Double(part) / 1000
          let (heldA, heldB) = (
            a[tick] * (1 - t) + a[tick + 1] * t, b[tick] * (1 - t) + b[tick + 1] * t
          )
          most = max(most, min(Double(reserves.a) / heldA, Double(reserves.b) / heldB))
        }
      }
      return most
    }

    func least(_ reserves: LotPair) -> Double {
      price.map { p in
        let least = a.indices.map { a[$0] + p * b[$0] }.min()!
        return (Double(reserves.a) + p * Double(reserves.b)) / least
      }.min()!
    }

    /// Markets that go from the middle edge four ticks up.
    func fourTicksUp(markets: Int) throws -> Sides {
      let start = price.firstIndex { $0 >= 2 }!
      let end = start + 4
      let v: Double = price[end]
      let (movedA, movedB): (Double, Double) = (a[end] - a[start], b[end] - b[start])
      let (heldA, heldB) = (Double(Self.deposit.a), Double(Self.deposit.b))
      let loss: Double = Double(markets) * (movedA + v * movedB) / (heldA + v * heldB)
      return Sides(
        try pool.founding.figures(markets: markets, atPrice: v).impermanentLoss, loss)
    }

    /// The price of the tick that the reserves match, and `K` there.
    func match(_ reserves: LotPair) -> (price: Double, whole: Double) {
      let ratio = Double(reserves.a) / Double(reserves.b)
      let tick = price.indices.last { a[$0] <= ratio * b[$0] }!
      return (price[tick], a[tick] + price[tick] * b[tick])
    }
  }

  private func formulas() throws -> [(text: String, sides: [Sides])] {
    var list: [(text: String, sides: [Sides])] = []
    let ticks = try Ticks()
    let reserves = [
      LotPair(a: 3_600_000_000, b: 1_900_000_000), LotPair(a: 5_000_000_000, b: 1_400_000_000),
      LotPair(a: 2_500_000_000, b: 2_600_000_000),
    ]
    list.append(
      (
        "HF = max of c with RA >= c A(x) and RB >= c B(x) for some x",
        // a grid sees the best place to a thousandth of a tick of 50 bp
        try reserves.map { Sides(try ticks.health($0), ticks.most($0), 1e-5) }
      ))
    list.append(
      (
        "HF = min over p of (RA + p RB) / V(p)          V(p) = min over x of A(x) + p B(x)",
        try reserves.map { Sides(try ticks.health($0), ticks.least($0)) }
      ))
    let fresh = try SharedFixture.pool(LotPair(a: 40_000_000_000_000, b: 20_000_000_000_000))
    var taken = fresh
    let id = try MarketID("m")
    try taken.open(id, key: SharedFixture.key, at: SharedFixture.noon)
    try taken.settle(
      Settlement(
        market: id, key: SharedFixture.key, sequence: 1,
        flow: LotPair(a: 5_000_000_000_000, b: -6_000_000_000_000)), at: SharedFixture.noon)
    list.append(
      (
        "HF = sqrt(RA RB) / l",
        [Sides(taken.health.value, (45.0 * 14).squareRoot() / 800.0.squareRoot())]
      ))
    list.append(
      (
        "HF = (RA + P RB) / K",
        try reserves.map {
          let match = ticks.match($0)
          return Sides(
            try ticks.health($0), (Double($0.a) + match.price * Double($0.b)) / match.whole)
        }
      ))
    appendMoves(&list, try moved(fresh, [1.1, 1.3, 0.8]), [1.1, 1.3, 0.8])
    try appendEqualMoves(&list, fresh)
    list.append(
      (
        "IL = N (dA + v dB) / (A0 + v B0)",
        try [1, 3].map { try ticks.fourTicksUp(markets: $0) }
      ))
    return list
  }

  /// A pool after markets of one move each have settled.
  private func moved(_ pool: SharedPool, _ ratios: [Double]) throws -> SharedPool {
    var pool = pool
    for (index, ratio) in ratios.enumerated() {
      var market = try SharedFixture.product("m\(index)", on: &pool)
      market.keepsRoom = false
      try market.go(to: 2 * ratio)
      try market.settle(with: &pool)
    }
    return pool
  }

  /// The parts of the deposit that are left.
  private func parts(_ pool: SharedPool) -> (y: Double, x: Double) {
    (Double(pool.reserves.a) / 4e13, Double(pool.reserves.b) / 2e13)
  }

  private func appendMoves(
    _ list: inout [(text: String, sides: [Sides])], _ pool: SharedPool, _ ratios: [Double]
  ) {
    let slack = 4 * Double(ratios.count) * Tolerance.marketMoves.relative
    let (y, x) = parts(pool)
    let roots = ratios.map { $0.squareRoot() }
    let sumA: Double = roots.reduce(1) { $0 + $1 - 1 }
    let sumB: Double = roots.reduce(1) { $0 + 1 / $1 - 1 }
    list.append(
      (
        "y = 1 + sum of (u_i - 1)          x = 1 + sum of (1/u_i - 1)",
        [Sides(y, sumA, slack), Sides(x, sumB, slack)]
      ))
    let product: Double = x * y
    list.append(("HF = sqrt(x y)", [Sides(pool.health.value, product.squareRoot())]))
    let v = 1.4
    // 2 A per B at the founding
    let worth: Double = Double(pool.reserves.a) + 2 * v * Double(pool.reserves.b)
    let held: Double = 4e13 + 4e13 * v
    let formula: Double = (y + v * x) / (1 + v) - 1
    list.append(("IL = (y + v x) / (1 + v) - 1", [Sides(worth / held - 1, formula)]))
  }

  private func appendEqualMoves(
    _ list: inout [(text: String, sides: [Sides])], _ fresh: SharedPool
  ) throws {
    let (n, u) = (4.0, 1.04)
    let q: Double = u + 1 / u - 2
    let square: Double = 1 - n * (n - 1) * q
    let lost: Double = -n * (u - 1) * (u - 1) / (1 + u * u)
    let figures = try HealthFigures(markets: 4, ratio: u * u)
    let pool = try moved(fresh, Array(repeating: u * u, count: 4))
    let slack = 16 * Tolerance.marketMoves.relative
    let (y, x) = parts(pool)
    let worth: Double = (y + u * u * x) / (1 + u * u) - 1
    list.append(("q = u + 1/u - 2", [Sides((u - 1) * (u - 1) / u, q)]))
    list.append(
      (
        "HF^2 = 1 - N (N - 1) q",
        [Sides(pool.health.value * pool.health.value, square, slack)]
          + [Sides(figures.health * figures.health, square)]
      ))
    list.append(
      (
        "IL = -N (u - 1)^2 / (1 + u^2)",
        [Sides(worth, lost, slack), Sides(figures.impermanentLoss, lost, slack)]
      ))
    let edge: Double = pow(n / (n - 1), 2)
    list.append(
      (
        "r = (N / (N - 1))^2",
        try [
          Sides(HealthFigures.insolvency(markets: 4).upperBound, edge),
          Sides(HealthFigures(markets: 4, ratio: edge).partB, 0),
          Sides(HealthFigures(markets: 4, ratio: 1 / edge).partA, 0),
        ]
      ))
    let h = 0.9
    let largest = try HealthFigures.largestLoss(floor: h, markets: 4)
    let floor = try HealthFigures(markets: 4, ratio: largest.moves.upperBound)
    let most: Double = (1 - h * h) / (n * (n - 1))
    let under: Double = most + most * most / 4
    let loss: Double = (1 - h * h) / ((n - 1) * (2 + most))
    let root: Double = largest.moves.upperBound.squareRoot()
    list.append(
      ("q = (1 - h^2) / (N (N - 1))", [Sides(root + 1 / root - 2, most), Sides(floor.health, h)]))
    list.append(
      (
        "u = 1 + q/2 + sqrt(q + q^2/4)",
        [Sides(root, 1 + most / 2 + under.squareRoot())]
      ))
    list.append(
      (
        "largest loss = (1 - h^2) / ((N - 1) (2 + q))",
        [Sides(-largest.impermanentLoss, loss), Sides(-floor.impermanentLoss, loss)]
      ))
  }

  @Test func everyFormulaOfThePage() throws {
    let page = try String(
      contentsOf: Files.root.appending(path: "docs/shared-pool.md"), encoding: .utf8
    ).replacing(/(?s)```.*?```/, with: "")
    let shown = page.matches(of: /(?m)^    (.*\S)\s+\((\d+)\)$/).map {
      (text: String($0.1), number: Int($0.2) ?? 0)
    }
    #expect(shown.map(\.number) == Array(1...shown.count))
    let formulas = try formulas()
    #expect(shown.map(\.text) == formulas.map(\.text))
    // no other indented line is a formula
    #expect(page.matches(of: /(?m)^    \S.*$/).count == shown.count)
    for (text, sides) in formulas {
      #expect(!sides.isEmpty)
      for side in sides {
        #expect(
          abs(side.found - side.formula) <= side.allowed,
          "\(text): \(side.found), not \(side.formula)")
      }
    }
  }
}
