import DAMMFeeds
import DAMMModel
import Testing

@Suite("Prices of a pool's ticks")
struct PoolTickTests {
  /// By Python: `float(Fraction(10)**(d1 - d0) / Fraction(10001, 10000)**tick)`.
  static let cases: [(tick: Int, decimals0: Int, decimals1: Int, price: Double)] = [
    (0, 6, 18, 0x1.d1a94a2000000p+39),
    (1, 6, 18, 0x1.d19d5eac1e001p+39),
    (-1, 18, 18, 0x1.00068db8bac71p+0),
    (202693, 6, 18, 0x1.8a09007624aebp+10),
    (202896, 6, 18, 0x1.821e064e85f51p+10),
    (887272, 6, 18, 0x1.d1b2406617418p-89),
    (-887272, 6, 18, 0x1.d1a054060f966p+167),
    (887272, 36, 0, 0x1.544ed5bdb109ap-248),
    (-887272, 0, 36, 0x1.81283354b80d0p+247),
    (65536, 8, 8, 0x1.75abe37b6e046p-10),
    (-131071, 18, 6, 0x1.083236b3876bep-21),
  ]

  @Test("are those of exact arithmetic", arguments: cases)
  func prices(tick: Int, decimals0: Int, decimals1: Int, price: Double) {
    #expect(PoolTick.price(tick: tick, decimals0: decimals0, decimals1: decimals1) == price)
  }

  @Test("fall by a factor of 1.0001 a tick, and mirror each other")
  func laws() {
    let slack = 4 * Tolerance.chainPrice.relative
    for tick in stride(from: PoolTick.allowed.lowerBound, to: PoolTick.allowed.upperBound, by: 997)
    {
      let price = PoolTick.price(tick: tick, decimals0: 18, decimals1: 18)
      let next = PoolTick.price(tick: tick + 1, decimals0: 18, decimals1: 18)
      let mirrored = PoolTick.price(tick: -tick, decimals0: 18, decimals1: 18)
      #expect(abs(price / next / 1.0001 - 1) <= slack)
      #expect(abs(price * mirrored - 1) <= slack)
    }
  }
}
