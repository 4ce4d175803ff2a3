import CDAMM
import DAMM
import Testing

/// A curve in both languages: the same input through the header and straight.
final class Faces {
  let c: OpaquePointer
  let swift: Curve

  init(
    _ shape: CurveShape, price: Double, reserves: Reserves, funding: Funding, position: Double = 0
  ) throws {
    let table = try TickTable(shape)
    swift =
      position == 0
      ? try Curve(table: table, oraclePrice: price, reserves: reserves, funding: funding)
      : try Curve(
        table: table, oraclePrice: price, reserves: reserves, funding: funding,
        atPrice: position)
    var parameters = damm_parameters_default()
    parameters.price = price
    parameters.relative_sigma = shape.relativeSigma
    parameters.reserve_a = reserves.a
    parameters.reserve_b = reserves.b
    parameters.half_width = shape.halfWidth
    parameters.tick_width_bps = shape.tickWidthBps
    parameters.position = position
    parameters.shape =
      [.normal: DAMM_NORMAL, .logNormal: DAMM_LOG_NORMAL][shape.shape] ?? DAMM_UNIFORM
    parameters.funding = funding == .full ? DAMM_FULL : DAMM_GEOMETRIC_MEAN
    var made: OpaquePointer?
    #expect(damm_curve_create(&parameters, &made, nil) == DAMM_OK)
    c = try #require(made)
  }

  deinit { damm_curve_free(c) }

  /// The curve of the worked example.
  static func example(_ funding: Funding = .geometricMean) throws -> Faces {
    try Faces(
      CurveShape(relativeSigma: 0.01), price: 100, reserves: Reserves(a: 1000, b: 10),
      funding: funding)
  }
}

/// The words of the header for an order.
struct COrder {
  let side: damm_side
  let fixed: damm_fixed?
  let value: Double
  let limit: Double

  /// - Returns: nothing for a swap to a price with a limit, which the header does not have.
  init?(_ order: Order) {
    side = order.side == .buy ? DAMM_BUY : DAMM_SELL
    limit = order.limit ?? 0
    switch order.size {
    case .amount(let value): (fixed, self.value) = (DAMM_AMOUNT, value)
    case .notional(let value): (fixed, self.value) = (DAMM_NOTIONAL, value)
    case .toPrice(let value):
      guard order.limit == nil else { return nil }
      (fixed, self.value) = (nil, value)
    }
  }

  /// Asks a curve.
  func quote(_ curve: OpaquePointer) -> damm_quote {
    var quote = damm_quote()
    let status =
      if let fixed {
        damm_curve_quote(curve, side, fixed, value, limit, &quote, nil)
      } else {
        damm_curve_quote_to_price(curve, side, value, &quote, nil)
      }
    #expect(status == DAMM_OK)
    return quote
  }

  /// Trades with a pool.
  func swap(_ pool: OpaquePointer) -> damm_quote {
    var quote = damm_quote()
    let status =
      if let fixed {
        damm_pool_swap(pool, side, fixed, value, limit, &quote, nil)
      } else {
        damm_pool_swap_to_price(pool, side, value, &quote, nil)
      }
    #expect(status == DAMM_OK)
    return quote
  }
}

/// All fields of a quote as bits, in the order of the header.
func bits(_ quote: damm_quote) -> [UInt64] {
  [
    quote.amount_in, quote.amount_out, quote.fee, quote.average_price, quote.price_after,
    quote.fraction_after, quote.left,
  ].map(\.bitPattern)
    + [quote.tick_after, quote.ticks_crossed, Int64(quote.stop)].map(UInt64.init(bitPattern:))
}

/// The same of Swift's.
func bits(_ quote: Quote) -> [UInt64] {
  let stops: [Stop: damm_stop] = [
    .complete: DAMM_COMPLETE, .priceLimit: DAMM_PRICE_LIMIT, .exhausted: DAMM_EXHAUSTED,
  ]
  return [
    quote.amountIn, quote.amountOut, quote.fee, quote.averagePrice ?? 0, quote.priceAfter,
    quote.positionAfter.fraction, quote.left ?? 0,
  ].map(\.bitPattern)
    + [
      Int64(quote.positionAfter.tick), Int64(quote.ticksCrossed),
      Int64(stops[quote.stop]!.rawValue),
    ].map(UInt64.init(bitPattern:))
}
