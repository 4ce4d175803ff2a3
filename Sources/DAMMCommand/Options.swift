import ArgumentParser
import DAMM

extension Side: ExpressibleByArgument {}
extension Shape: ExpressibleByArgument {}
extension Funding: ExpressibleByArgument {}
extension SigmaConvention: ExpressibleByArgument {}

/// How wide the price is expected to spread: a standard deviation, or a volatility and a horizon.
struct VolatilityOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: "Standard deviation of price, in price units.")
  var sigma: Double?

  @Option(
    parsing: .unconditional,
    help: "Implied volatility a year, as a decimal: 0.8 is 80 %. Needs --horizon-days.")
  var iv: Double?

  @Option(parsing: .unconditional, help: "Horizon of the volatility in days; a year has 365.")
  var horizonDays: Double?

  @Option(help: "How sigma follows from --iv: \(SigmaConvention.choices).")
  var sigmaConvention: SigmaConvention = .proportional

  func validate() throws {
    switch (sigma, iv, horizonDays) {
    case (.some, nil, nil), (nil, .some, .some): break
    // who needs none does without
    case (nil, nil, nil): break
    case (nil, nil, .some): throw Self.missing
    case (nil, .some, nil): throw ValidationError("--iv needs --horizon-days.")
    default: throw ValidationError("Give either --sigma or --iv with --horizon-days, not both.")
    }
  }

  private static var missing: ValidationError {
    ValidationError("Give --sigma, or --iv with --horizon-days.")
  }

  /// The reading at a price.
  func reading(price: Double) throws -> OracleReading {
    guard sigma != nil || iv != nil else { throw Self.missing }
    if let iv, let horizonDays {
      return try OracleReading(
        price: price, impliedVolatility: iv, horizonDays: horizonDays, convention: sigmaConvention)
    }
    return try OracleReading(price: price, sigma: sigma ?? .nan)
  }

  /// The convention, where one was used.
  var usedConvention: SigmaConvention? { iv == nil ? nil : sigmaConvention }
}

/// The density and the ticks.
struct ShapeOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: "Half width of the curve in standard deviations.")
  var k = 6.0

  @Option(parsing: .unconditional, help: "Tick width in basis points of the oracle price.")
  var tickBps = 1.0

  @Option(help: "Density of the liquidity: \(Shape.choices).")
  var shape = Shape.normal

  /// The table for a reading.
  func table(_ reading: OracleReading, fees: FeeSchedule = .none) throws -> TickTable {
    try TickTable(
      CurveShape(
        shape, relativeSigma: reading.relativeSigma, halfWidth: k, tickWidthBps: tickBps),
      fees: fees)
  }
}

/// What the pool holds, and how much of it is offered.
struct ReserveOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: "Reserve of A, the numeraire.")
  var reserveA: Double

  @Option(parsing: .unconditional, help: "Reserve of B, the asset.")
  var reserveB: Double

  @Option(help: "How much of the reserves is on offer: \(Funding.choices).")
  var funding = Funding.geometricMean

  func reserves() throws -> Reserves { try Reserves(a: reserveA, b: reserveB) }
}

/// Everything that makes a curve at a price.
struct CurveOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: "Oracle price mu, A per B.")
  var price: Double

  @OptionGroup var volatility: VolatilityOptions
  @OptionGroup var shape: ShapeOptions
  @OptionGroup var reserves: ReserveOptions
  @OptionGroup var fees: FeeOptions

  @Option(
    parsing: .unconditional,
    help: "Where the pool stands, as a price coordinate; the oracle price by default.")
  var at: Double?

  /// The curve, formed where the pool stands.
  func curve() throws -> Curve {
    var curve = try formed()
    try fees.charge(&curve)
    return curve
  }

  private func formed() throws -> Curve {
    let reading = try volatility.reading(price: price)
    let table = try shape.table(reading, fees: fees.schedule())
    let held = try reserves.reserves()
    guard let at else {
      return try Curve(
        table: table, oraclePrice: price, reserves: held, funding: reserves.funding)
    }
    return try Curve(
      table: table, oraclePrice: price, reserves: held, funding: reserves.funding, atPrice: at)
  }
}

extension CaseIterable where Self: RawRepresentable, RawValue == String {
  /// The names of all cases, for a help text.
  static var choices: String { allCases.map(\.rawValue).joined(separator: "|") }
}
