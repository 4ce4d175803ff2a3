import ArgumentParser

struct CurveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "curve")
}
