import DAMM

extension QuoteAnswer {
  /// Labelled lines with units.
  func lines(_ order: Order) -> String {
    let (paid, received) = side == .buy ? ("A", "B") : ("B", "A")
    let full = Figures.full
    let left: String =
      switch order.size {
      case .toPrice: "none: no amount was fixed"
      case .amount: "\(full(left ?? 0)) B"
      case .notional: "\(full(left ?? 0)) A"
      }
    return Figures.lines([
      ("order", order.words()),
      ("paid in", "\(full(amountIn)) \(paid)"),
      ("received", "\(full(amountOut)) \(received)"),
      ("fee", "\(full(fee)) A, part of the A above"),
      ("average price", averagePrice.map { "\(full($0)) A per B" } ?? "none: nothing filled"),
      ("price after", "\(full(priceAfter)) A per B"),
      ("position after", "tick \(tickAfter), \(full(fractionAfter)) of it sold"),
      ("ticks crossed", "\(ticksCrossed)"),
      ("stop", stopWords),
      ("left", left),
      ("relativeSigma", Figures.relativeSigma(relativeSigma, sigmaConvention)),
    ])
  }

  private var stopWords: String {
    switch stop {
    case .complete: "complete"
    case .priceLimit: "priceLimit (the limit was reached before the order was filled)"
    case .exhausted: "exhausted (the curve has no more to give)"
    }
  }
}

extension Order {
  /// What is to be traded, in words with units.
  func words(_ number: (Double) -> String = Figures.full) -> String {
    let size =
      switch size {
      case .amount(let b): "\(number(b)) B"
      case .notional(let a):
        side == .buy ? "B for \(number(a)) A" : "B until \(number(a)) A are received"
      case .toPrice(let price): "B until the price is \(number(price)) A per B"
      }
    let limit = limit.map { ", limit \(number($0)) A per B" } ?? ""
    return "\(side.rawValue) \(size)\(limit)"
  }
}
