import ArgumentParser
import DAMM
import DAMMReplay

/// `damm markets`: many markets on one shared pool.
struct MarketsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "markets",
    abstract: "Runs markets on one shared pool: fees, impermanent loss, health, refusals.",
    discussion: """
      EXAMPLES
        damm markets
        damm markets --to 16 --svg markets.svg
        damm markets --markets 8 --correlation 0.9 --noise-volume 2e6 \\
          --settle-every 12
        damm markets --curve ticks --horizon-days 7 --markets 4 --json

      All markets trade on the same reserves. After each step an arbitrageur takes each of them to \\
      its price net of fees, and markets settle every few steps; what is refused stops its market \\
      until it can settle. With several counts a table shows how the loss grows with the number of \\
      markets: each on the first path, without limits, credits and noise. docs/shared-pool.md has \\
      the formulas.
      """)

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How many markets, with commas between; the last count is the one that is shown.",
      valueName: "list"))
  var markets: String?

  @Option(parsing: .unconditional, help: "All counts from 1 to this one.")
  var to: Int?

  @OptionGroup var path: PathOptions
  @OptionGroup var options: MarketsSetupOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  @Option(help: ArgumentHelp("Also write the charts to an SVG file.", valueName: "file"))
  var svg: String?

  func validate() throws {
    if markets != nil, to != nil {
      throw ValidationError("Give either --markets or --to, not both.")
    }
  }

  func run() throws {
    let counts = try self.counts()
    let paths = try path.paths(counts[counts.count - 1])
    let answer = try MarketsAnswer(
      options, counts: counts, paths: paths, source: path.source, seed: path.seed)
    if let svg {
      var file = try ByteWriter(creating: svg)
      file.write(MarketsChart(answer).text)
      try file.finish()
    }
    if json { try Output.json(answer) } else { try Output.text(answer.text) }
  }

  /// The counts, each once.
  private func counts() throws -> [Int] {
    if let to {
      try Domain.check(to, "number of markets", in: Domain.simulatedMarkets)
      return Array(1...to)
    }
    var counts: [Int] = []
    for field in (markets ?? "1,2,4,8").split(separator: ",", omittingEmptySubsequences: false) {
      let allowed = Domain.simulatedMarkets
      guard let count = Int(field.drop { $0 == " " }), allowed.contains(count) else {
        throw Refusal(
          "number of markets is \(Refusal.quoted(field)), but it must be a whole number from "
            + "\(allowed.lowerBound) to \(allowed.upperBound).")
      }
      guard !counts.contains(count) else {
        throw Refusal("the list of markets has \(count) twice, but each count must be there once.")
      }
      counts.append(count)
    }
    return counts
  }
}
