// Named and documented in the header:
// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation
import CDAMM
import DAMM

@c @implementation
public func damm_relative_sigma(
  _ implied_volatility: Double, _ horizon_days: Double, _ convention: damm_convention,
  _ relative_sigma: UnsafeMutablePointer<Double>?, _ error: UnsafeMutablePointer<damm_error>?
) -> damm_status {
  answer(error) {
    let to = try needed(relative_sigma, "relative_sigma")
    to.pointee = try OracleReading(
      price: 1, impliedVolatility: implied_volatility, horizonDays: horizon_days,
      convention: SigmaConvention(convention)
    ).relativeSigma
  }
}

@c @implementation
public func damm_parameters_default() -> damm_parameters {
  // what must be given is 0, which no domain holds
  damm_parameters(
    price: 0, relative_sigma: 0, reserve_a: 0, reserve_b: 0, half_width: 6, tick_width_bps: 1,
    position: 0, shape: DAMM_NORMAL, funding: DAMM_GEOMETRIC_MEAN)
}

@c @implementation
public func damm_curve_create(
  _ parameters: UnsafePointer<damm_parameters>?, _ curve: UnsafeMutablePointer<OpaquePointer?>?,
  _ error: UnsafeMutablePointer<damm_error>?
) -> damm_status {
  answer(error) {
    let given = try needed(parameters, "parameters").pointee
    let to = try needed(curve, "curve")
    let shape = try CurveShape(
      Shape(given.shape), relativeSigma: given.relative_sigma, halfWidth: given.half_width,
      tickWidthBps: given.tick_width_bps)
    // refused before the table is made
    let funding = try Funding(given.funding)
    try Domain.check(given.price, "price", in: Domain.price)
    let reserves = try Reserves(a: given.reserve_a, b: given.reserve_b)
    to.pointee = try form(
      TickTable(shape), given.price, reserves, funding, at: given.position
    ).owned
  }
}

@c @implementation
public func damm_curve_create_sharing(
  _ curve: OpaquePointer?, _ price: Double, _ reserve_a: Double, _ reserve_b: Double,
  _ position: Double, _ made: UnsafeMutablePointer<OpaquePointer?>?,
  _ error: UnsafeMutablePointer<damm_error>?
) -> damm_status {
  answer(error) {
    let to = try needed(made, "made")
    to.pointee = try CurveHandle.with(curve, "curve") { handle in
      let (table, funding) = (handle.curve.table, handle.curve.funding)
      return try form(
        table, price, Reserves(a: reserve_a, b: reserve_b), funding, at: position
      ).owned
    }
  }
}

private func form(
  _ table: TickTable, _ price: Double, _ reserves: Reserves, _ funding: Funding,
  at position: Double
) throws -> CurveHandle {
  let curve =
    if let place = priceUnlessZero(position) {
      try Curve(
        table: table, oraclePrice: price, reserves: reserves, funding: funding, atPrice: place)
    } else {
      try Curve(table: table, oraclePrice: price, reserves: reserves, funding: funding)
    }
  return CurveHandle(curve, a: reserves.a, b: reserves.b)
}

@c @implementation
public func damm_curve_free(_ curve: OpaquePointer?) { CurveHandle.free(curve) }

@c @implementation
public func damm_curve_ticks(
  _ curve: OpaquePointer?, _ lowest: UnsafeMutablePointer<Int64>?,
  _ upper: UnsafeMutablePointer<Int64>?, _ error: UnsafeMutablePointer<damm_error>?
) -> damm_status {
  answer(error) {
    try CurveHandle.with(curve, "curve") { handle in
      lowest?.pointee = Int64(handle.curve.table.lowestTick)
      upper?.pointee = Int64(handle.curve.table.upperTick)
    }
  }
}

@c @implementation
public func damm_curve_state(
  _ curve: OpaquePointer?, _ price: UnsafeMutablePointer<Double>?,
  _ offered_a: UnsafeMutablePointer<Double>?, _ offered_b: UnsafeMutablePointer<Double>?,
  _ error: UnsafeMutablePointer<damm_error>?
) -> damm_status {
  answer(error) {
    try CurveHandle.with(curve, "curve") { handle in
      let offered = handle.curve.offered
      price?.pointee = handle.curve.price
      offered_a?.pointee = offered.a
      offered_b?.pointee = offered.b
    }
  }
}

@c @implementation
public func damm_curve_quote(
  _ curve: OpaquePointer?, _ side: damm_side, _ fixed: damm_fixed, _ value: Double,
  _ limit: Double, _ quote: UnsafeMutablePointer<damm_quote>?,
  _ error: UnsafeMutablePointer<damm_error>?
) -> damm_status {
  answer(error) {
    try CurveHandle.with(curve, "curve") { handle in
      let to = try needed(quote, "quote")
      to.pointee = damm_quote(
        handle.curve.quote(try Order(side, fixed, value, limit: limit)))
    }
  }
}

@c @implementation
public func damm_curve_quote_to_price(
  _ curve: OpaquePointer?, _ side: damm_side, _ target: Double,
  _ quote: UnsafeMutablePointer<damm_quote>?, _ error: UnsafeMutablePointer<damm_error>?
) -> damm_status {
  answer(error) {
    try CurveHandle.with(curve, "curve") { handle in
      let to = try needed(quote, "quote")
      to.pointee = damm_quote(handle.curve.quote(try Order(side, to: target)))
    }
  }
}

@c @implementation
public func damm_curve_quote_batch(
  _ curve: OpaquePointer?, _ side: damm_side, _ fixed: damm_fixed, _ count: Int,
  _ values: UnsafePointer<Double>?, _ limit: Double, _ quotes: UnsafePointer<damm_quotes>?,
  _ error: UnsafeMutablePointer<damm_error>?
) -> damm_status {
  answer(error) {
    try CurveHandle.with(curve, "curve") { handle in
      // size_t, which Swift sees with a sign
      guard count >= 0, count <= Int.max / 8 else {
        throw Refusal.count(UInt(bitPattern: count))
      }
      // nothing is read or written where there are no orders
      let values = count == 0 ? values : try needed(values, "values")
      let arrays = count == 0 ? QuoteArrays() : QuoteArrays(try needed(quotes, "quotes").pointee)
      try handle.curve.quotes(
        Side(side), Order.Fixed(fixed), UnsafeBufferPointer(start: values, count: count),
        limit: priceUnlessZero(limit), into: arrays)
    }
  }
}
