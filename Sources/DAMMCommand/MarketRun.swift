import ArgumentParser
import DAMM
import DAMMFeeds
import DAMMLedger
import DAMMStoreSQLite
import Foundation

/// `damm market run`: trades at random and settles.
struct MarketRun: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Opens a market, or goes on with one, trades at random and settles.",
    discussion: """
      EXAMPLES
        damm market run --ledger pool.ledger --name north --book north.book
        damm market run --ledger pool.ledger --name west --book west.book \\
          --prices ticks --price 3000 --iv 0.8 --horizon-days 7 --fee-bps 5

      Each trade is in the book of the market before it is counted, and what it posts to the ledger it posts until it \
      is answered: it may be killed at any moment and run again. A refused settlement stays in the book; the market \
      stops, and tries again until --patience is over.
      """)

  @OptionGroup var place: LedgerOptions

  @Option(help: "The name of the market.")
  var name: String

  @Option(
    help: ArgumentHelp("The market's own book, which no other process uses.", valueName: "file"))
  var book: String

  @Option(help: "What gives it prices: \(MarketPrices.choices).")
  var prices = MarketPrices.constantProduct

  @Option(
    parsing: .unconditional,
    help:
      "Where it stands, A per B, and for ticks the oracle price; that of the reserves by default.")
  var price: Double?

  @OptionGroup var volatility: VolatilityOptions
  @OptionGroup var shape: ShapeOptions
  @OptionGroup var fees: FeeOptions

  @Option(parsing: .unconditional, help: "How many orders come.")
  var trades = 1_000

  @Option(parsing: .unconditional, help: "It settles after so many orders, and at the end.")
  var settleEvery = 50

  @Option(
    parsing: .unconditional,
    help: "The largest order, as a part of the reserve of B; sizes are log-uniform.")
  var size = 1e-4

  @Option(parsing: .unconditional, help: "A pause behind each order, in seconds.")
  var pause = 0.0

  @Option(
    parsing: .unconditional,
    help:
      "For how many seconds a refused settlement, or a store that does not answer, is tried again.")
  var patience = 10.0

  @Option(help: "Seed of the random orders.")
  var seed: UInt64 = 1

  @Flag(help: "Orders go on where a settlement would be refused, as far as the market knows.")
  var overdraw = false

  @Flag(help: "Settle for the last time and close the market.")
  var close = false

  @Flag(help: "Print one JSON object at the end, and nothing else.")
  var json = false

  func validate() throws {
    for (value, name, allowed) in [
      (Double(trades), "--trades", 0...1e9), (Double(settleEvery), "--settle-every", 1...1e9),
      (size, "--size", 1e-12...1), (pause, "--pause", 0...3600), (patience, "--patience", 0...1e6),
    ] where !allowed.contains(value) {
      throw ValidationError(
        "\(name) is \(Figures.full(value)), but it must be from \(allowed.lowerBound) to "
          + "\(allowed.upperBound).")
    }
    if prices == .ticks, volatility.sigma == nil, volatility.iv == nil {
      throw ValidationError("--prices ticks needs --sigma, or --iv with --horizon-days.")
    }
  }

  func run() throws {
    let ledger = try place.open()
    let book = try SQLiteStore(path: book, create: true, durability: .normal)
    switch prices {
    case .constantProduct:
      try run(ledger, book) { snapshot in
        try FunctionPricing(
          FeeHeldApart(ConstantProduct.withoutFee, feeBps: fees.rates.feeBps ?? 0),
          ratio: price ?? ratio(snapshot, ledger), terms: ledger.founding.terms, on: snapshot,
          retraces: true)
      }
    case .ticks:
      let terms = ledger.founding.terms
      try run(ledger, book) { snapshot in
        let price = price ?? ratio(snapshot, ledger)
        return try TickPricing(
          PoolTerms(
            a: terms.a, b: terms.b, shape: shape.shape, halfWidth: shape.k,
            tickWidthBps: shape.tickBps, fees: fees.schedule()),
          volatility.reading(price: price), on: snapshot, at: .now)
      }
    }
  }

  /// Reserves in tokens, A over B.
  private func ratio(_ snapshot: PoolSnapshot, _ ledger: Ledger) -> Double {
    let terms = ledger.founding.terms
    return terms.a.tokens(snapshot.reserves.a) / terms.b.tokens(snapshot.reserves.b)
  }

  private func run<Pricing: MarketPricing & Codable>(
    _ ledger: Ledger, _ book: SQLiteStore, _ pricing: (PoolSnapshot) throws -> Pricing
  ) throws {
    let process = try MarketProcess(
      try MarketID(name), kind: prices.rawValue, book: book, ledger: ledger, at: .now,
      pricing: pricing)
    try process.change { $0.keepsRoom = !overdraw }
    var flow = RandomFlow(seed: seed, size: size)
    var report = MarketReport(name: name, terms: ledger.founding.terms, isQuiet: json)
    // what an earlier run has posted is answered first
    if process.market.phase != .trading { try settle(process, &report) }
    for order in 1...max(1, trades) where trades > 0 {
      if let next = flow.order(reserves: process.market.snapshot.reserves) {
        do { report.count(try process.swap(next, at: .now)) } catch let error as SharedPoolError {
          report.decline(error)
        }
      }
      if order % settleEvery == 0 { try settle(process, &report) }
      if pause > 0 { Thread.sleep(forTimeInterval: pause) }
    }
    if close || !process.market.book.isEmpty { try settle(process, &report, isLast: close) }
    try report.finish(process.market.snapshot)
  }

  /// Settles, and tries again while it is refused or the store does not answer.
  private func settle<Pricing: MarketPricing & Codable>(
    _ process: MarketProcess<Pricing>, _ report: inout MarketReport, isLast: Bool = false
  ) throws {
    let end = Date(timeIntervalSinceNow: patience)
    var wait = 0.05
    while true {
      do {
        switch try process.settle(at: .now, isLast: isLast) {
        case .success(let receipt):
          try report.settle(receipt)
          return
        case .failure(let refusal):
          try report.refuse(refusal, process.market.book)
          guard Date() < end else { throw refusal }
        }
      } catch let error as StorageError {
        guard Date() < end else { throw error }
      }
      Thread.sleep(forTimeInterval: wait)
      wait = min(2 * wait, 1)
    }
  }
}

/// What may give a market its prices.
enum MarketPrices: String, CaseIterable, ExpressibleByArgument {
  case constantProduct = "constant-product"
  case ticks
}
