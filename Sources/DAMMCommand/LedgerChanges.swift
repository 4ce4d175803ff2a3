import ArgumentParser
import DAMM
import DAMMFeeds
import DAMMLedger

/// Amounts of both tokens.
struct PairOptions: ParsableArguments {
  @Option(help: "Of A, in tokens.")
  var a = "0"

  @Option(help: "Of B, in tokens.")
  var b = "0"

  func lots(_ terms: SharedPoolTerms) throws -> LotPair {
    LotPair(a: try terms.a.lots(a, option: "--a"), b: try terms.b.lots(b, option: "--b"))
  }
}

/// `damm ledger grant`: gives a market a credit.
struct LedgerGrant: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grant",
    abstract: "Gives a market a credit: what its settlements may take without being refused.",
    discussion: "It takes the place of the credit that the market has; none at all takes it back.")

  @OptionGroup var place: LedgerOptions

  @Option(help: "The market.")
  var market: String

  @OptionGroup var credit: PairOptions

  func run() throws {
    let ledger = try place.open()
    let (id, lots) = (try MarketID(market), try credit.lots(ledger.founding.terms))
    let receipt = try ledger.apply(.grant(lots, to: id), at: .now)
    try Output.text(
      "Market \(id) has a credit of \(ledger.founding.terms.words(lots)); "
        + "health factor \(receipt.health).")
  }
}

/// `damm ledger pay-in`: heals a pool.
struct LedgerPayIn: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pay-in",
    abstract: "Pays lots into the pool as a gift to all shares: it raises the health factor.")

  @OptionGroup var place: LedgerOptions
  @OptionGroup var amounts: PairOptions

  func run() throws {
    let ledger = try place.open()
    let lots = try amounts.lots(ledger.founding.terms)
    let receipt = try ledger.apply(.payIn(lots), at: .now)
    try Output.text(
      "Paid in \(ledger.founding.terms.words(lots)); health factor \(receipt.health).")
  }
}

/// `damm ledger add`: liquidity at the pool itself.
struct LedgerAdd: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Adds liquidity: shares for their part of both reserves.",
    discussion: "Markets get to know of it when they settle.")

  @OptionGroup var place: LedgerOptions

  @Option(parsing: .unconditional, help: "Shares to make.")
  var shares: Int

  @Option(parsing: .unconditional, help: "A position to add to; a new one by default.")
  var position: Int?

  func run() throws {
    let ledger = try place.open()
    let receipt = try ledger.apply(
      .add(shares: shares, to: position.map(PositionID.init), lock: nil, tokens: 0), at: .now)
    try Output.text(
      "Paid in \(ledger.founding.terms.words(receipt.moved)) for \(shares) shares"
        + (receipt.position.map { ", position \($0)." } ?? "."))
  }
}

/// `damm ledger remove`: liquidity at the pool itself.
struct LedgerRemove: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Burns shares of a position for their part of both reserves.")

  @OptionGroup var place: LedgerOptions

  @Option(parsing: .unconditional, help: "Shares to burn.")
  var shares: Int

  @Option(parsing: .unconditional, help: "The position.")
  var position: Int

  func run() throws {
    let ledger = try place.open()
    let receipt = try ledger.apply(
      .remove(shares: shares, from: PositionID(position)), at: .now)
    let paid = LotPair(a: -receipt.moved.a, b: -receipt.moved.b)
    try Output.text("Paid out \(ledger.founding.terms.words(paid)), fees included.")
  }
}
