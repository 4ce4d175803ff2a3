import DAMM
import DAMMReplay

/// The page of a replay.
struct ReplayPage {
  let report: ReplayReport

  init(_ report: ReplayReport) { self.report = report }

  /// The whole document.
  var html: String {
    Page(
      title: "Replay of \(report.fileNames)", subtitle: subtitle, headlines: headlines,
      note: report.doubt ?? "",
      parts: [
        price.html(id: "price"), worth.html(id: "worth"),
        Page.row([value.html(id: "value"), losses.html(id: "losses")]),
        liquidity.html(id: "liquidity"),
        Page.row(
          [depth.html(id: "depth")] + (slippage.map { [$0.html(id: "slippage")] } ?? [])),
        Page.row(
          [offered.html(id: "offered")] + (health.map { [$0.html(id: "health")] } ?? [])
            + [volatility.html(id: "volatility")]),
      ] + tables,
      footnote:
        "Amounts are in A, the numeraire; prices are A per B; times are UTC. LVR is loss versus "
        + "rebalancing: what a portfolio with the same B, traded at the market price of every step, made "
        + "more than the reserves. The constant product met the same traders, at its own fee."
    ).html
  }

  private var figures: ReplayFigures { report.figures }

  private var subtitle: String {
    "\(ReplayReport.minute(figures.start)) to \(ReplayReport.minute(figures.end)) UTC, "
      + "\(Figures.short(figures.days, digits: 4)) days, \(figures.steps) steps. "
      + "\(Figures.grouped(figures.capital, 10)) A of capital; the price went from "
      + "\(Figures.short(figures.startPrice)) to \(Figures.short(figures.endPrice)) A per B, "
      + "\(Figures.percent(figures.endPrice / figures.startPrice - 1, sign: true))."
  }

  private var headlines: [Page.Headline] {
    let summary = report.summary
    func against(_ label: String, _ other: Double) -> Page.Headline {
      let gain = summary.pool.value - other
      return Page.Headline(
        label: label,
        value: Figures.grouped(100 * (summary.pool.value / other - 1), 3, sign: true) + " %",
        note: "\(Figures.grouped(gain, 5, sign: true)) A", isGood: gain == 0 ? nil : gain > 0)
    }
    var list = [
      against("Against holding", summary.heldValue),
      against("Against constant product", summary.product.value),
    ]
    if let recorded = summary.recorded {
      list.append(against("Against the recorded pool", recorded.value))
    }
    let loss = summary.pool.measuredLoss
    list.append(
      Page.Headline(
        label: "Fees over LVR",
        value: loss > 0 ? Figures.grouped(summary.pool.paidFees / loss, 3) : "-",
        note: "\(Figures.grouped(summary.pool.paidFees, 4)) A over \(Figures.grouped(loss, 4)) A",
        isGood: nil))
    return list
  }

  private var tables: [String] {
    let numbers = [
      ("What came of it", report.outcome, ""),
      ("Slippage", report.slippage, "Fees included, mean over the A that was moved."),
      ("Markets", report.markets, ""), ("Providers", report.providers, "Amounts in A."),
    ].filter { $0.1.count > 1 }.map { Page.table($0.0, $0.1, caption: $0.2) }
    let setting = (report.circumstances.dropFirst(2) + report.setting).map { [$0.label, $0.value] }
    let notes = report.notes.map { [$0] }
    return numbers + [Page.table("What was set", [["", ""]] + setting, areWords: true)]
      + (notes.isEmpty ? [] : [Page.table("Notes on the files", [[""]] + notes, areWords: true)])
  }
}
