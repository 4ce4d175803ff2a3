import ArgumentParser
import DAMM
import DAMMLedger
import Foundation

/// `damm ledger verify`: runs a log again.
struct LedgerVerify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Runs the log again from the founding and compares all it leads to.",
    discussion: """
      Each settlement must follow from those before it, each receipt must be what the pool answers, lots that came \
      and went must be those that are there, and the state that is stored must be what the log leads to. \
      With --log, an export is run instead of a ledger.
      """)

  @Option(help: LedgerOptions.placeHelp)
  var ledger: String?

  @Option(help: "Of a PostgreSQL database: the schema that has the ledger.")
  var schema = "damm"

  @Option(
    help: ArgumentHelp("What damm ledger export wrote; - for standard input.", valueName: "file"))
  var log: String?

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard (ledger == nil) != (log == nil) else {
      throw ValidationError("Give either --ledger or --log.")
    }
  }

  func run() throws {
    let found: LedgerVerification
    if let log {
      var replay = LedgerReplay()
      try LedgerLines.read(log) { try replay.take($0) }
      found = try replay.verification()
    } else {
      var place = LedgerOptions()
      (place.ledger, place.schema) = (ledger ?? "", schema)
      found = try place.open().verify()
    }
    if json {
      try Output.json(Answer(found))
    } else {
      try Output.text(
        "The log holds: \(found.rows) rows, \(found.settlements) settlements of \(found.markets) "
          + "markets, each applied once; \(found.reserves.a) lots of A, \(found.reserves.b) of B "
          + "and \(found.fees) lots of A in fees are all there. Health factor \(found.health).")
    }
  }

  private struct Answer: Encodable {
    let rows, settlements, markets, reserveA, reserveB, fees: Int
    let health: Double

    init(_ found: LedgerVerification) {
      (rows, settlements, markets) = (found.rows, found.settlements, found.markets)
      (reserveA, reserveB, fees) = (found.reserves.a, found.reserves.b, found.fees)
      health = found.health.value
    }
  }
}

/// `damm ledger export`: writes a log.
struct LedgerExport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Writes the log to standard output, one JSON object a row.",
    discussion: """
      damm ledger verify --log runs it again, without the ledger. In place of the keys of markets it has others.
      """)

  @OptionGroup var place: LedgerOptions

  func run() throws {
    var output = ByteWriter()
    let encoder = Output.encoder()
    var keys: [MarketKey: MarketKey] = [:]
    try place.open().storage.eachRow { row in
      output.write(try encoder.encode(LedgerLine(row.withoutKeys(&keys))))
      try output.endRow()
    }
    try output.finish()
  }
}

/// A row of a log as a line.
struct LedgerLine: Codable {
  let number: Int
  let market: String?
  let sequence: Int?
  let action: String
  let receipt: String

  init(_ row: LogRow) {
    number = row.number
    (market, sequence) = (row.settlement?.market, row.settlement?.sequence)
    (action, receipt) = (row.action, row.receipt)
  }

  /// The row.
  var row: LogRow {
    let settlement = market.flatMap { market in
      sequence.map { LogRow.Settlement(market: market, sequence: $0) }
    }
    return LogRow(number: number, settlement: settlement, action: action, receipt: receipt)
  }
}

/// An exported log.
enum LedgerLines {
  /// Hands on each row of a file.
  static func read(_ path: String, _ body: (LogRow) throws -> Void) throws {
    let lines = try InputFile.text(path).split(separator: UInt8(ascii: "\n"))
    for (number, text) in zip(1..., lines) {
      let line: LedgerLine
      do { line = try JSONDecoder().decode(LedgerLine.self, from: Data(text)) } catch {
        throw Refusal("line \(number) of \(InputFile.name(path)) is no row of a log: \(error)")
      }
      try body(line.row)
    }
  }
}
