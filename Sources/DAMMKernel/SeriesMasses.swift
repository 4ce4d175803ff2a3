import CKernels
import DAMMModel

/// Raw masses (not yet divided by their sum) by the cancellation-free series of the C kernels.
struct SeriesMasses {
  let kernels: KernelSet

  /// Masses of the ticks of `edges`, whatever their widths.
  func buckets(_ edges: TickEdges) -> [Double] {
    [Double](unsafeUninitializedCapacity: edges.count) { mass, count in
      kernels.c.pointee.buckets(
        Int64(edges.count), edges.zHigh, edges.zLow, mass.baseAddress!)
      count = edges.count
    }
  }

  /// Masses of a normal curve. Its ticks have one width and its two halves are mirror images, so one
  /// half is computed, with the coefficients of the series computed once.
  func normal(_ linear: TickEdges.Linear, halfWidth k: Double) -> [Double] {
    let h = linear.width.hi
    guard h * k <= 2 * CK_SERIES_REACH, h <= 0.1 else {
      return buckets(TickEdges(linear, halfWidth: k))
    }
    return mirrored(linear) { half in
      let inner = linear.upper - 1
      kernels.c.pointee.uniform_buckets(0, Int64(inner), linear.width.c, half.baseAddress!)
      // The highest tick may hold only the part inside. It comes with its width as a factor.
      let bottom = linear.width * Double(inner)
      let edge = linear.width * Double(linear.upper)
      let top = DoubleDouble(k) < edge ? DoubleDouble(k) : edge
      kernels.c.pointee.buckets(
        1, [bottom.hi, top.hi], [bottom.lo, top.lo], half.baseAddress! + inner)
      half[inner] /= h
    }
  }

  /// Masses of a uniform curve, in units of one whole tick.
  func uniform(_ linear: TickEdges.Linear) -> [Double] {
    mirrored(linear) { half in
      half.update(repeating: 1)
      half[linear.upper - 1] = linear.highestPart
    }
  }

  /// A curve from its half above the oracle price: tick `-1 - i` mirrors tick `i`, as far down as
  /// prices are positive.
  private func mirrored(
    _ linear: TickEdges.Linear, _ fillHalf: (UnsafeMutableBufferPointer<Double>) -> Void
  ) -> [Double] {
    let below = -linear.lowest
    return [Double](unsafeUninitializedCapacity: below + linear.upper) { mass, count in
      count = below + linear.upper
      fillHalf(UnsafeMutableBufferPointer(rebasing: mass[below..<count]))
      for i in 0..<below { mass[below - 1 - i] = mass[below + i] }
    }
  }
}
