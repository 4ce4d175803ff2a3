import DAMMModel

/// A tick table by the slow path: which ticks there are, their prices and masses, one by one.
public struct ReferenceTable<Number: ReferenceNumber>: Sendable {
  /// Index of the lowest tick.
  public let lowestTick: Int
  /// `u_i = 1 + i w` of each tick, from the lowest upwards.
  public let relativePrices: [Number]
  /// Mass of each tick; they sum to 1.
  public let masses: [Number]

  /// One past the index of the highest tick.
  public var upperTick: Int { lowestTick + masses.count }

  private init(_ geometry: ReferenceGeometry, raw: [Number]) {
    lowestTick = geometry.lowest
    relativePrices = (geometry.lowest..<geometry.upper).map { Number(wide: geometry.price($0)) }
    let sum = raw.reduce(Number(0), +)
    masses = raw.map { $0 / sum }
  }

  /// Masses by GSL's adaptive quadrature of the density over each tick.
  /// Error: `Tolerance.referenceQuadrature`.
  ///
  /// - Throws: `DAMMError.tooManyTicks`, `.noTicks`, `.gsl` if the quadrature does not converge.
  public init(quadrature curve: CurveShape) throws(DAMMError) {
    let geometry = try ReferenceGeometry(curve)
    self.init(geometry, raw: try AdaptiveQuadrature.masses(geometry).map { Number($0) })
  }

  /// Masses to 20 digits, by the Taylor series of the density at an edge of each tick.
  /// Error: `Tolerance.referenceWide`, and the rounding of `Number`.
  ///
  /// - Throws: `DAMMError.tooManyTicks`, `.noTicks`.
  public init(taylor curve: CurveShape) throws(DAMMError) {
    let geometry = try ReferenceGeometry(curve)
    let masses = (geometry.lowest..<geometry.upper).map { tick in
      let (from, to) = (geometry.edge(tick), geometry.edge(tick + 1))
      return curve.shape == .uniform ? to - from : Wide.normalMass(from, to)
    }
    self.init(geometry, raw: masses.map { Number(wide: $0) })
  }

  /// How many ticks a curve has, without its masses.
  ///
  /// - Throws: `DAMMError.tooManyTicks`, `.noTicks`.
  public static func extent(of curve: CurveShape) throws(DAMMError) -> Int {
    let geometry = try ReferenceGeometry(curve)
    return geometry.upper - geometry.lowest
  }
}

extension Wide {
  /// `exp(-z^2/2)` integrated from `from` to `to`.
  ///
  /// With `exp(-(a+t)^2/2) = exp(-a^2/2) sum c_n t^n` the coefficients follow from the differential
  /// equation: `c_0 = 1`, `c_1 = -a`, `c_{n+1} = -(a c_n + c_{n-1}) / (n+1)`. Parts are narrow enough
  /// for the sum to lose no more than a digit.
  static func normalMass(_ from: Wide, _ to: Wide) -> Wide {
    let width = to - from
    let reach = max(abs(from.high), abs(to.high)) + 1
    let parts = (reach * width.high / 0.5).rounded(.up)
    let step = width / Wide(max(1, parts))
    var total = Wide(0)
    for part in 0..<Int(max(1, parts)) {
      let edge = from + step * Double(part)
      var (before, current, power) = (Wide(0), Wide(1), step)
      var sum = step
      for n in 1..<60 {
        let next = (edge * current + before) * -1 / Wide(Double(n))
        (before, current) = (current, next)
        power = power * step
        sum = sum + next * power / Wide(Double(n + 1))
        // every other coefficient is zero at z = 0: look at two
        let size = max(abs(next.high), abs(before.high * step.high)) * abs(power.high)
        if size < 1e-34 * sum.high { break }
      }
      total = total + (edge * edge * -0.5).exponential * sum
    }
    return total
  }
}
