import CGSL
import DAMMModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// Raw masses through GSL: `erf` and `erfc` where a tick is wide enough, fixed Gauss-Legendre
/// integration of the density elsewhere and for any density of the caller.
///
/// The formula is chosen by region of the tick `[z0, z1]`, with `a` the edge nearer to zero:
///
/// | region | formula | error |
/// |---|---|---|
/// | spanning, `z0 <= 0 <= z1` | `erf(z1/sqrt 2) + erf(-z0/sqrt 2)` over 2 | 5 ulp of `gsl_sf_erf` |
/// | wide, `(z1 - z0)(1 + abs a) >= 1` | difference of `erfc` over 2; loses at most a factor 2 | 30 to 500 ulp of `gsl_sf_erfc` |
/// | narrow | `phi(M)` times the integral of `exp(-M t - t^2/2)` over the tick, 10 nodes | 5 ulp |
struct GSLMasses: ~Copyable {
  private static let nodes = 10
  private let rule: UnsafeMutablePointer<gsl_integration_glfixed_table>

  /// - Throws: `DAMMError.gsl` if GSL has no memory for its nodes.
  init() throws(DAMMError) {
    // The only call here that can fail: `erf`, `erfc` and a fixed rule report nothing.
    let rule = GSLHandler.turn.withLock { _ in
      let before = gsl_set_error_handler_off()
      defer { gsl_set_error_handler(before) }
      // as a number, which may leave the lock
      return UInt(bitPattern: gsl_integration_glfixed_table_alloc(Self.nodes))
    }
    guard let rule = UnsafeMutablePointer<gsl_integration_glfixed_table>(bitPattern: rule) else {
      throw .gsl(code: Int(GSL_ENOMEM), message: "no memory for a Gauss-Legendre rule")
    }
    self.rule = rule
  }

  deinit { gsl_integration_glfixed_table_free(rule) }

  /// Masses of the normal density.
  func normal(_ edges: TickEdges) -> [Double] {
    (0..<edges.count).map { t in
      let z0 = DoubleDouble(hi: edges.zHigh[t], lo: edges.zLow[t])
      let z1 = DoubleDouble(hi: edges.zHigh[t + 1], lo: edges.zLow[t + 1])
      return normalMass(z0, z1)
    }
  }

  private func normalMass(_ z0: DoubleDouble, _ z1: DoubleDouble) -> Double {
    let root = (2.0).squareRoot()
    let width = (z1 - z0).hi
    if z0.hi <= 0, z1.hi >= 0 {
      return (gsl_sf_erf(z1.hi / root) + gsl_sf_erf(-z0.hi / root)) / 2
    }
    let near = min(abs(z0.hi), abs(z1.hi))
    if width * (1 + near) >= 1 {
      return (gsl_sf_erfc(near / root) - gsl_sf_erfc((near + width) / root)) / 2
    }
    let middle = (z0 + z1) * 0.5
    let square = middle * middle
    let density = exp(-square.hi / 2) * (1 - square.lo / 2) / (2 * Double.pi).squareRoot()
    return density * integral(-width / 2, width / 2) { t in exp(-t * (middle.hi + t / 2)) }
  }

  /// Masses of any density, each tick cut into parts of at most a quarter standard deviation.
  ///
  /// - Throws: `DAMMError.invalidDensity` for a value that is negative or not finite.
  func density(
    _ edges: TickEdges, _ density: (Double) -> Double
  ) throws(DAMMError) -> [Double] {
    var refused: DAMMError?
    var masses: [Double] = []
    masses.reserveCapacity(edges.count)
    for t in 0..<edges.count {
      let (z0, z1) = (edges.zHigh[t], edges.zHigh[t + 1])
      let parts = max(1, ((z1 - z0) * 4).rounded(.up))
      var mass = 0.0
      for part in 0..<Int(parts) {
        let from = z0 + (z1 - z0) * (Double(part) / parts)
        let to = z0 + (z1 - z0) * (Double(part + 1) / parts)
        mass += integral(from, to) { z in
          let value = density(z)
          if !(value >= 0 && value.isFinite), refused == nil {
            refused = .invalidDensity(z: z, value: value)
          }
          return value
        }
      }
      if let refused { throw refused }
      guard mass.isFinite else { throw .invalidDensity(z: z0, value: mass) }
      masses.append(mass)
    }
    return masses
  }

  private func integral(_ from: Double, _ to: Double, _ f: (Double) -> Double) -> Double {
    withoutActuallyEscaping(f) { f in
      withUnsafePointer(to: f) { closure in
        var function = gsl_function(
          function: { x, closure in
            closure!.assumingMemoryBound(to: ((Double) -> Double).self).pointee(x)
          },
          params: UnsafeMutableRawPointer(mutating: closure))
        return gsl_integration_glfixed(&function, from, to, rule)
      }
    }
  }
}
