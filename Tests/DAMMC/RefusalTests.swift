import CDAMM
import DAMM
import Testing

import DAMMC

/// What the functions of the header refuse, with which code and text; nothing is written then.
@Suite struct RefusalTests {
  /// Runs a call that must fail and gives its text.
  private func text(
    _ expected: damm_status, _ call: (UnsafeMutablePointer<damm_error>?) -> damm_status
  ) -> String {
    var error = damm_error()
    withUnsafeMutableBytes(of: &error) { bytes in for i in bytes.indices { bytes[i] = 0x7F } }
    #expect(call(nil) == expected)
    #expect(call(&error) == expected)
    return withUnsafeBytes(of: &error) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }

  private func parameters() -> damm_parameters {
    var parameters = damm_parameters_default()
    parameters.price = 100
    parameters.relative_sigma = 0.01
    parameters.reserve_a = 1000
    parameters.reserve_b = 10
    return parameters
  }

  private func creating(
    _ expected: damm_status, _ change: (inout damm_parameters) -> Void
  ) -> String {
    var given = parameters()
    change(&given)
    let untouched = OpaquePointer(bitPattern: 8)
    var curve = untouched
    defer { #expect(curve == untouched) }
    return text(expected) { damm_curve_create(&given, &curve, $0) }
  }

  @Test func parametersThatAreRefused() {
    let fields: [(String, WritableKeyPath<damm_parameters, Double>)] = [
      ("price", \.price), ("sigma over price", \.relative_sigma), ("reserve A", \.reserve_a),
      ("reserve B", \.reserve_b), ("k", \.half_width),
      ("tick width in basis points", \.tick_width_bps), ("position", \.position),
    ]
    for (name, field) in fields {
      for bad in [-1, .nan, .infinity, -.infinity, 1e300] where name != "position" || bad != 1e300 {
        let text = creating(DAMM_OUT_OF_RANGE) { $0[keyPath: field] = bad }
        #expect(text.hasPrefix("\(name) is \(bad), but"), "\(text)")
      }
    }
    #expect(creating(DAMM_POSITION_OUTSIDE) { $0.position = 200 }.contains("200"))
    #expect(creating(DAMM_TOO_MANY_TICKS) { $0.tick_width_bps = 1e-6 }.contains("ticks"))
    let narrow = creating(DAMM_NO_TICKS) {
      $0.relative_sigma = 1e-9
      $0.half_width = 1e-3
      $0.tick_width_bps = 1e6
    }
    #expect(narrow.contains("narrow the ticks"))
    #expect(creating(DAMM_INVALID) { $0.shape = damm_shape(rawValue: 3) }.hasPrefix("shape is 3"))
    let minusOne = damm_funding(rawValue: .max)
    #expect(creating(DAMM_INVALID) { $0.funding = minusOne }.hasPrefix("funding is -1"))
  }

  @Test func ordersThatAreRefused() throws {
    let faces = try Faces.example()
    var quote = damm_quote()
    quote.amount_in = 77
    for bad in [0, -1, .nan, .infinity, 1e-101, 1e101] {
      let text = text(DAMM_OUT_OF_RANGE) {
        damm_curve_quote(faces.c, DAMM_BUY, DAMM_NOTIONAL, bad, 0, &quote, $0)
      }
      #expect(text.hasPrefix("notional is \(bad), but"))
    }
    for bad in [-1, .nan, .infinity] {
      let limit = text(DAMM_OUT_OF_RANGE) {
        damm_curve_quote(faces.c, DAMM_BUY, DAMM_AMOUNT, 1, bad, &quote, $0)
      }
      #expect(limit.hasPrefix("limit is \(bad)"))
      let target = text(DAMM_OUT_OF_RANGE) {
        damm_curve_quote_to_price(faces.c, DAMM_SELL, bad, &quote, $0)
      }
      #expect(target.hasPrefix("price to swap to is \(bad)"))
    }
    let two = (damm_side(rawValue: 2), damm_fixed(rawValue: 2))
    let side = text(DAMM_INVALID) {
      damm_curve_quote(faces.c, two.0, DAMM_AMOUNT, 1, 0, &quote, $0)
    }
    #expect(side == "side is 2, but it has no such value.")
    let fixed = text(DAMM_INVALID) {
      damm_curve_quote(faces.c, DAMM_BUY, two.1, 1, 0, &quote, $0)
    }
    #expect(fixed == "fixed is 2, but it has no such value.")
    #expect(quote.amount_in == 77)
  }

  @Test func sigmaThatIsRefused() {
    var sigma = 77.0
    let convention = text(DAMM_INVALID) {
      damm_relative_sigma(0.8, 7, damm_convention(rawValue: 9), &sigma, $0)
    }
    #expect(convention.hasPrefix("convention is 9"))
    let days = text(DAMM_OUT_OF_RANGE) {
      damm_relative_sigma(0.8, -7, DAMM_PROPORTIONAL, &sigma, $0)
    }
    #expect(days.hasPrefix("horizon in days is -7.0") && sigma == 77)
    #expect(
      text(DAMM_NULL) { damm_relative_sigma(0.8, 7, DAMM_PROPORTIONAL, nil, $0) }
        == "relative_sigma is NULL, but it is needed.")
  }

