import ArgumentParser
import DAMM
import DAMMLedger
import DAMMStorePostgres
import DAMMStoreSQLite

/// Where a ledger is.
struct LedgerOptions: ParsableArguments {
  @Option(help: placeHelp)
  var ledger: String

  @Option(help: "Of a PostgreSQL database: the schema that has the ledger.")
  var schema = "damm"

  /// What is said of where a ledger may be.
  static let placeHelp = ArgumentHelp(
    "The ledger: a file, or what libpq takes for a PostgreSQL database, postgresql://... or host=...",
    valueName: "place")

  /// The store, made if there is none and that is wanted.
  func store(create: Bool = false) throws -> any LedgerStorage {
    let isServer = ["postgresql://", "postgres://", "host=", "dbname=", "service="]
      .contains { ledger.hasPrefix($0) }
    return isServer
      ? try PostgresStore(connection: ledger, schema: schema, create: create)
      : try SQLiteStore(path: ledger, create: create)
  }

  /// The ledger in it.
  func open() throws -> Ledger { try Ledger(try store()) }
}

extension LotSize {
  /// Lots of an amount that was given in tokens.
  func lots(_ tokens: String, option: String) throws -> Int {
    do { return try lots(tokens) } catch { throw Refusal("\(option): \(error)") }
  }

  /// Lots in tokens, with a sign where it is negative.
  func signed(_ lots: Int) -> String { (lots > 0 ? "+" : "") + text(lots) }
}

extension SharedPoolTerms {
  /// Lots of both tokens in tokens.
  func words(_ lots: LotPair) -> String { "\(a.text(lots.a)) A and \(b.text(lots.b)) B" }
}
