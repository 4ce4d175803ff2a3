import DAMMModel

/// What happens to a pool when several markets that trade on its reference curve move together from where it was
/// founded, without fees or reforms: of the constant product by the closed forms, of a tick curve by its holdings.
public struct ReferenceFigures: Sendable, Hashable {
  /// The price, A per B in tokens: of a tick curve at a floor that of the tick where the markets stand.
  public let price: Double
  /// The health factor; 0 for a move that the pool cannot pay.
  public let health: Double
  /// What the reserves are worth at the price, over what the first deposit is worth there, less 1.
  public let impermanentLoss: Double
  /// Whether the pool can pay.
  public let isSolvent: Bool
}

extension SharedPoolFounding {
  /// What a pool is after so many markets have gone to a price, as arbitrage without fees leaves them: every tick
  /// below it bought, every tick above it sold into. Beyond the curve they stand at its end.
  ///
  /// Error: `Tolerance.health` of the health factor and, of the loss, of 1.
  ///
  /// - Parameters:
  ///   - markets: `N`, in `Domain.movingMarkets`.
  ///   - price: A per B in tokens, in `Domain.price`.
  /// - Throws: `SharedPoolError.pool` that names the value, or for a reference that cannot be formed.
  /// - Complexity: the ticks of the reference.
  public func figures(
    markets: Int, atPrice price: Double
  ) throws(SharedPoolError) -> ReferenceFigures {
    try asShared { () throws(PoolError) in
      try Domain.check(markets, "number of markets", in: Domain.movingMarkets)
      try Domain.checkPool(price, "price", in: Domain.price)
      switch try HealthCurve(terms.reference, founding: deposit).form {
      case .product:
        return try closed(price) { () throws(DAMMError) in
          try HealthFigures(markets: markets, ratio: price / start)
        }
      case .ticks(let steps):
        let market = LotSize.pricePerLot(price: price, a: terms.a, b: terms.b)
        return steps.figures(markets, deposit, at: steps.aligned(with: market), market, price)
      }
    }
  }

  /// What a pool is where so many markets that move together have taken its health to a floor. On a curve that ends, a
  /// token may be gone before, while the other is worth enough; then where that is, and else at the end of
  /// the curve. Health never rises on the way.
  ///
  /// - Parameters:
  ///   - markets: `N`: from 2 on for the constant product, in `Domain.movingMarkets`.
  ///   - floor: in `Domain.healthLimit`.
  ///   - side: `.buy` for a move up.
  /// - Throws: `SharedPoolError.pool` that names the value, or for a reference that cannot be formed.
  /// - Complexity: the ticks of the reference.
  public func figures(
    markets: Int, atFloor floor: Double, _ side: Side
  ) throws(SharedPoolError) -> ReferenceFigures {
    try asShared { () throws(PoolError) in
      try Domain.check(markets, "number of markets", in: Domain.movingMarkets)
      try Domain.checkPool(floor, "floor of the health factor", in: Domain.healthLimit)
      switch try HealthCurve(terms.reference, founding: deposit).form {
      case .product:
        let moves = try number { () throws(DAMMError) in
          try HealthFigures.largestLoss(floor: floor, markets: markets).moves
        }
        let ratio = side == .buy ? moves.upperBound : moves.lowerBound
        return try closed(start * ratio) { () throws(DAMMError) in
          try HealthFigures(markets: markets, ratio: ratio)
        }
      case .ticks(let steps):
        let place = steps.place(atFloor: floor, markets, deposit, side)
        let market = steps.price[min(Int(place), steps.price.count - 1)]
        return steps.figures(
          markets, deposit, at: place, market,
          LotSize.tokenPrice(pricePerLot: market, a: terms.a, b: terms.b))
      }
    }
  }

  /// The price of the founding for the constant product, A per B in tokens.
  private var start: Double {
    LotSize.tokenPrice(
      pricePerLot: Double(deposit.a) / Double(deposit.b), a: terms.a, b: terms.b)
  }

  private func closed(
    _ price: Double, _ figures: () throws(DAMMError) -> HealthFigures
  ) throws(PoolError) -> ReferenceFigures {
    let figures = try number(figures)
    return ReferenceFigures(
      price: price, health: figures.health, impermanentLoss: figures.impermanentLoss,
      isSolvent: figures.isSolvent)
  }

  private func number<Value>(_ body: () throws(DAMMError) -> Value) throws(PoolError) -> Value {
    do throws(DAMMError) { return try body() } catch { throw .parameter(error) }
  }
}

extension HealthCurve.Steps {
  /// Where arbitrage takes a curve from where it was formed. A place counts edges, and its fraction is what is sold
  /// of the tick above.
  fileprivate func aligned(with market: Double) -> Double {
    // ticks priced at the market stay as they are
    let below = price.firstIndex { $0 >= market } ?? price.count
    let notAbove = price.firstIndex { $0 > market } ?? price.count
    return Double(below > start ? below : min(start, notAbove))
  }

  /// What a curve holds at a place, beyond what it held where it was formed.
  private func moved(to place: Double) -> (a: Double, b: Double) {
    let edge = min(Int(place), price.count - 1)
    let part = place - Double(edge)
    return (
      a[edge] - a[start] + part * (a[edge + 1] - a[edge]),
      b[edge] - b[start] + part * (b[edge + 1] - b[edge])
    )
  }

  /// The reserves after so many curves went to a place.
  private func reserves(
    _ markets: Int, _ deposit: LotPair, at place: Double
  ) -> (a: Double, b: Double) {
    let moved = moved(to: place)
    return (
      Double(deposit.a) + Double(markets) * moved.a, Double(deposit.b) + Double(markets) * moved.b
    )
  }

  private func health(_ reserves: (a: Double, b: Double)) -> Double {
    reserves.a >= 0 && reserves.b >= 0 ? factor(reserves.a, reserves.b) : 0
  }

  fileprivate func figures(
    _ markets: Int, _ deposit: LotPair, at place: Double, _ market: Double, _ price: Double
  ) -> ReferenceFigures {
    let (reserves, moved) = (reserves(markets, deposit, at: place), moved(to: place))
    return ReferenceFigures(
      price: price, health: health(reserves),
      impermanentLoss: Double(markets) * (moved.a + market * moved.b)
        / (Double(deposit.a) + market * Double(deposit.b)),
      isSolvent: reserves.a >= 0 && reserves.b >= 0)
  }

  /// The last place before health is below a floor or a token is gone, by halving; else the end of the curve.
  ///
  /// Up from the start more of A is held than the curve itself would hold, and less of B, so that the reserves match a
  /// place further up; there every further move takes more, at its price, than it brings: health never rises.
  fileprivate func place(
    atFloor floor: Double, _ markets: Int, _ deposit: LotPair, _ side: Side
  ) -> Double {
    func keeps(_ place: Double) -> Bool {
      let reserves = reserves(markets, deposit, at: place)
      return reserves.a >= 0 && reserves.b >= 0 && factor(reserves.a, reserves.b) >= floor
    }
    let end = side == .buy ? Double(price.count) : 0
    if keeps(end) { return end }
    var (kept, lost) = (Double(start), end)
    // from all of a curve down to the last bit of a place
    while true {
      let middle = (kept + lost) / 2
      guard middle != kept, middle != lost else { return kept }
      if keeps(middle) { kept = middle } else { lost = middle }
    }
  }
}
