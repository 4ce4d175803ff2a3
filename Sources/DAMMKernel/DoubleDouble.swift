import CKernels

/// An unevaluated sum `hi + lo` of two doubles, about 106 bits: for the handful of constants of a
/// table or a curve where one rounding would show in the tails.
///
/// Sums by Knuth, products by one explicit fused multiply-add; no other operation of libm, so the
/// bits are the same everywhere.
struct DoubleDouble {
  var hi: Double
  var lo: Double

  init(_ value: Double) {
    hi = value
    lo = 0
  }

  /// `hi + lo` for `|hi| >= |lo|`, renormalised.
  init(hi: Double, lo: Double) {
    self.hi = hi + lo
    self.lo = lo - (self.hi - hi)
  }

  init(_ c: ck_dd) {
    hi = c.hi
    lo = c.lo
  }

  var c: ck_dd { ck_dd(hi: hi, lo: lo) }
  var value: Double { hi + lo }

  /// The square root of a positive value: one Newton step from the rounded root.
  var squareRoot: DoubleDouble {
    let root = hi.squareRoot()
    let rest = self - .product(root, root)
    return DoubleDouble(hi: root, lo: rest.hi / (2 * root))
  }

  /// The largest integer not above the value.
  var floor: Double {
    let whole = hi.rounded(.down)
    return whole == hi && lo < 0 ? whole - 1 : whole
  }

  /// The smallest integer not below the value.
  var ceiling: Double { -(-self).floor }

  /// `x + y` exactly.
  static func sum(_ x: Double, _ y: Double) -> DoubleDouble {
    let s = x + y
    let t = s - x
    var result = DoubleDouble(s)
    result.lo = (x - (s - t)) + (y - t)
    return result
  }

  /// `x y` exactly.
  static func product(_ x: Double, _ y: Double) -> DoubleDouble {
    let p = x * y
    var result = DoubleDouble(p)
    result.lo = (-p).addingProduct(x, y)
    return result
  }

  static prefix func - (x: DoubleDouble) -> DoubleDouble {
    var result = x
    result.hi = -x.hi
    result.lo = -x.lo
    return result
  }

  static func + (x: DoubleDouble, y: DoubleDouble) -> DoubleDouble {
    let s = sum(x.hi, y.hi)
    let t = sum(x.lo, y.lo)
    let u = DoubleDouble(hi: s.hi, lo: s.lo + t.hi)
    return DoubleDouble(hi: u.hi, lo: u.lo + t.lo)
  }

  static func - (x: DoubleDouble, y: DoubleDouble) -> DoubleDouble { x + (-y) }

  static func * (x: DoubleDouble, y: Double) -> DoubleDouble {
    let p = product(x.hi, y)
    return DoubleDouble(hi: p.hi, lo: p.lo.addingProduct(x.lo, y))
  }

  static func * (x: DoubleDouble, y: DoubleDouble) -> DoubleDouble {
    let p = product(x.hi, y.hi)
    return DoubleDouble(hi: p.hi, lo: p.lo.addingProduct(x.hi, y.lo).addingProduct(x.lo, y.hi))
  }

  static func / (x: DoubleDouble, y: DoubleDouble) -> DoubleDouble {
    let first = x.hi / y.hi
    let rest = x - y * first
    let second = rest.hi / y.hi
    let third = (rest - y * second).hi / y.hi
    let quotient = DoubleDouble(hi: first, lo: second)
    return DoubleDouble(hi: quotient.hi, lo: quotient.lo + third)
  }

  /// To 2^-104, for a divisor without a second part.
  static func / (x: DoubleDouble, y: Double) -> DoubleDouble {
    let first = x.hi / y
    // the first part of what is left is exact
    let rest = x.hi.addingProduct(-first, y) + x.lo
    return DoubleDouble(hi: first, lo: rest / y)
  }

  static func < (x: DoubleDouble, y: DoubleDouble) -> Bool {
    x.hi < y.hi || (x.hi == y.hi && x.lo < y.lo)
  }
}
