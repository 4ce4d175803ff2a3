import DAMMKernel
import DAMMModel
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Densities that a caller passes.
@Suite struct DensityTests {
  @Test func aPassedNormalIsTheNormal() throws {
    for (s, bps) in [(0.01, 1.0), (0.05, 40), (0.3, 900)] {
      let named = try TickTable(CurveShape(relativeSigma: s, tickWidthBps: bps))
      let passed = try TickTable(relativeSigma: s, tickWidthBps: bps) { exp(-$0 * $0 / 2) }
      #expect(passed.lowestTick == named.lowestTick && passed.upperTick == named.upperTick)
      for tick in named.lowestTick..<named.upperTick {
        let error = abs(passed.mass(ofTick: tick) / named.mass(ofTick: tick) - 1)
        #expect(error <= Tolerance.massGSL.relative, "tick \(tick)")
      }
    }
  }

  @Test func emptyEndsAreLeftOutAndGapsAreCrossed() throws {
    // two humps with nothing between them, and nothing at the ends
    let table = try TickTable(relativeSigma: 0.01) { z in
      (abs(z) > 1 && abs(z) < 2) ? 1 : 0
    }
    #expect(table.lowestTick == -200 && table.upperTick == 200)
    var curve = try Curve(
      table: table, oraclePrice: 100, reserves: Reserves(a: 1000, b: 10),
      position: Position(tick: -150))
    // up to the gap, across it, and on
    let toGap = curve.swap(try Order(.buy, .toPrice(100)))
    #expect(toGap.stop == .complete && toGap.priceAfter == 100 && toGap.ticksCrossed == 50)
    let nothing = curve.swap(try Order(.buy, .toPrice(100.5)))
    #expect(nothing.amountIn == 0 && nothing.stop == .complete && nothing.priceAfter == 100.5)
    let dust = curve.swap(try Order(.buy, .amount(1e-6)))
    #expect(dust.averagePrice == 101 && dust.positionAfter.tick == 100 && dust.ticksCrossed == 1)
    let whole = curve.swap(try Order(.buy, .amount(1000)))
    #expect(whole.stop == .exhausted && whole.positionAfter.tick == 200)
    let back = curve.swap(try Order(.sell, .toPrice(98.5)))
    #expect(back.ticksCrossed == 150 && back.stop == .complete)
  }

  /// What the sums do not know is crossed as if it were nothing, and never past a limit.
  @Test func almostNothingIsNothing() throws {
    let table = try TickTable(relativeSigma: 0.01) { abs($0) > 1 ? 1 : 1e-34 }
    let curve = try Curve(
      table: table, oraclePrice: 100, reserves: Reserves(a: 1000, b: 10),
      position: Position(tick: -300))
    for (limit, reached) in [(100.005, 100.0), (99.505, 99.5)] {
      let quote = curve.quote(try Order(.buy, .toPrice(limit)))
      #expect(quote.priceAfter == reached && quote.stop == .complete)
      #expect(curve.quote(try Order(.buy, .amount(1000), limit: limit)).priceAfter == reached)
    }
    // 200 ticks of the lower hump and none of the gap
    #expect(curve.quote(try Order(.buy, .toPrice(100.005))).ticksCrossed == 200)
  }

  /// A position in a tick without liquidity is its lower edge, and so is its price.
  @Test func positionsInGaps() throws {
    let table = try TickTable(relativeSigma: 0.01) { abs($0) > 1 ? 1 : 0 }
    var curve = try Curve(table: table, oraclePrice: 100, reserves: Reserves(a: 1000, b: 10))
    try curve.move(to: Position(tick: 7, fraction: 0.5))
    #expect(try curve.position == Position(tick: 7) && curve.price == 100.07)
    #expect(curve.quote(try Order(.buy, .toPrice(100.07))).priceAfter == curve.price)
  }

  /// A swap to a price ends there also in a tick that is thin beside the sums around it.
  @Test func pricesInThinTicks() throws {
    for thin in [1e-6, 1e-8, 1e-10, 1e-12] {
      let table = try TickTable(relativeSigma: 0.01) { abs($0) > 1 ? 1 : thin }
      let curve = try Curve(
        table: table, oraclePrice: 100, reserves: Reserves(a: 1000, b: 10),
        position: Position(tick: -300))
      for step in 0..<1_000 {
        let price = 99.013 + Double(step) * 0.001937
        let quote = curve.quote(try Order(.buy, .toPrice(price)))
        #expect(quote.priceAfter == price, "\(thin)")
      }
    }
  }

