/// A number with 128 binary places, in 256 bits. Sums are exact; a product with a `Double` is cut off below
/// 2^-128. Domain: magnitudes below 2^120, and below 2^70 as factors.
struct FixedPoint: Comparable, Sendable {
  private(set) var whole: Int128
  private(set) var part: UInt128

  private init(whole: Int128, part: UInt128) {
    self.whole = whole
    self.part = part
  }

  init(_ whole: Int) { self.init(whole: Int128(whole), part: 0) }

  /// The exact value, but for what lies below 2^-128.
  init(_ value: Double) {
    let size = value.magnitude
    let whole = size.rounded(.down)
    self.init(whole: Int128(whole), part: UInt128((size - whole) * 0x1p128))
    if value < 0 { self = -self }
  }

  init(_ value: Wide) { self = FixedPoint(value.high) + FixedPoint(value.low) }

  /// The number rounded to a `Double`, with small errors relative to the number also where it is tiny.
  var double: Double {
    let size = whole < 0 ? -self : self
    let value = Double(size.whole) + Double(size.part) * 0x1p-128
    return whole < 0 ? -value : value
  }

  static func + (x: FixedPoint, y: FixedPoint) -> FixedPoint {
    let (part, carry) = x.part.addingReportingOverflow(y.part)
    return FixedPoint(whole: x.whole + y.whole + (carry ? 1 : 0), part: part)
  }

  static prefix func - (x: FixedPoint) -> FixedPoint {
    x.part == 0
      ? FixedPoint(whole: -x.whole, part: 0) : FixedPoint(whole: ~x.whole, part: ~x.part + 1)
  }

  static func - (x: FixedPoint, y: FixedPoint) -> FixedPoint { x + (-y) }

  static func * (x: FixedPoint, y: Double) -> FixedPoint {
    if x.whole < 0 { return -((-x) * y) }
    if y < 0 { return -(x * -y) }
    guard y > 0 else { return FixedPoint(0) }
    // y is an integer of 53 bits over a power of two
    let digits = UInt128(y.significandBitPattern | 1 << 52)
    let shift = 52 - Int(y.exponent)
    precondition(y.isNormal && shift >= 0, "a factor below 2^53")
    let (carry, low) = x.part.multipliedFullWidth(by: digits)
    let high = UInt128(x.whole) * digits + carry
    switch shift {
    case 0: return FixedPoint(whole: Int128(high), part: low)
    case ..<128:
      return FixedPoint(whole: Int128(high >> shift), part: low >> shift | high << (128 - shift))
    default: return FixedPoint(whole: 0, part: high >> (shift - 128))
    }
  }

  static func * (x: FixedPoint, y: Wide) -> FixedPoint { x * y.high + x * y.low }

  static func < (x: FixedPoint, y: FixedPoint) -> Bool { (x.whole, x.part) < (y.whole, y.part) }
}
