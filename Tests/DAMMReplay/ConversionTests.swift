import DAMMFeeds
import DAMMModel
import DAMMReplay
import Foundation
import TestSupport
import Testing

@Suite("From exact integers to Double")
struct ConversionTests {
  /// `integer / 10^decimals`, by Python: `float(Fraction(integer, 10**decimals)).hex()`, which rounds
  /// correctly. The last but twelve are ties and their neighbours, the last twelve random.
  static let amountCases: [(integer: String, decimals: Int, expected: Double)] = [
    ("1", 18, 0x1.2725dd1d243acp-60),
    ("-1", 6, -0x1.0c6f7a0b5ed8dp-20),
    ("9007199254740993", 0, 0x1.0000000000000p+53),
    ("-9007199254740993", 0, -0x1.0000000000000p+53),
    ("9007199254740995", 6, 0x1.0c6f7a0b5ed8fp+33),
    ("18446744073709551617", 18, 0x1.2725dd1d243acp+4),
    ("7501934157146617000123456", 18, 0x1.c9e1b8a0eb0afp+22),
    ("170141183460469231731687303715884105728", 6, 0x1.0c6f7a0b5ed8dp+107),
    ("340282366920938463463374607431768211457", 18, 0x1.2725dd1d243acp+68),
    ("-1000000000000000000000000000000000000007", 18, -0x1.b1ae4d6e2ef50p+69),
    (
      "57896044618658097711785492504343953926634992332820282019728792003956564819967", 0,
      0x1.0000000000000p+255
    ),
    (
      "-57896044618658097711785492504343953926634992332820282019728792003956564819967", 36,
      -0x1.54484932d2e72p+135
    ),
    ("1461446703485210103287273052203988822378723970342", 18, 0x1.27230612085aep+100),
    ("1", 36, 0x1.54484932d2e72p-120),
    ("9007199254740993000000", 6, 0x1.0000000000000p+53),
    ("9007199254740993000001", 6, 0x1.0000000000001p+53),
    ("9007199254740992999999", 6, 0x1.0000000000000p+53),
    ("9007199254740995000000", 6, 0x1.0000000000002p+53),
    ("-14943922295918615269156622", 0, -0x1.8b8ff4d4748a1p+83),
    ("2394059122722343589239877256599434639284317", 0, 0x1.b7b81e74ef5e9p+140),
    ("805356463835024512344615666352968360706381272219", 0, 0x1.1a22dd9c2e71fp+159),
    ("153748825050930457256821554983736", 0, 0x1.e5254fd23c682p+106),
    ("-1019559973940353740", 0, -0x1.c4c68c9f3d7b6p+59),
    ("2505163801011532182744085630135611970", 27, 0x1.2aa3883205e79p+31),
    ("-9862609796100920516663774325708683989793198603861119313967", 6, -0x1.a5c457ec4b2f6p+172),
    ("-1193727745767576763177", 27, -0x1.40705897054b5p-20),
    ("129231572170518830288069320885897792846071761124695213470234079", 18, 0x1.72e05d4916080p+146),
    ("-3896974837433979827219673936136896767690669", 6, -0x1.7743d8c876300p+121),
    ("92458226567132972945427982954367337235086042824344394866773", 8, 0x1.3c4ffb582ce64p+169),
    ("199417016441498988578748", 8, 0x1.c56bfb1162838p+50),
  ]

  @Test("amounts are correctly rounded", arguments: amountCases)
  func amounts(integer: String, decimals: Int, expected: Double) throws {
    #expect(try ChainInteger(integer).tokens(decimals: decimals) == expected)
  }

