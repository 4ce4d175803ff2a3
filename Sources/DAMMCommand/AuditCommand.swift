import ArgumentParser
import DAMM
import Foundation

/// `damm audit`: searches for a sequence that takes something out for nothing.
struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Searches an AMM for actions of an outsider that take something out for nothing.",
    discussion: """
      EXAMPLES
        damm audit --amm constant-product --reserve-a 3e6 --reserve-b 1000 \\
          --fee-bps 30 --minutes 10
        damm audit --amm constant-price --price 3000 --reserve-a 3e6 \\
          --reserve-b 1000 --sequences 100000 --seed 7
        damm audit --amm tick --price 3000 --iv 0.8 --horizon-days 7 \\
          --reserve-a 3e6 --reserve-b 1000 --fee-bps 5 --minutes 5 --json
        damm audit --amm tick --price 3000 --iv 0.8 --horizon-days 7 \\
          --reserve-a 3e6 --reserve-b 1000 --price-move 0.001 --sigma-move 0.05
        damm audit --amm tick --price 3000 --iv 0.8 --horizon-days 7 \\
          --reserve-a 3e6 --reserve-b 1000 --reforms
        damm audit --amm constant-product --reserve-a 3e6 --reserve-b 1000 \
          --markets 3 --floor 0.9 --allowance 0.01

      The outsider trades, adds and removes liquidity; on ticks also locks it, leaves early and claims \
      fees. With --price-move or --sigma-move it also knows of one new reading before it comes, and \
      what it gains then is no fault of the ledger but what a reform costs; --reforms shows the \
      smallest fee that takes that gain away. Some sequences are compared with what they do at another \
      scale, where prices should be the same. \
      With --markets the AMM is one pool that so many markets trade on: the outsider trades on all of them and \
      settles any of them at any time; with --floor or --allowance the pool keeps these limits, and only what \
      they do not allow is found. Exit code 1 if something was found. docs/audit.md \
      tells how to audit an AMM of one's own.
      """)

  @Option(help: "What is audited: \(AuditedMaker.choices).")
  var amm: AuditedMaker

  @OptionGroup var reserves: ReserveOptions

  @Option(parsing: .unconditional, help: "Constant price, or oracle price of ticks, A per B.")
  var price: Double?

  @OptionGroup var volatility: VolatilityOptions
  @OptionGroup var shape: ShapeOptions
  @OptionGroup var fees: FeeOptions

  @Option(
    parsing: .unconditional,
    help: "Where a tick pool stands, as a price coordinate; the oracle price by default.")
  var at: Double?

  @Option(help: "Decimal places of A that a lot has, of a tick pool or a shared one.")
  var digitsA = 6

  @Option(help: "Decimal places of B that a lot has, of a tick pool or a shared one.")
  var digitsB = 9

  @Option(
    parsing: .unconditional,
    help: "Relative move of price of one new reading, up or down: 0.001 is 0.1 %.")
  var priceMove: Double?

  @Option(
    parsing: .unconditional, help: "Relative move of sigma over price of one new reading.")
  var sigmaMove: Double?

  @Option(parsing: .unconditional, help: "How many new readings it knows of.")
  var readings = 1

  @Flag(help: "Show the smallest fee at which the search finds no gain from a reform.")
  var reforms = false

  @OptionGroup var shared: AuditMarketOptions

  @Option(
    parsing: .unconditional,
    help: "How long it searches; 1 unless --sequences is given. For --reforms: in all.")
  var minutes: Double?

  @Option(help: "How many sequences it tries at most; for --reforms: at each fee.")
  var sequences: Int?

  @Option(help: "Seed of the random numbers: the same sequences for the same seed.")
  var seed: UInt64 = 1

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    if amm != .tick, reforms || priceMove != nil || sigmaMove != nil {
      throw ValidationError("--reforms, --price-move and --sigma-move belong to --amm tick.")
    }
    if amm != .constantProduct, price == nil {
      throw ValidationError("--amm \(amm.rawValue) needs --price.")
    }
    if amm != .tick {
      guard fees.given == (fees.rates.feeBps != nil),
        [
          fees.rates.feeVol, fees.rates.feeSkew, fees.rates.feeMinBps, fees.rates.feeMaxBps,
          fees.surgeBps,
        ].allSatisfy({
          $0 == nil
        })
      else { throw ValidationError("--amm \(amm.rawValue) has --fee-bps and no other fees.") }
    }
    try shared.validate(amm, hasReadings: reforms || priceMove != nil || sigmaMove != nil)
    if fees.surgeBps != nil {
      throw ValidationError("A surge begins with a reform; an audit begins before any.")
    }
  }

  func run() throws {
    try Domain.check(priceMove ?? 0, "move of price", in: Domain.readingMove)
    try Domain.check(sigmaMove ?? 0, "move of sigma", in: Domain.readingMove)
    try Domain.check(readings, "readings", in: Domain.readingsKnown)
    if reforms {
      try showReforms()
      return
    }
    let report: AuditReport
    let start = UTCTime(secondsSince1970: 0)
    switch amm {
    case _ where shared.markets != nil: report = try audit(sharedPool(at: start))
    case .constantProduct:
      let prices = try ConstantProduct(feeBps: fees.rates.feeBps ?? 0)
      report = try audit(
        AuditedPricePool(PricePool(prices, reserves: reserves.reserves()), at: start))
    case .constantPrice:
      let prices = try ConstantPrice(price ?? .nan, markUpBps: fees.rates.feeBps ?? 0)
      report = try audit(
        AuditedPricePool(PricePool(prices, reserves: reserves.reserves()), at: start))
    case .tick:
      report = try audit(
        AuditedPool(
          pool(reserves.reserves(), terms: terms(reserves.funding, fees.schedule()), at: at),
          scope()))
    }
    let answer = AuditAnswer(report, amm: amm, markets: shared.markets)
    if json { try Output.json(answer) } else { try Output.text(answer.text) }
    if report.finding != nil { throw ExitCode.failure }
  }

  private func audit(_ subject: some Auditable) throws -> AuditReport {
    let line = ProgressLine()
    defer { line.end() }
    return try Audit(subject, limits()).run(progress: line.show)
  }

  /// What the search may spend.
  func limits() throws -> AuditLimits {
    if let minutes {
      try Domain.check(
        minutes, "minutes",
        in: Domain.auditSeconds.lowerBound / 60...Domain.auditSeconds.upperBound / 60)
    }
    let seconds = minutes.map { $0 * 60 } ?? (sequences == nil ? 60 : nil)
    return try AuditLimits(
      seed: seed, sequences: sequences ?? Domain.auditSequences.upperBound, seconds: seconds)
  }

  // MARK: Ticks

  /// The terms of the tick pool.
  func terms(_ funding: Funding, _ fees: FeeSchedule) throws -> PoolTerms {
    try PoolTerms(
      a: LotSize(decimals: digitsA, exponent: 0), b: LotSize(decimals: digitsB, exponent: 0),
      shape: shape.shape, halfWidth: shape.k, tickWidthBps: shape.tickBps, fees: fees,
      funding: funding)
  }

  /// The tick pool with these reserves.
  func pool(_ held: Reserves, terms: PoolTerms, at: Double?) throws -> Pool {
    try Pool(
      terms, reading: volatility.reading(price: price ?? .nan), at: UTCTime(secondsSince1970: 0),
      deposit: lots(held), atPrice: at)
  }

  /// Reserves in whole lots, rounded down.
  func lots(_ held: Reserves) throws -> LotPair {
    func lots(_ amount: Double, _ digits: Int, _ name: String) throws -> Int {
      let lots = (amount * pow(10, Double(digits))).rounded(.down)
      let allowed = Domain.orderLots
      try Domain.check(
        lots, "reserve \(name) in lots",
        in: Double(allowed.lowerBound)...Double(allowed.upperBound))
      return Int(lots)
    }
    return try LotPair(a: lots(held.a, digitsA, "A"), b: lots(held.b, digitsB, "B"))
  }

  /// What an outsider may do to it.
  private func scope() -> AuditedPool.Scope {
    var scope = AuditedPool.Scope()
    scope.mostReadings = readings
    scope.readings = AuditedPool.ReadingChange.all(price: priceMove ?? 0, sigma: sigmaMove ?? 0)
    return scope
  }
}

/// What can be audited by name.
enum AuditedMaker: String, CaseIterable, ExpressibleByArgument {
  case constantProduct = "constant-product"
  case constantPrice = "constant-price"
  case tick
}
