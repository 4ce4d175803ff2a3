import CGSL
import DAMMModel

/// The Mersenne twister of GSL: the same numbers for a seed on every machine.
final class GSLRandom: RandomNumberGenerator {
  private let generator: UnsafeMutablePointer<gsl_rng>

  /// - Throws: `DAMMError.gsl` if there is no memory for it.
  init(seed: UInt64) throws(DAMMError) {
    let made = GSLHandler.turn.withLock { _ in
      let before = gsl_set_error_handler_off()
      defer { gsl_set_error_handler(before) }
      // as a number, which may leave the lock
      return UInt(bitPattern: gsl_rng_alloc(cgsl_rng_mt19937()))
    }
    guard let generator = UnsafeMutablePointer<gsl_rng>(bitPattern: made) else {
      throw .gsl(code: Int(GSL_ENOMEM), message: "no memory for random numbers")
    }
    // it takes 32 bits and reads 0 as its default
    gsl_rng_set(generator, UInt(truncatingIfNeeded: (seed ^ (seed >> 32)) & 0xFFFF_FFFF))
    self.generator = generator
  }

  deinit { gsl_rng_free(generator) }

  /// The next 64 bits.
  func next() -> UInt64 {
    let high = UInt64(gsl_rng_get(generator))
    return high << 32 | UInt64(gsl_rng_get(generator))
  }

  /// Uniform in [0, 1).
  func uniform() -> Double { gsl_rng_uniform(generator) }

  /// A whole number below another, which is positive.
  func below(_ count: Int) -> Int { Int(gsl_rng_uniform_int(generator, UInt(count))) }

  /// Whether something happens that has so many chances in a hundred.
  func chance(_ percent: Int) -> Bool { below(100) < percent }
}
