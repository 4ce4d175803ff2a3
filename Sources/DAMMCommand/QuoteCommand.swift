import ArgumentParser
import DAMM

/// `damm quote`: what an order would do, or many orders.
struct QuoteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quote",
    abstract: "Quotes an order, or a file of orders, on a curve.",
    discussion: """
      EXAMPLES
        damm quote --price 100 --sigma 1 --reserve-a 1000 --reserve-b 10 \\
          --side buy --amount 1
        damm quote --price 100 --sigma 1 --reserve-a 1000 --reserve-b 10 \\
          --side sell --notional 50 --limit 99.5 --json
        damm quote --price 3000 --iv 0.8 --horizon-days 30 \\
          --reserve-a 3e6 --reserve-b 1000 --side buy --to-price 3030
        damm quote --price 100 --sigma 1 --reserve-a 1000 --reserve-b 10 \\
          --orders orders.csv --sequence
        damm quote --price 100 --sigma 1 --reserve-a 1000 --reserve-b 10 \\
          --fee-bps 5 --fee-skew 0.1 --fee-min-bps 1 --side buy --amount 1

      An orders file is CSV in UTF-8 with the header side,kind,value,limit, where side is buy or \
      sell, kind is amount, notional or to-price, and limit may be empty:

        side,kind,value,limit
        buy,amount,1,
        sell,notional,50,99.5

      Its answers are CSV with the columns side, amountIn, amountOut, fee, averagePrice, \
      priceAfter, tickAfter, fractionAfter, ticksCrossed, stop, left, error. A line that is no order \
      is answered in the column error, the others go on, and the exit code is 1.
      """)

  @OptionGroup var options: CurveOptions

  @Option(help: "Direction of the trade: \(Side.choices). A buyer takes B and pays A.")
  var side: Side?

  @Option(parsing: .unconditional, help: "Amount of B to buy or to sell.")
  var amount: Double?

  @Option(
    parsing: .unconditional, help: "Amount of A to pay when buying, to receive when selling.")
  var notional: Double?

  @Option(parsing: .unconditional, help: "Trade until this price coordinate is reached, A per B.")
  var toPrice: Double?

  @Option(parsing: .unconditional, help: "Price coordinate that the trade does not pass, A per B.")
  var limit: Double?

  @Option(
    help: ArgumentHelp(
      "Quote the orders of a CSV file instead; - is standard input.", valueName: "file"))
  var orders: String?

  @Flag(help: "With --orders: each order finds the curve as the last one left it.")
  var sequence = false

  @Flag(help: "Print JSON: an object, or with --orders an array of objects.")
  var json = false

  func validate() throws {
    let sizes = [amount, notional, toPrice].compactMap { $0 }.count
    guard orders == nil else {
      guard side == nil, sizes == 0, limit == nil else {
        throw ValidationError(
          "--orders takes the place of --side, --amount, --notional, --to-price and --limit.")
      }
      return
    }
    guard side != nil else { throw ValidationError("Give --side \(Side.choices), or --orders.") }
    guard sizes == 1 else {
      throw ValidationError(
        "Give exactly one of --amount, --notional and --to-price; \(sizes) were given.")
    }
    guard !sequence else { throw ValidationError("--sequence needs --orders.") }
  }

  func run() throws {
    let curve = try options.curve()
    let convention = options.volatility.usedConvention
    if let orders {
      let file = try LineFile(orders, columns: OrderLine.header)
      var pool = curve
      return try LineAnswers(json: json, questions: "orders").run(file) {
        line, fields throws(Refusal) in
        let order = try OrderLine.order(fields)
        let quote = sequence ? pool.swap(order) : pool.quote(order)
        return QuoteAnswer(
          quote, line: line, relativeSigma: curve.table.relativeSigma, convention: convention)
      }
    }
    let order = try order()
    let answer = try QuoteAnswer(
      curve.quote(order), relativeSigma: curve.table.relativeSigma, convention: convention,
      fees: options.fees.answer())
    if json { try Output.json(answer) } else { try Output.text(answer.lines(order)) }
  }

  /// The one order of the options.
  private func order() throws -> Order {
    let size: Order.Size =
      if let amount {
        .amount(amount)
      } else if let notional {
        .notional(notional)
      } else {
        .toPrice(toPrice ?? .nan)
      }
    return try Order(side ?? .buy, size, limit: limit)
  }
}
