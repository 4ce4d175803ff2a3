import ArgumentParser
import DAMM
import DAMMReplay

/// `damm path`: a synthetic path of prices and volatilities as a file.
struct PathCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "path",
    abstract: "Writes a seeded path of prices with volatilities, as comma-separated text.",
    discussion: """
      Prices have no drift. They diffuse at a volatility that is fixed (--iv) or changes between \
      levels (--regime, each with the days for which it stays on average; the first is where the \
      path begins), and may jump as in Merton's model. The volatility of a line is that of the \
      whole move, jumps included. The columns, time,price,volatility, are what damm reading and \
      damm markets read.

      EXAMPLES
        damm path --price 3000 --iv 0.8 --steps 1440 --step-seconds 60 > path.csv
        damm path --price 3000 --regime 0.4:20 --regime 1.2:5 --jumps-per-year 50 \\
          --jump-mean -0.02 --jump-deviation 0.03 --steps 8760 --step-seconds 3600 --seed 7
      """)

  @Option(parsing: .unconditional, help: "The first price, A per B.")
  var price: Double

  @Option(parsing: .unconditional, help: "Volatility a year, as a decimal.")
  var iv: Double?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("A level of volatility; may be repeated.", valueName: "iv:days"))
  var regime: [String] = []

  @Option(parsing: .unconditional, help: "Jumps a year, on average.")
  var jumpsPerYear = 0.0

  @Option(parsing: .unconditional, help: "Mean of the logarithm of a jump.")
  var jumpMean = 0.0

  @Option(parsing: .unconditional, help: "Deviation of the logarithm of a jump.")
  var jumpDeviation = 0.0

  @Option(parsing: .unconditional, help: "How many steps the path has.")
  var steps = 1440

  @Option(parsing: .unconditional, help: "How long a step takes, in seconds.")
  var stepSeconds = 60

  @Option(parsing: .unconditional, help: "The same seed, the same path.")
  var seed: UInt64 = 1

  func validate() throws {
    guard (iv == nil) != regime.isEmpty else {
      throw ValidationError("Give one volatility: --iv, or --regime once or more.")
    }
  }

  func run() throws {
    let model = try JumpDiffusion(
      price: price, regimes: regimes(),
      jumps: .init(perYear: jumpsPerYear, mean: jumpMean, deviation: jumpDeviation), steps: steps,
      secondsPerStep: stepSeconds)
    let path = try model.path(seed: seed)
    var output = ByteWriter()
    output.write("time,price,volatility")
    try output.endRow()
    for point in path.points {
      output.write("\(point.time),\(point.price),\(point.impliedVolatility)")
      try output.endRow()
    }
    try output.finish()
  }

  private func regimes() throws -> [JumpDiffusion.Regime] {
    if let iv { return [try .init(volatility: iv, meanDays: 1)] }
    return try regime.map { text in
      let parts = text.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count == 2, let volatility = Double(parts[0]), let days = Double(parts[1]) else {
        throw Refusal(
          "--regime is \(Refusal.quoted(text)), but it must be a volatility and days, as in 0.8:10."
        )
      }
      return try .init(volatility: volatility, meanDays: days)
    }
  }
}
