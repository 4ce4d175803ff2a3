import ArgumentParser
import DAMM
import DAMMFeeds
import DAMMReplay
import Foundation

/// What gives the markets of a simulation their prices.
enum MarketCurve: String, CaseIterable, ExpressibleByArgument, Encodable {
  case constantProduct = "constant-product"
  case ticks
}

/// The prices that markets follow: a seeded motion, or a file.
struct PathOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: "First price of a seeded path, A per B; 3000 by default.")
  var price: Double?

  @Option(
    parsing: .unconditional,
    help: "Volatility a year, as a decimal: 0.6 is 60 %. Of --prices, what was expected.")
  var volatility: Double?

  @Option(parsing: .unconditional, help: "How long a seeded path is, in days; 7 by default.")
  var days: Double?

  @Option(parsing: .unconditional, help: "How many steps a seeded path has; 168 by default.")
  var steps: Int?

  @Option(
    parsing: .unconditional,
    help: "How the paths of two markets move together, from 0 to 1; with 1 they are the same.")
  var correlation: Double?

  @Option(parsing: .unconditional, help: "Seed of paths and of what others trade.")
  var seed: UInt64 = 42

  @Option(help: ArgumentHelp("A file of prices that all markets follow.", valueName: "file"))
  var prices: String?

  @Option(help: ArgumentHelp("A file of prices with volatilities.", valueName: "file"))
  var readings: String?

  func validate() throws {
    guard prices != nil || readings != nil else { return }
    guard prices == nil || readings == nil else {
      throw ValidationError("Give either --prices or --readings, not both.")
    }
    guard price == nil, days == nil, steps == nil, correlation == nil else {
      throw ValidationError(
        "--price, --days, --steps and --correlation are of a seeded path, not of a file.")
    }
    guard readings == nil || volatility == nil else {
      throw ValidationError("--volatility is not for --readings, which have their own.")
    }
  }

  /// The volatility of a seeded path, and what is expected of --prices.
  static let defaultVolatility = 0.6
  private static let defaultPrice = 3000.0
  private static let defaultDays = 7.0
  private static let defaultSteps = 168

  /// One path for all markets, or one for each.
  func paths(_ markets: Int) throws -> [PricePath] {
    let volatility = volatility ?? Self.defaultVolatility
    if let readings {
      return [try PricePath(CSVReadings(contentsOf: URL(filePath: readings)).readings)]
    }
    if let prices {
      let series = try CSVReadings(
        prices: [URL(filePath: prices)], impliedVolatility: volatility)
      return [try PricePath(series.readings)]
    }
    let (days, steps) = (days ?? Self.defaultDays, steps ?? Self.defaultSteps)
    try Domain.check(steps, "steps of a path", in: Domain.pathSteps)
    try Domain.check(days, "days of a path", in: Domain.horizonDays)
    let seconds = Int((days * 86_400 / Double(steps)).rounded())
    let motion = try GeometricBrownianMotion(
      price: price ?? Self.defaultPrice, volatility: volatility, steps: steps,
      secondsPerStep: seconds)
    let correlation = correlation ?? 1
    return try motion.paths(correlation == 1 ? 1 : markets, correlation: correlation, seed: seed)
  }

  /// Where the prices come from, in words.
  var source: String {
    if let file = prices ?? readings { return "from \(file)" }
    let volatility = Figures.short(100 * (volatility ?? Self.defaultVolatility))
    let together =
      (correlation ?? 1) == 1
      ? "the same for all" : "correlation \(Figures.short(correlation ?? 1))"
    return "seeded with \(seed), \(volatility) % a year, \(together)"
  }
}

/// The pool, its markets and who trades with them.
struct MarketsSetupOptions: ParsableArguments {
  @Option(help: "Prices of the markets: \(MarketCurve.choices).")
  var curve = MarketCurve.constantProduct

  @Option(
    parsing: .unconditional,
    help: "Reserve of A at the founding. Of B there is as much by worth, at the first price.")
  var reserveA = 3e6

  @Option(parsing: .unconditional, help: "Fee of every trade in basis points.")
  var feeBps = 30.0

  @OptionGroup var shape: ShapeOptions

  @Option(help: "How much of the reserves tick curves offer: \(Funding.choices).")
  var funding = Funding.geometricMean

  @Option(parsing: .unconditional, help: "Horizon of the volatility of tick curves in days.")
  var horizonDays = 7.0

  @Option(
    parsing: .unconditional,
    help:
      "Tick curves are formed anew when the price is so many basis points away; never by default.")
  var reformBps: Double?

  @Option(parsing: .unconditional, help: "Each market settles after so many steps.")
  var settleEvery = 1

  @Option(parsing: .unconditional, help: "What others trade in each market in a day, in A.")
  var noiseVolume = 0.0

  @Option(
    parsing: .unconditional, help: "Credit of each market, as a part of both reserves: 0.05 is 5 %."
  )
  var credit = 0.0

  @OptionGroup var health: HealthOptions

  @Flag(help: "Markets trade on where they know that a settlement would be refused.")
  var ignoreRoom = false

  /// The pool that a path begins with.
  func setup(
    _ markets: Int, price: Double, limits: HealthLimits, noiseVolume: Double, credit: Double,
    seed: UInt64
  ) throws -> MarketsSetup {
    let reserves = try Reserves(a: reserveA, b: reserveA / price)
    let (a, b) = try (LotSize.fine(for: reserves.a), LotSize.fine(for: reserves.b))
    return try MarketsSetup(
      prices(a, b), a: a, b: b,
      deposit: LotPair(
        a: Int((reserves.a / a.tokens(1)).rounded()), b: Int((reserves.b / b.tokens(1)).rounded())),
      markets: markets, limits: limits, settleEvery: settleEvery, noiseVolume: noiseVolume,
      creditPart: credit, keepsRoom: !ignoreRoom, seed: seed)
  }

  private func prices(_ a: LotSize, _ b: LotSize) throws -> MarketsSetup.Prices {
    switch curve {
    case .constantProduct: return .constantProduct(feeBps: feeBps)
    case .ticks:
      let policy = try ReformPolicy(deviationBps: reformBps)
      return .ticks(
        try PoolTerms(
          a: a, b: b, shape: shape.shape, halfWidth: shape.k, tickWidthBps: shape.tickBps,
          fees: FeeSchedule(baseBps: feeBps), funding: funding, policy: policy),
        horizonDays: horizonDays)
    }
  }
}
