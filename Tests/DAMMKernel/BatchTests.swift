import DAMMKernel
import DAMMModel
import Testing
import TestSupport

/// A batch of quotes is `quote` of each order, bit for bit, and writes nothing else.
@Suite struct BatchTests {
  /// Some orders of one kind from one place, as batches are made of.
  private struct Orders {
    let place: HardCurves.Case
    let side: Side
    let fixed: Order.Fixed
    let limit: Double?
    let values: [Double]

    init(_ curves: inout HardCurves, _ place: HardCurves.Case, _ side: Side, _ fixed: Order.Fixed)
      throws
    {
      self.place = place
      self.side = side
      self.fixed = fixed
      limit = curves.limit(place)
      let sizes = try curves.sizes(place, side, fixed, limit: limit)
      let count =
        curves.random.oneIn(20)
        ? Int.random(in: 41...700, using: &curves.random)
        : Int.random(in: 0...40, using: &curves.random)
      let first = Int.random(in: 0..<sizes.count, using: &curves.random)
      values = (0..<count).map { sizes[(first + $0) % sizes.count] }
    }

    func quotes(_ curve: Curve) throws -> [Quote] {
      try values.map {
        curve.quote(try Order(side, fixed == .amount ? .amount($0) : .notional($0), limit: limit))
      }
    }

    /// The batch, its values at a start that need not be aligned.
    func batch(shift: Int, into columns: QuoteColumns) throws {
      let padded = [Double](repeating: .nan, count: shift) + values + [.nan]
      try padded.withUnsafeBufferPointer {
        let values = UnsafeBufferPointer(rebasing: $0[shift..<shift + values.count])
        try place.curve.quotes(side, fixed, values, limit: limit, into: columns.arrays)
      }
    }
  }

  /// Every kind of order from every place.
  private func forAll(
    _ curves: inout HardCurves, runs: Int,
    _ body: (inout HardCurves, Orders) throws -> Bool
  ) throws {
    for _ in 0..<RandomCurves.runs(runs) {
      let place = try curves.next()
      for side in Side.allCases {
        for fixed in Order.Fixed.allCases {
          guard try body(&curves, Orders(&curves, place, side, fixed)) else { return }
        }
      }
    }
  }

  @Test(arguments: [false, true]) func aBatchIsItsQuotes(fees: Bool) throws {
    let seed = RandomCurves.seed("a batch is its quotes", 71)
    var curves = try HardCurves(seed: seed, careful: false, fees: fees)
    var (compared, lengths) = (0, Set<Int>())
    try forAll(&curves, runs: 4_000) { curves, orders in
      let shift = Int.random(in: 0..<8, using: &curves.random)
      let columns = QuoteColumns(
        orders.values.count, shift: Int.random(in: 0..<8, using: &curves.random))
      try orders.batch(shift: shift, into: columns)
      for (i, quote) in try orders.quotes(orders.place.curve).enumerated() {
        let differences = columns.differences(i, from: quote)
        guard differences.isEmpty else {
          Issue.record(
            """
            seed \(seed): order \(i) of \(orders.values.count), \(orders.side) \(orders.fixed) \
            \(orders.values[i]) limit \(orders.limit as Any) differs in \(differences): \
            \(orders.place.label): \(quote), \
            in \(Double(bitPattern: columns[.amountIn, i])) out \(Double(bitPattern: columns[.amountOut, i]))
            """)
          return false
        }
      }
      compared += orders.values.count
      lengths.insert(orders.values.count)
      #expect(columns.nothingElseWritten)
      return true
    }
    print("batches: \(compared) orders compared")
    #expect(compared > 200_000 && lengths.isSuperset(of: 0...40))
  }

