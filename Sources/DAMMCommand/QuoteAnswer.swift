import DAMM

/// The answer to an order, in the words of the JSON of `damm quote`. Prices are A per B, amounts
/// token units.
struct QuoteAnswer {
  let quote: Quote
  /// The line of the orders file, where there is one.
  let line: Int?
  let relativeSigma: Double
  let sigmaConvention: SigmaConvention?
  /// The schedule, in the answer to a single order on a curve with fees.
  let fees: FeeAnswer?

  init(
    _ quote: Quote, line: Int? = nil, relativeSigma: Double, convention: SigmaConvention?,
    fees: FeeAnswer? = nil
  ) {
    self.fees = fees
    self.quote = quote
    self.line = line
    self.relativeSigma = relativeSigma
    sigmaConvention = convention
  }

  /// The columns of an answer as CSV.
  static let columns = [
    "side", "amountIn", "amountOut", "fee", "averagePrice", "priceAfter", "tickAfter",
    "fractionAfter", "ticksCrossed", "stop", "left",
  ]

  /// The values of `columns`, in their order. What there is none of is empty.
  var cells: [String] {
    [
      quote.side.rawValue, "\(quote.amountIn)", "\(quote.amountOut)", "\(quote.fee)",
      quote.averagePrice.map { "\($0)" } ?? "",
      "\(quote.priceAfter)", "\(quote.positionAfter.tick)", "\(quote.positionAfter.fraction)",
      "\(quote.ticksCrossed)", quote.stop.rawValue,
      quote.left.map { "\($0)" } ?? "",
    ]
  }
}

extension QuoteAnswer: LineAnswer {
  private enum Key: String, CodingKey {
    case line, side, amountIn, amountOut, fee, averagePrice, priceAfter, tickAfter, fractionAfter
    case ticksCrossed, stop, left, relativeSigma, sigmaConvention, fees
  }

  /// By hand, for there may be a million of them: values that encode themselves (an enumeration,
  /// `OrNull`) take a third longer.
  func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: Key.self)
    if let line { try object.encode(line, forKey: .line) }
    try object.encode(quote.side.rawValue, forKey: .side)
    try object.encode(quote.amountIn, forKey: .amountIn)
    try object.encode(quote.amountOut, forKey: .amountOut)
    try object.encode(quote.fee, forKey: .fee)
    try encode(quote.averagePrice, .averagePrice, in: &object)
    try object.encode(quote.priceAfter, forKey: .priceAfter)
    try object.encode(quote.positionAfter.tick, forKey: .tickAfter)
    try object.encode(quote.positionAfter.fraction, forKey: .fractionAfter)
    try object.encode(quote.ticksCrossed, forKey: .ticksCrossed)
    try object.encode(quote.stop.rawValue, forKey: .stop)
    try encode(quote.left, .left, in: &object)
    try object.encode(relativeSigma, forKey: .relativeSigma)
    if let sigmaConvention {
      try object.encode(sigmaConvention.rawValue, forKey: .sigmaConvention)
    } else {
      try object.encodeNil(forKey: .sigmaConvention)
    }
    if let fees { try object.encode(fees, forKey: .fees) }
  }

  private func encode(
    _ value: Double?, _ key: Key, in object: inout KeyedEncodingContainer<Key>
  ) throws {
    if let value {
      try object.encode(value, forKey: key)
    } else {
      try object.encodeNil(forKey: key)
    }
  }
}
