import CKernels
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
    defer { keepTable() }
    try Self.check(values, fixed, signs: false, c.table.pointee.kernels)
    var batch = ck_batch(fixed, values, arrays)
    batch.buy = side == .buy ? 1 : 0
    takeFees(arrays, &batch)
    if let limit, let place = binding(limit, side) {
      batch.has_limit = 1
      batch.limit = place
    }
    withUnsafePointer(to: c) { c in
      withUnsafePointer(to: batch) { c.pointee.table.pointee.kernels.pointee.quotes(c, $0) }
    }
  }

  /// Carries out many orders one after another: the numbers of `swap`, bit for bit.
  ///
  /// - Parameters:
  ///   - fixed: which quantity the orders fix.
  ///   - flow: these quantities in token units: positive ones buy, negative ones sell. Their sizes are
  ///     in `Domain.amount`.
  ///   - arrays: of `flow.count` elements each.
  /// - Throws: `DAMMError.outOfRange`; nothing is written or changed then.
  public mutating func swaps(
    _ fixed: Order.Fixed, flow: UnsafeBufferPointer<Double>, into arrays: QuoteArrays
  ) throws(DAMMError) {
    defer { keepTable() }
    try Self.check(flow, fixed, signs: true, c.table.pointee.kernels)
    var batch = ck_batch(fixed, flow, arrays)
    takeFees(arrays, &batch)
    withUnsafePointer(to: batch) { batch in
      c.table.pointee.kernels.pointee.swaps(&c, batch)
    }
  }

  /// What one order on each of many curves would do: the numbers of `quote`, bit for bit. Curves that
  /// share tables, one behind the other in memory, are fetched while others are quoted.
  ///
  /// - Parameters:
  ///   - curves: where the orders go.
  ///   - side: direction of all orders.
  ///   - fixed: which quantity they fix.
  ///   - values: these quantities in token units, in `Domain.amount`, one a curve.
  ///   - arrays: of as many elements each.
  /// - Throws: `DAMMError.outOfRange`; nothing is written then.
  public static func quotes(
    _ curves: UnsafeBufferPointer<Curve>, _ side: Side, _ fixed: Order.Fixed,
    _ values: UnsafeBufferPointer<Double>, into arrays: QuoteArrays
  ) throws(DAMMError) {
    precondition(values.count == curves.count)
    guard let first = curves.first else { return }
    let kernels = first.c.table.pointee.kernels!
    try check(values, fixed, signs: false, kernels)
    var batch = ck_batch(fixed, values, arrays)
    batch.buy = side == .buy ? 1 : 0
    batch.fee = arrays.fee
    let start = UnsafeRawPointer(curves.baseAddress!) + MemoryLayout<Curve>.offset(of: \.c)!
    withUnsafePointer(to: batch) {
      kernels.pointee.quotes_across(
        start.assumingMemoryBound(to: ck_curve.self), Int64(MemoryLayout<Curve>.stride), $0)
    }
  }

  /// Where the fees of a batch go; those of a curve without any are known.
  private func takeFees(_ arrays: QuoteArrays, _ batch: inout ck_batch) {
    if c.surge > 0 || c.table.pointee.terms.takes {
      batch.fee = arrays.fee
    } else {
      arrays.fee?.update(repeating: 0, count: Int(batch.count))
    }
  }

  private static func check(
    _ values: UnsafeBufferPointer<Double>, _ fixed: Order.Fixed, signs: Bool,
    _ kernels: UnsafePointer<ck_kernels>
  ) throws(DAMMError) {
    let (low, high) = (Domain.amount.lowerBound, Domain.amount.upperBound)
    let i = Int(
      kernels.pointee.first_outside(
        Int64(values.count), values.baseAddress, low, high, signs ? 1 : 0))
    guard i < 0 else {
      throw .outOfRange(
        name: "\(fixed.rawValue) \(i)", value: values[i], allowed: Domain.amount)
    }
  }
}

extension ck_batch {
  fileprivate init(
    _ fixed: Order.Fixed, _ values: UnsafeBufferPointer<Double>, _ arrays: QuoteArrays
  ) {
    self.init()
    key = Int32(fixed == .amount ? CK_B : CK_A)
    count = Int64(values.count)
    value = values.baseAddress
    `in` = arrays.amountIn
    out = arrays.amountOut
    average = arrays.averagePrice
    price = arrays.priceAfter
    tick = arrays.tickAfter
    fraction = arrays.fractionAfter
    ticks = arrays.ticksCrossed
    stop = arrays.stop
    left = arrays.left
  }
}
