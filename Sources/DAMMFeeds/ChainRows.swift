import DAMMModel
import DAMMOracle

/// Turns the rows of a chain file into quotes.
protocol ChainRows: AnyObject {
  /// The columns that are read.
  static var columns: [String] { get }
  /// What has been read, in order.
  var quotes: [(underlying: String, quote: OptionQuote)] { get }

  /// Reads a row.
  func add(_ row: TableRow) throws(TableError)

  /// The steps in which the numbers of an underlying are written, where the file tells.
  func steps(of underlying: String) -> QuotationSteps?
}

extension TableRow {
  /// A number of a range, or `nil` where the value is empty.
  func optionalNumber(
    _ slot: Int, in allowed: ClosedRange<Double>
  ) throws(TableError) -> Double? {
    isEmpty(slot) ? nil : try number(slot, in: allowed)
  }

  /// A volatility, or `nil` where the value is empty or zero: a venue that knows none writes that.
  func volatility(_ slot: Int) throws(TableError) -> Double? {
    guard let value = try optionalNumber(slot, in: 0...Domain.impliedVolatility.upperBound),
      value != 0
    else { return nil }
    return try number(slot, in: Domain.impliedVolatility)
  }

  /// Call or put, in small letters.
  func kind(_ slot: Int) throws(TableError) -> OptionContract.Kind {
    guard let kind = OptionContract.Kind(rawValue: text(slot)) else {
      throw outOfRange(
        slot,
        allowed: OptionContract.Kind.allCases.map(\.rawValue).joined(separator: " or "))
    }
    return kind
  }

  /// A name that is not empty, on one line.
  func name(_ slot: Int) throws(TableError) -> String {
    let name = OneLine.of(text(slot), most: 100)
    guard !name.isEmpty else {
      throw .outOfRange(line: line, column: column(slot), value: "empty", allowed: "a name")
    }
    return name
  }
}
