import DAMMModel
import Foundation
import TestSupport
import Testing

@Suite struct LotSizeTests {
  /// Every size there is, the coarse and the fine.
  static let sizes = Domain.tokenDecimals.flatMap { decimals in
    Domain.lotExponent.map { try! LotSize(decimals: decimals, exponent: $0) }
  }

  static let counts = [
    0, 1, 2, 9, 10, 123, 1_000_000, 1_230_000, (1 << 48) - 1, (1 << 53) - 1, (1 << 53) + 1,
    Int.max,
  ]

  @Test func readsAndWritesDecimalText() throws {
    let ether = try LotSize(decimals: 18, exponent: 12)
    #expect(ether.text(12_345_000) == "12.345")
    #expect(ether.text(-1) == "-0.000001")
    #expect(ether.text(0) == "0")
    #expect(ether.text(5_000_000) == "5")
    #expect(ether.text(.min) == "-9223372036854.775808")
    for text in ["12.345", "012.3450", "12.345000000000000000000000"] {
      #expect(try ether.lots(text) == 12_345_000)
    }
    #expect(try ether.lots(".5") == 500_000)
    #expect(try ether.lots("5.") == 5_000_000)
    #expect(try ether.lots("0.000") == 0)
    // 0.1 has no Double; seventeen digits would show
    #expect(try ether.lots("9007199254740.993001") == 9_007_199_254_740_993_001)
    let whale = try LotSize(decimals: 0, exponent: 3)
    #expect(whale.text(7) == "7000")
    #expect(try whale.lots("7000") == 7)
    #expect(throws: PoolError.notWholeLots(amount: "7001", lot: "1000 tokens")) {
      try whale.lots("7001")
    }
  }

  @Test(arguments: [
    "", ".", "-1", "+1", "1e6", "1,000", " 1", "1 ", "1.2.3", "0x10", "nan", "inf", "١", "1_0",
  ])
  func refusesWhatIsNoAmount(text: String) throws {
    let size = try LotSize(decimals: 6, exponent: 0)
    #expect(throws: PoolError.notAnAmount(text)) { try size.lots(text) }
  }

  @Test func refusesWhatIsNotWholeOrDoesNotFit() throws {
    let size = try LotSize(decimals: 6, exponent: 2)
    #expect(throws: PoolError.notWholeLots(amount: "0.00001", lot: "0.0001 tokens")) {
      try size.lots("0.00001")
    }
    #expect(throws: PoolError.notWholeLots(amount: "150", lot: "100 base units")) {
      try size.lots(ofBaseUnits: 150)
    }
    #expect(try size.lots("922337203685477.5807") == .max)
    let one = "922337203685477.5808"
    #expect(
      throws: PoolError.overflow(
        name: "lots", amount: "\(one) tokens", allowed: "\(Int.max)")
    ) { try size.lots(one) }
    // thousands of zeros neither trap nor take long
    let zeros = String(repeating: "0", count: 100_000)
    #expect(throws: PoolError.self) { try size.lots("1" + zeros) }
    #expect(throws: PoolError.self) { try size.lots("0." + zeros + "1") }
    #expect(try size.lots(zeros + "1." + zeros) == 10_000)
    #expect(try size.lots(ofBaseUnits: 100 * UInt128(Int.max)) == .max)
    #expect(throws: PoolError.self) { try size.lots(ofBaseUnits: 100 * (UInt128(Int.max) + 1)) }
    #expect(throws: PoolError.self) { try size.baseUnits(-1) }
    let coarse = try LotSize(decimals: 36, exponent: 36)
    #expect(try coarse.baseUnits(340) == 340 * coarse.unitsPerLot)
    #expect(
      throws: PoolError.overflow(
        name: "base units", amount: "341 lots of 1\(String(repeating: "0", count: 36))",
        allowed: "\(UInt128.max)")
    ) { try coarse.baseUnits(341) }
    for (decimals, exponent) in [(-1, 0), (37, 0), (0, -1), (0, 37), (.max, .min)] {
      #expect(throws: PoolError.self) { try LotSize(decimals: decimals, exponent: exponent) }
    }
  }

  /// Every conversion there and back, at every size.
  @Test func roundTripsAtEverySize() throws {
    for size in Self.sizes {
      for lots in Self.counts {
        #expect(try size.lots(size.text(lots)) == lots)
        if let units = try? size.baseUnits(lots) {
          #expect(try size.lots(ofBaseUnits: units) == lots)
        } else {
          #expect(size.unitsPerLot > UInt128.max / UInt128(lots))
        }
      }
    }
  }

  /// A decimal text with an exponent is another way to the same number, which the system rounds once.
  @Test func tokensAreCorrectlyRounded() throws {
    let seed = RandomCurves.seed("tokens", 71)
    var random = SplitMix64(seed: seed)
    for size in Self.sizes {
      let extra = (0..<20).map { _ in Int.random(in: .min ... .max, using: &random) >> 10 }
      for lots in Self.counts + extra + [.min] {
        let exact = try #require(Double("\(lots)e\(size.exponent - size.decimals)"))
        #expect(size.tokens(lots) == exact, "\(lots) \(size), seed \(seed)")
      }
    }
  }

  @Test func pricesPerLotAreCorrectlyRounded() throws {
    let seed = RandomCurves.seed("prices per lot", 72)
    var random = SplitMix64(seed: seed)
    var far = 0
    for _ in 0..<RandomCurves.runs(100_000) {
      let a = Self.sizes.randomElement(using: &random)!
      let b = Self.sizes.randomElement(using: &random)!
      // n/2^j is n 5^j / 10^j: its exact decimal digits fit 128 bits
      let (n, j) = (
        Int.random(in: 1..<1 << 53, using: &random), Int.random(in: 0...30, using: &random)
      )
      let price = Double(sign: .plus, exponent: -j, significand: Double(n))
      let digits = UInt128(n) * (0..<j).reduce(1) { power, _ in power * 5 }
      let power = a.decimals - a.exponent - b.decimals + b.exponent
      for (there, power) in [
        (LotSize.pricePerLot(price: price, a: a, b: b), power),
        (LotSize.tokenPrice(pricePerLot: price, a: a, b: b), -power),
      ] {
        let exact = try #require(Double("\(digits)e\(power - j)"))
        if power.magnitude <= 22 {
          #expect(there == exact, "\(price) \(a) \(b), seed \(seed)")
        } else {
          far += 1
          #expect((there - exact).magnitude <= 3 * exact.ulp, "\(price) \(a) \(b), seed \(seed)")
        }
      }
    }
    #expect(far > 1000)
    let (dollar, ether) = (
      try LotSize(decimals: 6, exponent: 2), try LotSize(decimals: 18, exponent: 10)
    )
    #expect(LotSize.pricePerLot(price: 3000, a: dollar, b: ether) == 0.3)
    #expect(LotSize.tokenPrice(pricePerLot: 0.3, a: dollar, b: ether) == 3000)
  }

  @Test func storedSizesAreChecked() throws {
    for size in Self.sizes {
      let data = try JSONEncoder().encode(size)
      #expect(try JSONDecoder().decode(LotSize.self, from: data) == size)
    }
    #expect(throws: PoolError.self) {
      try JSONDecoder().decode(LotSize.self, from: Data(#"{"decimals":6,"exponent":37}"#.utf8))
    }
  }
}
