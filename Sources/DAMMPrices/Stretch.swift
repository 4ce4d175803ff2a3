import DAMMModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// What a trade does to the reserves while `ln r` moves by some `v`, without a break between; all numbers
/// are not negative.
///
/// From `dNA = -p dNB` and `r = NA/NB` follow `d ln NB = -d ln r  r/(p + r)` and `d ln NA = d ln r  p/(p + r)`: two
/// parts of the move that add up to it, each between 0 and `v`. A purchase goes up, a sale down.
struct Stretch {
  /// By how much `ln NA` moves.
  var logA: Double
  /// By how much `ln NB` moves, the other way: the change of the invariant's `C`.
  var logB: Double
  /// A that the trader pays or gets over the reserve of A at the start.
  var traded: Double
  /// Some of that is not what the reserves get or give.
  var hasToll: Bool
  /// How far any of these may be off, relative.
  var error: Double
}

/// Stretches of price functions: in closed form where it is known, else integrated.
struct Stretches<Prices: PriceFunctions> {
  let prices: Prices
  let side: Side
  let time: UTCTime

  /// +1 for a purchase, -1 for a sale.
  var sign: Double { side == .buy ? 1 : -1 }

  func marginal(_ ratio: Double) throws(DAMMError) -> Marginal {
    try Marginal(prices, side, ratio, time)
  }

  /// The ratio `v` away in the direction of the trade.
  func ratio(_ ratio: Double, movedBy v: Double) -> Double { ratio * exp(sign * v) }

  /// How far a ratio is away from another, as `v`; accurate also where they are close.
  func distance(from: Double, to: Double) -> Double {
    let part = (to - from) / from
    return abs(abs(part) < 0.5 ? log1p(part) : log(to / from))
  }

  /// What moving by `v` from a ratio does.
  func stretch(from ratio: Double, by v: Double) throws(DAMMError) -> Stretch {
    switch prices.closedForm(side, at: ratio, time: time) {
    case .affine(let constant, let slope, let toll)?:
      return try affine(constant, slope, toll, ratio, v)
    case .invariant(let change)?:
      let logB = abs(change(ratio, sign * v))
      guard logB <= v else { throw .invalidPrice(side, ratio: ratio, value: .nan) }
      guard logB <= 0.75 * v else { return try integrated(from: ratio, by: v) }
      return Stretch(logA: v - logB, logB: logB, traded: grown(v - logB), hasToll: false, error: 0)
    case nil: return try integrated(from: ratio, by: v)
    }
  }

  /// How far a reserve of A moves, over itself, when its logarithm moves by this.
  private func grown(_ logA: Double) -> Double { sign * expm1(sign * logA) }

  /// With `p = constant + slope r`: `ln NB` falls by `ln(rest + share exp(u)) / (1 + slope)`, where
  /// `share` and `rest` are the parts of `constant + (1 + slope) r` at the start.
  private func affine(
    _ constant: Double, _ slope: Double, _ toll: Double, _ ratio: Double, _ v: Double
  ) throws(DAMMError) -> Stretch {
    let start = constant + slope * ratio
    guard constant >= 0, slope >= 0, Domain.marginalPrice.contains(start),
      side == .buy ? toll >= 1 && toll.isFinite : toll <= 1 && toll > 0
    else { throw .invalidPrice(side, ratio: ratio, value: start * toll) }
    let (u, power) = (sign * v, 1 + slope)
    var (logA, logB) = (v * slope / power, v / power)
    if constant > 0 {
      let whole = constant + power * ratio
      let (share, rest) = (power * ratio / whole, constant / whole)
      logB = abs(Self.logarithm(rest, share, u)) / power
      logA += abs(Self.logarithm(share, rest, -u)) / power
    }
    return Stretch(
      logA: logA, logB: logB, traded: toll * grown(logA), hasToll: toll != 1, error: 0)
  }

  /// `ln(rest + share exp(u))` for parts of 1, accurate also where the result is small.
  private static func logarithm(_ rest: Double, _ share: Double, _ u: Double) -> Double {
    let change = share * expm1(u)
    return change > -0.5 ? log1p(change) : log(rest + share * exp(u))
  }

  // MARK: Integrals

  private func integrated(from ratio: Double, by v: Double) throws(DAMMError) -> Stretch {
    let bound = Tolerance.priceIntegral.relative
    let start = try marginal(ratio)
    var hasToll = start.toll != 1
    // the smaller part is integrated, and the other one is what it leaves
    let smallerIsB = start.shareB <= start.shareA
    let smaller = try integral(from: ratio, by: v) { _, marginal in
      hasToll = hasToll || marginal.toll != 1
      return smallerIsB ? marginal.shareB : marginal.shareA
    }
    var other = v - smaller.value
    if smaller.value > 0.75 * v {
      other = try integral(from: ratio, by: v) { _, marginal in
        smallerIsB ? marginal.shareA : marginal.shareB
      }.value
    }
    let (logA, logB) = smallerIsB ? (other, smaller.value) : (smaller.value, other)
    var traded = grown(logA)
    var error = max(bound / 8, smaller.value > 0 ? smaller.error / smaller.value : 0)
    if hasToll {
      let tolled = try integral(from: ratio, by: v) { x, marginal throws(DAMMError) in
        // what the reserve of A has become on the way
        let inner = try integral(from: ratio, by: x) { $1.shareA }.value
        return exp(sign * inner) * marginal.shareA * marginal.toll
      }
      traded = tolled.value
      error += traded > 0 ? tolled.error / traded : 0
    }
    return Stretch(
      logA: logA, logB: logB, traded: traded, hasToll: hasToll, error: error)
  }

  /// The integral of something positive over the move.
  ///
  /// - Throws: `DAMMError.notIntegrable`, and what the prices throw.
  private func integral(
    from ratio: Double, by v: Double,
    _ f: (Double, Marginal) throws(DAMMError) -> Double
  ) throws(DAMMError) -> Estimate {
    guard v > 0 else { return Estimate(value: 0, error: 0) }
    var refused: DAMMError?
    let bound = Tolerance.priceIntegral.relative
    let estimate = Quadrature.integral(to: v, relative: bound) { x in
      do throws(DAMMError) {
        return try f(x, marginal(self.ratio(ratio, movedBy: x)))
      } catch {
        refused = error
        return nil
      }
    }
    if let refused { throw refused }
    guard let estimate, estimate.error <= bound * estimate.value || estimate.value == 0 else {
      let error = estimate.map { $0.error / $0.value } ?? .infinity
      throw .notIntegrable(
        side, from: ratio, to: self.ratio(ratio, movedBy: v), error: error, allowed: bound)
    }
    return estimate
  }
}
