/// Numbers in decimal digits with an optional exponent.
enum DecimalText {
  /// `10^0` to `10^22`, which a `Double` has exactly.
  private static let powers: [Double] = (0...22).map { power in
    (0..<power).reduce(1.0) { value, _ in value * 10 }
  }

  /// The nearest `Double`, of the number or its hundredth; `nil` for what is no number.
  ///
  /// Digits below `2^53` with a power of ten that a `Double` has are one exact product or quotient, which
  /// rounds once; the rest is read by the standard library, which rounds once as well.
  static func number(_ bytes: UnsafeRawBufferPointer, isPercent: Bool) -> Double? {
    var (at, digits, places, mantissa) = (0, 0, 0, UInt64(0))
    let isNegative = bytes.first == 0x2D
    if isNegative { at = 1 }
    var hasPoint = false
    while at < bytes.count {
      let byte = bytes[at]
      if byte &- 0x30 < 10 {
        mantissa = mantissa &* 10 &+ UInt64(byte &- 0x30)
        digits += 1
        if hasPoint { places += 1 }
      } else if byte == 0x2E, !hasPoint {
        hasPoint = true
      } else {
        return slow(bytes, isPercent: isPercent)
      }
      at += 1
    }
    if isPercent { places += 2 }
    // 15 digits are below 2^53
    guard (1...15).contains(digits), places < powers.count else {
      return slow(bytes, isPercent: isPercent)
    }
    let value = Double(mantissa) / powers[places]
    return isNegative ? -value : value
  }

  private static func slow(_ bytes: UnsafeRawBufferPointer, isPercent: Bool) -> Double? {
    // `Double` also reads hexadecimal digits, words such as nan, and stops at a NUL.
    guard bytes.contains(where: { (0x30...0x39).contains($0) }),
      bytes.allSatisfy({ (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) })
    else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    return Double(isPercent ? hundredth(text) : text)
  }

  /// The text of a hundredth of a number: its digits are rounded once, and not again by a division.
  private static func hundredth(_ text: String) -> String {
    let parts = text.split(separator: /[eE]/, maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return text + "e-2" }
    // What is no exponent stays wrong.
    return "\(parts[0])e\(Int32(parts[1]).map { "\(Int($0) - 2)" } ?? "?")"
  }
}
