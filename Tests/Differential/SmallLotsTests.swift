import DAMMKernel
import DAMMModel
import DAMMReference
import Testing
import TestSupport

/// Trading in whole lots where all there is can be tried, and where a hair decides.
@Suite struct SmallLotsTests {
  /// Every order of every size from everywhere on small curves, with and without fees, and every limit at an
  /// edge of a tick and an ulp beside it.
  @Test func everyOrder() throws {
    var curves = RandomLots(
      seed: RandomCurves.seed("every order in lots", 74), largest: 40, fees: true)
    var (curvesTried, orders, charged) = (0, 0, 0)
    while curvesTried < RandomCurves.runs(40) {
      var judged = JudgedLots(curves.curve(bits: 0...5))
      if curves.random.oneIn(3) {
        // counted from elsewhere
        let n = Int.random(in: judged.fast.range, using: &curves.random)
        guard n != 0 else { continue }
        judged.apply(judged.fast.fill(n > 0 ? .buy : .sell, .amount(abs(n)), stop: nil, surge: 0))
        judged.scale(by: 1, over: 1)
      }
      let range = judged.fast.range
      let most =
        judged.slow.held(after: range.upperBound) - judged.slow.held(after: range.lowerBound)
      guard range.count > 1, range.count <= 30, most <= 60 else { continue }
      curvesTried += 1
      judged.compareRange()
      let surge = curves.random.oneIn(2) ? 0 : curves.random.logUniform(1e-6...0.3)
      let (table, mu) = (judged.made.table, judged.made.oraclePrice)
      let edges = (table.lowestTick...table.upperTick).map { mu * table.relativePrice(ofTick: $0) }
      for n0 in range {
        var here = judged
        if n0 != 0 {
          here.apply(here.fast.fill(n0 > 0 ? .buy : .sell, .amount(abs(n0)), stop: nil, surge: 0))
        }
        #expect(here.fast.sold == here.slow.last(with: n0))
        #expect(here.fast.held == here.slow.held(after: n0))
        guard here.fast.sold == n0 else { continue }
        for side in Side.allCases {
          for value in 1...range.count {
            charged += here.compare(side, .amount(value), surge: surge).0.fee
          }
          for value in 1...(most + 3) {
            charged += here.compare(side, .notional(value), surge: surge).0.fee
          }
          for limit in edges.flatMap({ [$0, $0.nextUp, $0.nextDown] }) where limit > 0 {
            _ = here.compare(side, .nothing, limit: limit, surge: surge)
          }
          orders += range.count + most + 3 + 3 * edges.count
        }
      }
    }
    print("every order: \(orders) on \(curvesTried) curves, \(charged) lots of fees")
    #expect(orders > 30_000 && charged > 10_000)
  }

  /// Where `F(n)` passes a whole lot by 2^-40 to the last bits: `n` times a price a hair above one lot of A, on
  /// a curve of two wide ticks. Only within the kernel's last bits may it see that otherwise.
  @Test func dust() throws {
    var random = SplitMix64(seed: RandomCurves.seed("dust of lots", 77))
    let shape = try CurveShape(.uniform, relativeSigma: 0.04, tickWidthBps: 2500)
    let table = try TickTable(shape)
    let lots = 1 << 47
    var (tried, counted, different, worst) = (0, 0, 0, 0.0)
    while tried < RandomCurves.runs(400) {
      // n j = 2^12 + r modulo 2^52, for a price 1 + j 2^-52: F(n) is 2^-40 + r 2^-52 beyond a whole lot
      let j = random.next() >> 12 | 1
      var inverse = j
      for _ in 0..<6 { inverse = inverse &* (2 &- j &* inverse) }
      let price = 1 + Double(j) * 0x1p-52
      guard
        let made = LotCase(
          table, shape, oraclePrice: price, at: price, LotPair(a: lots, b: lots), .geometricMean)
      else { continue }
      var judged = JudgedLots(made)
      if random.oneIn(2) {
        // from inside a tick
        let m = Int.random(in: 1...judged.fast.range.upperBound / 2, using: &random)
        judged.apply(judged.fast.fill(.buy, .amount(m), stop: nil, surge: 0))
        judged.scale(by: 1, over: 1)
      }
      for r in -64...64 {
        let n = Int((UInt64(4096 + r) &* inverse) & (1 << 52 - 1))
        guard n <= judged.fast.range.upperBound else { continue }
        tried += 1
        let off = judged.slow.rounded(after: n)
        let (fast, slow) = (judged.fast.heldAfter(n), judged.slow.held(after: n))
        counted += off > 0 ? 1 : 0
        #expect(off > 0 ? off <= ReferenceLots.dust : off < -0.9, "\(r) \(off) \(n)")
        if fast != slow {
          different += 1
          worst = max(worst, Double(abs(r)) * 0x1p-52)
        }
      }
    }
    print("dust: \(different) of \(tried) seen otherwise, F at most \(worst) lots off")
    #expect(worst <= 0x1p-50 && counted > tried / 4 && counted < tried)
  }

  /// The whole slow path, masses included, knows nothing of the kernel but scales.
  @Test func fromMassesOfItsOwn() throws {
    var curves = RandomLots(
      seed: RandomCurves.seed("lots from masses of its own", 78), largest: 1_000)
    var (compared, worst) = (0, 0.0)
    for _ in 0..<RandomCurves.runs(60) {
      let made = curves.curve(bits: 0...40)
      let judged = JudgedLots(made)
      let real = made.curve.current
      let own = ReferenceLots(
        .init(try ReferenceTable<Wide>(taylor: made.shape), widthBps: made.shape.tickWidthBps),
        oraclePrice: made.oraclePrice, liquidity: judged.slow.liquidity,
        scales: (real.scaleA, real.scaleB), atPrice: made.price)
      let range = made.curve.range
      let ends = [range.lowerBound, range.upperBound].map { abs(own.held(after: $0)) }
      // what the masses, their sums and the prices of ticks may be off
      let slack = Tolerance.amount.relative * Double(ends.max()!)
      for _ in 0..<40 {
        let n = Int.random(in: range, using: &curves.random)
        let (held, rounded) = (made.curve.heldAfter(n), own.rounded(after: n))
        let above = Double(held - own.held(after: n)) - rounded
        #expect(above >= -slack - 0x1p-39 && above <= 1 + slack, "\(above) at \(n) \(judged.about)")
        worst = max(worst, max(-above, above - 1) / max(1, Double(ends.max()!)))
        compared += 1
      }
    }
    print("from masses of its own: \(compared) compared, at most \(worst) of a side off")
    #expect(compared > 1_500)
  }
}
