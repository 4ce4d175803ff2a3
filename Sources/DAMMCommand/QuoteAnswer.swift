import DAMM

/// The answer to an order, in the words of the JSON of `damm quote`. Prices are A per B, amounts
/// token units.
struct QuoteAnswer {
  /// The line of the orders file, where there is one.
  let line: Int?
  let side: Side
  let amountIn: Double
  let amountOut: Double
  let fee: Double
  let averagePrice: Double?
  let priceAfter: Double
  let tickAfter: Int
  let fractionAfter: Double
  let ticksCrossed: Int
  let stop: Stop
  let left: Double?
  let relativeSigma: Double
  let sigmaConvention: SigmaConvention?

  init(_ quote: Quote, line: Int? = nil, relativeSigma: Double, convention: SigmaConvention?) {
    self.line = line
    side = quote.side
    (amountIn, amountOut, fee) = (quote.amountIn, quote.amountOut, quote.fee)
    averagePrice = quote.averagePrice
    priceAfter = quote.priceAfter
    tickAfter = quote.positionAfter.tick
    fractionAfter = quote.positionAfter.fraction
    ticksCrossed = quote.ticksCrossed
    stop = quote.stop
    left = quote.left
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
      side.rawValue, "\(amountIn)", "\(amountOut)", "\(fee)", averagePrice.map { "\($0)" } ?? "",
      "\(priceAfter)", "\(tickAfter)", "\(fractionAfter)", "\(ticksCrossed)", stop.rawValue,
      left.map { "\($0)" } ?? "",
    ]
  }
}

extension QuoteAnswer: Encodable {
  private enum Key: String, CodingKey {
    case line, side, amountIn, amountOut, fee, averagePrice, priceAfter, tickAfter, fractionAfter
    case ticksCrossed, stop, left, relativeSigma, sigmaConvention
  }

  /// By hand, for there may be a million of them: values that encode themselves (an enumeration,
  /// `OrNull`) take a third longer.
  func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: Key.self)
    if let line { try object.encode(line, forKey: .line) }
    try object.encode(side.rawValue, forKey: .side)
    try object.encode(amountIn, forKey: .amountIn)
    try object.encode(amountOut, forKey: .amountOut)
    try object.encode(fee, forKey: .fee)
    try encode(averagePrice, .averagePrice, in: &object)
    try object.encode(priceAfter, forKey: .priceAfter)
    try object.encode(tickAfter, forKey: .tickAfter)
    try object.encode(fractionAfter, forKey: .fractionAfter)
    try object.encode(ticksCrossed, forKey: .ticksCrossed)
    try object.encode(stop.rawValue, forKey: .stop)
    try encode(left, .left, in: &object)
    try object.encode(relativeSigma, forKey: .relativeSigma)
    if let sigmaConvention {
      try object.encode(sigmaConvention.rawValue, forKey: .sigmaConvention)
    } else {
      try object.encodeNil(forKey: .sigmaConvention)
    }
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
