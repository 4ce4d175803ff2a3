import DAMMReference
import Testing

/// The wide number, by identities that need no other arithmetic.
@Suite struct WideTests {
  private func wide(_ text: String) throws -> Wide { try #require(Wide(text)) }
  private func near(_ x: Wide, _ y: Wide) -> Bool { abs(((x - y) / y).double) < 1e-29 }

  @Test func decimals() throws {
    #expect(try wide("1.5").double == 1.5)
    #expect(try wide("-1.5e3").double == -1500)
    #expect(
      try near(wide("123456789012345678901234567890"), wide("1.2345678901234567890123456789e29")))
    #expect(try near(wide("3.3333333333333333333333333333333333e-1"), Wide(1) / Wide(3)))
    for bad in ["", "-", ".", "1.2.3", "1e", "e5", "nan", "0x10", "1e999", "1 2"] {
      #expect(Wide(bad) == nil, "\(bad)")
    }
  }

  @Test func algebra() throws {
    let third = Wide(1) / Wide(3)
    #expect(near(third * Wide(3), Wide(1)))
    #expect(near(Wide(2).squareRoot * Wide(2).squareRoot, Wide(2)))
    #expect(try near(Wide(2).squareRoot, wide("1.41421356237309504880168872420969807857")))
    #expect(third < Wide(0.34) && Wide(0.33) < third)
  }
}
