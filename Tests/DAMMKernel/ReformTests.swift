import DAMMKernel
import DAMMModel
import Testing
import TestSupport

/// What a reform keeps, what it makes anew, and that it never offers what is not there.
@Suite struct ReformTests {
  /// Another oracle price: near, far, or one that puts an end or an edge of the curve where the pool is.
  private func reading(_ random: inout SplitMix64, _ curve: Curve) -> Double {
    let mu = curve.oraclePrice
    let table = curve.table
    let tick = Int.random(in: table.lowestTick...table.upperTick, using: &random)
    var there = [table.upperTick, table.lowestTick, tick].randomElement(using: &random)!
    if table.relativePrice(ofTick: there) <= 0 { there = table.upperTick }
    let edge = curve.price / table.relativePrice(ofTick: there)
    let choices = [
      mu * random.uniform(0.999...1.001), mu * random.uniform(0.9...1.1),
      mu * random.uniform(0.9...1.1),
      mu.nextUp, mu.nextDown, mu * 4, mu / 8, edge, edge, edge.nextUp, edge.nextDown,
    ]
    return choices.randomElement(using: &random)!
  }

  /// Whether the sums know a tick well enough to tell parts of it.
  private func isKnown(_ table: TickTable, _ tick: Int) throws -> Bool {
    let (below, above) = try (table.cumulative(below: tick), table.cumulative(from: tick))
    return table.capacityB(ofTick: tick) > 1e-12 * min(below.b, above.b)
  }

  /// Whether that holds of the tick of a position, and of the one below its edge, and a `Double` fraction
  /// of the tick tells prices in it apart.
  private func isPlain(_ table: TickTable, _ position: Position) throws -> Bool {
    let lowest = max(position.tick - (position.fraction == 0 ? 1 : 0), table.lowestTick)
    return try (lowest..<min(position.tick + 1, table.upperTick)).allSatisfy { tick in
      try isKnown(table, tick) && table.tickWidthBps / 1e4 < table.relativePrice(ofTick: tick) / 4
    }
  }

  /// Whether a curve formed here offers a reserve over a sliver of a tick, which a position hardly resolves.
  private func isSliver(_ curve: Curve) -> Bool {
    let fraction = curve.position.fraction
    return fraction > 0 && (fraction < 1e-6 || fraction > 1 - 1e-6)
  }

  private func exhaust(_ curve: Curve, _ side: Side) throws -> Double {
    curve.quote(try Order(side, .toPrice(side == .buy ? 1e300 : 1e-300))).amountOut
  }

