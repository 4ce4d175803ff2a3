import ArgumentParser
import DAMM
import DAMMLedger
import DAMMStoreSQLite

/// `damm market check`: runs a market's own book again.
struct MarketCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Runs a market's own book again: what it traded is what it settled and what is open.")

  @Option(help: ArgumentHelp("The market's own book.", valueName: "file"))
  var book: String

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let found = try BookVerification(try SQLiteStore(path: book, create: false))
    guard !json else { return try Output.json(Answer(found)) }
    try Output.text(
      "The book holds: \(found.trades) trades, \(found.applied) settlements applied and "
        + "\(found.refused) refused; \(found.settled.a) lots of A, \(found.settled.b) of B and "
        + "\(found.settledFees) in fees were settled, \(found.open.a), \(found.open.b) and "
        + "\(found.openFees) are open.")
  }

  private struct Answer: Encodable {
    let trades, applied, refused: Int
    let settledA, settledB, settledFees, openA, openB, openFees: Int

    init(_ found: BookVerification) {
      (trades, applied, refused) = (found.trades, found.applied, found.refused)
      (settledA, settledB, settledFees) = (found.settled.a, found.settled.b, found.settledFees)
      (openA, openB, openFees) = (found.open.a, found.open.b, found.openFees)
    }
  }
}
