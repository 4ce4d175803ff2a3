import ArgumentParser
import DAMM
import DAMMFeeds
import DAMMLedger

/// `damm ledger init`: founds a pool in a store.
struct LedgerInit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Founds a shared pool in a new ledger, with its first deposit.",
    discussion: """
      The health factor is measured along the constant product, or, with --reference ticks, along a \
      tick curve that is formed once around --price with --sigma or --iv.
      """)

  @OptionGroup var place: LedgerOptions

  @Option(help: "First deposit of A, the numeraire, in tokens.")
  var reserveA: String

  @Option(help: "First deposit of B, the asset, in tokens.")
  var reserveB: String

  @Option(parsing: .unconditional, help: "Decimal places of A.")
  var decimalsA = 6

  @Option(parsing: .unconditional, help: "Decimal places of B.")
  var decimalsB = 8

  @Option(parsing: .unconditional, help: "A lot of A is 10 to this of its base unit.")
  var lotExponentA = 0

  @Option(parsing: .unconditional, help: "A lot of B is 10 to this of its base unit.")
  var lotExponentB = 0

  @Option(help: "What health is measured along: \(ReferenceKind.choices).")
  var reference = ReferenceKind.constantProduct

  @Option(parsing: .unconditional, help: "With --reference ticks: the oracle price, A per B.")
  var price: Double?

  @OptionGroup var volatility: VolatilityOptions
  @OptionGroup var shape: ShapeOptions

  @OptionGroup var health: HealthOptions

  func validate() throws {
    guard reference == .ticks else {
      if price != nil || volatility.sigma != nil || volatility.iv != nil {
        throw ValidationError("--price and its volatility belong to --reference ticks.")
      }
      return
    }
    if price == nil { throw ValidationError("--reference ticks needs --price.") }
  }

  func run() throws {
    let a = try LotSize(decimals: decimalsA, exponent: lotExponentA)
    let b = try LotSize(decimals: decimalsB, exponent: lotExponentB)
    let deposit = LotPair(
      a: try a.lots(reserveA, option: "--reserve-a"),
      b: try b.lots(reserveB, option: "--reserve-b"))
    let terms = try SharedPoolTerms(
      a: a, b: b, reference: try along(a, b),
      limits: health.limits())
    // what is refused should not leave a file behind
    _ = try SharedPool(terms, deposit: deposit, at: .now)
    let ledger = try Ledger.found(
      in: try place.store(create: true), terms, deposit: deposit, at: .now)
    let pool = try ledger.pool()
    try Output.text(
      "Founded with \(terms.words(deposit)); position \(SharedPool.founder) has "
        + "\(pool.account.shares) shares.")
  }

  private func along(_ a: LotSize, _ b: LotSize) throws -> Reference {
    guard reference == .ticks else { return .constantProduct }
    let terms = try PoolTerms(
      a: a, b: b, shape: shape.shape, halfWidth: shape.k, tickWidthBps: shape.tickBps)
    return .ticks(terms, try volatility.reading(price: price ?? .nan))
  }
}

/// What a reference curve may be.
enum ReferenceKind: String, CaseIterable, ExpressibleByArgument {
  case constantProduct = "constant-product"
  case ticks
}
