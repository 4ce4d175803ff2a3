import ArgumentParser
import DAMM
import DAMMReference

/// `damm accuracy`: fast against slow, with the declared bound beside the error that was measured.
struct AccuracyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "accuracy",
    abstract: "Measures errors against a 20-digit reference and compares them with the bounds.",
    discussion: """
      Every tick of each curve is computed by another algorithm to 20 digits. Exits with 1 if a \
      declared bound is broken.

      EXAMPLES
        damm accuracy
        damm accuracy --largest 200000 --swaps 1000
        damm accuracy --json
      """)

  @Option(help: "Curves with more ticks than this are left out.")
  var largest = 30_000

  @Option(help: "Swaps a curve.")
  var swaps = 100

  @Option(help: "Seed of the random swaps.")
  var seed: UInt64 = 1

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    guard largest > 0 else {
      throw ValidationError("--largest is \(largest), but must be above 0.")
    }
    guard swaps >= 0 else {
      throw ValidationError("--swaps is \(swaps), but must not be negative.")
    }
  }

  func run() throws {
    let rows = try AccuracyRun(largest: largest, swapsPerCurve: swaps, seed: seed).rows()
    if json {
      try Output.json(rows)
    } else {
      print(AccuracyRow.table(rows))
    }
    if rows.contains(where: { !$0.pass }) { throw ExitCode(1) }
  }
}