  @Test(arguments: [false, true]) func everySubsetOfFields(fees: Bool) throws {
    let seed = RandomCurves.seed("every subset of fields", 72)
    var curves = try HardCurves(seed: seed, careful: false, fees: fees)
    var subset = 0
    try forAll(&curves, runs: 600) { curves, orders in
      // all subsets in turn, of ten fields
      subset += 1
      let fields = Set(QuoteColumns.Field.allCases.filter { subset >> $0.rawValue & 1 != 0 })
      let columns = QuoteColumns(
        orders.values.count, fields, shift: Int.random(in: 0..<8, using: &curves.random))
      try orders.batch(shift: 0, into: columns)
      let quotes = try orders.quotes(orders.place.curve)
      #expect(
        quotes.indices.allSatisfy { columns.differences($0, from: quotes[$0]).isEmpty },
        "seed \(seed): \(fields) on \(orders.place.label)")
      #expect(columns.nothingElseWritten, "seed \(seed): \(fields)")
      return true
    }
    #expect(subset >= 1 << QuoteColumns.Field.allCases.count)
  }

  @Test(arguments: [false, true]) func spansGetBothAmounts(fees: Bool) throws {
    let seed = RandomCurves.seed("spans get both amounts", 73)
    var curves = try HardCurves(seed: seed, careful: false, fees: fees)
    try forAll(&curves, runs: 300) { _, orders in
      var amountIn = [Double](repeating: .nan, count: orders.values.count)
      var amountOut = amountIn
      var into = amountIn.mutableSpan
      var out = amountOut.mutableSpan
      try orders.place.curve.quotes(
        orders.side, orders.fixed, orders.values.span, limit: orders.limit, amountIn: &into,
        amountOut: &out)
      let quotes = try orders.quotes(orders.place.curve)
      #expect(
        amountIn == quotes.map(\.amountIn) && amountOut == quotes.map(\.amountOut),
        "seed \(seed): \(orders.place.label)")
      return true
    }
  }

  @Test(arguments: [false, true]) func everyInstructionSetGivesTheSameBits(fees: Bool) throws {
    let seed = RandomCurves.seed("batches on instruction sets", 74)
    func answers(_ set: KernelSet) throws -> [UInt64] {
      var curves = try HardCurves(seed: seed, kernels: set, careful: false, fees: fees)
      var answers: [UInt64] = []
      try forAll(&curves, runs: 300) { _, orders in
        let columns = QuoteColumns(orders.values.count)
        try orders.batch(shift: 0, into: columns)
        for field in QuoteColumns.Field.allCases {
          answers += orders.values.indices.map { columns[field, $0] }
        }
        return true
      }
      return answers
    }
    let expected = try answers(KernelSet.available[0])
    #expect(expected.count > 100_000)
    for set in KernelSet.available.dropFirst() {
      #expect(try answers(set) == expected, "\(set.name)")
    }
  }

  @Test func refusedBatches() throws {
    let table = try TickTable(CurveShape(relativeSigma: 0.01))
    let curve = try Curve(table: table, oraclePrice: 100, reserves: Reserves(a: 1000, b: 10))
    /// The name and value that a refusal has.
    func refusal(
      _ side: Side, _ fixed: Order.Fixed, _ values: [Double], limit: Double? = nil
    ) throws -> (name: String, value: Double)? {
      let columns = QuoteColumns(values.count)
      do {
        try values.withUnsafeBufferPointer {
          try curve.quotes(side, fixed, $0, limit: limit, into: columns.arrays)
        }
      } catch let error as DAMMError {
        #expect(columns.nothingWritten)
        guard case .outOfRange(let name, let value, let allowed) = error else { return nil }
        #expect(allowed == (name == "limit" ? Domain.target : Domain.amount))
        return (name, value)
      }
      return nil
    }
    for side in Side.allCases {
      for fixed in Order.Fixed.allCases {
        for bad in [Double.nan, .infinity, -.infinity, 0, -1, 1e-101, 2e100] {
          for index in [0, 7, 8, 63, 64, 69] {
            var values = [Double](repeating: 0.01, count: 70)
            values[index] = bad
            // the first one is named
            if index < 69 { values[69] = -5 }
            let error = try refusal(side, fixed, values)
            #expect(error?.name == "\(fixed.rawValue) \(index)")
            #expect(error.map { $0.value == bad || ($0.value.isNaN && bad.isNaN) } == true)
          }
          guard !Domain.target.contains(bad) else { continue }
          let error = try refusal(side, fixed, [1, 2], limit: bad)
          #expect(error?.name == "limit", "\(bad)")
        }
        // nothing to do, and nothing asked for
        #expect(try refusal(side, fixed, []) == nil)
        try [1.0, 2].withUnsafeBufferPointer {
          try curve.quotes(side, fixed, $0, into: QuoteArrays())
        }
      }
    }
  }
}
