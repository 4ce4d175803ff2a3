import DAMMFeeds
import TestSupport
import Testing

@Suite("Integers of a chain")
struct ChainIntegerTests {
  /// Values beyond 2^53, 2^64 and 2^128, of both signs, up to the largest.
  static let texts = [
    "0", "7", "-1", "9007199254740993", "-9007199254740993", "18446744073709551617",
    "340282366920938463463374607431768211456", "-1000000000000000000000000000000000000007",
    "1461446703485210103287273052203988822378723970342",
    "57896044618658097711785492504343953926634992332820282019728792003956564819967",
    "-57896044618658097711785492504343953926634992332820282019728792003956564819967",
  ]

  @Test("reads and writes every digit", arguments: texts)
  func roundTrip(text: String) throws {
    #expect(try ChainInteger(text).description == text)
  }

  @Test("groups of 38 digits keep their zeros")
  func zerosInside() throws {
    for zeros in [36, 37, 38, 75] {
      let text = "1" + String(repeating: "0", count: zeros) + "1"
      #expect(try ChainInteger(text).description == text)
    }
  }

  @Test("there is one zero, and leading zeros say nothing")
  func zeros() throws {
    #expect(try ChainInteger("-0") == ChainInteger(0))
    #expect(try ChainInteger("-000") == ChainInteger("0"))
    #expect(try ChainInteger("-0042") == ChainInteger(-42))
    #expect(ChainInteger(0).signum == 0)
  }

  @Test("machine integers are the same numbers")
  func machineIntegers() throws {
    for value in [Int128.min, -1, 0, 1, Int128(Int64.max) + 1, Int128.max] {
      #expect(try ChainInteger(value.description) == ChainInteger(value))
      #expect(ChainInteger(value).signum == value.signum())
    }
  }

  @Test(
    "anything else is no integer",
    arguments: [
      "", "-", "+1", "1.0", "1e18", " 1", "1 ", "0x10", "--1", "1-", "١", "nan", "1,000", "1_000",
    ])
  func notIntegers(text: String) {
    #expect(throws: ChainInteger.Refusal.notAnInteger) { try ChainInteger(text) }
  }

  @Test("2^255 and more are refused")
  func overflow() {
    let limit = "57896044618658097711785492504343953926634992332820282019728792003956564819968"
    // The second wraps around to a small number where a carry is lost: it is 2^256 + 1.
    let wrap = "115792089237316195423570985008687907853269984665640564039457584007913129639937"
    for text in [limit, "-" + limit, wrap, String(repeating: "9", count: 300)] {
      #expect(throws: ChainInteger.Refusal.overflow) { try ChainInteger(text) }
    }
  }

  @Test("the order is that of the integers")
  func order() {
    var random = SplitMix64(seed: 11)
    for _ in 0..<2000 {
      let shift = Int.random(in: 0..<127, using: &random)
      let left = Int128(truncatingIfNeeded: random.next()) << shift
      let right = random.oneIn(4) ? left : Int128(truncatingIfNeeded: random.next()) << shift
      #expect((ChainInteger(left) < ChainInteger(right)) == (left < right), "seed 11")
      #expect((ChainInteger(left) == ChainInteger(right)) == (left == right), "seed 11")
    }
  }
}
