import DAMMKernel
import DAMMModel
import DAMMReference
import Testing
import TestSupport

/// Trading in whole lots, fast against slow: every answer is compared as the whole numbers that it consists of.
@Suite struct LotsTests {
  /// What is on offer is at most what there is, by less than a hair, and the same share of both paths.
  @Test func scales() throws {
    var curves = RandomLots(seed: RandomCurves.seed("scales of lots", 71), largest: 3_000)
    var (scaled, slivers) = (0, 0)
    for _ in 0..<RandomCurves.runs(300) {
      let judged = JudgedLots(curves.curve())
      let (real, offered) = (judged.fast.current, judged.slow.offeredAtForming)
      #expect(
        (real.liquidity / judged.slow.liquidity.double - 1).magnitude <= 0x1p-52, "\(judged.about)")
      let sides = [
        (real.scaleA, offered.a, judged.made.reserves.a),
        (real.scaleB, offered.b, judged.made.reserves.b),
      ]
      for (scale, offered, reserve) in sides {
        guard offered.double > 0 else {
          #expect(scale == 0, "\(judged.about)")
          continue
        }
        let share = (Wide(Double(reserve)) / offered).double
        if judged.made.funding == .geometricMean, scale == 1 {
          #expect(share >= 1 - 0x1p-52, "\(share) \(judged.about)")
        } else if scale == 0, share > 1 {
          // a sliver of a tick, of which sums could not tell a lot
          slivers += 1
        } else {
          #expect(
            scale <= share * (1 + 0x1p-52) && scale >= share * (1 - 0x1p-49),
            "\(scale) of \(share) \(judged.about)")
          scaled += 1
        }
      }
    }
    #expect(scaled > 200 && slivers < scaled / 4, "\(slivers)")
  }

  /// `Q(n)`: everywhere on small curves; on others at random, at both ends, and around tick edges.
  @Test func held() throws {
    var curves = RandomLots(seed: RandomCurves.seed("held lots", 72), largest: 3_000)
    var (compared, exhausted, moved) = (0, 0, 0)
    for round in 0..<RandomCurves.runs(400) {
      var judged = JudgedLots(curves.curve(bits: round % 3 == 0 ? 0...12 : 0...48))
      for _ in 0..<2 {
        if !judged.isVast { judged.compareRange() }
        let range = judged.fast.range
        var numbers: [Int] = []
        if range.count <= 3_000 {
          numbers = Array(range)
          exhausted += 1
        } else {
          let edges = judged.slow.edges
          let around = (0..<60).map { _ in edges.randomElement(using: &curves.random)! }
          let seams = [0, range.lowerBound, range.upperBound]
          numbers = (around + seams).flatMap { ($0 - 2)...($0 + 3) }.filter(range.contains)
          numbers += (0..<100).map { _ in Int.random(in: range, using: &curves.random) }
        }
        for n in numbers { judged.compareHeld(n) }
        compared += numbers.count
        moved += judged.slow.held(after: range.upperBound) > 0 ? 1 : 0
        // and counted from elsewhere, with other liquidity
        let n = Int.random(in: range, using: &curves.random)
        judged.apply(
          judged.fast.fill(n > 0 ? .buy : .sell, .amount(max(1, abs(n))), stop: nil, surge: 0))
        let (by, over) = [(1, 1), (7, 5), (1, 3), ((1 << 61) + 1, 1 << 60)]
          .randomElement(using: &curves.random)!
        judged.scale(by: by, over: over)
      }
    }
    print("held: \(compared) numbers of lots, all of \(exhausted) curves")
    #expect(compared > 50_000 && exhausted > 100 && moved > 200)
  }

  /// Orders of every kind, from dust to more than there is, one after another on extreme curves.
  @Test func orders() throws {
    var curves = RandomLots(
      seed: RandomCurves.seed("orders in lots", 73), largest: 2_000, fees: true)
    var counts: [String: Int] = [:]
    for _ in 0..<RandomCurves.runs(300) {
      var judged = JudgedLots(curves.curve())
      if judged.isVast { continue }
      judged.compareRange()
      for _ in 0..<30 {
        let order = Self.order(judged, &curves.random)
        let (fill, trade) = judged.compare(
          order.side, order.fixed, limit: order.limit, surge: order.surge)
        judged.comparePlace(order.side, fill)
        judged.apply(fill)
        #expect(judged.fast.held == judged.slow.held(after: judged.fast.sold), "\(judged.about)")
        let kind = "\(order.side) \("\(order.fixed)".prefix(6))"
        counts[
          kind + (trade.filled ? " filled" : trade.limited ? " limited" : " exhausted"), default: 0] +=
          1
        if curves.random.oneIn(10) {
          judged.scale(by: Int.random(in: 1...9, using: &curves.random), over: 5)
          judged.compareRange()
        }
      }
    }
    print("orders in lots: \(counts.sorted { $0.key < $1.key })")
    #expect(counts.count == 16 && counts.values.allSatisfy { $0 > 20 })
  }

  /// The same on curves that are formed anew around other prices, from what trades left of the reserves, a side
  /// that is empty included.
  @Test func reforms() throws {
    var curves = RandomLots(
      seed: RandomCurves.seed("reforms in lots", 80), largest: 2_000, fees: true)
    var (reforms, compared) = (0, 0)
    for _ in 0..<RandomCurves.runs(150) {
      var judged = JudgedLots(curves.curve())
      for _ in 0..<4 where !judged.isVast {
        for _ in 0..<6 {
          let order = Self.order(judged, &curves.random)
          let (fill, _) = judged.compare(
            order.side, order.fixed, limit: order.limit, surge: order.surge)
          judged.comparePlace(order.side, fill)
          judged.apply(fill)
          compared += 1
        }
        if curves.random.oneIn(2) { judged.scale(by: 5, over: 4) }
        let s = judged.made.shape.relativeSigma
        let change = curves.random.uniform(-2...2) * min(s, 0.2)
        let reserves = LotPair(
          a: curves.random.oneIn(8) ? 0 : Int.random(in: 0...(1 << 48) - 1, using: &curves.random),
          b: curves.random.oneIn(8) ? 0 : Int.random(in: 0...(1 << 48) - 1, using: &curves.random))
        guard
          judged.reform(
            oraclePrice: judged.oraclePrice * (1 + change), reserves: reserves,
            funding: judged.made.funding), !judged.isVast
        else { break }
        judged.compareRange()
        for n in judged.slow.edges.suffix(40).flatMap({ [$0, $0 + 1] })
        where judged.fast.range.contains(n) { judged.compareHeld(n) }
        reforms += 1
      }
    }
    print("reforms: \(reforms), orders between them: \(compared)")
    #expect(reforms > 200 && compared > 1_500)
  }

  /// An order of any kind from where a curve stands.
  static func order(
    _ judged: JudgedLots, _ random: inout SplitMix64
  ) -> (side: Side, fixed: LotCurve.Fixed, limit: Double?, surge: Double) {
    let side = Side.allCases.randomElement(using: &random)!
    let offered = judged.fast.offered
    func size(_ whole: Int) -> Int {
      let most = min(max(2, whole), Domain.orderLots.upperBound - 9)
      let part = Int(Double(most) * random.logUniform(1e-9...1))
      return [
        1, 2, max(1, part), Int.random(in: 1...most, using: &random), most - 1, most, most + 1,
      ]
      .randomElement(using: &random)!
    }
    let value: LotCurve.Fixed =
      switch Int.random(in: 0..<5, using: &random) {
      case 0: .nothing
      case 1, 2:
        .amount(size(side == .buy ? offered.b : judged.fast.sold - judged.fast.range.lowerBound))
      default:
        .notional(
          size(
            side == .sell
              ? offered.a
              : judged.slow.held(after: judged.fast.range.upperBound) - judged.fast.held))
      }
    return (
      side, value, random.oneIn(2) ? nil : limit(judged, &random),
      random.oneIn(2) ? 0 : random.logUniform(1e-9...0.3)
    )
  }

  /// A price on the curve, around it or at an edge of a tick.
  private static func limit(_ judged: JudgedLots, _ random: inout SplitMix64) -> Double {
    let (table, mu) = (judged.made.table, judged.made.oraclePrice)
    let tick = Int.random(in: table.lowestTick...table.upperTick, using: &random)
    let edge = mu * table.relativePrice(ofTick: tick)
    let here = judged.fast.current.price
    let end = mu * table.relativePrice(ofTick: table.upperTick)
    return max(
      .leastNormalMagnitude,
      [
        edge, edge.nextUp, edge.nextDown, here, here * random.uniform(0.999...1.001), mu,
        mu.nextDown, judged.made.price, end, end * 1.1, random.uniform(0...end),
      ].randomElement(using: &random)!)
  }
}
