import CGSL
import DAMMModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// GSL's adaptive quadrature (QAG, 21 points) of the density over one tick after another.
enum AdaptiveQuadrature {
  private static let intervals = 64

  /// Raw masses of the ticks of a curve.
  ///
  /// The integral runs over the fraction `y` of a tick, `z = (i + y) w / s`, or for the log-normal
  /// shape `z = ln(1 + (i + y) w) / s` with its derivative, so that neither the width of a tick nor
  /// that of an edge tick's part inside the curve is a difference of large numbers.
  ///
  /// - Throws: `DAMMError.gsl` if a tick's quadrature does not converge.
  static func masses(_ geometry: ReferenceGeometry) throws(DAMMError) -> [Double] {
    let (masses, code) = GSLHandler.turn.withLock { _ -> ([Double], Int32) in
      let before = gsl_set_error_handler_off()
      defer { gsl_set_error_handler(before) }
      guard let workspace = gsl_integration_workspace_alloc(intervals) else {
        return ([], Int32(GSL_ENOMEM))
      }
      defer { gsl_integration_workspace_free(workspace) }
      var masses: [Double] = []
      masses.reserveCapacity(geometry.upper - geometry.lowest)
      for tick in geometry.lowest..<geometry.upper {
        var mass = 0.0
        for (from, to) in insideParts(geometry, tick) {
          var (part, error) = (0.0, 0.0)
          let code = integrate(geometry, tick, from, to, workspace, &part, &error)
          // rounding below the tolerance is what the bound of the reference allows for
          guard code == Int32(GSL_SUCCESS) || error <= 1e-12 * part else { return ([], code) }
          mass += part
        }
        masses.append(mass)
      }
      return (masses, Int32(GSL_SUCCESS))
    }
    guard code == Int32(GSL_SUCCESS) else {
      throw .gsl(code: Int(code), message: String(cString: gsl_strerror(code)))
    }
    return masses
  }

  /// The part of a tick inside the half width, as fractions of it, cut so that the density stays
  /// within what one adaptive rule resolves.
  private static func insideParts(
    _ geometry: ReferenceGeometry, _ tick: Int
  ) -> [(Double, Double)] {
    let (z0, z1) = (geometry.edge(tick), geometry.edge(tick + 1))
    func fraction(_ edge: Wide, _ whole: Double) -> Double {
      let scale = geometry.curve.relativeSigma
      let exact = Wide(1e4) / Wide(geometry.curve.tickWidthBps)
      let price =
        geometry.curve.shape == .logNormal
        ? (edge * scale).exponential - Wide(1) : edge * scale
      let inside = abs(edge.high) == geometry.curve.halfWidth
      return inside ? (price * exact - Wide(Double(tick))).double : whole
    }
    let (from, to) = (max(0, fraction(z0, 0)), min(1, fraction(z1, 1)))
    let parts = max(1, ((z1 - z0).high).rounded(.up))
    return (0..<Int(parts)).map { part in
      (from + (to - from) * (Double(part) / parts), from + (to - from) * (Double(part + 1) / parts))
    }
  }

  private static func integrate(
    _ geometry: ReferenceGeometry, _ tick: Int, _ from: Double, _ to: Double,
    _ workspace: UnsafeMutablePointer<gsl_integration_workspace>, _ result: inout Double,
    _ error: inout Double
  ) -> Int32 {
    let (s, w) = (geometry.curve.relativeSigma, geometry.curve.tickWidthBps / 1e4)
    let index = Double(tick)
    let density: (Double) -> Double =
      switch geometry.curve.shape {
      case .uniform: { _ in 1 }
      case .normal:
        { y in
          let z = (index + y) * w / s
          return exp(-z * z / 2)
        }
      case .logNormal:
        { y in
          let offset = (index + y) * w
          let z = log1p(offset) / s
          return exp(-z * z / 2) / (1 + offset)
        }
      }
    return withUnsafePointer(to: density) { closure in
      var function = gsl_function(
        function: { y, closure in
          closure!.assumingMemoryBound(to: ((Double) -> Double).self).pointee(y)
        },
        params: UnsafeMutableRawPointer(mutating: closure))
      return gsl_integration_qag(
        &function, from, to, 0, 1e-13, intervals, Int32(GSL_INTEG_GAUSS21), workspace, &result,
        &error)
    }
  }
}
