import DAMMModel

extension Curve {
  /// What many orders would do, each by itself from where the pool stands: the numbers of `quote`,
  /// bit for bit.
  ///
  /// - Parameters:
  ///   - side: direction of all orders.
  ///   - fixed: which quantity they fix.
  ///   - values: these quantities in token units, in `Domain.amount`.
  ///   - limit: a price coordinate that none of them passes.
  ///   - amountIn: as many elements as `values`; gets what the trader pays.
  ///   - amountOut: as many elements as `values`; gets what the trader receives.
  /// - Throws: `DAMMError.outOfRange`; nothing is written then.
  public func quotes(
    _ side: Side, _ fixed: Order.Fixed, _ values: Span<Double>, limit: Double? = nil,
    amountIn: inout MutableSpan<Double>, amountOut: inout MutableSpan<Double>
  ) throws(DAMMError) {
    precondition(amountIn.count == values.count && amountOut.count == values.count)
    try values.withUnsafeBufferPointer { values throws(DAMMError) in
      try amountIn.withUnsafeMutableBufferPointer { amountIn throws(DAMMError) in
        try amountOut.withUnsafeMutableBufferPointer { amountOut throws(DAMMError) in
          var arrays = QuoteArrays()
          arrays.amountIn = amountIn.baseAddress
          arrays.amountOut = amountOut.baseAddress
          try quotes(side, fixed, values, limit: limit, into: arrays)
        }
      }
    }
  }

  /// The same with every field of a quote that the caller has an array for.
  ///
  /// - Parameters:
  ///   - side: direction of all orders.
  ///   - fixed: which quantity they fix.
  ///   - values: these quantities in token units, in `Domain.amount`.
  ///   - limit: a price coordinate that none of them passes.
  ///   - arrays: of `values.count` elements each.
  /// - Throws: `DAMMError.outOfRange`; nothing is written then.
  public func quotes(
    _ side: Side, _ fixed: Order.Fixed, _ values: UnsafeBufferPointer<Double>,
    limit: Double? = nil, into arrays: QuoteArrays
  ) throws(DAMMError) {
    if let limit { try Domain.check(limit, "limit", in: Domain.target) }
    for (i, value) in values.enumerated() {
      try Domain.check(value, "\(fixed.rawValue) \(i)", in: Domain.amount)
    }
    for (i, value) in values.enumerated() {
      let size: Order.Size = fixed == .amount ? .amount(value) : .notional(value)
      let quote = quote(try Order(side, size, limit: limit))
      arrays.amountIn?[i] = quote.amountIn
      arrays.amountOut?[i] = quote.amountOut
      arrays.fee?[i] = quote.fee
      arrays.averagePrice?[i] = quote.averagePrice ?? 0
      arrays.priceAfter?[i] = quote.priceAfter
      arrays.tickAfter?[i] = Int64(quote.positionAfter.tick)
      arrays.fractionAfter?[i] = quote.positionAfter.fraction
      arrays.ticksCrossed?[i] = Int64(quote.ticksCrossed)
      arrays.stop?[i] = Int32(Stop.allCases.firstIndex(of: quote.stop)!)
      arrays.left?[i] = quote.left!
    }
  }
}
