import DAMMModel
import Testing

/// Every error is one sentence that names what was given and what is allowed.
@Suite struct ErrorTests {
  @Test(arguments: [
    (DAMMError.outOfRange(name: "k", value: -3.5, allowed: 1...2), ["k", "-3.5", "1.0", "2.0"]),
    (.tooManyTicks(needed: 1e9, allowed: 77), ["1000000000.0", "77"]),
    (.noTicks(relativeSigma: 0.25, halfWidth: 3, tickWidthBps: 9), ["0.25", "3.0", "9.0"]),
    (.invalidDensity(z: 1.25, value: -8), ["1.25", "-8.0"]),
    (.emptyDensity, ["density"]),
    (.positionOutside(price: 5, lowest: 6, highest: 7), ["5.0", "6.0", "7.0"]),
    (.tickOutside(tick: 5, lowest: 6, highest: 7), ["5", "6", "7"]),
    (.invalidPrice(.buy, ratio: 2.5, value: -8), ["buy", "2.5", "-8.0", "1e-100", "1e+100"]),
    (
      .notIntegrable(.sell, from: 2.5, to: 1.5, error: 0.125, allowed: 0.0625),
      ["sell", "2.5", "1.5", "0.125", "0.0625"]
    ),
    (.gsl(code: 14, message: "iteration limit"), ["14", "iteration limit"]),
  ])
  func saysWhatWasGivenAndAllowed(_ error: DAMMError, _ words: [String]) {
    for word in words { #expect(error.description.contains(word), "\(error)") }
    #expect(error.description.hasSuffix(".") && !error.description.contains("\n"))
  }

  @Test func domainsAreClosedAndExcludeWhatIsNoNumber() throws {
    for domain in [
      Domain.price, Domain.reserve, Domain.amount, Domain.target, Domain.relativeSigma,
      Domain.sigma, Domain.halfWidth, Domain.tickWidthBps, Domain.fraction,
      Domain.impliedVolatility, Domain.horizonDays,
    ] {
      try Domain.check(domain.lowerBound, "x", in: domain)
      try Domain.check(domain.upperBound, "x", in: domain)
      for bad in [Double.nan, .infinity, -.infinity, domain.lowerBound.nextDown] {
        #expect(throws: DAMMError.self) { try Domain.check(bad, "x", in: domain) }
      }
    }
  }
}
