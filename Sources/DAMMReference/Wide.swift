/// A number of about 31 decimal digits, the unevaluated sum of two doubles, with the functions that
/// a normal density needs. Slow and plain: it judges the kernel, so it shares no code with it.
///
/// Relative error of an operation below 2^-100, of `exp` and `log` below 1e-29 (of `log` absolute
/// near 1). Domain: magnitudes from 1e-250 to 1e250.
public struct Wide: ReferenceNumber {
  let high: Double
  let low: Double

  /// A number from a `Double`, exactly.
  public init(_ value: Double) {
    high = value
    low = 0
  }

  /// The sum of two doubles, `abs(big) >= abs(small)`.
  init(_ big: Double, _ small: Double) {
    high = big + small
    low = small - (high - big)
  }

  /// The number itself.
  public init(wide: Wide) { self = wide }

  /// The number rounded to a `Double`.
  public var double: Double { high + low }

  private static func exactSum(_ x: Double, _ y: Double) -> (Double, Double) {
    let sum = x + y
    let part = sum - x
    return (sum, (x - (sum - part)) + (y - part))
  }

  /// Sum.
  public static func + (x: Wide, y: Wide) -> Wide {
    let (big, error) = exactSum(x.high, y.high)
    let (small, rest) = exactSum(x.low, y.low)
    let first = Wide(big, error + small)
    return Wide(first.high, first.low + rest)
  }

  /// Difference.
  public static func - (x: Wide, y: Wide) -> Wide { x + y * -1 }

  /// Product.
  public static func * (x: Wide, y: Wide) -> Wide {
    let product = x.high * y.high
    let error = (-product).addingProduct(x.high, y.high)
    return Wide(product, error + (x.high * y.low + x.low * y.high))
  }

  /// Product with a `Double`.
  static func * (x: Wide, y: Double) -> Wide { x * Wide(y) }

  /// Quotient.
  public static func / (x: Wide, y: Wide) -> Wide {
    var quotient = Wide(x.high / y.high)
    for _ in 0..<2 { quotient = quotient + Wide((x - quotient * y).high / y.high) }
    return quotient
  }

  /// Order by value.
  public static func < (x: Wide, y: Wide) -> Bool { (x - y).high < 0 }

  /// The square root of a number that is not negative.
  public var squareRoot: Wide {
    guard high > 0 else { return Wide(0) }
    let root = Wide(high.squareRoot())
    return (root + self / root) * 0.5
  }

  /// The largest integer not above the number, for magnitudes below 2^52.
  var floor: Wide {
    let whole = high.rounded(.down)
    return Wide(whole == high && low < 0 ? whole - 1 : whole)
  }

  static let ln2 = Wide(0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56)

  /// `e` to the number: halved nine times after taking out powers of two, then Taylor.
  var exponential: Wide {
    let power = (high / Wide.ln2.high).rounded()
    let reduced = (self - Wide.ln2 * power) * 0x1p-9
    var sum = Wide(0)
    // exp(r) - 1 by Horner; r^13 / 13! is below 1e-45 for r < 7e-4
    for n in stride(from: 12.0, through: 1, by: -1) { sum = (sum + Wide(1)) * reduced / Wide(n) }
    // exp(2 r) - 1 = (exp(r) - 1)(exp(r) - 1 + 2) keeps the digits that 1 would push out
    for _ in 0..<9 { sum = sum * (sum + Wide(2)) }
    return (sum + Wide(1)) * Double(sign: .plus, exponent: Int(power), significand: 1)
  }
}
