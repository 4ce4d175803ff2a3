import DAMMModel
import DAMMPrices
import Testing
import TestSupport

@Suite struct ConstantProductTests {
  private let now = UTCTime(secondsSince1970: 1_767_225_600)

  @Test func textbookWithoutFee() throws {
    var pool = try PricePool(ConstantProduct.withoutFee, reserves: Reserves(a: 3e6, b: 1000))
    let bound = Tolerance.priceAmount.relative
    let bought = try pool.swap(.exactOut(10, .buy), at: now)
    let exact = 3e6 * 10 / 990
    #expect(abs(bought.amountIn - exact) <= bound * exact)
    #expect(bought.amountOut == 10 && bought.stop == .complete && bought.left == 0)
    #expect(abs(pool.reserves.a * pool.reserves.b - 3e9) <= bound * 3e9)
  }
}
