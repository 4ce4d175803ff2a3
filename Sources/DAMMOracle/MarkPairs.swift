import DAMMModel

/// The marks of a call and a put of one strike, and the forward that both imply.
///
/// A venue that marks both from one volatility keeps put-call parity to the last digit, so the pair
/// tells the forward at the moment of the marks, whatever forward was recorded beside them.
struct MarkPairs {
  private struct Terms: Hashable {
    let expiry: UTCTime
    let strike: Double
  }

  private struct Pair {
    let forward: Double
    /// Whether the lesser mark is more than 0. Otherwise the other one is intrinsic value to the digit
    /// at their forward, and tells no volatility but that of roundings.
    let tells: Bool
  }

  /// The first quotes of a kind count.
  private let pairs: [Terms: Pair]

  init(_ chain: OptionChain) {
    var pairs: [Terms: (call: OptionQuote?, put: OptionQuote?)] = [:]
    for quote in chain.quotes where quote.mark != nil {
      let terms = Terms(expiry: quote.expiry, strike: quote.strike)
      if quote.kind == .call {
        if pairs[terms]?.call == nil { pairs[terms, default: (nil, nil)].call = quote }
      } else if pairs[terms]?.put == nil {
        pairs[terms, default: (nil, nil)].put = quote
      }
    }
    self.pairs = pairs.compactMapValues { pair in
      guard let call = pair.call, let put = pair.put, call.quotation == put.quotation,
        let c = call.mark, let p = put.mark
      else { return nil }
      let forward =
        call.quotation == .coin ? call.strike / (1 - c + p) : call.strike + c - p
      return Domain.price.contains(forward) ? Pair(forward: forward, tells: min(c, p) > 0) : nil
    }
  }

  private func pair(_ quote: OptionQuote) -> Pair? {
    pairs[Terms(expiry: quote.expiry, strike: quote.strike)]
  }

  /// The forward of the pair that a quote is of.
  func forward(of quote: OptionQuote) -> Double? {
    pair(quote)?.forward
  }

  /// The volatility of a mark at the forward of its pair; `nil` where the lesser mark of the pair is 0.
  func volatility(of quote: OptionQuote, years: Double) -> Double? {
    guard let pair = pair(quote), pair.tells, let mark = quote.mark, years > 0 else { return nil }
    let implied = try? OptionChain.contract(quote, forward: pair.forward)
      .implied(premium: mark, quotation: quote.quotation)
    return implied.map { $0.deviation / years.squareRoot() }
  }

  /// How far that is from the quoted volatility, in volatility points.
  func points(of quote: OptionQuote, years: Double) -> Double? {
    guard let quoted = quote.quotedVolatility else { return nil }
    return volatility(of: quote, years: years).map { ($0 - quoted) * 100 }
  }
}
