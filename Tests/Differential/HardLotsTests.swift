import DAMMKernel
import DAMMModel
import DAMMReference
import Testing
import TestSupport

/// Trading in whole lots at its limits: orders that end with the curve, sides that are slivers, lots of B that are
/// worth less than dust.
@Suite struct HardLotsTests {
  /// An order whose A pays for all there is to the last lot is complete; one that pays for a lot of A more is not.
  @Test func aFillMayEndWithTheCurve() throws {
    var curves = RandomLots(
      seed: RandomCurves.seed("fills that end with the curve", 75), largest: 200, fees: true)
    var tried = 0
    for _ in 0..<RandomCurves.runs(300) {
      let judged = JudgedLots(curves.curve(bits: 0...40))
      for surge in [0, 0.001] {
        let all = judged.slow.trade(from: 0, to: judged.slow.range.upperBound, surge: surge)
        let cost = all.moved + all.fee
        guard !judged.isVast, all.amount > 0, Domain.orderLots.contains(cost + 1) else {
          continue
        }
        let exact = judged.fast.fill(.buy, .notional(cost), stop: nil, surge: surge)
        #expect(exact.amount == all.amount && exact.filled, "\(cost) \(surge) \(judged.about)")
        guard Domain.orderLots.contains(2 * cost + 2) else { continue }
        let more = judged.fast.fill(.buy, .notional(2 * cost + 2), stop: nil, surge: surge)
        #expect(more.amount == all.amount && !more.filled, "\(cost) \(surge) \(judged.about)")
        tried += 1
      }
    }
    #expect(tried > 200)
  }

  /// A side that is a sliver of a tick and is scaled to all of a reserve knows its lots all the same.
  @Test func slivers() throws {
    var random = SplitMix64(seed: RandomCurves.seed("slivers", 76))
    var tried = 0
    for _ in 0..<RandomCurves.runs(800) {
      let bps = random.logUniform(1...3000)
      let shape = try CurveShape(
        Shape.allCases.randomElement(using: &random)!,
        relativeSigma: bps / 1e4 * random.uniform(0.3...10) / 6, tickWidthBps: bps)
      guard let table = try? TickTable(shape) else { continue }
      let mu = random.logUniform(1e-6...1e9)
      let upper = random.oneIn(2)
      let end = mu * table.relativePrice(ofTick: upper ? table.upperTick : table.lowestTick)
      // from an ulp to some thousandths of a price, so that some offer nothing and others all
      let ulps = Double(
        Int.random(in: 1...(1 << Int.random(in: 0...42, using: &random)), using: &random))
      let at = upper ? end - ulps * end.ulp : end + ulps * end.ulp
      let size = Int.random(in: 1...(1 << 40), using: &random)
      guard
        let made = LotCase(table, shape, oraclePrice: mu, at: at, LotPair(a: size, b: size), .full)
      else { continue }
      let judged = JudgedLots(made)
      let real = judged.fast.current
      guard max(real.scaleA, real.scaleB) > 0x1p20 else { continue }
      tried += 1
      for n in [1, 2, 1_000, -1, -2, -1_000] where judged.fast.range.contains(n) {
        judged.compareHeld(n)
      }
    }
    print("slivers: \(tried)")
    #expect(tried > 50)
  }

  /// Where a lot of B is worth less than 2^-20 lots of A, what `Q` counts as dust is more than a hair of a lot of B:
  /// an order that fixes A gets the most lots, or gives the fewest, all the same.
  @Test func lotsOfLittleWorth() throws {
    var random = SplitMix64(seed: RandomCurves.seed("lots of little worth", 79))
    var tried = 0
    for _ in 0..<RandomCurves.runs(300) {
      let shape = try CurveShape(relativeSigma: 0.1, tickWidthBps: random.logUniform(100...2500))
      let mu = random.logUniform(0x1p-38...0x1p-20)
      let size = Int.random(in: 1_000...(1 << 30), using: &random)
      guard
        let made = LotCase(
          try TickTable(shape), shape, oraclePrice: mu, at: mu * random.uniform(0.9...1.1),
          LotPair(a: size, b: 1 << 47), .geometricMean)
      else { continue }
      let judged = JudgedLots(made)
      for _ in 0..<60 {
        let side = Side.allCases.randomElement(using: &random)!
        let offered = judged.fast.offered.a
        guard offered > 0 else { continue }
        let value = Int.random(in: 1...offered, using: &random)
        let fill = judged.fast.fill(side, .notional(value), stop: nil, surge: 0)
        let trade = judged.slow.swap(side, .notional(value), limit: nil, surge: 0, from: 0)
        #expect(fill.amount == trade.amount, "\(side) \(value), \(judged.about)")
        tried += 1
      }
    }
    #expect(tried > 10_000)
  }
}
