extension ChainInteger {
  /// Reads the bytes of decimal text, as `init(_:)` reads text.
  ///
  /// - Throws: `Refusal`.
  init(digits bytes: UnsafeRawBufferPointer) throws(Refusal) {
    let isNegative = bytes.first == 0x2D
    let first = isNegative ? 1 : 0
    guard bytes.count > first else { throw .notAnInteger }
    // 38 digits fit 128 bits; more are rare
    guard bytes.count - first <= 38 else {
      try self.init(String(decoding: bytes, as: UTF8.self))
      return
    }
    var (low, group, scale) = (UInt128(0), UInt64(0), UInt64(1))
    for at in first..<bytes.count {
      let digit = bytes[at] &- 0x30
      guard digit < 10 else { throw .notAnInteger }
      group = group * 10 + UInt64(digit)
      scale *= 10
      // 10^18 is the most that leaves room for another digit
      if scale == 1_000_000_000_000_000_000 {
        low = low * UInt128(scale) + UInt128(group)
        (group, scale) = (0, 1)
      }
    }
    low = low * UInt128(scale) + UInt128(group)
    self.init(isNegative: isNegative, high: 0, low: low)
  }

  /// The same integer where a machine word holds it.
  var small: Int? {
    guard high == 0, let size = Int(exactly: low) else { return nil }
    return isNegative ? -size : size
  }
}
