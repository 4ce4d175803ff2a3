import DAMMKernel
import DAMMModel
import Testing

/// The corners of the domain: nothing there is NaN, infinite or negative, and nothing traps.
@Suite struct ExtremeTests {
  private func tables() throws -> [TickTable] {
    try [
      CurveShape(relativeSigma: 0.01, halfWidth: 32),
      CurveShape(.logNormal, relativeSigma: 0.2, halfWidth: 32, tickWidthBps: 2000),
      CurveShape(.uniform, relativeSigma: 1e-9, halfWidth: 1e-3, tickWidthBps: 1e-6),
      CurveShape(relativeSigma: 1e-9, halfWidth: 32, tickWidthBps: 1e5),
      CurveShape(relativeSigma: 1e3, halfWidth: 1, tickWidthBps: 1e6),
    ].map { try TickTable($0) }
  }

  @Test func corners() throws {
    var (answers, filled) = (0, 0)
    for table in try tables() {
      let ends = [table.lowestTick, 0, table.upperTick - 1, table.upperTick]
      for mu in [Domain.price.lowerBound, 1, Domain.price.upperBound] {
        for a in [Domain.reserve.lowerBound, Domain.reserve.upperBound] {
          for b in [Domain.reserve.lowerBound, Domain.reserve.upperBound] {
            for funding in Funding.allCases {
              for tick in ends {
                let curve = try Curve(
                  table: table, oraclePrice: mu, reserves: Reserves(a: a, b: b), funding: funding,
                  position: Position(tick: tick, fraction: tick < table.upperTick ? 0.5 : 0))
                #expect(curve.price.isFinite && curve.offered.a <= a && curve.offered.b <= b)
                for order in try orders(curve) {
                  let quote = curve.quote(order)
                  let numbers = [
                    quote.amountIn, quote.amountOut, quote.priceAfter, quote.averagePrice ?? 0,
                    quote.left ?? 0, quote.positionAfter.fraction,
                  ]
                  #expect(
                    numbers.allSatisfy { $0.isFinite && $0 >= 0 },
                    "\(order) \(quote) mu \(mu) reserves \(a) \(b) \(funding) tick \(tick)")
                  answers += 1
                  if quote.amountOut > 0 { filled += 1 }
                }
              }
            }
          }
        }
      }
    }
    print("corners: \(answers) answers, \(filled) filled")
    #expect(answers > 10_000 && filled > 4_000)
  }

  private func orders(_ curve: Curve) throws -> [Order] {
    try Side.allCases.flatMap { side in
      try [
        .amount(Domain.amount.lowerBound), .amount(Domain.amount.upperBound),
        .notional(Domain.amount.lowerBound), .notional(Domain.amount.upperBound),
        .toPrice(Domain.target.lowerBound), .toPrice(Domain.target.upperBound),
        .toPrice(curve.price.nextUp), .toPrice(curve.price.nextDown), .toPrice(curve.oraclePrice),
        .amount(max(curve.offered.b, 1e-100)), .notional(max(curve.offered.a, 1e-100)),
      ].map { try Order(side, $0) }
    }
  }
}