  @Test func anUnchangedPriceChangesNothing() throws {
    let seed = RandomCurves.seed("an unchanged price changes nothing", 101)
    var curves = try HardCurves(seed: seed, careful: false)
    for _ in 0..<RandomCurves.runs(1_000) {
      let place = try curves.next()
      var curve = place.curve
      try curve.reform(
        oraclePrice: curve.oraclePrice,
        reserves: Reserves(
          a: curves.random.logUniform(1e-3...1e9), b: curves.random.logUniform(1e-3...1e9)))
      #expect(
        curve.position == place.curve.position && curve.scaleA == place.curve.scaleA
          && curve.scaleB == place.curve.scaleB && curve.offered == place.curve.offered)
      let sizes = try curves.sizes(place, .buy, .notional, limit: nil).prefix(4)
      for size in sizes {
        let order = try Order(.buy, .notional(size))
        #expect(curve.quote(order) == place.curve.quote(order), "seed \(seed): \(place.label)")
      }
    }
  }

  /// With reserves of the same root as those of the first forming, a reform is a forming.
  @Test func aReformIsAFormingAtTheSamePrice() throws {
    let seed = RandomCurves.seed("a reform is a forming", 102)
    var curves = try HardCurves(seed: seed, careful: false)
    var (inside, atEnds, ends) = (0, 0, 0)
    for _ in 0..<RandomCurves.runs(6_000) {
      let place = try curves.next()
      var curve = place.curve
      let mu = reading(&curves.random, curve)
      let shift = [1.0, 4, 0.25, 0x1p20, 0x1p-30].randomElement(using: &curves.random)!
      let reserves = try Reserves(a: place.reserves.a * shift, b: place.reserves.b / shift)
      let (before, liquidity) = (curve.price, curve.liquidity)
      try curve.reform(oraclePrice: mu, reserves: reserves)
      let range = curve.priceRange
      let price = min(max(before, range.lowerBound), range.upperBound)
      let fresh = try Curve(
        table: curve.table, oraclePrice: mu, reserves: reserves, funding: curve.funding,
        atPrice: price)
      let label = "seed \(seed): \(place.label), \(before) of \(range), to \(mu) with \(reserves)"
      guard mu != place.curve.oraclePrice else { continue }
      #expect(curve.liquidity == liquidity && fresh.liquidity == liquidity, "\(label)")
      #expect(curve.oraclePrice == mu && curve.funding == place.curve.funding)
      // but for the last bits of the place, which are all there is of a tick that the sums hardly know
      func near(_ x: Double, _ y: Double) -> Bool { abs(x - y) <= Tolerance.amount.relative * y }
      let offered = (curve.offered, fresh.offered)
      #expect(
        try !isPlain(curve.table, curve.position)
          || curve.price == fresh.price && near(offered.0.a, offered.1.a)
            && near(offered.0.b, offered.1.b) && near(curve.scaleA, fresh.scaleA)
            && near(curve.scaleB, fresh.scaleB),
        """
        \(label): \(curve.position), scales \(curve.scaleA) \(curve.scaleB), but \(fresh.position), \
        \(fresh.scaleA) \(fresh.scaleB)
        """)
      if try isPlain(curve.table, curve.position) { #expect(curve.price == price, "\(label)") }
      #expect(
        try curve.offered.a <= reserves.a && curve.offered.b <= reserves.b
          && exhaust(curve, .buy) <= reserves.b && exhaust(curve, .sell) <= reserves.a, "\(label)")
      switch curve.funding {
      case .geometricMean: #expect(curve.scaleA <= 1 && curve.scaleB <= 1, "\(label)")
      case .full:
        let least = 1 - Tolerance.amount.relative
        #expect(curve.scaleA == 0 || curve.offered.a >= reserves.a * least, "\(label)")
        #expect(curve.scaleB == 0 || curve.offered.b >= reserves.b * least, "\(label)")
      }
      if before == range.lowerBound || before == range.upperBound { ends += 1 }
      if price == before { inside += 1 } else { atEnds += 1 }
    }
    print(
      "reforms: \(inside) inside the new curve, \(ends) of them at its end, \(atEnds) clamped to it"
    )
    #expect(inside > 2_000 && ends > 200 && atEnds > 500)
  }

  /// As when a curve is formed at a price: no sliver of a tick beside the end, which would get a reserve.
  @Test func theDoubleOfAnEndIsThatEnd() throws {
    let table = try TickTable(CurveShape(relativeSigma: 0.01))
    let reserves = try Reserves(a: 1000, b: 10)
    for step in 0..<100 {
      let mu = 100 + Double(step) / 7
      let ends = try Curve(table: table, oraclePrice: mu, reserves: reserves).priceRange
      for (end, tick) in [(ends.lowerBound, -600), (ends.upperBound, 600)] {
        var curve = try Curve(
          table: table, oraclePrice: end, reserves: reserves, funding: .full, atPrice: end)
        try curve.reform(oraclePrice: mu, reserves: reserves)
        #expect(
          curve.position.tick == tick && curve.position.fraction == 0
            && (tick < 0 ? curve.scaleA : curve.scaleB) == 0,
          "\(curve.position) for \(end) at \(mu), scales \(curve.scaleA) \(curve.scaleB)")
      }
    }
  }

  /// Swaps and reforms in any order: what the pool offers is there, counted by itself.
  @Test func neverMoreThanTheReserves() throws {
    let seed = RandomCurves.seed("never more than the reserves", 103)
    var curves = try HardCurves(seed: seed, careful: false)
    var (swaps, reforms, exhausted) = (0, 0, 0)
    for _ in 0..<RandomCurves.runs(800) {
      var place = try curves.next()
      let table = place.curve.table
      guard try (table.lowestTick..<table.upperTick).allSatisfy({ try isKnown(table, $0) }) else {
        continue
      }
      var (a, b) = (place.reserves.a, place.reserves.b)
      // start as formed: a pool that was moved without a trade has no reserves to count from
      try place.curve.reform(oraclePrice: place.curve.oraclePrice * 1.25, reserves: place.reserves)
      if isSliver(place.curve) { continue }
      // what rounding may have cost since the last forming, as a part of the largest amounts
      var (mostA, mostB, steps) = (a, b, 1.0)
      for _ in 0..<40 {
        if curves.random.oneIn(4), Domain.reserve.contains(a), Domain.reserve.contains(b) {
          let mu = reading(&curves.random, place.curve)
          guard Domain.price.contains(mu), mu > 1e-9, mu < 1e9, mu != place.curve.oraclePrice else {
            continue
          }
          let liquidity = place.curve.liquidity
          let reserves = try Reserves(a: a, b: b)
          try place.curve.reform(oraclePrice: mu, reserves: reserves)
          #expect(place.curve.liquidity == liquidity)
          let offered = place.curve.offered
          #expect(
            try offered.a <= a && offered.b <= b && exhaust(place.curve, .buy) <= b
              && exhaust(place.curve, .sell) <= a,
            "seed \(seed): \(place.label): \(a) \(b) at \(mu)")
          (mostA, mostB, steps) = (a, b, 1)
          reforms += 1
          if isSliver(place.curve) { break }
        }
        let side = Side.allCases.randomElement(using: &curves.random)!
        let fixed = Order.Fixed.allCases.randomElement(using: &curves.random)!
        let limit = curves.limit(place)
        let sizes = try curves.sizes(place, side, fixed, limit: limit)
        let quote = place.curve.swap(
          try HardCurves.order(side, fixed, sizes[0], limit: limit))
        a += side == .buy ? quote.amountIn : -quote.amountOut
        b += side == .buy ? -quote.amountOut : quote.amountIn
        (mostA, mostB, steps) = (max(mostA, a), max(mostB, b), steps + 1)
        let offered = place.curve.offered
        let slack = Tolerance.amount.relative * steps
        // the position knows 1e-32 of the sums
        let root = place.curve.oraclePrice.squareRoot()
        let unit = place.curve.liquidity * max(place.curve.scaleA, place.curve.scaleB) * 0x1p-100
        let fine =
          offered.a <= a + slack * mostA + steps * unit * root
          && offered.b <= b + slack * mostB + steps * unit / root
        #expect(
          fine, "seed \(seed): \(place.label): \(offered) of \(a) \(b) after \(quote)")
        guard fine else { return }
        if quote.stop == .exhausted { exhausted += 1 }
        swaps += 1
      }
    }
    print("swaps and reforms: \(swaps) swaps, \(reforms) reforms, \(exhausted) exhausted")
    #expect(swaps > 5_000 && reforms > 1_000 && exhausted > 300)
  }

  @Test func refusedReformsChangeNothing() throws {
    let table = try TickTable(CurveShape(relativeSigma: 0.01))
    var curve = try Curve(table: table, oraclePrice: 100, reserves: Reserves(a: 1000, b: 10))
    curve.swap(try Order(.buy, .amount(0.25)))
    let before = curve
    for bad in [Double.nan, .infinity, -.infinity, 0, -100, 1e-31, 1e31] {
      do {
        try curve.reform(oraclePrice: bad, reserves: Reserves(a: 1, b: 1))
        Issue.record("\(bad) is no price")
      } catch .outOfRange("price", let value, Domain.price) {
        #expect(value == bad || (value.isNaN && bad.isNaN))
      } catch { Issue.record("\(error)") }
      #expect(curve.position == before.position && curve.oraclePrice == 100)
      #expect(curve.scaleA == before.scaleA && curve.offered == before.offered)
    }
  }
}
