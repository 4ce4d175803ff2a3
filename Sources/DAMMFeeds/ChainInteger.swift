/// A signed integer as a chain logs it: exact, with a magnitude below `2^255`.
///
/// Amounts of a pool and answers of an aggregator are `int256`, the root of a price is `uint160`; none
/// fits a `Double`, and none goes through one by itself. There is no arithmetic here but what reading needs: comparison,
/// text in both directions, and the conversions of `ChainInteger+Rounding.swift`.
public struct ChainInteger: Sendable, Hashable {
  /// Why a text is not such an integer.
  public enum Refusal: Error, Equatable, Sendable {
    /// Something else than an optional minus sign and one or more digits.
    case notAnInteger
    /// The magnitude is `2^255` or more.
    case overflow
  }

  /// Whether it is below zero.
  public let isNegative: Bool
  /// Magnitude, the bits from 128 upwards.
  package let high: UInt128
  /// Magnitude, the lowest 128 bits.
  package let low: UInt128

  package init(isNegative: Bool, high: UInt128, low: UInt128) {
    // One zero only, so that equal numbers are equal values.
    self.isNegative = isNegative && (high | low) != 0
    self.high = high
    self.low = low
  }

  /// The exact value of a machine integer.
  public init(_ value: Int128) {
    self.init(isNegative: value < 0, high: 0, low: value.magnitude)
  }

  /// Reads decimal text: an optional minus sign and one or more ASCII digits, nothing else.
  ///
  /// - Parameter text: the integer; leading zeros are allowed.
  /// - Throws: `Refusal`.
  public init(_ text: String) throws(Refusal) {
    var digits = Substring(text).utf8
    let isNegative = digits.first == UInt8(ascii: "-")
    if isNegative { digits.removeFirst() }
    guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw .notAnInteger
    }
    var (high, low): (UInt128, UInt128) = (0, 0)
    for digit in digits {
      let product = low.multipliedFullWidth(by: 10)
      let (sum, carry) = product.low.addingReportingOverflow(UInt128(digit - 0x30))
      // high stays below 2^127: ten times that and a carry of at most ten may pass 2^128.
      let (tenfold, tooLarge) = high.multipliedReportingOverflow(by: 10)
      let (next, alsoTooLarge) = tenfold.addingReportingOverflow(product.high + (carry ? 1 : 0))
      guard !tooLarge, !alsoTooLarge, next >> 127 == 0 else { throw .overflow }
      (high, low) = (next, sum)
    }
    self.init(isNegative: isNegative, high: high, low: low)
  }

  /// -1, 0 or 1.
  public var signum: Int { isNegative ? -1 : (high | low) == 0 ? 0 : 1 }
}

extension ChainInteger: Comparable {
  /// The order of the integers.
  public static func < (left: ChainInteger, right: ChainInteger) -> Bool {
    guard left.isNegative == right.isNegative else { return left.isNegative }
    let smaller = (left.high, left.low) < (right.high, right.low)
    let same = left.high == right.high && left.low == right.low
    return left.isNegative ? !smaller && !same : smaller
  }
}

extension ChainInteger: CustomStringConvertible {
  /// The integer in decimal digits, exactly.
  public var description: String {
    // Groups of 38 digits, the most that 128 bits hold, from the lowest upwards.
    let group = UInt128.powerOfTen(38)
    var groups: [String] = []
    var (high, low) = (high, low)
    repeat {
      let upper = high.quotientAndRemainder(dividingBy: group)
      let lower = group.dividingFullWidth((upper.remainder, low))
      (high, low) = (upper.quotient, lower.quotient)
      let digits = String(lower.remainder)
      let isLast = (high | low) == 0
      groups.append(isLast ? digits : String(repeating: "0", count: 38 - digits.count) + digits)
    } while (high | low) != 0
    return (isNegative ? "-" : "") + groups.reversed().joined()
  }
}

extension UInt128 {
  /// `10^exponent`, for exponents from 0 to 38.
  package static func powerOfTen(_ exponent: Int) -> UInt128 {
    (0..<exponent).reduce(1) { power, _ in power * 10 }
  }
}
