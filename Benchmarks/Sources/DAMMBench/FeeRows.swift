import DAMM
import DAMMReference

/// Quotes on a curve with fees beside the same quotes on the same curve without.
enum FeeRows {
  /// What an order takes: a part of the first tick, up to thirty ticks, up to the whole side.
  private enum Size: String, CaseIterable {
    case small, middling, large

    func most(_ reach: (whole: Double, firstTick: Double)) -> Double {
      switch self {
      case .small: reach.firstTick
      case .middling: 30 * reach.firstTick
      case .large: reach.whole
      }
    }
  }

  static func schedule() throws -> FeeSchedule {
    try FeeSchedule(baseBps: 5, volatility: 0.02, skew: 0.1, minimumBps: 1, maximumBps: 100)
  }

  static func rows(_ markets: [Market], using random: inout Random) throws -> [Row] {
    var rows: [Row] = []
    for market in markets {
      let table = try TickTable(market.shape, fees: schedule())
      let tolled = try Curve(table: table, oraclePrice: market.price, reserves: market.reserves)
      for (side, fixed) in [(Side.buy, Order.Fixed.amount), (.sell, .notional)] {
        for size in Size.allCases {
          let most = size.most(market.reach(side, fixed)) * 0.98  // a sale brings less with fees
          let desk = Desk(Sizes.uniform(whole: most, using: &random))
          rows.append(row(size, market, tolled, side, fixed, desk))
        }
      }
    }
    return rows
  }

  private static func row(
    _ size: Size, _ market: Market, _ tolled: Curve, _ side: Side, _ fixed: Order.Fixed,
    _ desk: Desk
  ) -> Row {
    let plain = ExactAnswers { market.exact(side, fixed, desk.values[..<$0]) }
    let charged = ExactAnswers { n in
      desk.values[..<n].map { value in
        var pool = try! market.reference.get()
        pool.fees = ReferenceFees(
          try! schedule(), relativeSigma: market.shape.relativeSigma,
          tickWidthBps: market.shape.tickWidthBps)
        return pool.exact(try! Order(side, fixed == .amount ? .amount(value) : .notional(value)))
      }
    }
    let ways: [(String, (Curve) -> (Range<Int>) -> Void)] = [
      ("quote", { desk.singly($0, side, fixed) }), ("batch", { desk.batch($0, side, fixed) }),
      ("batch, all fields", { desk.batchOfAllFields($0, side, fixed) }),
    ]
    let contenders = ways.flatMap { name, make in
      [(name, market.curve, plain), ("\(name), with fees", tolled, charged)].map {
        name, curve, exact in
        let work = make(curve)
        return Contender(
          name, count: desk.count, granule: QuoteRows.granule,
          prove: exact.proof(desk, allowed: Tolerance.amountFixed.relative, of: work), work: work)
      }
    }
    let what = fixed == .amount ? "exact B out" : "exact A out"
    return Row(
      section: .fees, title: "\(size.rawValue), \(what), \(market.title)", unit: "quote",
      contenders: contenders,
      demands: ways.enumerated().map { index, way in
        .init(title: "\(way.0) with fees over without", bound: .atMost(1.5)) { times in
          Statistics.ratio(times[2 * index + 1], to: times[2 * index])
        }
      })
  }
}
