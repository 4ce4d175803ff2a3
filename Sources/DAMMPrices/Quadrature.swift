import CGSL
import DAMMModel

/// A number that was computed, and how far it may be off.
public struct Estimate: Sendable, Hashable {
  /// The number.
  public let value: Double
  /// How far the exact one may lie from it, absolute.
  public let error: Double
}

/// Integrals by GSL's 21-point Gauss-Kronrod rule, on intervals that are halved where the estimate of the error
/// is largest.
///
/// The rule alone is called, and not GSL's adaptive routines: it reports no errors, so that no handler that
/// belongs to the whole process must be set aside, and prices may themselves integrate, in any thread.
enum Quadrature {
  /// Enough to halve an interval down to the last bit at dozens of jumps.
  private static let mostIntervals = 4_000

  /// The integral of a function from 0 to `length`; `nil` as soon as the function gives `nil`.
  ///
  /// - Returns: the integral and an estimate of its error, which may be larger than was asked for.
  static func integral(
    to length: Double, relative: Double, _ f: (Double) -> Double?
  ) -> Estimate? {
    var parts = [Part]()
    var refused = false
    func checked(_ x: Double) -> Double {
      guard !refused, let y = f(x) else {
        refused = true
        return 0
      }
      return y
    }
    parts.append(Part(0, length, checked))
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
      parts[worst] = Part(part.from, middle, checked)
      parts.append(Part(middle, part.to, checked))
    }
    return nil
  }

  /// An interval, the integral over it and how far that may be off.
  ///
  /// A jump shows in the values at the nodes and so in GSL's estimate, but not one between the last node and
  /// the end. So the function is also asked at either end, and where it differs there from the polynomial
  /// through the nodes, that difference over the gap counts as an error, too.
  private struct Part {
    let from: Double
    let to: Double
    let value: Double
    let error: Double

    /// So near the end that what lies beyond is of no account, and a jump at the end itself is not met.
    private static let inside = 0x1p-44

    init(_ from: Double, _ to: Double, _ f: (Double) -> Double) {
      self.from = from
      self.to = to
      var values: [Double] = []
      values.reserveCapacity(Nodes.count)
      let (value, error) = kronrod(from, to) { x in
        let y = f(x)
        values.append(y)
        return y
      }
      let width = to - from
      let ends = [
        (f(from + Self.inside * width), Nodes.shared.toLow),
        (f(to - Self.inside * width), Nodes.shared.toHigh),
      ]
      var missed = 0.0
      for (end, weights) in ends {
        var (expected, magnitude) = (0.0, 0.0)
        for (weight, value) in zip(weights, values) {
          expected += weight * value
          magnitude += abs(weight * value)
        }
        let apart = abs(end - expected)
        if apart > 0x1p-46 * magnitude { missed += apart * Nodes.shared.gap * width }
      }
      self.value = value
      self.error = error + missed
    }
  }

  /// The nodes of the rule in the order that GSL asks for them, and what makes a polynomial through them known at
  /// the ends.
  private struct Nodes {
    static let count = 21
    static let shared = Nodes()

    /// Weights of the values at the nodes, for the ends of the interval.
    let toLow: [Double]
    let toHigh: [Double]
    /// From the last node to the end, over the width of the interval.
    let gap: Double

    init() {
      var nodes: [Double] = []
      _ = kronrod(-1, 1) { x in
        nodes.append(x)
        return 0
      }
      func weights(at end: Double) -> [Double] {
        nodes.indices.map { i in
          nodes.indices.reduce(1) { product, j in
            j == i ? product : product * ((end - nodes[j]) / (nodes[i] - nodes[j]))
          }
        }
      }
      toLow = weights(at: -1)
      toHigh = weights(at: 1)
      gap = (1 - (nodes.max() ?? 1)) / 2
    }
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
