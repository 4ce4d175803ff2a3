/// A positive number `mantissa * 2^exponent` with 128 significant bits, for the few products and
/// quotients between an exact integer and one rounded `Double`. Every operation truncates: its
/// relative error is below `2^-126`.
package struct WideFloat {
  /// The top bit is set.
  package let mantissa: UInt128
  package let exponent: Int

  private init(_ mantissa: UInt128, _ exponent: Int) {
    let zeros = mantissa.leadingZeroBitCount
    self.mantissa = mantissa << zeros
    self.exponent = exponent - zeros
  }

  /// A positive integer; the bits below its top 128 are lost.
  package init(_ value: ChainInteger) {
    guard value.high != 0 else {
      self.init(value.low, 0)
      return
    }
    let zeros = value.high.leadingZeroBitCount
    self.init(value.shiftedLeft(by: zeros).high, 128 - zeros)
  }

  /// `10^power`, within truncation for negative powers; from -38 to 38.
  package init(powerOfTen power: Int) {
    let ten = WideFloat(UInt128.powerOfTen(abs(power)), 0)
    self = power >= 0 ? ten : WideFloat(1, 0) / ten
  }

  package static func * (left: WideFloat, right: WideFloat) -> WideFloat {
    let product = left.mantissa.multipliedFullWidth(by: right.mantissa)
    // The product has its top bit at 255 or 254: one bit of the low half may belong to the top 128.
    let exponent = left.exponent + right.exponent + 127
    if product.high >> 127 == 1 { return WideFloat(product.high, exponent + 1) }
    return WideFloat(product.high << 1 | product.low >> 127, exponent)
  }

  package static func / (left: WideFloat, right: WideFloat) -> WideFloat {
    let (half, lost) = (left.mantissa >> 1, left.mantissa << 127)
    let quotient = right.mantissa.dividingFullWidth((half, lost)).quotient
    return WideFloat(quotient, left.exponent - right.exponent - 127)
  }

  /// Multiplied by `2^power`, exactly.
  package func scaled(byPowerOfTwo power: Int) -> WideFloat {
    WideFloat(mantissa, exponent + power)
  }

  /// The nearest `Double`, ties to even.
  package var value: Double { Double(rounding: mantissa, isInexact: false, exponent: exponent) }
}
