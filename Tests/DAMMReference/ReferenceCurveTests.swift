import DAMMModel
import DAMMReference
import Testing

/// The slow path by itself: the worked example of the source document.
@Suite struct ReferenceCurveTests {
  @Test func workedExample() throws {
    let shape = try CurveShape(relativeSigma: 0.01)
    func buy<Number>(_ table: ReferenceTable<Number>) throws -> (Double, Int, Double, Int) {
      var curve = try ReferenceCurve(
        table: table, tickWidthBps: 1, oraclePrice: 100, reserves: Reserves(a: 1000, b: 10))
      let fill = curve.swap(try Order(.buy, .amount(1)))
      return (fill.a.double, curve.tick, curve.fraction.double, fill.ticksCrossed)
    }
    let exact = try buy(ReferenceTable<Wide>(taylor: shape))
    #expect(exact == (100.12109282770146, 25, 0.35066547227590505, 26))
    let loop = try buy(ReferenceTable<Double>(quadrature: shape))
    #expect(abs(loop.0 / exact.0 - 1) <= Tolerance.referenceLoop.relative)
    #expect(loop.1 == 25 && loop.3 == 26)
  }

  @Test func quadratureAgreesWithTheTaylorSeries() throws {
    for shape in Shape.allCases {
      for (s, k, bps) in [(0.0005, 12.0, 1.0), (0.01, 6, 7), (0.3, 12, 100), (0.3, 6, 3000)] {
        let curve = try CurveShape(shape, relativeSigma: s, halfWidth: k, tickWidthBps: bps)
        let exact = try ReferenceTable<Wide>(taylor: curve).masses
        let loop = try ReferenceTable<Double>(quadrature: curve).masses
        #expect(exact.count == loop.count)
        for (mass, other) in zip(exact, loop) {
          #expect(abs(other / mass.double - 1) <= Tolerance.referenceQuadrature.relative)
        }
      }
    }
  }
}
