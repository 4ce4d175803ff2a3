import ArgumentParser
import DAMM
import DAMMFeeds
import DAMMReplay
import Foundation

/// What a replay is of: its files, its pool, who trades and what it is compared with. With the first step it makes a
/// `ReplaySetup`; `damm replay` runs one, `damm sweep` many.
struct ReplayOptions: ParsableArguments {
  @OptionGroup(title: "What happened") var input: ReplayInputOptions
  @OptionGroup(title: "The pool") var pool: ReplayPoolOptions
  @OptionGroup(title: "Markets on a shared pool") var markets: ReplayMarketOptions
  @OptionGroup(title: "Who trades, and who provides") var agents: ReplayAgentOptions
  @OptionGroup(title: "What it is compared with") var rivals: ReplayRivalOptions

  @Option(
    parsing: .unconditional, help: "Of what is drawn by chance: the same seed, the same figures.")
  var seed: UInt64 = 1

  /// What a replay begins with.
  ///
  /// - Parameter price: the market price of its first step, A per B.
  /// - Throws: the error that names the value.
  func setup(at price: Double) throws -> ReplaySetup {
    let setup = ReplaySetup(
      terms: try pool.terms(at: price), horizonDays: pool.horizonDays, capital: pool.capital,
      markets: try markets.shared(), agents: try agents.agents(), rivals: rivals.rivals(),
      seed: seed)
    try setup.check()
    return setup
  }
}

/// Files, and how to read them.
struct ReplayInputOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Files or folders of prices, volatilities, orders or exports of a pool; - is standard input.",
      valueName: "file"))
  var files: [String]

  @Option(help: "Which token of a pool's export is A: \(TokenPair.Token.choices).")
  var numeraire = TokenPair.Token.token0

  @Option(parsing: .unconditional, help: "Decimal places of A there; USDC has 6.")
  var decimalsA = 6

  @Option(parsing: .unconditional, help: "Decimal places of B there; WETH has 18.")
  var decimalsB = 18

  @Option(
    parsing: .unconditional,
    help: "Implied volatility a year where no file has one, as a decimal: 0.8 is 80 %.")
  var iv: Double?

  @Option(
    parsing: .unconditional,
    help: "How many rows of a file with something wrong may be left out; 0: the first is an error.")
  var badRows = BadRows.defaultLimit

  /// The files as events in the order of time, each file a track.
  func stream() throws -> FlowStream {
    try Domain.check(badRows, "limit of bad rows", in: Domain.badRows)
    let tracks = files.map { [URL(filePath: $0 == "-" ? "/dev/stdin" : $0)] }
    return try FlowStream(tracks, badRowLimit: badRows)
  }

  /// The stream as steps.
  func steps(_ stream: FlowStream) throws -> ReplaySteps {
    if let iv { try Domain.check(iv, "implied volatility", in: Domain.impliedVolatility) }
    return ReplaySteps(stream, tokens: try tokens(), impliedVolatility: iv)
  }

  private func tokens() throws -> TokenPair {
    let isToken0 = numeraire == .token0
    return try TokenPair(
      decimals0: isToken0 ? decimalsA : decimalsB, decimals1: isToken0 ? decimalsB : decimalsA,
      numeraire: numeraire)
  }
}

/// The tick pool.
struct ReplayPoolOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "What the founder pays in, in A: half of it A, half B at the first price.")
  var capital = 1e6

  @Option(parsing: .unconditional, help: "Horizon of the volatility in days; a year has 365.")
  var horizonDays = 7.0

  @OptionGroup var shape: ShapeOptions

  @Option(help: "How much of the reserves is on offer: \(Funding.choices).")
  var funding = Funding.geometricMean

  @OptionGroup var fees: FeeRateOptions

  @Option(
    parsing: .unconditional,
    help: "Surge: what a reform adds to the fee in both directions, in basis points.")
  var surgeBps = 0.0

  @Option(parsing: .unconditional, help: "Seconds until half of the surge is gone.")
  var surgeHalfLife = 60.0

  @Option(
    parsing: .unconditional,
    help: "The curve is formed anew when the price is so many basis points away; never by default.")
  var reformBps: Double?

  @Option(parsing: .unconditional, help: "It is formed anew when it is so many hours old.")
  var reformHours: Double?

  @Option(
    parsing: .unconditional,
    help: "It is formed anew when the volatility changed by this part: 0.1 is 10 %.")
  var reformVolatility: Double?

  @Flag(
    help:
      "Reforms are allowed though ask and bid are less than a tick apart; then a shift of the grid pays traders."
  )
  var thinSpread = false

  /// The terms of a pool that is founded at a price.
  func terms(at price: Double) throws -> PoolTerms {
    // of an amount without bounds there are no lots
    try Domain.check(capital, "capital of the founder in A", in: Domain.replayCapital)
    return try PoolTerms(
      a: LotSize.fine(for: capital / 2), b: LotSize.fine(for: capital / 2 / price),
      shape: shape.shape, halfWidth: shape.k, tickWidthBps: shape.tickBps,
      fees: fees.schedule(surgeBps: surgeBps, halfLifeSeconds: surgeHalfLife), funding: funding,
      policy: ReformPolicy(
        deviationBps: reformBps, ageSeconds: reformHours.map { $0 * 3600 },
        volatilityChange: reformVolatility),
      allowsThinSpread: thinSpread)
  }
}

/// Markets on one shared pool.
struct ReplayMarketOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "So many markets on a shared pool, each with all the flow; by default a pool of its own.")
  var markets: Int?

  @Option(parsing: .unconditional, help: "Each market settles after so many steps.")
  var settleEvery = 1

  @OptionGroup var health: HealthOptions

  /// The markets; `nil` for a pool of its own.
  func shared() throws -> ReplayMarkets? {
    guard let markets else { return nil }
    return ReplayMarkets(count: markets, settleEvery: settleEvery, limits: try health.limits())
  }
}

/// What the pool is compared with.
struct ReplayRivalOptions: ParsableArguments {
  @Option(
    parsing: .unconditional, help: "Fee of the constant product with the same capital and traders.")
  var productFeeBps = 30.0

  @Option(parsing: .unconditional, help: "Fee of the recorded pool.")
  var recordedFeeBps = 5.0

  @Option(
    parsing: .unconditional,
    help:
      "The position in the recorded pool spans the first price over this factor to that times it; by default all prices."
  )
  var recordedRange: Double?

  func rivals() -> ReplayRivals {
    ReplayRivals(
      productFeeBps: productFeeBps, recordedFeeBps: recordedFeeBps, recordedRange: recordedRange)
  }
}
