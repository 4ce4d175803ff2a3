import DAMM
import DAMMReplay
import Foundation

/// The tables of a replay in words, for the terminal and for the page. The first row of each is its head.
extension ReplayReport {
  /// What was set, label by label.
  var setting: [(label: String, value: String)] {
    let (terms, agents, rivals) = (setup.terms, setup.agents, setup.rivals)
    let short = { (value: Double) in Figures.short(value) }
    var rows = [
      (
        "curve",
        "\(terms.shape.rawValue), k = \(short(terms.halfWidth)), ticks of "
          + "\(short(terms.tickWidthBps)) bp, a horizon of \(short(setup.horizonDays)) days, funding "
          + terms.funding.rawValue
      ),
      ("fees", Self.words(terms.fees)),
      ("reforms", Self.words(terms.policy) + (terms.allowsThinSpread ? ", at any spread" : "")),
      ("who trades", Self.words(agents)),
      (
        "compared with",
        "holding; a constant product at \(short(rivals.productFeeBps)) bp"
          + (figures.recorded == nil
            ? ""
            : "; the recorded pool at \(short(rivals.recordedFeeBps)) bp, "
              + (rivals.recordedRange.map { "a range of \(short($0)) up and down" }
                ?? "over all prices"))
      ),
      ("seed", "\(setup.seed)"),
    ]
    if let markets = setup.markets {
      let floor = markets.limits.floor.value
      let limits =
        markets.limits == .off
        ? "no limits of health"
        : "a floor of \(short(floor)), "
          + (markets.limits.dailyAllowance.map { "\(short($0.value)) a day and market" }
            ?? "any fall a day")
      rows.insert(
        (
          "markets",
          "\(markets.count) on a shared pool, settled every "
            + (markets.settleEvery == 1 ? "step" : "\(markets.settleEvery) steps") + "; " + limits
        ), at: 1)
    }
    return rows
  }

  private static func words(_ fees: FeeSchedule) -> String {
    let short = { (value: Double) in Figures.short(value) }
    var words = ["\(short(fees.baseBps)) bp"]
    if fees.volatility > 0 { words.append("\(short(fees.volatility)) of sigma over price") }
    if fees.skew > 0 { words.append("a skew of \(short(fees.skew))") }
    if fees.minimumBps > 0 { words.append("at least \(short(fees.minimumBps)) bp") }
    if fees.maximumBps < Domain.feeBps.upperBound {
      words.append("at most \(short(fees.maximumBps)) bp")
    }
    if fees.surgeBps > 0 {
      words.append(
        "\(short(fees.surgeBps)) bp after a reform, half of it gone in "
          + "\(short(fees.surgeHalfLifeSeconds)) s")
    }
    return words.joined(separator: ", ")
  }

  private static func words(_ policy: ReformPolicy) -> String {
    let short = { (value: Double) in Figures.short(value) }
    let words = [
      policy.deviationBps.map { "\(short($0)) bp from the oracle price" },
      policy.ageSeconds.map { "every \(short($0 / 3600)) hours" },
      policy.volatilityChange.map { "volatility changed by \(short(100 * $0)) %" },
    ].compactMap { $0 }
    return words.isEmpty ? "none" : words.joined(separator: ", or ")
  }

  private static func words(_ agents: ReplayAgents) -> String {
    let short = { (value: Double) in Figures.short(value) }
    var words = [
      agents.flowShare == 0
        ? "no recorded flow"
        : agents.flowShare == 1 ? "recorded flow" : "\(short(agents.flowShare)) of recorded flow",
      agents.arbitrage.map { "arbitrage" + ($0.cost > 0 ? " at \(short($0.cost)) A a trade" : "") }
        ?? "no arbitrage",
    ]
    if let noise = agents.noise {
      words.append(
        "noise of \(short(noise.dailyVolume)) A a day in orders of \(short(noise.meanSize)) A")
    }
    return words.joined(separator: ", ")
  }

