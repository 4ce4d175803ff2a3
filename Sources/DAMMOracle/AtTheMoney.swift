import DAMMModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// The volatility of one strike, of its call, its put, or both.
public struct StrikeVolatility: Sendable, Hashable {
  /// How the quotes of a strike became one volatility.
  public enum Combination: String, Sendable, Hashable, CaseIterable, Codable {
    /// The mean of call and put. An error of the forward moves one up and the other down, and at the
    /// money it cancels.
    case mean
    /// The option that is out of the money, far from the forward, where the other's premium is almost
    /// all intrinsic value.
    case outOfTheMoney = "out of the money"
    /// There was only this one.
    case only
  }

  /// Strike.
  public let strike: Double
  /// `ln(K/F)` at the forward of the expiry.
  public let logMoneyness: Double
  /// Implied volatility, a year, as a decimal.
  public let volatility: Double
  /// How the quotes became one volatility.
  public let combination: Combination
  /// The quotes that it came from, one or two.
  public let quotes: [QuoteVolatility]

  /// Combines the quotes of one strike, at least one: the first call and the first put. Within a half
  /// of a total deviation from the forward both count alike; further out that which is out of the
  /// money counts alone.
  init(_ quotes: [QuoteVolatility], forward: ExpiryForward) {
    let call = quotes.first { $0.quote.kind == .call }
    let put = quotes.first { $0.quote.kind == .put }
    strike = quotes[0].quote.strike
    logMoneyness = log(strike / forward.forward)
    guard let call, let put else {
      self.quotes = [quotes[0]]
      volatility = quotes[0].volatility
      combination = .only
      return
    }
    let outside = strike >= forward.forward ? call : put
    let deviation = outside.volatility * outside.years.squareRoot()
    if logMoneyness.magnitude <= Self.meanDeviations * deviation {
      self.quotes = [call, put]
      volatility = (call.volatility + put.volatility) / 2
      combination = .mean
    } else {
      self.quotes = [outside]
      volatility = outside.volatility
      combination = .outOfTheMoney
    }
  }

  /// How far from the forward call and put count alike, in total deviations. There the delta of either
  /// is between 0.3 and 0.7.
  public static let meanDeviations = 0.5
}

/// The volatility at the money of one expiry, and the quotes that it came from.
public struct AtTheMoney: Sendable, Hashable {
  /// When the options are settled.
  public let expiry: UTCTime
  /// From the time of the chain to the expiry, in years of 365 days.
  public let years: Double
  /// The forward at which the volatility is taken.
  public let forward: ExpiryForward
  /// Implied volatility at the forward, a year, as a decimal.
  public let volatility: Double
  /// The strikes that it came from, by strike: the nearest one below and the nearest one above the
  /// forward, or one, where it is at the forward or the other side has none near enough.
  public let strikes: [StrikeVolatility]
  /// Whether strikes were found on one side of the forward alone.
  public let isOneSided: Bool

  /// Total variance, `iv^2 T`.
  public var totalVariance: Double { volatility * volatility * years }

  /// Days to the expiry.
  public var days: Double { years * 365 }

  /// Finds the volatility at the forward among the usable quotes of one expiry; `nil` where no strike
  /// is near enough.
  init?(_ quotes: [QuoteVolatility], forward: ExpiryForward, years: Double, nearDeviations: Double)
  {
    let near = Dictionary(grouping: quotes, by: \.quote.strike).values
      .map { StrikeVolatility($0, forward: forward) }
      .filter {
        $0.logMoneyness.magnitude <= nearDeviations * $0.volatility * years.squareRoot()
      }
    let below = near.filter { $0.strike <= forward.forward }.max { $0.strike < $1.strike }
    let above = near.filter { $0.strike >= forward.forward }.min { $0.strike < $1.strike }
    expiry = forward.expiry
    self.years = years
    self.forward = forward
    switch (below, above) {
    case (nil, nil): return nil
    case (let only?, nil), (nil, let only?):
      (strikes, volatility, isOneSided) = ([only], only.volatility, true)
    case (let below?, let above?):
      isOneSided = false
      if below.strike == above.strike {
        (strikes, volatility) = ([below], below.volatility)
      } else {
        strikes = [below, above]
        // Weights that are positive and add up to one: the result lies between both.
        let part = -below.logMoneyness / (above.logMoneyness - below.logMoneyness)
        volatility = below.volatility * (1 - part) + above.volatility * part
      }
    }
  }
}
