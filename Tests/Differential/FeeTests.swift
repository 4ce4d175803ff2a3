import DAMMKernel
import DAMMModel
import DAMMReference
import Testing
import TestSupport

/// Fees, fast against slow.
@Suite struct FeeTests {
  /// Rates, and sums of fees from either end, against 20 digits.
  @Test func tables() throws {
    let seed = RandomCurves.seed("fee tables, fast against slow", 511)
    var random = SplitMix64(seed: seed)
    var (compared, worst, worstRate) = (0, 0.0, 0.0)
    while compared < RandomCurves.runs(25) {
      let shape = try RandomCurves.shape(&random)
      let schedule = try RandomCurves.fees(&random)
      guard shape.halfWidth <= 12, let bare = try? TickTable(shape), bare.count < 3_000 else {
        continue
      }
      let fast = try TickTable(shape, fees: schedule)
      let slow = try ReferenceTable<Wide>(taylor: shape)
      let fees = ReferenceFees<Wide>(
        schedule, relativeSigma: shape.relativeSigma, tickWidthBps: shape.tickWidthBps)
      #expect(slow.lowestTick == fast.lowestTick && slow.upperTick == fast.upperTick)
      compared += 1
      for side in Side.allCases {
        var (sum, terms) = (Wide(0), Wide(0))
        for tick in slow.lowestTick..<slow.upperTick {
          let i = tick - slow.lowestTick
          let a = slow.masses[i] * slow.relativePrices[i].squareRoot
          let rate = fees.rate(side, tick)
          let allowed = max(fees.terms(tick).double, rate.double)
          if allowed > 0 {
            let error = abs((Wide(fast.feeRate(side, ofTick: tick)) - rate).double) / allowed
            worstRate = max(worstRate, error)
          }
          sum = sum + a * rate
          terms = terms + a * (fees.terms(tick) < rate ? rate : fees.terms(tick))
          // from the nearer end, where differences would show
          guard tick < 0, terms.double > 0 else { continue }
          let error =
            abs((Wide(try fast.cumulativeFee(side, below: tick + 1)) - sum).double) / terms.double
          worst = max(worst, error)
          #expect(
            error <= Tolerance.fee.relative, "\(side) below \(tick + 1) of \(shape), \(schedule)")
        }
      }
    }
    print("fee tables: worst sum \(worst), worst rate \(worstRate)")
    #expect(worst > 0 && worstRate > 0 && worstRate <= 0x1p-51)
  }
}
