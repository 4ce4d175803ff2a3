/// SplitMix64: seeded and portable, so that a printed seed reproduces a failure.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// A generator that always gives the same numbers for a seed.
  public init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Uniform in a range.
  public mutating func uniform(_ range: ClosedRange<Double>) -> Double {
    Double.random(in: range, using: &self)
  }

  /// Log-uniform in a range of positive numbers.
  public mutating func logUniform(_ range: ClosedRange<Double>) -> Double {
    // uniform in the bits: no logarithm, and every magnitude as likely as the next
    let bits = range.lowerBound.bitPattern...range.upperBound.bitPattern
    return Double(bitPattern: UInt64.random(in: bits, using: &self))
  }

  /// True once in `n` times on average.
  public mutating func oneIn(_ n: Int) -> Bool { Int.random(in: 0..<n, using: &self) == 0 }
}