  /// At the edge of a tick beside far thinner ones the sums of A and of B differ in which is nearer: dust
  /// must not end behind its start, nor get something for nothing.
  @Test func dustBesideThinTicksGoesForward() throws {
    for thin in [1e-8, 1e-16, 1e-24, 1e-32, 1e-60] {
      let table = try TickTable(relativeSigma: 0.01) { $0 > 5.9 ? thin : 1 }
      for tick in [585, 588, 589, 590, 591, 595] {
        let curve = try Curve(
          table: table, oraclePrice: 100, reserves: Reserves(a: 1000, b: 10), funding: .full,
          position: Position(tick: tick))
        for exponent in stride(from: -60.0, through: 0, by: 0.37) {
          let value = exp2(exponent * 3.3)
          for side in Side.allCases {
            for size in [Order.Size.amount(value), .notional(value)] {
              let quote = curve.quote(try Order(side, size))
              let forward =
                side == .buy ? quote.priceAfter >= curve.price : quote.priceAfter <= curve.price
              #expect(forward, "\(side) \(size) at \(tick), \(thin): \(quote)")
              let nothing = quote.amountIn == 0 && quote.amountOut > 0
              #expect(!nothing, "\(side) \(size) at \(tick), \(thin): \(quote)")
            }
          }
        }
      }
    }
  }

  /// Masses at the end of what a Double holds: finite amounts, and nothing for nothing.
  @Test func densitiesThatVanish() throws {
    for width in [20.0, 26, 27, 27.2, 32] {
      let table = try TickTable(relativeSigma: 0.01, halfWidth: width) { exp(-$0 * $0) }
      for (a, b) in [(1000.0, 10.0), (1e-30, 1e-30), (1e30, 1e-30)] {
        for tick in [table.lowestTick, -1, 0, table.upperTick - 2, table.upperTick] {
          let curve = try Curve(
            table: table, oraclePrice: 1, reserves: Reserves(a: a, b: b), funding: .full,
            position: Position(tick: tick))
          for side in Side.allCases {
            for size in [Order.Size.amount(5), .notional(5), .amount(1e-40), .notional(1e-40)] {
              let quote = curve.quote(try Order(side, size))
              #expect(quote.amountIn.isFinite && quote.amountOut.isFinite && quote.priceAfter > 0)
              #expect(quote.amountIn > 0 || quote.amountOut == 0, "\(side) \(size): \(quote)")
            }
          }
        }
      }
    }
  }

  @Test func onlyRatiosOfADensityMatter() throws {
    let plain = try TickTable(relativeSigma: 0.01) { exp(-$0 * $0 / 2) }
    for scale in [0x1p1000, 0x1p-900] {
      let scaled = try TickTable(relativeSigma: 0.01) { exp(-$0 * $0 / 2) * scale }
      for tick in [-600, -1, 0, 333] {
        #expect(scaled.mass(ofTick: tick) == plain.mass(ofTick: tick))
      }
    }
    #expect(throws: DAMMError.self) {
      // finite everywhere, but not its integral over a tick
      try TickTable(relativeSigma: 0.01, tickWidthBps: 400) { _ in .greatestFiniteMagnitude }
    }
  }

  @Test func refusals() {
    #expect(throws: DAMMError.emptyDensity) { try TickTable(relativeSigma: 0.01) { _ in 0 } }
    for bad in [-1.0, .nan, .infinity] {
      var named = false
      do {
        _ = try TickTable(relativeSigma: 0.01) { $0 > 1 ? bad : 1 }
      } catch .invalidDensity(let z, let value) {
        named = z > 1 && (value == bad || (value.isNaN && bad.isNaN))
      } catch {}
      #expect(named, "\(bad)")
    }
    #expect(throws: DAMMError.self) { try TickTable(relativeSigma: .nan) { _ in 1 } }
  }
}
