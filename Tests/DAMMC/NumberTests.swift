import CDAMM
import DAMM
import Foundation
import TestSupport
import Testing

/// The functions of the header give the numbers of the kernel, bit for bit.
@Suite struct NumberTests {
  /// Random curves in both languages, with random orders for each.
  private func each(
    _ seed: UInt64, _ body: (Faces, [Order], inout RandomCurves) throws -> Void
  ) throws {
    var random = try RandomCurves(seed: seed, tables: 0, largest: 0)
    for _ in 0..<RandomCurves.runs(40) {
      let shape = try RandomCurves.shape(&random.random)
      let reserves = try Reserves(
        a: random.random.logUniform(1e-3...1e12), b: random.random.logUniform(1e-3...1e12))
      let price = random.random.logUniform(1e-6...1e6)
      let near = random.random.uniform(1...1 + shape.relativeSigma) * price
      let faces = try Faces(
        shape, price: price, reserves: reserves,
        funding: random.random.oneIn(2) ? .geometricMean : .full,
        position: random.random.oneIn(2) ? 0 : near)
      let orders = try (0..<25).map { _ in try random.order(faces.swift) }
      try body(faces, orders, &random)
    }
  }

  @Test func aQuoteIsTheKernels() throws {
    var asked = 0
    try each(RandomCurves.seed("C quotes", 11)) { faces, orders, _ in
      for order in orders {
        guard let c = COrder(order) else { continue }
        #expect(bits(c.quote(faces.c)) == bits(faces.swift.quote(order)), "\(order)")
        asked += 1
      }
      var (lowest, upper) = (Int64(), Int64())
      var (price, a, b) = (0.0, 0.0, 0.0)
      #expect(damm_curve_ticks(faces.c, &lowest, &upper, nil) == DAMM_OK)
      #expect(damm_curve_state(faces.c, &price, &a, &b, nil) == DAMM_OK)
      let table = faces.swift.table
      #expect(Int(lowest) == table.lowestTick && Int(upper) == table.upperTick)
      let offered = faces.swift.offered
      #expect(price == faces.swift.price && a == offered.a && b == offered.b)
    }
    #expect(asked > 500)
  }

  @Test func aBatchIsItsQuotes() throws {
    try each(RandomCurves.seed("C batches", 12)) { faces, orders, random in
      let some = orders.compactMap(COrder.init).filter { $0.fixed != nil }
      let values = some.map(\.value)
      guard let limit = some.first?.limit else { return }
      for side in [DAMM_BUY, DAMM_SELL] {
        for fixed in [DAMM_AMOUNT, DAMM_NOTIONAL] {
          let expected = values.map { value in
            var quote = damm_quote()
            let status = damm_curve_quote(faces.c, side, fixed, value, limit, &quote, nil)
            #expect(status == DAMM_OK)
            return bits(quote)
          }
          #expect(batch(faces.c, side, fixed, values, limit) == expected)
        }
      }
    }
  }

  private func batch(
    _ curve: OpaquePointer, _ side: damm_side, _ fixed: damm_fixed, _ values: [Double],
    _ limit: Double
  ) -> [[UInt64]] {
    let count = values.count
    let doubles = UnsafeMutablePointer<Double>.allocate(capacity: 7 * count)
    let integers = UnsafeMutablePointer<Int64>.allocate(capacity: 2 * count)
    let stops = UnsafeMutablePointer<Int32>.allocate(capacity: count)
    defer { doubles.deallocate(); integers.deallocate(); stops.deallocate() }
    func field(_ i: Int) -> UnsafeMutablePointer<Double> { doubles + i * count }
    var quotes = damm_quotes(
      amount_in: field(0), amount_out: field(1), fee: field(2), average_price: field(3),
      price_after: field(4), fraction_after: field(5), left: field(6), tick_after: integers,
      ticks_crossed: integers + count, stop: stops)
    let status = damm_curve_quote_batch(curve, side, fixed, count, values, limit, &quotes, nil)
    #expect(status == DAMM_OK)
    return (0..<count).map { i in
      bits(
        damm_quote(
          amount_in: field(0)[i], amount_out: field(1)[i], fee: field(2)[i],
          average_price: field(3)[i], price_after: field(4)[i], fraction_after: field(5)[i],
          left: field(6)[i], tick_after: integers[i], ticks_crossed: integers[count + i],
          stop: stops[i]))
    }
  }

