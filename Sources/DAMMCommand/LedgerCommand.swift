import ArgumentParser

/// `damm ledger`: a shared pool in a ledger on disk.
struct LedgerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ledger",
    abstract: "Keeps a shared pool in a ledger on disk: SQLite or PostgreSQL.",
    discussion: """
      EXAMPLES
        damm ledger init --ledger pool.ledger --reserve-a 3000000 --reserve-b 1000
        damm market run --ledger pool.ledger --name north --book north.book &
        damm market run --ledger pool.ledger --name south --book south.book &
        damm ledger status --ledger pool.ledger
        damm ledger verify --ledger pool.ledger

      Markets trade on their own and settle here; docs/ledger.md shows it.
      """,
    subcommands: [
      LedgerInit.self, LedgerStatus.self, LedgerVerify.self, LedgerExport.self, LedgerGrant.self,
      LedgerPayIn.self, LedgerAdd.self, LedgerRemove.self,
    ])
}
