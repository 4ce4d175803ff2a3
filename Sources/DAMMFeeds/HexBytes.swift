/// The two ways in which nodes write hexadecimal digits.
enum HexBytes {
  /// Bytes: `0x` and an even number of digits; `nil` for anything else.
  static func bytes(_ text: String) -> [UInt8]? {
    let digits = Array(text.utf8)
    guard digits.count >= 2, digits.count.isMultiple(of: 2), text.hasPrefix("0x") else {
      return nil
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digits.count / 2 - 1)
    for place in stride(from: 2, to: digits.count, by: 2) {
      guard let high = digit(digits[place]), let low = digit(digits[place + 1]) else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  /// A quantity: `0x` and 1 to 16 digits; `nil` for anything else.
  static func quantity(_ text: String) -> UInt64? {
    let digits = text.utf8.dropFirst(2)
    guard text.hasPrefix("0x"), (1...16).contains(digits.count) else { return nil }
    var quantity: UInt64 = 0
    for byte in digits {
      guard let digit = digit(byte) else { return nil }
      quantity = quantity << 4 | UInt64(digit)
    }
    return quantity
  }

  /// The value of a hexadecimal digit.
  static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }
}
