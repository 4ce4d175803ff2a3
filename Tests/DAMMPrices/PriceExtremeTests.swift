import DAMMModel
import DAMMPrices
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Trades of all of a reserve and of all but dust, there and back: both reserves stay on the invariant curve.
@Suite struct PriceExtremeTests {
  private let now = UTCTime(secondsSince1970: 1_767_225_600)
  private let bound = Tolerance.priceAmount.relative

  /// The logarithm of an invariant, as a textbook has it: of one side, for these reserves.
  private typealias Invariant = (Side, Reserves) -> Double

  private struct Worst {
    var invariant = 0.0
    var amounts = 0.0
    var filled = 0
    var partial = 0
  }

  /// Parts of a reserve: dust, all but dust, to the bit all, more.
  private func part(_ random: inout SplitMix64) -> Double {
    switch Int.random(in: 0..<6, using: &random) {
    case 0: 1
    case 1: 1 - random.logUniform(1e-17...0.1)
    case 2: random.logUniform(1e-18...1)
    case 3: random.logUniform(1...1e6)
    case 4: random.uniform(0.0001...1)
    default: 1 + random.logUniform(1e-17...1e-3)
    }
  }

  private func order(
    _ pool: PricePool<some PriceFunctions>, _ random: inout SplitMix64
  ) throws -> Order {
    let (side, part) = (Side.allCases.randomElement(using: &random)!, part(&random))
    let (a, b) = (pool.reserves.a, pool.reserves.b)
    switch Int.random(in: 0..<4, using: &random) {
    case 0: return try Order(side, .amount(part * b))
    case 1: return try Order(side, .notional(part * a))
    // what takes nearly all of the other token at a constant price
    case 2: return try Order(side, .amount(part * a / 3000))
    default: return try Order(side, .notional(part * b * 3000))
    }
  }

  private func walk<Prices: PriceFunctions>(
    _ name: String, _ prices: Prices, _ random: inout SplitMix64, runs: Int, _ invariant: Invariant
  ) throws {
    var worst = Worst()
    for _ in 0..<runs {
      let b = random.logUniform(1e-3...1e6)
      var pool = try PricePool(
        prices, reserves: Reserves(a: b * random.logUniform(1e-6...1e6), b: b))
      for _ in 0..<4 {
        let (before, order) = (pool, try order(pool, &random))
        let quote = try pool.swap(order, at: now)
        let what = "\(name): \(order) on \(before.reserves) to \(pool.reserves)"
        if quote.stop == .complete { worst.filled += 1 } else { worst.partial += 1 }
        let size = 1 + abs(log(pool.ratio / before.ratio))
        let apart =
          abs(invariant(order.side, pool.reserves) - invariant(order.side, before.reserves)) / size
        worst.invariant = max(worst.invariant, apart)
        #expect(apart <= bound, "\(what): \(apart) off the curve")
        // what changed hands is what the reserves and the fees changed by, and nothing beyond what was there
        let sign = order.side == .buy ? 1.0 : -1
        let (then, after) = (before.reserves, pool.reserves)
        let a = after.a + pool.fees - then.a - before.fees - sign * quote.a
        let b = after.b - then.b + sign * quote.b
        let apartA = abs(a) / max(then.a, after.a, pool.fees)
        let apartB = abs(b) / max(then.b, after.b)
        worst.amounts = max(worst.amounts, apartA, apartB)
        #expect(apartA <= 0x1p-50 && apartB <= 0x1p-50, "\(what): \(apartA), \(apartB)")
        #expect(quote.amountOut <= (order.side == .buy ? then.b : then.a), "\(what)")
        #expect((quote.left ?? 0) >= 0 && ((quote.left ?? 1) == 0) == (quote.stop == .complete))
      }
    }
    print(
      "extremes, \(name): \(worst.filled) filled, \(worst.partial) in part, off the curve "
        + "\(worst.invariant), amounts \(worst.amounts)")
    #expect(worst.filled > runs && worst.partial > runs / 10)
  }

