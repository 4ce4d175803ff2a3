import TestSupport

/// Texts for ledgers.
public enum LedgerText {
  /// Letters that no database makes much shorter.
  public static func random(_ count: Int, _ seed: UInt64) -> String {
    var random = SplitMix64(seed: seed)
    var bits = (UInt64(0), 0)
    let bytes = (0..<count).map { _ -> UInt8 in
      if bits.1 == 0 { bits = (random.next(), 10) }
      defer { bits = (bits.0 >> 6, bits.1 - 1) }
      return UInt8(ascii: "0") + UInt8(bits.0 & 63)
    }
    // of the 64 signs from 0 on, JSON would escape one
    return String(decoding: bytes.map { $0 == UInt8(ascii: "\\") ? 0x7A : $0 }, as: UTF8.self)
  }
}
