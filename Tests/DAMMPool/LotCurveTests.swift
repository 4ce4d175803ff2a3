import DAMMKernel
import DAMMModel
import Testing
import TestSupport

@Suite struct LotCurveTests {
  /// A curve in lots with extreme parameters.
  static func random(_ random: inout SplitMix64) throws -> (curve: LotCurve, reserves: LotPair)? {
    let bits = Double.random(in: 0...30, using: &random)
    let size = bits < 24 ? bits : bits * 48 / 30
    let imbalance = Bool.random(using: &random) ? 0 : Double.random(in: -15...15, using: &random)
    func lots(_ power: Double) -> Int { max(1, min((1 << 48) - 1, Int(exp2Approximately(power)))) }
    let reserves = LotPair(a: lots(size + imbalance), b: lots(size - imbalance))
    let ratio = Double(reserves.a) / Double(reserves.b)
    let price =
      Bool.random(using: &random)
      ? ratio : exp2Approximately(Double.random(in: -30...30, using: &random))
    let s = exp2Approximately(Double.random(in: -13...0.5, using: &random))
    let bps = [1.0, 1.0, 10, 100, 2500].randomElement(using: &random)!
    let shape = Shape.allCases.randomElement(using: &random)!
    guard s * 6 / bps * 1e4 < 60000,
      let table = try? TickTable(CurveShape(shape, relativeSigma: s, tickWidthBps: bps))
    else { return nil }
    let at = price * (1 + s * Double.random(in: -6...6, using: &random))
    guard
      let curve = try? LotCurve(
        founding: table, oraclePrice: price, reserves: reserves,
        funding: Bool.random(using: &random) ? .full : .geometricMean,
        atPrice: Bool.random(using: &random) ? price : max(at, price * 1e-6))
    else { return nil }
    return (curve, reserves)
  }

  static func exp2Approximately(_ power: Double) -> Double {
    let whole = power.rounded(.down)
    return Double(sign: .plus, exponent: Int(whole), significand: 1 + (power - whole))
  }

  @Test func heldGrowsWithEachLot() throws {
    var random = SplitMix64(seed: RandomCurves.seed("heldGrowsWithEachLot", 5))
    var checked = 0
    for _ in 0..<400 {
      guard let (curve, reserves) = try Self.random(&random) else { continue }
      let range = curve.range
      #expect(range.upperBound <= reserves.b)
      #expect(-curve.heldAfter(range.lowerBound) <= reserves.a)
      let ns: [Int] =
        range.count <= 2000
        ? Array(range)
        : (0..<300).flatMap { _ in
          let n = Int.random(in: range.lowerBound..<range.upperBound, using: &random)
          return [n, n + 1]
        }.sorted()
      var last = Int.min
      for n in ns {
        let held = curve.heldAfter(n)
        #expect(held >= last, "\(n) \(range)")
        last = held
        checked += 1
      }
    }
    #expect(checked > 50000)
  }

  @Test func tradesAreThoseOfTheRealCurve() throws {
    var random = SplitMix64(seed: RandomCurves.seed("tradesAreThoseOfTheRealCurve", 5))
    var (filled, inside) = (0, 0)
    for _ in 0..<2000 {
      guard let (start, _) = try Self.random(&random) else { continue }
      var curve = start
      for _ in 0..<10 {
        let real = curve.current
        let side = Side.allCases.randomElement(using: &random)!
        let offered = curve.offered
        let byB = Bool.random(using: &random)
        let most = max(1, byB ? max(offered.b, -curve.range.lowerBound) : offered.a)
        let value = Bool.random(using: &random) ? Int.random(in: 1...most, using: &random) : 1
        let fill = curve.fill(side, byB ? .amount(value) : .notional(value), stop: nil, surge: 0)
        let quote = real.quote(
          try Order(side, byB ? .amount(Double(value)) : .notional(Double(value))))
        let (a, b) =
          side == .buy ? (quote.amountIn, quote.amountOut) : (quote.amountOut, quote.amountIn)
        #expect(fill.fee == 0)
        let slack = 1 + 1e-13 * max(a, b)
        // lots of B a lot of A, at most: in the lowest tick that could be touched
        let tick = min(real.position.tick, quote.positionAfter.tick) - 1
        let lowest = real.table.relativePrice(ofTick: max(real.table.lowestTick, tick))
        let price = 1 / (real.oraclePrice * lowest)
        if byB {
          if fill.filled {
            #expect(fill.amount == value)
            #expect(
              (Double(fill.moved) - a).magnitude <= slack,
              "\(fill) \(quote) \(curve.state) \(curve.range) \(curve.held) mu \(curve.oraclePrice) \(curve.table.count) \(curve.table.lowestTick)"
            )
            filled += 1
          }
        } else if fill.filled {
          if side == .buy { #expect(fill.moved <= value) } else { #expect(fill.moved >= value) }
          #expect(
            (Double(fill.amount) - b).magnitude <= 1 + 1e-13 * max(a, b) * price + price,
            "\(fill) \(quote)")
          filled += 1
          // one lot more is not paid for, one less does not cover
          let n = curve.sold + (side == .buy ? fill.amount + 1 : -(fill.amount - 1))
          if curve.range.contains(n) {
            let moved = curve.heldAfter(n) - curve.held
            if side == .buy { #expect(moved > value) } else { #expect(-moved < value) }
            inside += 1
          }
        }
        #expect(
          curve.swap(side, byB ? .amount(value) : .notional(value), stop: nil, surge: 0).moved
            == fill.moved)
        #expect(curve.held == curve.heldAfter(curve.sold))
      }
    }
    #expect(filled > 2000 && inside > 1000)
  }

  @Test func theStateIsKeptToTheBit() throws {
    var random = SplitMix64(seed: RandomCurves.seed("theStateIsKeptToTheBit", 5))
    var fundings: Set<Funding> = []
    for _ in 0..<300 {
      guard let (start, _) = try Self.random(&random) else { continue }
      var curve = start
      for _ in 0..<5 {
        let side = Side.allCases.randomElement(using: &random)!
        _ = curve.swap(side, .amount(Int.random(in: 1...1000, using: &random)), stop: nil, surge: 0)
        if Bool.random(using: &random) { curve.scale(by: 7, over: 5) }
        let funding = curve.current.funding
        let back = try LotCurve(
          curve.state, curve.table, oraclePrice: curve.oraclePrice, funding: funding)
        #expect(back == curve && back.held == curve.held && back.range == curve.range)
        fundings.insert(funding)
        // they are another curve with the other funding
        let other = try LotCurve(
          curve.state, curve.table, oraclePrice: curve.oraclePrice,
          funding: funding == .full ? .geometricMean : .full)
        #expect(other != curve && other.state == curve.state)
      }
    }
    #expect(fundings == Set(Funding.allCases))
  }
}
