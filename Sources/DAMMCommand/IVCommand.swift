import ArgumentParser
import DAMM

/// `damm iv`: the volatility that a premium implies, or those of many.
struct IVCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "iv",
    abstract: "Shows the volatility that the premium of an option implies.",
    discussion: """
      Premiums are undiscounted: today's over the discount factor to expiry.

      EXAMPLES
        damm iv --forward 100 --strike 110 --expiry-days 30 --premium 1.5 \\
          --type call
        damm iv --forward 88728.9 --strike 82000 --expiry-days 16.6 \\
          --premium 0.0855 --type call --inverse
        damm iv --forward 2.5 --strike 2.4 --expiry-days 90 --premium 0.3 \\
          --type call --model normal --json
        damm iv --quotes premiums.csv

      A quotes file is CSV in UTF-8, with expiries in days and types call or put:

        forward,strike,expiryDays,premium,type
        100,110,30,1.5,call

      Its answers are CSV with the columns impliedVolatility, totalDeviation, condition, error. A \
      line without an answer says why in the column error, the others go on, and the exit code is 1.

      With --chain: the volatility at the money at a horizon.


      """ + IVChainOptions.discussion)

  @Option(parsing: .unconditional, help: "Forward price of the underlying at expiry.")
  var forward: Double?

  @Option(parsing: .unconditional, help: "Strike price.")
  var strike: Double?

  @Option(parsing: .unconditional, help: "Days until expiry; a year has 365.")
  var expiryDays: Double?

  @Option(parsing: .unconditional, help: "Undiscounted premium.")
  var premium: Double?

  @Option(help: "Type of the option: \(OptionContract.Kind.choices).")
  var type: OptionContract.Kind?

  @Option(help: "Model: Black's (log-normal) or the normal one: \(OptionContract.Model.choices).")
  var model: OptionContract.Model = .black

  @Flag(help: "The premium is in coin: the cash premium over the forward.")
  var inverse = false

  @Option(
    help: ArgumentHelp(
      "Answer the options of a CSV file instead; - is standard input.", valueName: "file"))
  var quotes: String?

  @OptionGroup(title: "Option chains") var chain: IVChainOptions

  @Flag(help: "Print JSON: an object, or with --quotes an array of objects.")
  var json = false

  private var terms: IVTerms {
    IVTerms(model: model, quotation: inverse ? .coin : .cash)
  }

  func validate() throws {
    let given = [forward, strike, expiryDays, premium].compactMap { $0 }.count
    guard chain.chain == nil else {
      guard given == 0, type == nil, quotes == nil, model == .black, !inverse else {
        throw ValidationError(
          "--chain takes the place of --forward, --strike, --expiry-days, --premium, --type and --quotes, "
            + "and knows model and quotation itself.")
      }
      return
    }
    guard quotes == nil else {
      guard given == 0, type == nil else {
        throw ValidationError(
          "--quotes takes the place of --forward, --strike, --expiry-days, --premium and --type.")
      }
      return
    }
    guard given == 4, type != nil else {
      throw ValidationError(
        "Give --forward, --strike, --expiry-days, --premium and --type \(OptionContract.Kind.choices), "
          + "or --quotes, or --chain.")
    }
  }

  func run() throws {
    if let path = chain.chain { return try chain.run(path, json: json) }
    if let quotes {
      let file = try LineFile(quotes, columns: IVLine.header)
      return try LineAnswers(json: json, questions: "options").run(file) {
        line, fields throws(Refusal) in
        try terms.answer(IVLine(fields), line: line)
      }
    }
    let line = IVLine(
      forward: forward ?? .nan, strike: strike ?? .nan, expiryDays: expiryDays ?? .nan,
      premium: premium ?? .nan, type: type ?? .call)
    let answer = try terms.answer(line)
    if json { try Output.json(answer) } else { try Output.text(answer.lines(line)) }
  }
}

extension OptionContract.Kind: ExpressibleByArgument {}
extension OptionContract.Model: ExpressibleByArgument {}
