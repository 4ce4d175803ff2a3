import DAMMModel

/// What price functions say at one ratio, checked.
struct Marginal {
  /// What the trader pays or gets, A per B.
  let price: Double
  /// What the reserves get or give.
  let reservePrice: Double
  private let ratio: Double
  /// Of a small rise of `ln r`, the part by which `ln NB` falls: `r / (p + r)`, the share of A in the reserves
  /// at that price. A purchase raises `ln r`, a sale lowers it.
  var shareB: Double { ratio / (reservePrice + ratio) }
  /// And by which `ln NA` rises: `p / (p + r)`.
  var shareA: Double { reservePrice / (reservePrice + ratio) }

  /// What the trader pays or gets, over what the reserves get or give.
  var toll: Double { price / reservePrice }

  /// - Throws: `DAMMError.invalidPrice`.
  init<Prices: PriceFunctions>(
    _ prices: Prices, _ side: Side, _ ratio: Double, _ time: UTCTime
  ) throws(DAMMError) {
    price = prices.price(side, ratio, at: time)
    guard Domain.marginalPrice.contains(price) else {
      throw .invalidPrice(side, ratio: ratio, value: price)
    }
    reservePrice = prices.reservePrice(side, ratio, at: time)
    guard Domain.marginalPrice.contains(reservePrice),
      side == .buy ? reservePrice <= price : reservePrice >= price
    else { throw .invalidPrice(side, ratio: ratio, value: reservePrice) }
    self.ratio = ratio
  }
}
