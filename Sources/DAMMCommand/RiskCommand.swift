import ArgumentParser
import DAMM

/// `damm risk`: what the liquidity providers of a curve stand to lose.
struct RiskCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "risk",
    abstract: "Shows risk figures: impermanent loss, loss to arbitrage, break-even fee.",
    discussion: """
      EXAMPLES
        damm risk --price 3000 --iv 0.8 --horizon-days 7 \\
          --reserve-a 3e6 --reserve-b 1000
        damm risk --price 3000 --iv 0.8 --horizon-days 7 \\
          --reserve-a 3e6 --reserve-b 1000 --moves=-0.3,-0.1,0.1,0.5 \\
          --noise-volume 2e6 --block-seconds 2
        damm risk --price 100 --sigma 1 --sigma-days 1 \\
          --reserve-a 1000 --reserve-b 10 --json

      The market stands at the marginal price and moves without drift, with the volatility of --iv \
      or that of --sigma over --sigma-days; arbitrage keeps the curve at the market. Losses are \
      negative where they are a change of value. The break-even fee is that at which what \
      arbitrageurs and others pay adds up to what arbitrage takes. docs/risk.md has the formulas.
      """)

  @OptionGroup var options: CurveOptions

  @Option(parsing: .unconditional, help: "With --sigma: over how many days it spreads.")
  var sigmaDays: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Moves of the market, as decimals with commas between: -0.1,0.1 is 10 % down and up.",
      valueName: "list"))
  var moves = "-0.2,-0.1,-0.05,-0.01,0.01,0.05,0.1,0.2"

  @Option(
    parsing: .unconditional,
    help: "What others than arbitrageurs trade in a day, in A; for the break-even fee.")
  var noiseVolume: Double?

  @Option(
    parsing: .unconditional,
    help: "Seconds between the moments at which arbitrage may trade, on average.")
  var blockSeconds = 12.0

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    if options.volatility.sigma != nil, sigmaDays == nil {
      throw ValidationError("--sigma needs --sigma-days: over how many days it spreads.")
    }
    if options.volatility.sigma == nil, sigmaDays != nil {
      throw ValidationError("--sigma-days belongs to --sigma; --iv has --horizon-days.")
    }
  }

  func run() throws {
    let changes = try RiskCommand.changes(moves)
    let reading = try options.volatility.reading(price: options.price)
    let risk = try RiskFigures(
      options.curve(), reserves: options.reserves.reserves(),
      volatility: RiskFigures.volatility(of: reading, sigmaDays: sigmaDays ?? .nan))
    let answer = try RiskAnswer(
      risk, convention: options.volatility.usedConvention, changes: changes,
      noiseVolume: noiseVolume, blockSeconds: blockSeconds)
    if json { try Output.json(answer) } else { try Output.text(answer.text) }
  }

  /// The moves of a list.
  static func changes(_ list: String) throws(Refusal) -> [Double] {
    var changes: [Double] = []
    for field in list.split(separator: ",", omittingEmptySubsequences: false) {
      let field = String(field.drop { $0 == " " })
      changes.append(try Field.number(field, "move", allowed: Domain.priceChange))
    }
    return changes
  }
}
