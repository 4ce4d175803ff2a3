import CGSL
import DAMMModel

/// A number that was computed, and how far it may be off.
public struct Estimate: Sendable, Hashable {
  /// The number.
  public let value: Double
  /// How far the exact one may lie from it, absolute.
  public let error: Double
}

/// Integrals by GSL's 21-point Gauss-Kronrod rule, on intervals that are halved where its own estimate of
/// the error is largest.
///
/// The rule alone is called, and not GSL's adaptive routines: it reports no errors, so that no handler that
/// belongs to the whole process must be set aside, and prices may themselves integrate, in any thread.
enum Quadrature {
  /// Enough to halve an interval down to the last bit at dozens of jumps.
  private static let mostIntervals = 4_000

  /// The integral of a function, positive throughout, from 0 to `length`; `nil` as soon as the function gives `nil`.
  ///
  /// - Returns: the integral and GSL's estimate of its error, which may be larger than was asked for.
  static func integral(
    to length: Double, relative: Double, _ f: (Double) -> Double?
  ) -> Estimate? {
    var parts = [Part]()
    var refused = false
    func rule(_ from: Double, _ to: Double) -> Part {
      let (value, error) = kronrod(from, to) { x in
        guard !refused, let y = f(x) else {
          refused = true
          return 0
        }
        return y
      }
      return Part(from: from, to: to, value: value, error: error)
    }
    parts.append(rule(0, length))
    while !refused {
      var (value, error, worst) = (0.0, 0.0, 0)
      for i in parts.indices {
        value += parts[i].value
        error += parts[i].error
        if parts[i].error > parts[worst].error { worst = i }
      }
      let part = parts[worst]
      let middle = part.from + (part.to - part.from) / 2
      guard error > relative * abs(value), parts.count < mostIntervals,
        part.from < middle, middle < part.to
      else { return Estimate(value: value, error: error) }
      parts[worst] = rule(part.from, middle)
      parts.append(rule(middle, part.to))
    }
    return nil
  }

  private struct Part {
    let from: Double
    let to: Double
    let value: Double
    let error: Double
  }

  private static func kronrod(
    _ from: Double, _ to: Double, _ f: (Double) -> Double
  ) -> (value: Double, error: Double) {
    withoutActuallyEscaping(f) { f in
      withUnsafePointer(to: f) { closure in
        var function = gsl_function(
          function: { x, closure in
            closure!.assumingMemoryBound(to: ((Double) -> Double).self).pointee(x)
          },
          params: UnsafeMutableRawPointer(mutating: closure))
        var (value, error, magnitude, deviation) = (0.0, 0.0, 0.0, 0.0)
        gsl_integration_qk21(&function, from, to, &value, &error, &magnitude, &deviation)
        return (value, error)
      }
    }
  }
}