  /// Price with token 0 as A, and with token 1 as A, by Python from
  /// `Fraction(10)**(decimals1 - decimals0) * 2**192 / root**2` and the reciprocal.
  static let priceCases: [(root: String, Int, Int, token0: Double, token1: Double)] = [
    ("4295128739", 6, 18, 0x1.d1a05402e6b43p+167, 0x1.197f02e274145p-168),
    (
      "1461446703485210103287273052203988822378723970342", 18, 6, 0x1.197f02e08b10dp-168,
      0x1.d1a054060f966p+167
    ),
    ("79228162514264337593543950336", 0, 36, 0x1.812f9cf7920e3p+119, 0x1.54484932d2e72p-120),
    (
      "340282366920938463463374607431768211455", 6, 18, 0x1.d1a94a2000000p-25, 0x1.19799812dea11p+24
    ),
    (
      "340282366920938463463374607431768211456", 18, 6, 0x1.19799812dea11p-104,
      0x1.d1a94a2000000p+103
    ),
    (
      "340282366920938463475720286333002779346", 0, 36, 0x1.812f9cf7920e3p+55, 0x1.54484932d2e72p-56
    ),
    (
      "515377520732011331036461129765621272702107522001", 8, 8, 0x1.0155938366474p-125,
      0x1.fd5863c3eb047p+124
    ),
    ("254906129387653484593797", 36, 0, 0x1.de5d1b190b535p-84, 0x1.12002fa099f8bp+83),
    ("12326406957962975383", 6, 18, 0x1.04b8a9ec1c2e2p+105, 0x1.f6ba7282e5841p-106),
    (
      "149503093934272502427744944796128170782440326173", 18, 6, 0x1.a44c790dd4d27p-162,
      0x1.37dab90d4ec35p+161
    ),
    ("740797452999610352391586887909", 0, 36, 0x1.19f99c00936b1p+113, 0x1.d0d5e1aa7a127p-114),
    ("731213068989933796903543969003502014", 8, 8, 0x1.a6fb2e45a3247p-47, 0x1.35e06dc466f8dp+46),
    ("1111784145130685535609", 36, 0, 0x1.7fb4939681666p-68, 0x1.55986d8b71ad6p+67),
    (
      "500601548660863209123532845445822716293175229", 6, 18, 0x1.d9252dffc11f9p-66,
      0x1.1505d3d3679a7p+65
    ),
    ("474821978867084162655924826916", 18, 6, 0x1.f58db540533bfp-46, 0x1.0554ff0f34ab1p+45),
  ]

  @Test("prices are those of exact arithmetic", arguments: priceCases)
  func prices(
    root: String, decimals0: Int, decimals1: Int, token0: Double, token1: Double
  ) throws {
    let root = try ChainInteger(root)
    for (numeraire, expected) in [(TokenPair.Token.token0, token0), (.token1, token1)] {
      let pair = try TokenPair(
        decimals0: decimals0, decimals1: decimals1, numeraire: numeraire)
      // Half an ulp and far less than a thousandth more: but for a tie, the nearest Double itself.
      #expect(pair.price(sqrtPriceX96: root) == expected)
    }
  }

  /// Whether `amount` is the `Double` nearest to `integer / 10^decimals`, in 128-bit integers; `nil`
  /// where they do not suffice.
  static func isNearest(_ amount: Double, to integer: Int128, decimals: Int) -> Bool? {
    guard amount != 0 else { return integer == 0 }
    let (significand, exponent) = (
      UInt128(amount.significandBitPattern | 1 << 52), Int(amount.exponent) - 52
    )
    let power = (0..<decimals).reduce(UInt128(1)) { product, _ in product * 10 }
    // |significand 2^exponent 10^decimals - integer| against 2^exponent 10^decimals / 2
    let scaled = significand.multipliedReportingOverflow(by: 2 * power)
    let (up, down) = (max(exponent, 0), max(-exponent, 0))
    let size = 2 * integer.magnitude
    guard !scaled.overflow, scaled.partialValue.leadingZeroBitCount > up,
      size.leadingZeroBitCount > down, power.leadingZeroBitCount > up
    else { return nil }
    let (left, right) = (scaled.partialValue << up, size << down)
    return max(left, right) - min(left, right) <= power << up
  }

  @Test("random amounts are the nearest Doubles")
  func nearest() throws {
    var random = SplitMix64(seed: 23)
    var checked = 0
    var wrong: [(Int128, Int)] = []
    for _ in 0..<20000 {
      let bits = Int.random(in: 1...90, using: &random)
      let any = Int128(truncatingIfNeeded: random.next()) << 64 | Int128(random.next())
      let integer = any >> (127 - bits)
      let decimals = random.oneIn(2) ? 6 : 18
      let amount = try ChainInteger(integer).tokens(decimals: decimals)
      guard let isNearest = Self.isNearest(amount, to: integer, decimals: decimals) else {
        continue
      }
      checked += 1
      if !isNearest { wrong.append((integer, decimals)) }
    }
    #expect(wrong.isEmpty, "seed 23: \(wrong.prefix(5))")
    #expect(checked > 10000, "the generator is not vacuous")
  }

  @Test("decimals have a range")
  func decimals() throws {
    for decimals in [-1, 37, Int.max, Int.min] {
      let refusal = ReplayError.decimals(decimals, allowed: 0...36)
      #expect(throws: refusal) { try ChainInteger(1).tokens(decimals: decimals) }
      #expect(throws: refusal) { try TokenPair(decimals0: decimals) }
      #expect(throws: refusal) { try TokenPair(decimals1: decimals) }
    }
    let pair = try TokenPair()
    #expect((pair.decimals0, pair.decimals1) == (6, 18))
    #expect(pair.numeraire == .token0)
  }
}
