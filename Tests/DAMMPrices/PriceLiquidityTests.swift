import DAMMModel
import DAMMPrices
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Adds and removes.
@Suite struct PriceLiquidityTests {
  private let now = UTCTime(secondsSince1970: 1_767_225_600)
  private let bound = Tolerance.priceAmount.relative

  @Test func singleSidedOnAConstantProduct() throws {
    // shares grow by sqrt(1 + x/NA), the pool ends with NA + x and NB
    for part in [1e-14, 1e-6, 0.21, 3] {
      var pool = try PricePool(
        ConstantProduct.withoutFee, reserves: Reserves(a: 3e6, b: 1000), shares: 100)
      let change = try pool.addSingleSided(.a, part * 3e6, at: now)
      let grown = 100 * expm1(log1p(part) / 2)
      #expect(abs(change.added.shares - grown) <= bound * grown)
      #expect(abs(change.left) <= 0x1p-50 * part * 3e6)
      #expect(abs(pool.reserves.a - 3e6 * (1 + part)) <= 0x1p-50 * pool.reserves.a)
      #expect(abs(pool.reserves.b - 1000) <= 0x1p-50 * 1000)
      let other = try {
        var pool = try PricePool(
          ConstantProduct.withoutFee, reserves: Reserves(a: 3e6, b: 1000), shares: 100)
        return try pool.addSingleSided(.b, part * 1000, at: now)
      }()
      #expect(abs(other.added.shares - grown) <= bound * grown)
    }
  }

  @Test func nobodyGainsByAddingAndRemoving() throws {
    var random = SplitMix64(seed: RandomCurves.seed("nobodyGainsByAddingAndRemoving", 503))
    for _ in 0..<RandomCurves.runs(200) {
      let size = random.logUniform(1e-3...1e6)
      let reserves = try Reserves(a: size * random.logUniform(1e-3...1e3), b: size)
      var pool = try PricePool(ConstantProduct(feeBps: 30), reserves: reserves)
      let token = Token.allCases.randomElement(using: &random)!
      let given = random.logUniform(1e-6...2) * (token == .a ? reserves.a : reserves.b)
      let change = try pool.addSingleSided(token, given, at: now)
      let out = try pool.remove(shares: change.added.shares)
      // what comes out is worth less than what was given, at any price between the bid and the ask before
      let (a, b) = token == .a ? (out.a - given, out.b) : (out.a, out.b - given)
      for price in [1.003, 0.997].map({ $0 * reserves.a / reserves.b }) {
        #expect(a + price * b <= bound * (reserves.a + price * reserves.b))
      }
      #expect(abs(pool.shares - (reserves.a * reserves.b).squareRoot()) <= bound * pool.shares)
    }
  }

  @Test func whatIsRefusedChangesNothing() throws {
    var pool = try PricePool(ConstantPrice(2), reserves: Reserves(a: 100, b: 40), shares: 10)
    let before = pool
    #expect(throws: DAMMError.self) { try pool.remove(shares: 10) }
    #expect(throws: DAMMError.self) { try pool.remove(shares: 11) }
    #expect(throws: DAMMError.self) { try pool.remove(shares: .nan) }
    #expect(throws: DAMMError.self) { try pool.add(shares: 0) }
    #expect(throws: DAMMError.self) { try pool.add(shares: 1e50) }
    #expect(throws: DAMMError.self) { try pool.addSingleSided(.a, .infinity, at: now) }
    #expect(throws: DAMMError.self) { try pool.addSingleSided(.a, 1e60, at: now) }
    #expect(pool == before)
  }

  @Test func feesApartArePaidForAndPaidOut() throws {
    struct Apart: PriceFunctions {
      func ask(_ ratio: Double, at time: UTCTime) -> Double { ratio * 1.01 }
      func bid(_ ratio: Double, at time: UTCTime) -> Double { ratio * 0.99 }
      func reservePrice(_ side: Side, _ ratio: Double, at time: UTCTime) -> Double { ratio }
      func closedForm(_ side: Side, at ratio: Double, time: UTCTime) -> ClosedForm? {
        .affine(constant: 0, slope: 1, toll: side == .buy ? 1.01 : 0.99)
      }
    }
    for token in Token.allCases {
      var pool = try PricePool(Apart(), reserves: Reserves(a: 3e6, b: 1000), shares: 100)
      try pool.swap(.exactOut(100, .buy), at: now)
      let fees = pool.fees
      #expect(fees > 0)
      let given = token == .a ? 1e5 : 30.0
      let before = pool
      let change = try pool.addSingleSided(token, given, at: now)
      #expect(abs(change.left) <= bound * given)
      // all that the trader gave is in the pool
      let (a, b) = (
        pool.reserves.a + pool.fees - before.reserves.a - before.fees,
        pool.reserves.b - before.reserves.b
      )
      #expect(abs((token == .a ? a : b) - given) <= bound * before.reserves.a)
      #expect(abs(token == .a ? b : a) <= bound * before.reserves.a)
      let part = change.added.shares / pool.shares
      let owed = part * pool.fees
      let out = try pool.remove(shares: change.added.shares)
      #expect(abs(out.fees - owed) <= 0x1p-50 * owed)
    }
  }

  /// Fees apart so small that they hardly move where the swap ends: it is still found, and all is used.
  @Test func tinyFeesApart() throws {
    struct Tiny: PriceFunctions {
      let rate: Double
      func ask(_ ratio: Double, at time: UTCTime) -> Double { ratio * (1 + rate) }
      func bid(_ ratio: Double, at time: UTCTime) -> Double { ratio * (1 - rate) }
      func reservePrice(_ side: Side, _ ratio: Double, at time: UTCTime) -> Double { ratio }
    }
    for rate in [0x1p-52, 0x1p-50, 1e-12, 1e-6] {
      for token in Token.allCases {
        for part in [1e-9, 0.1, 7] {
          var pool = try PricePool(Tiny(rate: rate), reserves: Reserves(a: 3e6, b: 1000))
          let given = part * (token == .a ? 3e6 : 1000)
          let change = try pool.addSingleSided(token, given, at: now)
          #expect(abs(change.left) <= bound * given, "rate \(rate), \(part) of \(token)")
        }
      }
    }
  }
}