  @Test func aPoolIsACurveWithItsReserves() throws {
    try each(RandomCurves.seed("C pools", 13)) { faces, orders, random in
      var pool: OpaquePointer?
      #expect(damm_pool_create(faces.c, &pool, nil) == DAMM_OK)
      defer { damm_pool_free(pool) }
      var curve = faces.swift
      var (a, b) = (0.0, 0.0)
      #expect(damm_pool_reserves(pool, &a, &b, nil) == DAMM_OK)
      for order in orders {
        guard let c = COrder(order) else { continue }
        if let fixed = c.fixed {
          var quote = damm_quote()
          #expect(
            damm_pool_quote(pool, c.side, fixed, c.value, c.limit, &quote, nil) == DAMM_OK)
          #expect(bits(quote) == bits(curve.quote(order)))
        }
        let quote = curve.swap(order)
        #expect(bits(c.swap(pool!)) == bits(quote), "\(order)")
        a = order.side == .buy ? a + quote.amountIn : max(0, a - quote.amountOut)
        b = order.side == .buy ? max(0, b - quote.amountOut) : b + quote.amountIn
        if random.random.oneIn(3), let reserves = try? Reserves(a: a, b: b) {
          let price = curve.oraclePrice * random.random.uniform(0.99...1.01)
          try curve.reform(oraclePrice: price, reserves: reserves)
          #expect(damm_pool_reform(pool, price, nil) == DAMM_OK)
        }
        var held = (a: 0.0, b: 0.0)
        #expect(damm_pool_reserves(pool, &held.a, &held.b, nil) == DAMM_OK)
        #expect(held == (a, b))
      }
      var snapshot: OpaquePointer?
      #expect(damm_pool_curve(pool, &snapshot, nil) == DAMM_OK)
      defer { damm_curve_free(snapshot) }
      let order = try Order(.sell, .toPrice(curve.price * 0.99))
      #expect(bits(COrder(order)!.quote(snapshot!)) == bits(curve.quote(order)))
    }
  }

  @Test func aCurveThatSharesATable() throws {
    let faces = try Faces.example(.full)
    for position in [0, 3.03] {
      var made: OpaquePointer?
      #expect(damm_curve_create_sharing(faces.c, 3, 50, 60, position, &made, nil) == DAMM_OK)
      defer { damm_curve_free(made) }
      let reserves = try Reserves(a: 50, b: 60)
      let table = faces.swift.table
      let curve =
        position == 0
        ? try Curve(table: table, oraclePrice: 3, reserves: reserves, funding: .full)
        : try Curve(
          table: table, oraclePrice: 3, reserves: reserves, funding: .full, atPrice: position)
      let order = try Order(.buy, .notional(7))
      #expect(bits(COrder(order)!.quote(made!)) == bits(curve.quote(order)))
    }
  }

  @Test func sigma() throws {
    let conventions = [
      (DAMM_PROPORTIONAL, SigmaConvention.proportional),
      (DAMM_LOGNORMAL_MOMENT, .lognormalMoment),
    ]
    for (c, swift) in conventions {
      var sigma = 0.0
      #expect(damm_relative_sigma(0.8, 7, c, &sigma, nil) == DAMM_OK)
      let reading = try OracleReading(
        price: 1, impliedVolatility: 0.8, horizonDays: 7, convention: swift)
      #expect(sigma == reading.relativeSigma)
    }
  }

  @Test func threadsShareACurve() throws {
    let faces = try Faces.example()
    nonisolated(unsafe) let curve = faces.c
    let swift = faces.swift
    nonisolated(unsafe) var wrong = [0, 0]
    wrong.withUnsafeMutableBufferPointer { wrong in
      nonisolated(unsafe) let wrong = wrong
      DispatchQueue.concurrentPerform(iterations: 2) { thread in
        for i in 1...5_000 {
          var quote = damm_quote()
          let amount = Double(i) * 1e-3
          let side = (i + thread) % 2 == 0 ? DAMM_BUY : DAMM_SELL
          let status = damm_curve_quote(curve, side, DAMM_AMOUNT, amount, 0, &quote, nil)
          let order = try! Order(side == DAMM_BUY ? .buy : .sell, .amount(amount))
          if status != DAMM_OK || bits(quote) != bits(swift.quote(order)) { wrong[thread] += 1 }
        }
      }
    }
    #expect(wrong == [0, 0])
  }
}
