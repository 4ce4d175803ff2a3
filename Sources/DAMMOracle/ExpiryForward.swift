import DAMMModel

/// The forward of one expiry, and what one unit of cash at the expiry is worth now.
///
/// Put-call parity, with premiums as they are paid now: `C - P = D (F - K)` in cash, `C - P = 1 - K/F`
/// in coin, where the premium is a part of the asset itself and nothing is discounted. In cash `C - P`
/// is a straight line in the strike. Its slope is the median of the slopes between all pairs of strikes
/// (Theil and Sen), which a quarter of the strikes may spoil without moving it far; `F` is then the
/// median of `K + (C - P)/D`, in coin of `K / (1 - C + P)`. Only the `parityStrikes` strikes count whose
/// call and put are nearest in price: they are nearest to the money, where spreads are narrow.
public struct ExpiryForward: Sendable, Hashable {
  /// Where a forward comes from.
  public enum Source: String, Sendable, Hashable, CaseIterable, Codable {
    /// Recorded with the quotes: the median, of two middle ones the lower.
    case recorded
    /// Put-call parity of the quotes.
    case parity
  }

  /// When the options are settled.
  public let expiry: UTCTime
  /// The forward, in the currency of the strikes.
  public let forward: Double
  /// What a premium is divided by to be undiscounted; 1 for coin, and where a forward was recorded.
  public let discount: Double
  /// Where both come from.
  public let source: Source
  /// How many quotes, or for `parity` pairs of call and put, they come from.
  public let count: Int

  /// How many strikes put-call parity looks at. With fewer the steps of price would show in the slope;
  /// with many more a long chain would take long, for there are as many slopes as pairs.
  public static let parityStrikes = 128

  /// The forward of the quotes of one expiry; `nil` where they do not tell.
  init?(expiry: UTCTime, quotes: [OptionQuote]) {
    let recorded = quotes.compactMap(\.forward)
    if let middle = Distribution.median(recorded) {
      (self.expiry, forward, discount) = (expiry, middle, 1)
      (source, count) = (.recorded, recorded.count)
    } else if let parity = Self.parity(quotes) {
      (self.expiry, forward, discount) = (expiry, parity.forward, parity.discount)
      (source, count) = (.parity, parity.count)
    } else {
      return nil
    }
  }

  /// The forward of the quotes of one expiry by put-call parity; `nil` where too few strikes have both
  /// a call and a put with a price, or what follows is outside `Domain.price` or
  /// `Domain.discountFactor`.
  ///
  /// A price is the mark, or else the mid. In cash two strikes are needed, in coin one.
  ///
  /// - Parameter quotes: of one expiry. Those that are quoted otherwise than the first do not count.
  /// - Complexity: `n log n`, and the square of `parityStrikes`.
  static func parity(
    _ quotes: [OptionQuote]
  ) -> (forward: Double, discount: Double, count: Int)? {
    guard let quotation = quotes.first?.quotation else { return nil }
    let near = pairs(quotes.filter { $0.quotation == quotation })
    let points = near.sorted { ($0.gap.magnitude, $0.strike) < ($1.gap.magnitude, $1.strike) }
      .prefix(parityStrikes).sorted { $0.strike < $1.strike }
    var discount = 1.0
    if quotation == .cash {
      let slopes = points.indices.flatMap { place in
        points[(place + 1)...].map {
          ($0.gap - points[place].gap) / ($0.strike - points[place].strike)
        }
      }
      guard let slope = Distribution.median(slopes) else { return nil }
      discount = -slope
    }
    guard Domain.discountFactor.contains(discount) else { return nil }
    let forwards = points.map {
      quotation == .coin ? $0.strike / (1 - $0.gap) : $0.strike + $0.gap / discount
    }
    guard let forward = Distribution.median(forwards), Domain.price.contains(forward) else {
      return nil
    }
    return (forward, discount, points.count)
  }

  /// Strikes with a price of both the call and the put, and the call's less the put's. A strike that
  /// is quoted more than once counts with its first quotes.
  private static func pairs(_ quotes: [OptionQuote]) -> [(strike: Double, gap: Double)] {
    var calls: [Double: Double] = [:]
    var puts: [Double: Double] = [:]
    for quote in quotes {
      guard let price = quote.mark ?? quote.mid else { continue }
      if quote.kind == .call {
        if calls[quote.strike] == nil { calls[quote.strike] = price }
      } else if puts[quote.strike] == nil {
        puts[quote.strike] = price
      }
    }
    return calls.compactMap { strike, call in puts[strike].map { (strike, call - $0) } }
  }
}
