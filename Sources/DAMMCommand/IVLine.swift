import DAMM

/// One option with its premium, as the options of the command or a line of a quotes file say it.
struct IVLine {
  static let header = ["forward", "strike", "expiryDays", "premium", "type"]

  let forward, strike, expiryDays, premium: Double
  let type: OptionContract.Kind
}

extension IVLine {
  /// - Throws: `Refusal` that names what was given and what is allowed.
  init(_ fields: [String]) throws(Refusal) {
    try Field.check(fields, Self.header)
    forward = try Field.number(fields[0], "forward", allowed: Domain.optionPrice)
    strike = try Field.number(fields[1], "strike", allowed: Domain.optionPrice)
    expiryDays = try Field.number(fields[2], "expiryDays", allowed: Domain.horizonDays)
    premium = try Field.number(fields[3], "premium", allowed: Domain.premium)
    type = try Field.choice(fields[4], "type", OptionContract.Kind.self)
  }
}

/// How premiums are read.
struct IVTerms {
  let model: OptionContract.Model
  let quotation: OptionContract.Quotation

  /// The volatility of an option.
  ///
  /// - Throws: `Refusal` where the premium implies none.
  func answer(_ line: IVLine, line number: Int? = nil) throws(Refusal) -> IVAnswer {
    do {
      try Domain.check(line.expiryDays, "days until expiry", in: Domain.horizonDays)
      let contract = try OptionContract(line.type, forward: line.forward, strike: line.strike)
      let implied = try contract.implied(
        premium: line.premium, model: model, quotation: quotation)
      return IVAnswer(implied, line: number, expiryDays: line.expiryDays, terms: self)
    } catch let error as DAMMError {
      throw Refusal(error.description)
    } catch let error as PremiumError {
      throw Refusal(error.description)
    } catch {
      throw Refusal("\(error)")
    }
  }
}

/// What a premium implies.
struct IVAnswer {
  @OrNull var line: Int?
  let impliedVolatility: Double
  let totalDeviation: Double
  let condition: Double
  let expiryDays: Double
  let model: OptionContract.Model
  let quotation: OptionContract.Quotation

  init(_ implied: ImpliedDeviation, line: Int?, expiryDays: Double, terms: IVTerms) {
    _line = OrNull(wrappedValue: line)
    impliedVolatility = implied.volatility(years: expiryDays / 365)
    totalDeviation = implied.deviation
    condition = implied.condition
    self.expiryDays = expiryDays
    model = terms.model
    quotation = terms.quotation
  }

  /// For people.
  func lines(_ option: IVLine) -> String {
    let unit = model == .normal ? " in price units" : ""
    let years = Figures.short(expiryDays / 365, digits: 8)
    return Figures.lines([
      ("implied volatility", Figures.full(impliedVolatility) + " a year\(unit)"),
      ("total deviation", Figures.full(totalDeviation) + unit),
      (
        "condition number",
        Figures.short(condition) + " (relative change of the volatility over that of the premium)"
      ),
      (
        "option",
        "\(option.type.rawValue), forward \(Figures.full(option.forward)), "
          + "strike \(Figures.full(option.strike)), \(Figures.full(expiryDays)) days "
          + "(\(years) years of 365 days)"
      ),
      (
        "premium",
        "\(Figures.full(option.premium)) in \(quotation.rawValue), undiscounted, "
          + "\(model.rawValue) model"
      ),
    ])
  }
}

extension IVAnswer: LineAnswer {
  static let columns = ["impliedVolatility", "totalDeviation", "condition"]

  var cells: [String] { [impliedVolatility, totalDeviation, condition].map(Figures.full) }
}
