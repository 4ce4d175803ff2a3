import DAMMModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// What a market answers to an order when it holds these reserves: A and B that change hands.
public typealias Trading = (Reserves, Order) throws(DAMMError) -> (a: Double, b: Double)

extension PriceLaws {
  /// Trades that are spread over what is checked, the same each time: pools with ratios in the interval, and
  /// fractions of their reserves. Ratios beyond 1e40 either way are left out, where pools have no room to be
  /// scaled.
  private func trades(
    _ body: (_ reserves: Reserves, _ part: Double, _ other: Double, _ scale: Double)
      throws(DAMMError) -> Violation?
  ) throws(DAMMError) -> Verdict {
    let ratios = self.ratios.clamped(to: 1e-40...1e40)
    let width = log(ratios.upperBound / ratios.lowerBound)
    /// Evenly spread in all dimensions at once: multiples of powers of one number, modulo 1.
    func spread(_ n: Int, _ step: Double) -> Double {
      let x = 0.5 + Double(n) * step
      return x - x.rounded(.down)
    }
    for n in 0..<samples {
      let ratio = min(
        max(ratios.lowerBound * exp(width * spread(n, 0.856_674_883)), ratios.lowerBound),
        ratios.upperBound)
      // as much of B as leaves both reserves far from the ends of their domain
      let b = exp(-0.5 * log(ratio))
      let reserves = try Reserves(a: b * ratio, b: b)
      // from dust to a third
      let part = exp(-28 * spread(n, 0.733_891_857)) / 3
      if let violation = try body(
        reserves, part, spread(n, 0.628_706_721), exp(20 * spread(n, 0.538_597_298) - 10))
      {
        return .violated(violation)
      }
    }
    return .held(samples: samples, resolution: expm1(width / Double(samples)))
  }

  /// What two amounts that should be the same may differ by: `Tolerance.priceAmount` over the condition number of
  /// a trade that fixes one of them, and what the last bits of the reserves are of a trade of that `part` of
  /// them: so much of it may find itself on the other side of a break.
  private func disagree(
    _ law: PriceLaw, _ reserves: Reserves, _ found: Double, _ expected: Double,
    condition: Double = 1, part: Double = 1, of size: Double? = nil, _ what: String
  ) -> Violation? {
    let allowed = 2 * Tolerance.priceAmount.relative * max(1, condition) + 0x1p-50 / part
    return abs(found - expected) <= allowed * abs(size ?? expected)
      ? nil
      : Violation(
        law, ratio: reserves.a / reserves.b, found: found, expected: expected, what: what)
  }

  private func condition(_ quote: PriceQuote) -> Double {
    guard quote.a > 0, quote.b > 0 else { return 1 }
    let slope = quote.priceAfter * quote.b / quote.a
    return max(slope, 1 / slope)
  }

  // MARK: Paths

  /// Whether a trade in two parts comes to what it comes to at once; and whether there and back comes to nothing
  /// where ask and bid are equal, and elsewhere to nothing for the trader.
  ///
  /// - Throws: as `PricePool.swap`.
  public func pathIndependence() throws(DAMMError) -> Verdict {
    try trades { reserves, part, other, _ throws(DAMMError) in
      let start = try PricePool(prices, reserves: reserves)
      for side in Side.allCases {
        let whole = part * reserves.b
        var pool = start
        let once = try pool.swap(Order(side, .amount(whole)), at: time)
        guard once.stop == .complete, once.a > 0 else { continue }
        var parts = start
        let first = try parts.swap(Order(side, .amount(max(0.05, other) * whole)), at: time)
        let rest = whole - first.b
        let second =
          rest > 0 ? try parts.swap(Order(side, .amount(rest)), at: time).a : 0
        if let violation = disagree(
          .pathIndependence, reserves, first.a + second, once.a, condition: condition(once),
          part: part, "what two parts of a \(side) come to")
        {
          return violation
        }
        let back = try pool.swap(
          Order(side == .buy ? .sell : .buy, .amount(whole)), at: time)
        guard back.stop == .complete else { continue }
        let (ratio, after) = (start.ratio, once.ratioAfter)
        let isFree = [ratio, after].allSatisfy {
          prices.ask($0, at: time) == prices.bid($0, at: time)
        }
        // what a buyer pays and gets back, what a seller gets and pays back
        let gain = side == .buy ? back.a - once.a : once.a - back.a
        if isFree || gain > 0 {
          let violation = disagree(
            .pathIndependence, reserves, gain, 0, condition: condition(once), part: part,
            of: once.a, "what a \(side) there and back brings")
          if let violation { return violation }
        }
      }
      return nil
    }
  }

