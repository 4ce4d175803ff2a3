import ArgumentParser

/// `damm market`: a market of a shared pool as a process of its own.
struct MarketCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "market",
    abstract: "Runs a market that trades on its own and settles with a ledger.",
    subcommands: [MarketRun.self, MarketCheck.self])
}
