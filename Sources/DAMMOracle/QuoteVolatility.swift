import DAMMModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// The volatility of one quote, and what it followed from.
public struct QuoteVolatility: Sendable, Hashable {
  /// The quote.
  public let quote: OptionQuote
  /// Which premium was used: `mark` or `mid`.
  public let price: QuotePrice
  /// The premium as quoted.
  public let premium: Double
  /// The forward that was used: the quote's own, or that of the expiry.
  public let forward: Double
  /// What the premium was divided by to be undiscounted.
  public let discount: Double
  /// From the time of the chain to the expiry, in years of 365 days.
  public let years: Double
  /// Implied volatility (Black-76), a year, as a decimal.
  public let volatility: Double
  /// `|d ln volatility / d ln premium|`.
  public let condition: Double

  /// `ln(K/F)`.
  public var logMoneyness: Double { log(quote.strike / forward) }

  /// Whether the option pays nothing at the forward.
  var isOutOfTheMoney: Bool {
    quote.kind == .call ? quote.strike >= forward : quote.strike <= forward
  }
}

extension OptionChain {
  /// The volatility of a quote by Black-76: of its premium without the discount, at its own forward or
  /// else that of its expiry.
  ///
  /// - Parameters:
  ///   - quote: one of this chain.
  ///   - rule: which premium is used, and how old a quote may be.
  /// - Throws: `QuoteExclusion` that says why there is none.
  public func volatility(
    of quote: OptionQuote, rule: QuoteRule
  ) throws(QuoteExclusion) -> QuoteVolatility {
    let years = years(to: quote.expiry)
    guard years > 0 else { throw .expired }
    let age = time.seconds(since: quote.time)
    guard age <= rule.ageLimitSeconds else { throw .stale(ageSeconds: age) }
    guard age >= 0 else { throw .fromTheFuture(aheadSeconds: -age) }
    let (premium, price) = try rule.premium(of: quote)
    guard let common = self.forward(of: quote.expiry) else { throw .noForward }
    let forward = quote.forward ?? common.forward
    let implied: ImpliedDeviation
    do throws(PremiumError) {
      implied = try Self.contract(quote, forward: forward)
        .implied(premium: premium / common.discount, quotation: quote.quotation)
    } catch {
      throw .refused(error)
    }
    let volatility = implied.deviation / years.squareRoot()
    guard Domain.impliedVolatility.contains(volatility) else {
      throw .volatilityOutside(volatility)
    }
    return QuoteVolatility(
      quote: quote, price: price, premium: premium, forward: forward, discount: common.discount,
      years: years, volatility: volatility, condition: implied.condition)
  }

  /// The terms of a quote at a forward.
  static func contract(
    _ quote: OptionQuote, forward: Double
  ) throws(PremiumError) -> OptionContract {
    do throws(DAMMError) {
      return try OptionContract(quote.kind, forward: forward, strike: quote.strike)
    } catch {
      throw .outOfRange(error)
    }
  }

  /// The volatilities of all quotes, and why others have none.
  ///
  /// - Parameter rule: which premium is used, and how old a quote may be.
  /// - Complexity: linear in the number of quotes, times the logarithm of the number of expiries.
  public func volatilities(
    rule: QuoteRule
  ) -> (usable: [QuoteVolatility], excluded: [(quote: OptionQuote, why: QuoteExclusion)]) {
    var usable: [QuoteVolatility] = []
    var excluded: [(quote: OptionQuote, why: QuoteExclusion)] = []
    for quote in quotes {
      do throws(QuoteExclusion) {
        usable.append(try volatility(of: quote, rule: rule))
      } catch {
        excluded.append((quote, error))
      }
    }
    return (usable, excluded)
  }
}