  /// What came of it, beside what it is compared with.
  var outcome: [[String]] {
    let summary = summary
    typealias Venue = ReplaySummary.Venue
    typealias Recorded = ReplaySummary.Recorded
    var rows = [
      ["", "tick pool", "constant product"] + (summary.recorded == nil ? [] : ["recorded"])
    ]
    func row(
      _ label: String, _ venue: (Venue) -> Double?,
      _ recorded: (Recorded) -> Double? = { _ in nil },
      words: (Double) -> String = { self.amount($0) }
    ) {
      let values =
        [venue(summary.pool), venue(summary.product)]
        + (summary.recorded.map { [recorded($0)] } ?? [])
      rows.append([label] + values.map { $0.map(words) ?? "" })
    }
    func change(_ value: Double) -> String { amount(value, sign: true) }
    func percent(_ value: Double) -> String { Figures.grouped(100 * value, 4) }
    func signed(_ value: Double) -> String { Figures.grouped(100 * value, 4, sign: true) }
    let (pool, product) = (figures.pool.total, figures.product.total)
    row("worth at the end, A", { $0.value }, { $0.value })
    row("against holding, A", { $0.gain }, { $0.gain }, words: change)
    row("against holding, %", { $0.advantage }, { $0.advantage }, words: signed)
    row("fees owed to the founder, A", { $0.fees }, { $0.fees })
    row(
      "impermanent loss without fees, %", { $0.impermanentLoss }, { $0.impermanentLoss },
      words: signed)
    row("volume, A", { $0.volume }, { $0.volume })
    rows.append(tally("by recorded orders", pool.flow.volume, product.flow.volume))
    if setup.agents.noise != nil {
      rows.append(tally("by noise", pool.noise.volume, product.noise.volume))
    }
    rows.append(tally("by arbitrage", pool.arbitrage.volume, product.arbitrage.volume))
    row("fees that traders paid, A", { $0.paidFees })
    row("LVR, measured, A", { $0.measuredLoss })
    row("LVR, predicted from volatility, A", { $0.predictedLoss })
    row("LVR, from realised moves, A", { $0.realisedLoss })
    row("arbitrage profit after fees, A", { $0.arbitrageProfit })
    row("that profit as predicted, A", { $0.predictedProfit })
    row("income from other traders, A", { $0.flowIncome }, words: change)
    row("volume in a day over capital, %", { $0.dailyTurnover }, words: percent)
    row("on offer of the reserves, mean, %", { $0.meanOffered }, words: percent)
    row("farthest from the market, bp", { $0.worstDeviationBps }, words: { Figures.grouped($0, 4) })
    if [summary.pool, summary.product].contains(where: { amount($0.unfilled) != "0" }) {
      row("orders not filled, A", { $0.unfilled })
    }
    rows.append(
      ["reforms", "\(summary.pool.reforms)", ""] + (summary.recorded == nil ? [] : [""]))
    if setup.markets != nil {
      rows.append(
        ["least health", Figures.grouped(summary.pool.leastHealth), ""]
          + (summary.recorded == nil ? [] : [""]))
    }
    if let recorded = summary.recorded {
      rows.append(
        [
          "part of the recorded depth, %", percent(recorded.depthShare), "",
          percent(recorded.meanShare),
        ])
      row("in range, % of steps with flow", { _ in nil }, { $0.inRange }, words: percent)
    }
    return rows
  }

  /// An amount in A: what is far below the capital is nothing.
  func amount(_ value: Double, sign: Bool = false) -> String {
    let least = pow(10, log10(figures.capital).rounded(.down) - 8)
    return Figures.grouped((value / least).rounded() * least, 7, sign: sign)
  }

  private func tally(_ label: String, _ pool: Double, _ product: Double) -> [String] {
    ["  " + label, amount(pool), amount(product)]
      + (figures.recorded == nil ? [] : [""])
  }

  /// Slippage by size; no rows without orders.
  var slippage: [[String]] {
    let product = Dictionary(
      figures.product.slippage.map { ($0.from, $0) }, uniquingKeysWith: { first, _ in first })
    let hasRecorded = figures.pool.slippage.contains { $0.recordedBps != nil }
    let head = ["orders worth, A", "orders", "tick pool, bp", "constant product, bp"]
    return [head + (hasRecorded ? ["recorded, bp"] : [])]
      + figures.pool.slippage.map { bucket in
        [
          "\(Figures.tick(bucket.from, step: bucket.from)) to "
            + Figures.tick(bucket.from * 10, step: bucket.from * 10),
          "\(bucket.trades)", Figures.grouped(bucket.bps, 4),
          product[bucket.from].map { Figures.grouped($0.bps, 4) } ?? "",
        ] + (hasRecorded ? [bucket.recordedBps.map { Figures.grouped($0, 4) } ?? ""] : [])
      }
  }

  /// The markets of a shared pool.
  var markets: [[String]] {
    guard setup.markets != nil else { return [] }
    let head = [
      "market", "price at the end", "volume, A", "fees, A", "settled", "refused", "steps stopped",
    ]
    return [head]
      + figures.markets.enumerated().map { index, market in
        [
          "\(index + 1)", Figures.grouped(market.price, 7), amount(market.volume),
          amount(market.fees), "\(market.applied)", "\(market.refused)",
          "\(market.stoppedSteps)",
        ]
      }
  }

  /// Who came after the founder.
  var providers: [[String]] {
    guard !figures.providers.isEmpty else { return [] }
    let head = ["", "came", "left", "paid in", "worth", "fees", "penalty", "against holding"]
    return [head]
      + figures.providers.enumerated().map { index, provider in
        [
          "\(index + 1)", provider.joined.map(Self.minute) ?? "never",
          provider.left.map(Self.minute) ?? (provider.joined == nil ? "" : "stayed"),
          amount(provider.paidIn), amount(provider.value),
          amount(provider.fees), amount(provider.penalty),
          provider.held > 0
            ? Figures.percent(provider.value / provider.held - 1, sign: true) : "",
        ]
      }
  }

  /// A time without its seconds.
  static func minute(_ time: UTCTime) -> String { String(time.description.dropLast(3)) }
}
