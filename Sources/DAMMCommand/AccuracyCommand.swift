import ArgumentParser
import DAMM
import DAMMReference

/// `damm accuracy`: fast against slow, with the declared bound beside the error that was measured.
struct AccuracyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "accuracy",
    abstract: "Measures all errors against a 20-digit reference and the declared bounds.",
    discussion: """
      Every tick of a grid of curves, and random swaps on each, are computed by another algorithm \
      to 20 digits. Errors are relative to the exact value; an ulp is the unit of the last binary \
      digit. Exits with 1 if a declared bound is broken.

      EXAMPLES
        damm accuracy
        damm accuracy --largest 200000 --swaps 1000
        damm accuracy --json
      """)

  @Option(help: ArgumentHelp("Curves with more ticks than this are left out.", valueName: "ticks"))
  var largest = 30_000

  @Option(help: "Random swaps on each curve.")
  var swaps = 100

  @Option(
    parsing: .unconditional, help: "Seed of the random swaps: the same seed gives the same swaps.")
  var seed: UInt64 = 1

  @Flag(help: "Print a JSON array with an object for each quantity.")
  var json = false

  func validate() throws {
    guard largest > 0 else {
      throw ValidationError("--largest is \(largest), but must be above 0.")
    }
    guard swaps > 0 else {
      throw ValidationError("--swaps is \(swaps), but must be above 0.")
    }
  }

  func run() throws {
    let rows = try AccuracyRun(largest: largest, swapsPerCurve: swaps, seed: seed).rows()
    if json {
      try Output.json(rows)
    } else {
      try Output.text(AccuracyText(rows).text)
    }
    if rows.contains(where: { !$0.pass }) { throw ExitCode(1) }
  }
}
