import ArgumentParser
import DAMM

/// How far settlements may take the health of a shared pool down.
struct HealthOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: "No settlement leaves a health factor below.")
  var floor = 0.9

  @Option(
    parsing: .unconditional,
    help: "By how much one market's settlements may take it down in a UTC day.")
  var allowance = 0.01

  @Flag(help: "No floor and no allowance: only reserves bound what settlements take.")
  var noLimits = false

  func limits() throws -> HealthLimits {
    noLimits ? .off : try HealthLimits(floor: floor, dailyAllowance: allowance)
  }
}
