import DAMM

/// The answer to an order, for people and for programs.
struct QuoteAnswer {
  let quote: Quote

  /// The columns of an answer, which are also the keys of its JSON.
  static let keys: [StaticString] = [
    "side", "amountIn", "amountOut", "fee", "averagePrice", "priceAfter", "tickAfter",
    "fractionAfter", "ticksCrossed", "stop", "left",
  ]

  init(_ quote: Quote) { self.quote = quote }

  /// The values of `keys`, in their order.
  var fields: [Field] {
    [
      .text(quote.side.rawValue), .number(quote.amountIn), .number(quote.amountOut),
      .number(quote.fee), Field(quote.averagePrice), .number(quote.priceAfter),
      .integer(quote.positionAfter.tick), .number(quote.positionAfter.fraction),
      .integer(quote.ticksCrossed), .text(quote.stop.rawValue), Field(quote.left),
    ]
  }

  /// Keys and values for JSON, with the volatility they were quoted at.
  func record(relativeSigma: Double, convention: SigmaConvention?) -> Record {
    zip(Self.keys, fields).map { ($0, $1) }
      + [
        ("relativeSigma", .number(relativeSigma)), ("sigmaConvention", Field(convention?.rawValue)),
      ]
  }

  /// Labelled lines with units.
  func lines(_ order: Order, relativeSigma: Double, convention: SigmaConvention?) -> String {
    let buying = quote.side == .buy
    let (paid, received) = buying ? ("A", "B") : ("B", "A")
    let (after, full) = (quote.positionAfter, Figures.full)
    let left: String =
      switch order.size {
      case .toPrice: "none: no amount was fixed"
      case .amount: "\(full(quote.left ?? 0)) B"
      case .notional: "\(full(quote.left ?? 0)) A"
      }
    let source = convention.map { " (from implied volatility, \($0.rawValue))" } ?? ""
    return Figures.lines([
      ("order", Self.describe(order)),
      ("paid in", "\(full(quote.amountIn)) \(paid)"),
      ("received", "\(full(quote.amountOut)) \(received)"),
      ("fee", "\(full(quote.fee)) A, part of the A above"),
      ("average price", quote.averagePrice.map { "\(full($0)) A per B" } ?? "none: nothing filled"),
      ("price after", "\(full(quote.priceAfter)) A per B"),
      ("position after", "tick \(after.tick), \(full(after.fraction)) of it sold"),
      ("ticks crossed", "\(quote.ticksCrossed)"),
      ("stop", Self.describe(quote.stop)),
      ("left", left),
      ("relativeSigma", "\(full(relativeSigma))\(source)"),
    ])
  }

  private static func describe(_ order: Order) -> String {
    let full = Figures.full
    let buying = order.side == .buy
    let size =
      switch order.size {
      case .amount(let b): "\(full(b)) B"
      case .notional(let a): buying ? "B for \(full(a)) A" : "B until \(full(a)) A are received"
      case .toPrice(let price): "B until the price is \(full(price)) A per B"
      }
    let limit = order.limit.map { ", limit \(full($0)) A per B" } ?? ""
    return "\(order.side.rawValue) \(size)\(limit)"
  }

  private static func describe(_ stop: Stop) -> String {
    switch stop {
    case .complete: "complete"
    case .priceLimit: "priceLimit (the limit was reached before the order was filled)"
    case .exhausted: "exhausted (the curve has no more to give)"
    }
  }
}
