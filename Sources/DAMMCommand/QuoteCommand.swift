import ArgumentParser

struct QuoteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "quote")
}
