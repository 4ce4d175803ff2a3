import ArgumentParser

struct AccuracyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "accuracy")
}
