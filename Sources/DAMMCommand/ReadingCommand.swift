import ArgumentParser
import DAMM
import DAMMFeeds
import Foundation

/// `damm reading`: what a source says about a market, and the sigma that follows.
struct ReadingCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reading",
    abstract:
      "Shows a reading of files or of an Ethereum node, and the sigma that follows from it.",
    discussion: """
      Files are comma-separated text with a header. Prices: time,price; or hourly candles with \
      timestamp,open,high,low,close; or minutes of a USDC/WETH pool with timestamp,closeTick. \
      Volatilities: time,volatility as decimals; or, in percent, timestamp,iv_dvol by the hour or \
      date,open,high,low,close by the day. A close counts from the end of its interval. Each price \
      goes with the last volatility that was known by then. --readings is one file of \
      time,price,volatility.

      A node is asked by https; plain http is for this machine only. Without --node its address is \
      taken from the environment, DAMM_NODE_URL, where other users of the machine do not see it. Of \
      the address only scheme and host are ever shown.

      EXAMPLES
        damm reading --readings data/demo/readings.csv --at '2024-01-02 12:00:00' \\
          --horizon-days 7
        damm reading --prices candles.csv --volatilities dvol.csv --horizon-days 7 --json
        damm reading --node https://node.example/v2/key --horizon-days 7 --iv 0.65 \\
          --aggregator 0x5f4ec3df9cbd43714fe2740f5e3616155c5b8419 --max-age-minutes 70
      """)

  @Option(help: ArgumentHelp("A file of prices; may be repeated.", valueName: "file"))
  var prices: [String] = []

  @Option(help: ArgumentHelp("A file of volatilities; may be repeated.", valueName: "file"))
  var volatilities: [String] = []

  @Option(help: ArgumentHelp("A file of prices with volatilities.", valueName: "file"))
  var readings: String?

  @Option(help: "What was known at this UTC time, of files; all that is known by default.")
  var at: String?

  @Option(
    parsing: .unconditional,
    help: "How old a volatility may be when its price is known, in hours.")
  var volatilityMaxAgeHours = JoinedReadings.defaultVolatilityAgeLimitSeconds / 3600

  @OptionGroup var node: NodeOptions

  @Option(
    parsing: .unconditional,
    help: "One implied volatility a year for all prices, as a decimal: 0.8 is 80 %.")
  var iv: Double?

  @Option(parsing: .unconditional, help: "Horizon of the volatility in days; a year has 365.")
  var horizonDays: Double

  @Option(help: "How sigma follows from the volatility: \(SigmaConvention.choices).")
  var sigmaConvention: SigmaConvention = .proportional

  @Option(
    parsing: .unconditional,
    help: "Refuse a reading that is older than this at --at or, without it, now.")
  var maxAgeMinutes: Double?

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    let sources = [!prices.isEmpty, readings != nil, node.aggregator != nil].count { $0 }
    guard sources == 1 else {
      throw ValidationError("Give one source: --prices, --readings, or --aggregator of a node.")
    }
    let volatilitySources = [
      iv != nil, !volatilities.isEmpty, readings != nil, node.volatilityAggregator != nil,
    ].count { $0 }
    guard volatilitySources == 1 else {
      throw ValidationError(
        "Give one volatility: --iv, --volatilities, --volatility-aggregator, or that of --readings."
      )
    }
    guard node.aggregator != nil || (node.volatilityAggregator == nil && node.node == nil) else {
      throw ValidationError("--node and --volatility-aggregator need --aggregator.")
    }
    guard node.aggregator == nil || (volatilities.isEmpty && at == nil) else {
      throw ValidationError("--volatilities and --at are for files, not for a node.")
    }
  }

  func run() async throws {
    let moment = try time()
    let (market, series) = try await reading(at: moment)
    let now = moment ?? .now
    if let maxAgeMinutes {
      var door = ReadingGuard(limits: try ReadingLimits(ageSeconds: maxAgeMinutes * 60))
      if case .refused(let refusal) = door.admit(market, now: now) {
        throw Refusal("\(market.source): \(refusal)")
      }
    }
    let answer = ReadingAnswer(
      market, try OracleReading(market, horizonDays: horizonDays, convention: sigmaConvention),
      now: now, readings: series?.readings.count,
      pricesWithoutVolatility: series?.pricesWithoutVolatility)
    if json { try Output.json(answer) } else { try Output.text(answer.text) }
  }

  private func time() throws -> UTCTime? {
    guard let at else { return nil }
    guard let time = UTCTime(iso8601: at) else {
      throw Refusal(
        "--at is \(Refusal.quoted(at)), but it must be a UTC time written as "
          + "\(UTCTime.iso8601Forms).")
    }
    return time
  }

  private func reading(at time: UTCTime?) async throws -> (MarketReading, CSVReadings?) {
    if let aggregator = node.aggregator {
      return (try await node.source(aggregator, iv: iv).latest(), nil)
    }
    let series = try self.series()
    if let time { return (try series.reading(at: time), series) }
    return (try await series.latest(), series)
  }

  private func series() throws -> CSVReadings {
    let files = prices.map { URL(filePath: $0) }
    if let readings { return try CSVReadings(contentsOf: URL(filePath: readings)) }
    if let iv { return try CSVReadings(prices: files, impliedVolatility: iv) }
    return try CSVReadings(
      prices: files, volatilities: volatilities.map { URL(filePath: $0) },
      volatilityAgeLimitSeconds: volatilityMaxAgeHours * 3600)
  }
}
