import Foundation

/// Sizes of orders, drawn before anything is measured.
enum Sizes {
  /// How many different ones a row has: more than a branch predictor learns by heart.
  static let count = 16_384

  /// Uniform up to the whole side.
  static func uniform(whole: Double, using random: inout Random) -> [Double] {
    (0..<count).map { _ in random.uniform(0x1p-20...(1 - 0x1p-20)) * whole }
  }

  /// Log-uniform up to the whole side, from so far down that two thirds end in the first tick.
  static func logUniform(whole: Double, firstTick: Double, using random: inout Random) -> [Double] {
    let lowest = logUniformLowest(whole: whole, firstTick: firstTick)
    return (0..<count).map { _ in
      lowest * exp(random.uniform(0...1) * log(whole / lowest)) * (1 - 0x1p-20)
    }
  }

  /// Where that range begins: one part of three lies between the first tick and the whole.
  static func logUniformLowest(whole: Double, firstTick: Double) -> Double {
    firstTick * (firstTick / whole) * (firstTick / whole)
  }

  /// Sizes that alternately buy and sell so that the B sold wanders inside `centre` plus or minus
  /// `reach`, no order smaller than two fifths of it; after the last it is where it was before the
  /// first.
  ///
  /// - Returns: the sizes, and the B sold before the first.
  static func alternating(
    centre: Double, reach: Double, using random: inout Random
  ) -> (sizes: [Double], start: Double) {
    let sold = (0..<count).map { i in
      centre + (i % 2 == 0 ? 1 : -1) * random.uniform(0.2...1) * reach
    }
    let start = sold[count - 1]
    return (sold.indices.map { abs(sold[$0] - ($0 == 0 ? start : sold[$0 - 1])) }, start)
  }
}
