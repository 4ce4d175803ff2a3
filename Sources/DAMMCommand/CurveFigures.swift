import DAMM

/// The figures of a curve, for people; `CurveAnswer` has them for programs.
struct CurveFigures {
  let curve: Curve
  let reserves: Reserves
  /// Standard deviation in price units.
  let sigma: Double
  /// How sigma followed from an implied volatility, where one was given.
  let convention: SigmaConvention?
  /// What is taken of each trade, where that was given.
  let fees: FeeAnswer?
  /// What the curve holds at its upper end, full of A, and at its lower end, full of B.
  let total: (a: Double, b: Double)

  init(
    _ curve: Curve, reserves: Reserves, sigma: Double, convention: SigmaConvention?,
    fees: FeeAnswer?
  ) throws {
    self.fees = fees
    self.curve = curve
    self.reserves = reserves
    self.sigma = sigma
    self.convention = convention
    var (top, bottom) = (curve, curve)
    try top.move(to: Position(tick: curve.table.upperTick))
    try bottom.move(to: Position(tick: curve.table.lowestTick))
    total = (top.offered.a, bottom.offered.b)
  }

  /// What who buys pays for B at the position, and who sells gets, fees included.
  var spread: (ask: Double, bid: Double) {
    let (table, tick) = (curve.table, curve.position.tick)
    let price = curve.oraclePrice * table.relativePrice(ofTick: tick)
    return (
      price * (1 + table.feeRate(.buy, ofTick: tick) + curve.surge),
      price * (1 - table.feeRate(.sell, ofTick: tick) - curve.surge)
    )
  }

  /// Labelled lines with units.
  var lines: String {
    let (table, offered, ends) = (curve.table, curve.offered, curve.priceRange)
    let position = curve.position
    func short(_ value: Double) -> String { Figures.short(value, digits: 10) }
    let shape = table.shape?.rawValue ?? "custom"
    var rows: [(label: String, value: String)] = [
      ("shape", "\(shape), k = \(Figures.full(table.halfWidth))"),
      ("oracle price", "\(Figures.full(curve.oraclePrice)) A per B"),
      ("relativeSigma", Figures.relativeSigma(table.relativeSigma, convention)),
      ("sigma", "\(Figures.full(sigma)) A per B"),
      (
        "ticks",
        "\(table.count) of \(Figures.full(table.tickWidthBps)) bp, "
          + "\(table.lowestTick) to \(table.upperTick - 1)"
      ),
      ("price range", "\(short(ends.lowerBound)) to \(short(ends.upperBound)) A per B"),
      ("reserves", "\(Figures.full(reserves.a)) A, \(Figures.full(reserves.b)) B"),
      ("liquidity", "\(short(curve.liquidity)) in all ticks at scale 1"),
      ("funding", curve.funding.rawValue),
      ("scales", "\(short(curve.scaleA)) below, \(short(curve.scaleB)) above the position"),
      ("offered", "\(short(offered.a)) A below, \(short(offered.b)) B above the position"),
      ("total", "\(short(total.a)) A when full of A, \(short(total.b)) B when full of B"),
      (
        "position",
        "\(Figures.full(curve.price)) A per B "
          + "(tick \(position.tick), \(Figures.full(position.fraction)) of it sold)"
      ),
    ]
    if let fees {
      rows += [
        ("fees", fees.words),
        ("ask, bid", "\(short(spread.ask)), \(short(spread.bid)) A per B at the position"),
      ]
    }
    return Figures.lines(rows)
  }

  /// The ticks around the position.
  func nearbyTicks(_ reach: Int = 4) throws -> [String] {
    let table = curve.table
    let (here, span) = (curve.position.tick, 2 * reach + 1)
    let first = max(table.lowestTick, min(here - reach, table.upperTick - span))
    let last = min(table.upperTick, first + span)
    let width = curve.oraclePrice * table.tickWidthBps / 1e4
    func row(_ cells: [String]) -> String {
      cells.enumerated().map { index, cell in
        cell.right(index == 0 ? 10 : 16)
      }.joined()
    }
    return try [row(["tick", "price", "liquidity", "a", "b"])]
      + (first..<last).map { tick in
        let depth = try curve.depth(ofTick: tick)
        let digits = Figures.digits(of: depth.price, step: width)
        return row([
          "\(tick)", Figures.short(depth.price, digits: digits), Figures.short(depth.liquidity),
          Figures.short(depth.a), Figures.short(depth.b),
        ]) + (tick == here ? "  <" : "")
      }
  }
}
