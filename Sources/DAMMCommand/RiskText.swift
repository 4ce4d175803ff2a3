import DAMM

extension RiskAnswer {
  /// Labelled lines with units, and the moves in two tables.
  var text: String {
    [
      Figures.lines(inventory), "", "After a move of the market, kept up by arbitrage:",
      Self.table(moves), "", "After a move in standard deviations of the curve:",
      Self.table(deviationMoves), "", "Expected loss to arbitrage, without fees:",
      Figures.lines(losses), "",
      "With a fee, and arbitrage every \(Figures.full(blockSeconds)) s on average:",
      Figures.lines(fees),
    ].joined(separator: "\n")
  }

  private static func short(_ value: Double) -> String { Figures.short(value) }

  private static func percent(_ part: Double) -> String {
    "\(Figures.short(100 * part, digits: 4)) %"
  }

  private static func bps(_ part: Double) -> String { "\(Figures.short(1e4 * part, digits: 4)) bp" }

  private var inventory: [(label: String, value: String)] {
    let (short, percent) = (Self.short, Self.percent)
    return [
      ("price", "\(Figures.full(price)) A per B, the marginal price"),
      ("volatility", "\(percent(volatility)) a year, \(percent(dailyVolatility)) a day"),
      ("relativeSigma", Figures.relativeSigma(relativeSigma, sigmaConvention)),
      (
        "inventory",
        "\(Figures.full(reserveA)) A and \(Figures.full(reserveB)) B, worth \(short(value)) A"
      ),
    ]
      + bands.map { band in
        (
          "within \(percent(band.within))",
          "\(short(band.offeredA)) A below, \(short(band.offeredB)) B above the price on offer"
        )
      } + [
        ("depth", "\(short(density)) B per unit of price at the position"),
        (
          "efficiency",
          "\(Figures.short(capitalEfficiency, digits: 4)) times the depth of a constant product of the same value"
        ),
      ]
  }

  private static func table(_ moves: [Move]) -> String {
    let inDeviations = moves.contains { $0.deviations != nil }
    let head = ["price, A per B", "A", "B", "worth, A", "IL, A", "IL"]
    let rows = moves.map { move in
      [
        (inDeviations ? move.deviations.map { signed(Figures.full($0), $0) } : nil)
          ?? signed(percent(move.change), move.change),
        short(move.price), short(move.reserveA), short(move.reserveB), short(move.value),
        short(move.impermanentLoss), percent(move.relativeLoss),
      ]
    }
    return Figures.table(
      [["  " + (inDeviations ? "sigmas" : "move")] + head]
        + rows.map { ["  " + $0[0]] + $0.dropFirst() })
  }

  private static func signed(_ text: String, _ value: Double) -> String {
    value > 0 ? "+" + text : text
  }

  private var losses: [(label: String, value: String)] {
    let short = Self.short
    return [
      (
        "LVR now",
        "\(short(lossVersusRebalancing)) A a day, \(short(lossVersusRebalancingBps)) bp of the value"
      ),
      (
        "over a day",
        "\(short(expectedLoss)) A expected, \(short(expectedLossBps)) bp of the value"
      ),
    ]
  }

  private var fees: [(label: String, value: String)] {
    let (short, bps) = (Self.short, Self.bps)
    var rows = [
      (
        label: "without a fee",
        value: "\(short(arbitrageVolume)) A a day of arbitrage, each A costs \(bps(lossPerVolume))"
      )
    ]
    guard let noiseVolume else {
      return rows + [
        ("break-even fee", "give --noise-volume: arbitrage alone never pays for itself")
      ]
    }
    rows.append(("noise volume", "\(short(noiseVolume)) A a day"))
    guard let breakEvenFee, let breakEvenTradeProbability, let breakEvenArbitrageVolume else {
      return rows + [("break-even fee", "none up to 100 %: others trade too little")]
    }
    return rows + [
      ("break-even fee", "\(bps(breakEvenFee)) of the A traded"),
      ("others pay", "\(short(breakEvenFee * noiseVolume)) A a day"),
      (
        "arbitrage pays",
        "\(short(breakEvenFee * breakEvenArbitrageVolume)) A a day on \(short(breakEvenArbitrageVolume)) A"
      ),
      (
        "arbitrage trades",
        "at \(Self.percent(breakEvenTradeProbability)) of the moments; it keeps that part of the loss"
      ),
    ]
  }
}
