import CDAMM
import DAMM

// The words of the model and those of the header, in both directions. A C enumeration may hold any
// number.

extension Side {
  init(_ side: damm_side) throws {
    switch side {
    case DAMM_BUY: self = .buy
    case DAMM_SELL: self = .sell
    default: throw Refusal.invalid("side", side.rawValue)
    }
  }
}

extension Order.Fixed {
  init(_ fixed: damm_fixed) throws {
    switch fixed {
    case DAMM_AMOUNT: self = .amount
    case DAMM_NOTIONAL: self = .notional
    default: throw Refusal.invalid("fixed", fixed.rawValue)
    }
  }
}

extension Shape {
  init(_ shape: damm_shape) throws {
    switch shape {
    case DAMM_NORMAL: self = .normal
    case DAMM_LOG_NORMAL: self = .logNormal
    case DAMM_UNIFORM: self = .uniform
    default: throw Refusal.invalid("shape", shape.rawValue)
    }
  }
}

extension Funding {
  init(_ funding: damm_funding) throws {
    switch funding {
    case DAMM_GEOMETRIC_MEAN: self = .geometricMean
    case DAMM_FULL: self = .full
    default: throw Refusal.invalid("funding", funding.rawValue)
    }
  }
}

extension SigmaConvention {
  init(_ convention: damm_convention) throws {
    switch convention {
    case DAMM_PROPORTIONAL: self = .proportional
    case DAMM_LOGNORMAL_MOMENT: self = .lognormalMoment
    default: throw Refusal.invalid("convention", convention.rawValue)
    }
  }
}

extension Order {
  /// An order that fixes an amount or a notional; no limit where it is 0.
  init(_ side: damm_side, _ fixed: damm_fixed, _ value: Double, limit: Double) throws {
    let (side, fixed) = (try Side(side), try Fixed(fixed))
    try self.init(
      side, fixed == .amount ? .amount(value) : .notional(value), limit: priceUnlessZero(limit))
  }

  /// An order to a price.
  init(_ side: damm_side, to target: Double) throws {
    try self.init(try Side(side), .toPrice(target))
  }
}

/// Where C says 0 for what Swift leaves out.
func priceUnlessZero(_ price: Double) -> Double? { price == 0 ? nil : price }

extension damm_quote {
  init(_ quote: Quote) {
    self.init(
      amount_in: quote.amountIn, amount_out: quote.amountOut, fee: quote.fee,
      average_price: quote.averagePrice ?? 0, price_after: quote.priceAfter,
      fraction_after: quote.positionAfter.fraction, left: quote.left ?? 0,
      tick_after: Int64(quote.positionAfter.tick), ticks_crossed: Int64(quote.ticksCrossed),
      stop: Self.number(quote.stop))
  }

  private static func number(_ stop: Stop) -> Int32 {
    let stop =
      switch stop {
      case .complete: DAMM_COMPLETE
      case .priceLimit: DAMM_PRICE_LIMIT
      case .exhausted: DAMM_EXHAUSTED
      }
    return Int32(stop.rawValue)
  }
}

extension QuoteArrays {
  init(_ quotes: damm_quotes) {
    self.init()
    amountIn = quotes.amount_in
    amountOut = quotes.amount_out
    fee = quotes.fee
    averagePrice = quotes.average_price
    priceAfter = quotes.price_after
    tickAfter = quotes.tick_after
    fractionAfter = quotes.fraction_after
    ticksCrossed = quotes.ticks_crossed
    stop = quotes.stop
    left = quotes.left
  }
}
