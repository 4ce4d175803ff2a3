import DAMM
import DAMMReplay

extension MarketsAnswer {
  /// Labelled lines with units, health over time, and the loss against the number of markets.
  var text: String {
    var parts = [Figures.lines(setting), "", "What came of it:", Figures.lines(outcome)]
    if let floorUp, let floorDown {
      parts += ["", "If all \(markets) move together without fees:"]
      parts.append(
        Figures.lines([("up", Self.atFloor(floorUp)), ("down", Self.atFloor(floorDown))]))
    }
    parts += ["", chart]
    if let growth { parts += ["", growth.text] }
    return parts.joined(separator: "\n")
  }

  fileprivate static func percent(_ part: Double) -> String {
    "\(Figures.short(100 * part, digits: 4)) %"
  }

  private static func atFloor(_ figures: AtFloor) -> String {
    "health \(Figures.short(figures.health, digits: 4)) at \(Figures.short(figures.price)) A per B, "
      + "impermanent loss \(percent(figures.impermanentLoss))"
  }

  private var setting: [(label: String, value: String)] {
    let (short, percent) = ({ (value: Double) in Figures.short(value) }, Self.percent)
    let move = path.finalPrice / path.startPrice - 1
    let limits =
      floor.map {
        "floor \(short($0)), \(dailyAllowance.map { short($0) } ?? "any") a day and market"
      } ?? "none: only reserves bound what settlements take"
    return [
      (
        "pool",
        "\(short(pool.reserveA)) A and \(short(pool.reserveB)) B, worth \(short(pool.capital)) A"
      ),
      (
        "markets",
        "\(markets), \(pool.curve.rawValue), a fee of \(short(pool.feeBps)) bp; they settle every "
          + (settleEvery == 1 ? "step" : "\(settleEvery) steps")
      ),
      ("limits of health", limits),
      ("path", path.source),
      ("", "\(path.start) to \(path.end) UTC, \(path.steps) steps"),
      (
        "price",
        "\(short(path.startPrice)) to \(short(path.finalPrice)) A per B, "
          + (move > 0 ? "+" : "") + percent(move)
      ),
    ]
  }

  private var floor: Double? { pool.floor }
  private var dailyAllowance: Double? { pool.dailyAllowance }

  private var outcome: [(label: String, value: String)] {
    let (short, percent) = ({ (value: Double) in Figures.short(value) }, Self.percent)
    let reasons = MarketsFigures.Refusal.allCases.compactMap { reason in
      refused[reason.rawValue].flatMap { $0 > 0 ? "\($0) \(reason.words)" : nil }
    }
    return [
      ("volume", "\(short(volume)) A"),
      (
        "fees",
        "\(short(fees)) A, \(percent(feesPerCapital)) of the capital, "
          + "\(percent(feesPerCapital / Double(markets))) a market"
      ),
      ("impermanent loss", "\(percent(impermanentLoss)) of what was deposited, fees apart"),
      ("health", "\(short(finalHealth)), at least \(short(leastHealth))"),
      ("settlements", "\(applied) applied, \(refused.values.reduce(0, +)) refused"),
      ("", reasons.isEmpty ? "" : "refused: " + reasons.joined(separator: ", ")),
      (
        "oversubscribed",
        "after \(oversubscribedSteps) of \(path.steps) steps the markets had promised more than "
          + "there was"
      ),
      (
        "below the floor",
        "after \(belowFloorSteps) of \(path.steps) steps, had all been settled at once"
      ),
      ("unsettled", "\(unsettledMarkets) markets at the end"),
    ].filter { !$0.1.isEmpty && (pool.floor != nil || $0.0 != "below the floor") }
  }

  private var chart: String {
    let line = pool.floor ?? 1
    return LinesChart(
      samples.map { ($0.time, $0.health, line) },
      title: "Health factor, step by step:  * the pool's   . "
        + (pool.floor == nil ? "as founded" : "the floor") + "   @ both"
    ).text
  }
}

extension MarketsAnswer.Growth {
  fileprivate var text: String {
    let percent = MarketsAnswer.percent
    let head = [
      "  markets", "impermanent loss", "formula", "health", "formula", "fees of capital", "refused",
    ]
    let rows = self.rows.map { row in
      [
        "  \(row.markets)", percent(row.impermanentLoss), percent(row.formula),
        Figures.short(row.health, digits: 5), Figures.short(row.formulaHealth, digits: 5),
        percent(row.feesPerCapital), "\(row.refused)",
      ]
    }
    let slope = slope.map { "\(percent($0)) a market" } ?? "none: all were refused something"
    return """
      The same path without limits, for each number of markets:
      \(Figures.table([head] + rows))
        slope of the loss: \(slope); by the formula \(percent(formulaSlope))
      """
  }
}

extension MarketsFigures.Refusal {
  /// What it was for, in a list of counts.
  fileprivate var words: String {
    switch self {
    case .insufficient: return "for want of lots"
    case .floor: return "at the floor"
    case .allowance: return "for the allowance"
    case .credits: return "for the credits of others"
    case .other: return "for other reasons"
    }
  }
}