  // MARK: Scale

  /// Whether the pool of these functions trades `c` times the amounts against `c` times the reserves.
  ///
  /// - Throws: as `PricePool.swap`.
  public func scaleFreedom() throws(DAMMError) -> Verdict {
    try scaleFreedom { reserves, order throws(DAMMError) in
      let quote = try PricePool(prices, reserves: reserves).quote(order, at: time)
      return (quote.a, quote.b)
    }
  }

  /// The same of any market that answers for any reserves, such as one that is no pool of price functions.
  ///
  /// - Parameter trade: what it does to an order that fixes B; an order that it fills only partly is passed over.
  /// - Throws: what the market throws.
  public func scaleFreedom(of trade: Trading) throws(DAMMError) -> Verdict {
    try trades { reserves, part, _, scale throws(DAMMError) in
      for side in Side.allCases {
        let amount = part * reserves.b
        let one = try trade(reserves, Order(side, .amount(amount)))
        let other = try trade(
          Reserves(a: scale * reserves.a, b: scale * reserves.b),
          Order(side, .amount(scale * amount)))
        guard one.b == amount, other.b == scale * amount, one.a > 0 else { continue }
        if let violation = disagree(
          .scaleFreedom, reserves, other.a / scale, one.a, part: part,
          "A over \(scale) for \(scale) times a \(side)")
        {
          return violation
        }
      }
      return nil
    }
  }

  // MARK: Liquidity

  /// Whether fair adds keep the ratio and removes undo them, and whether an add of one token is what a swap and a
  /// fair add by hand come to.
  ///
  /// - Throws: as `PricePool.addSingleSided`.
  public func liquidityComposes() throws(DAMMError) -> Verdict {
    try trades { reserves, part, other, _ throws(DAMMError) in
      let start = try PricePool(prices, reserves: reserves)
      func same(
        _ found: Double, _ expected: Double, part: Double = 1, of size: Double? = nil,
        _ what: String
      ) -> Violation? {
        disagree(.liquidityComposes, reserves, found, expected, part: part, of: size, what)
      }
      var pool = start
      let added = try pool.add(shares: other * start.shares)
      if let violation = same(pool.ratio, start.ratio, "the ratio after a fair add")
        ?? same(added.b / reserves.b, other, "what a fair add pays in, over the reserve")
      {
        return violation
      }
      let removed = try pool.remove(shares: added.shares)
      if let violation = same(removed.a, added.a, "A of a remove after its add")
        ?? same(removed.b, added.b, "B of a remove after its add")
        ?? same(pool.shares, start.shares, "shares after a remove")
      {
        return violation
      }
      for side in Side.allCases {
        let given = part * (side == .buy ? reserves.a : reserves.b)
        pool = start
        let change = try pool.addSingleSided(side == .buy ? .a : .b, given, at: time)
        var hand = start
        let swap = try hand.swap(.exactIn(change.swap.amountIn, side), at: time)
        let byHand = try hand.add(shares: change.added.shares)
        let (mine, theirs) =
          side == .buy
          ? (swap.amountOut, byHand.b) : (swap.amountOut, byHand.a + byHand.fees)
        if let violation = same(
          change.left, 0, part: part, of: given, "what an add of one token leaves")
          ?? same(mine, theirs, part: part, "what the swap of an add brings")
          ?? same(hand.ratio, pool.ratio, "the ratio after an add by hand")
          ?? same(hand.shares, pool.shares, "shares after an add by hand")
        {
          return violation
        }
      }
      return nil
    }
  }
}