  @Test func batchesThatAreRefused() throws {
    let faces = try Faces.example()
    var values = [1.0, .nan, 2]
    var written = [77.0, 77, 77]
    written.withUnsafeMutableBufferPointer { written in
      var quotes = damm_quotes()
      quotes.amount_in = written.baseAddress
      func batch(
        _ expected: damm_status, _ curve: OpaquePointer?, side: damm_side = DAMM_BUY,
        fixed: damm_fixed = DAMM_AMOUNT, _ count: Int, _ values: UnsafePointer<Double>?,
        limit: Double = 0, _ quotes: UnsafePointer<damm_quotes>?
      ) -> String {
        text(expected) {
          damm_curve_quote_batch(curve, side, fixed, count, values, limit, quotes, $0)
        }
      }
      #expect(batch(DAMM_OUT_OF_RANGE, faces.c, 3, values, &quotes).hasPrefix("amount 1 is nan"))
      values[1] = 1
      #expect(batch(DAMM_OUT_OF_RANGE, faces.c, 3, values, limit: -1, &quotes).contains("limit"))
      #expect(batch(DAMM_OUT_OF_RANGE, faces.c, -1, values, &quotes).contains("count is 1844674"))
      #expect(batch(DAMM_NULL, nil, 3, values, &quotes).contains("curve is NULL"))
      #expect(batch(DAMM_NULL, faces.c, 3, nil, &quotes).contains("values is NULL"))
      #expect(batch(DAMM_NULL, faces.c, 3, values, nil).contains("quotes is NULL"))
      let (side, fixed) = (damm_side(rawValue: 2), damm_fixed(rawValue: 2))
      #expect(batch(DAMM_INVALID, faces.c, side: side, 3, values, &quotes).contains("side"))
      #expect(batch(DAMM_INVALID, faces.c, fixed: fixed, 0, nil, nil).contains("fixed"))
      // nothing to do, and nobody who wants the answers
      #expect(
        damm_curve_quote_batch(faces.c, DAMM_BUY, DAMM_AMOUNT, 0, nil, 0, nil, nil) == DAMM_OK)
      quotes.amount_in = nil
      #expect(
        damm_curve_quote_batch(faces.c, DAMM_BUY, DAMM_AMOUNT, 3, values, 0, &quotes, nil)
          == DAMM_OK)
    }
    #expect(written == [77, 77, 77])
  }

  @Test func everyPointerThatIsNeeded() throws {
    let faces = try Faces.example()
    var quote = damm_quote()
    var made: OpaquePointer?
    var given = parameters()
    var pool: OpaquePointer?
    #expect(damm_pool_create(faces.c, &pool, nil) == DAMM_OK)
    defer { damm_pool_free(pool) }
    let calls: [(String, (UnsafeMutablePointer<damm_error>?) -> damm_status)] = [
      ("parameters", { damm_curve_create(nil, &made, $0) }),
      ("curve", { damm_curve_create(&given, nil, $0) }),
      ("curve", { damm_curve_create_sharing(nil, 1, 1, 1, 0, &made, $0) }),
      ("made", { damm_curve_create_sharing(faces.c, 1, 1, 1, 0, nil, $0) }),
      ("curve", { damm_curve_ticks(nil, nil, nil, $0) }),
      ("curve", { damm_curve_state(nil, nil, nil, nil, $0) }),
      ("curve", { damm_curve_quote(nil, DAMM_BUY, DAMM_AMOUNT, 1, 0, &quote, $0) }),
      ("quote", { damm_curve_quote(faces.c, DAMM_BUY, DAMM_AMOUNT, 1, 0, nil, $0) }),
      ("curve", { damm_curve_quote_to_price(nil, DAMM_BUY, 1, &quote, $0) }),
      ("quote", { damm_curve_quote_to_price(faces.c, DAMM_BUY, 1, nil, $0) }),
      ("curve", { damm_pool_create(nil, &made, $0) }),
      ("pool", { damm_pool_create(faces.c, nil, $0) }),
      ("pool", { damm_pool_curve(nil, &made, $0) }),
      ("curve", { damm_pool_curve(pool, nil, $0) }),
      ("pool", { damm_pool_reserves(nil, nil, nil, $0) }),
      ("pool", { damm_pool_quote(nil, DAMM_BUY, DAMM_AMOUNT, 1, 0, &quote, $0) }),
      ("quote", { damm_pool_quote(pool, DAMM_BUY, DAMM_AMOUNT, 1, 0, nil, $0) }),
      ("pool", { damm_pool_swap(nil, DAMM_BUY, DAMM_AMOUNT, 1, 0, &quote, $0) }),
      ("quote", { damm_pool_swap(pool, DAMM_BUY, DAMM_AMOUNT, 1, 0, nil, $0) }),
      ("pool", { damm_pool_swap_to_price(nil, DAMM_BUY, 1, &quote, $0) }),
      ("quote", { damm_pool_swap_to_price(pool, DAMM_BUY, 1, nil, $0) }),
      ("pool", { damm_pool_reform(nil, 1, $0) }),
    ]
    for (name, call) in calls {
      #expect(text(DAMM_NULL, call) == "\(name) is NULL, but it is needed.")
    }
    // what nobody needs may be left out
    #expect(damm_curve_ticks(faces.c, nil, nil, nil) == DAMM_OK)
    #expect(damm_curve_state(faces.c, nil, nil, nil, nil) == DAMM_OK)
    #expect(damm_pool_reserves(pool, nil, nil, nil) == DAMM_OK)
    damm_curve_free(nil)
    damm_pool_free(nil)
    #expect(made == nil)
  }

  /// A refused swap or reform leaves a pool as it was; so does a reform to the same price.
  @Test func aRefusedPoolStays() throws {
    let faces = try Faces.example(.full)
    var pool: OpaquePointer?
    #expect(damm_pool_create(faces.c, &pool, nil) == DAMM_OK)
    defer { damm_pool_free(pool) }
    var quote = damm_quote()
    _ = text(DAMM_OUT_OF_RANGE) { damm_pool_swap(pool, DAMM_BUY, DAMM_AMOUNT, -1, 0, &quote, $0) }
    _ = text(DAMM_INVALID) {
      damm_pool_swap_to_price(pool, damm_side(rawValue: 5), 101, &quote, $0)
    }
    #expect(text(DAMM_OUT_OF_RANGE) { damm_pool_reform(pool, .nan, $0) }.hasPrefix("price is nan"))
    #expect(damm_pool_reform(pool, 100, nil) == DAMM_OK)
    var (a, b) = (0.0, 0.0)
    #expect(damm_pool_reserves(pool, &a, &b, nil) == DAMM_OK)
    #expect(a == 1000 && b == 10)

    // all of B sold: never below nothing
    #expect(damm_pool_swap(pool, DAMM_BUY, DAMM_AMOUNT, 1e9, 0, &quote, nil) == DAMM_OK)
    #expect(damm_pool_reserves(pool, nil, &b, nil) == DAMM_OK)
    #expect(quote.stop == Int32(DAMM_EXHAUSTED.rawValue) && b >= 0 && b < 1e-14)
  }

  @Test func textIsCutBetweenCharacters() {
    func written(_ text: String) -> [UInt8] {
      var error = damm_error()
      withUnsafeMutableBytes(of: &error) { bytes in for i in bytes.indices { bytes[i] = 0x7F } }
      write(text, to: &error)
      return withUnsafeBytes(of: &error) { Array($0.prefix { $0 != 0 }) }
    }
    for text in ["", "a", String(repeating: "a", count: 255)] {
      #expect(written(text) == Array(text.utf8))
    }
    // two, three and four bytes a character, at every place against the end
    for character in ["é", "€", "🦀"] {
      for start in 0..<5 {
        let text = String(repeating: "a", count: start) + String(repeating: character, count: 260)
        let got = written(text)
        #expect(got.count <= 255 && got.count > 255 - character.utf8.count)
        #expect(String(validating: got, as: UTF8.self).map(text.hasPrefix) == true)
      }
    }
  }
}
