import DAMM

extension QuoteAnswer {
  /// Labelled lines with units.
  func lines(_ order: Order) -> String {
    let (paid, received) = quote.side == .buy ? ("A", "B") : ("B", "A")
    let full = Figures.full
    let leftWords: String =
      switch order.size {
      case .toPrice: "none: no amount was fixed"
      case .amount: "\(full(quote.left ?? 0)) B"
      case .notional: "\(full(quote.left ?? 0)) A"
      }
    let share =
      fees == nil || quote.side == .buy ? "part of the A above" : "kept back from the A above"
    let schedule = fees.map { [("fees", $0.words)] } ?? []
    return Figures.lines(
      [
        ("order", order.words()),
        ("paid in", "\(full(quote.amountIn)) \(paid)"),
        ("received", "\(full(quote.amountOut)) \(received)"),
        ("fee", "\(full(quote.fee)) A, \(share)"),
        (
          "average price",
          quote.averagePrice.map { "\(full($0)) A per B" } ?? "none: nothing filled"
        ),
        ("price after", "\(full(quote.priceAfter)) A per B"),
        (
          "position after",
          "tick \(quote.positionAfter.tick), \(full(quote.positionAfter.fraction)) of it sold"
        ),
        ("ticks crossed", "\(quote.ticksCrossed)"),
        ("stop", stopWords),
        ("left", leftWords),
        ("relativeSigma", Figures.relativeSigma(relativeSigma, sigmaConvention)),
      ] + schedule)
  }

  private var stopWords: String {
    switch quote.stop {
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