  @Test func everyTradeStaysOnItsCurve() throws {
    var random = SplitMix64(seed: RandomCurves.seed("everyTradeStaysOnItsCurve", 504))
    let runs = RandomCurves.runs(800)
    for fee in [0, 30, 5000.0] {
      let product = try ConstantProduct(feeBps: fee)
      let ofProduct: Invariant = { side, held in
        log(held.a) + (side == .buy ? product.askFactor : product.bidFactor) * log(held.b)
      }
      try walk("product, \(fee) bp", product, &random, runs: runs, ofProduct)
      try walk(
        "product, \(fee) bp, integrated", IntegratedPrices(product), &random, runs: runs / 8,
        ofProduct)
      let constant = try ConstantPrice(3000, markUpBps: fee)
      let ofConstant: Invariant = { side, held in
        log(held.a + (side == .buy ? constant.ask : constant.bid) * held.b)
      }
      try walk("constant price, \(fee) bp", constant, &random, runs: runs, ofConstant)
      try walk(
        "constant price, \(fee) bp, integrated", IntegratedPrices(constant), &random,
        runs: runs / 8, ofConstant)
    }
    let root = try PriceClosures(
      ask: { $0.squareRoot() * 1.003 }, bid: { $0.squareRoot() * 0.997 })
    try walk("root, integrated", root, &random, runs: runs / 8) { side, held in
      log(held.b) + 2 * log((side == .buy ? 1.003 : 0.997) + (held.a / held.b).squareRoot())
    }
    try walk("product, fees apart", Apart(), &random, runs: runs) { _, held in
      log(held.a) + log(held.b)
    }
  }

  /// Fees of 1 % apart from the reserves, which keep the product.
  private struct Apart: PriceFunctions {
    func ask(_ ratio: Double, at time: UTCTime) -> Double { ratio * 1.01 }
    func bid(_ ratio: Double, at time: UTCTime) -> Double { ratio * 0.99 }
    func reservePrice(_ side: Side, _ ratio: Double, at time: UTCTime) -> Double { ratio }
    func closedForm(_ side: Side, at ratio: Double, time: UTCTime) -> ClosedForm? {
      .affine(constant: 0, slope: 1, toll: side == .buy ? 1.01 : 0.99)
    }
  }

  /// All of a reserve cannot be had: what comes is a part, and buying everything back ends where it began.
  @Test func allOfAReserveAndBack() throws {
    for (side, all) in [(Side.sell, 3e6), (.buy, 1000)] {
      var pool = try PricePool(ConstantProduct.withoutFee, reserves: Reserves(a: 3e6, b: 1000))
      let start = pool.reserves
      let out = try pool.swap(.exactOut(all, side), at: now)
      #expect(out.stop == .exhausted && out.amountOut < all && out.left == all - out.amountOut)
      let size = 1 + abs(log(pool.ratio / 3000))
      let product = pool.reserves.a * pool.reserves.b
      #expect(abs(product / 3e9 - 1) <= bound * size, "\(pool.reserves)")
      let other: Side = side == .buy ? .sell : .buy
      let back = try pool.swap(.exactIn(out.amountOut, other), at: now)
      #expect(back.stop == .complete)
      #expect(abs(pool.reserves.a / start.a - 1) <= 2 * bound * size)
      #expect(abs(pool.reserves.b / start.b - 1) <= 2 * bound * size)
    }
    // at a constant price all of it can: what an exact payment takes is what it pays for
    var pool = try PricePool(ConstantPrice(3000), reserves: Reserves(a: 3e6, b: 1000))
    let sold = try pool.swap(.exactIn(1000, .sell), at: now)
    #expect(sold.stop == .complete && sold.amountOut <= 3e6)
    #expect(pool.reserves.a <= 0x1p-50 * 3e6, "\(pool.reserves)")
  }

  /// Somebody who holds all but a millionth of a millionth of the shares leaves: who stays has what was there before.
  @Test func nearlyAllSharesLeave() throws {
    var random = SplitMix64(seed: RandomCurves.seed("nearlyAllSharesLeave", 505))
    for _ in 0..<RandomCurves.runs(200) {
      let reserves = try Reserves(
        a: random.logUniform(1e-3...1e6), b: random.logUniform(1e-3...1e6))
      let start = try PricePool(ConstantProduct(feeBps: 30), reserves: reserves)
      var pool = start
      var given: [Double] = []
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let shares = random.logUniform(1e-3...1e5) * pool.shares
        given.append(try pool.add(shares: shares).shares)
      }
      for shares in given.shuffled(using: &random) { try pool.remove(shares: shares) }
      #expect(abs(pool.shares / start.shares - 1) <= bound, "\(given)")
      #expect(abs(pool.reserves.a / reserves.a - 1) <= bound, "\(given)")
      #expect(abs(pool.reserves.b / reserves.b - 1) <= bound, "\(given)")
    }
  }
}
