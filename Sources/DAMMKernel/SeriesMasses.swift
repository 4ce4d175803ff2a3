import CKernels
import DAMMModel

/// Raw masses (not yet divided by their sum) by the cancellation-free series of the C kernels.
struct SeriesMasses {
  let kernels: KernelSet

  /// Masses of the ticks of `edges`, whatever their widths.
  func buckets(_ edges: TickEdges, into mass: UnsafeMutablePointer<Double>) {
    kernels.c.pointee.buckets(Int64(edges.count), edges.zHigh, edges.zLow, mass)
  }

  /// Masses of a normal curve. Its ticks have one width and its two halves are mirror images, so one
  /// half is computed, with the coefficients of the series computed once.
  func normal(
    _ linear: TickEdges.Linear, halfWidth k: Double, into mass: UnsafeMutablePointer<Double>
  ) {
    let h = linear.width.hi
    guard h * k <= 2 * CK_SERIES_REACH, h <= 0.1 else {
      return buckets(TickEdges(linear, halfWidth: k), into: mass)
    }
    let inner = linear.upper - 1
    let half = mass - linear.lowest
    kernels.c.pointee.uniform_buckets(0, Int64(inner), linear.width.c, half)
    // The highest tick may hold only the part inside. It comes with its width as a factor.
    let bottom = linear.width * Double(inner)
    let edge = linear.width * Double(linear.upper)
    let top = DoubleDouble(k) < edge ? DoubleDouble(k) : edge
    let (high, low) = ((bottom.hi, top.hi), (bottom.lo, top.lo))
    withUnsafeBytes(of: high) { high in
      withUnsafeBytes(of: low) { low in
        kernels.c.pointee.buckets(
          1, high.assumingMemoryBound(to: Double.self).baseAddress!,
          low.assumingMemoryBound(to: Double.self).baseAddress!, half + inner)
      }
    }
    half[inner] /= h
    kernels.c.pointee.mirror(Int64(-linear.lowest), half)
  }

  /// Masses of a uniform curve, in units of one whole tick.
  func uniform(_ linear: TickEdges.Linear, into mass: UnsafeMutablePointer<Double>) {
    let half = mass - linear.lowest
    half.update(repeating: 1, count: linear.upper)
    half[linear.upper - 1] = linear.highestPart
    kernels.c.pointee.mirror(Int64(-linear.lowest), half)
  }
}
