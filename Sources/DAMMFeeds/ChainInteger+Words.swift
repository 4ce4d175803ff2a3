extension ChainInteger {
  /// Bytes of a word of the chain's binary interface.
  static let wordBytes = 32

  /// An `int256`, from 32 bytes in two's complement, the highest first.
  ///
  /// - Throws: `Refusal.overflow` for `-2^255`, the only one whose magnitude is too large.
  init(int256 word: some Collection<UInt8>) throws(Refusal) {
    let (high, low) = Self.halves(word)
    guard high >> 127 == 1 else {
      self.init(isNegative: false, high: high, low: low)
      return
    }
    let (magnitude, carry) = (~low).addingReportingOverflow(1)
    let top = ~high + (carry ? 1 : 0)
    guard top >> 127 == 0 else { throw .overflow }
    self.init(isNegative: true, high: top, low: magnitude)
  }

  /// An unsigned integer from 32 bytes, the highest first.
  ///
  /// - Parameters:
  ///   - word: the bytes.
  ///   - bits: how many bits it may have, at most 255.
  /// - Throws: `Refusal.overflow` for more.
  init(unsigned word: some Collection<UInt8>, bits: Int) throws(Refusal) {
    let (high, low) = Self.halves(word)
    let fits =
      bits <= 128 ? high == 0 && (bits == 128 || low >> bits == 0) : high >> (bits - 128) == 0
    guard fits, high >> 127 == 0 else { throw .overflow }
    self.init(isNegative: false, high: high, low: low)
  }

  private static func halves(_ word: some Collection<UInt8>) -> (UInt128, UInt128) {
    precondition(word.count == wordBytes, "a word has 32 bytes")
    func half(_ bytes: some Collection<UInt8>) -> UInt128 {
      bytes.reduce(0) { $0 << 8 | UInt128($1) }
    }
    return (half(word.prefix(16)), half(word.dropFirst(16)))
  }
}
