extension ChainInteger {
  /// `self / divisor`, correctly rounded. The quotient never leaves the normal `Double`s: the dividend
  /// is below `2^255`, the divisor below `2^128`.
  package func rounded(over divisor: UInt128) -> Double {
    guard (high | low) != 0 else { return 0 }
    // The dividend with its top bit at 254, the divisor with its top bit at 127: then the quotient
    // has 127 or 128 bits, and the high half of the dividend is below the divisor, as it must be.
    let zeros = high != 0 ? high.leadingZeroBitCount : 128 + low.leadingZeroBitCount
    let shift = zeros - 1
    let dividend = shiftedLeft(by: shift)
    let divisorShift = divisor.leadingZeroBitCount
    let (quotient, rest) = (divisor << divisorShift).dividingFullWidth(dividend)
    let magnitude = Double(
      rounding: quotient, isInexact: rest != 0, exponent: divisorShift - shift)
    return isNegative ? -magnitude : magnitude
  }

  /// The magnitude times `2^shift`, which must fit 256 bits.
  package func shiftedLeft(by shift: Int) -> (high: UInt128, low: UInt128) {
    if shift >= 128 { return (low << (shift - 128), 0) }
    return shift == 0 ? (high, low) : (high << shift | low >> (128 - shift), low << shift)
  }
}

extension Double {
  /// `bits * 2^exponent`, correctly rounded.
  ///
  /// - Parameters:
  ///   - bits: at least 64 significant bits.
  ///   - isInexact: whether the exact value is a little more than `bits` says.
  ///   - exponent: of the lowest bit; the result must be a normal number.
  package init(rounding bits: UInt128, isInexact: Bool, exponent: Int) {
    // 64 bits are more than a Double's 53 and one: a lowest bit that is set for anything below it
    // decides ties, and the conversion of a machine word rounds once, to even.
    let drop = 64 - bits.leadingZeroBitCount
    let top = UInt64(bits >> drop)
    let isBelow = isInexact || bits & (1 << drop - 1) != 0
    self.init(
      sign: .plus, exponent: exponent + drop, significand: Double(isBelow ? top | 1 : top))
  }
}
