import DAMM
import DAMMReplay

extension ReplayReport {
  /// The report for a reader at a terminal.
  var text: String {
    var parts = [Figures.lines(circumstances + setting), "", verdict, "", Figures.table(outcome)]
    for (title, table) in [
      ("Slippage, fees included:", slippage), ("Markets:", markets),
      ("Providers, amounts in A:", providers),
    ] where table.count > 1 {
      parts += ["", title, Figures.table(table)]
    }
    parts += ["", chart]
    return parts.map { $0.split(separator: "\n", omittingEmptySubsequences: false) }
      .flatMap { $0.map { String($0).trimmingTrailingSpaces } }.joined(separator: "\n")
  }

  /// When, how long, and where the price went.
  var circumstances: [(label: String, value: String)] {
    let days = Figures.short(figures.days, digits: 4)
    return [
      ("replay", fileNames),
      ("", "\(figures.start) to \(figures.end) UTC, \(days) days, \(figures.steps) steps"),
      (
        "price",
        "\(Figures.short(figures.startPrice)) to \(Figures.short(figures.endPrice)) A per B, "
          + Figures.percent(figures.endPrice / figures.startPrice - 1, sign: true)
      ),
      ("capital", "\(Figures.grouped(figures.capital, 10)) A, half of it A and half B"),
    ]
  }

  /// The files, or how many there are.
  var fileNames: String {
    let names = tracks.flatMap { $0.files.map(\.name) }
    return names.count > 4
      ? "\(names[0]) and \(names.count - 1) other files" : names.joined(separator: ", ")
  }

  /// What the founder wants to know.
  var verdict: String {
    let summary = summary
    var lines = [
      "The founder's \(amount(figures.capital)) A became \(amount(summary.pool.value)) A; held, they "
        + "would be worth \(amount(summary.heldValue)) A.",
      "Against holding: \(gained(summary.pool.gain)), "
        + Figures.percent(summary.pool.advantage, sign: true) + ".",
      "Against a constant product with the same traders: "
        + gained(summary.pool.value - summary.product.value) + ", "
        + Figures.percent(summary.pool.value / summary.product.value - 1, sign: true) + ".",
    ]
    if let recorded = summary.recorded {
      lines.append(
        "Against a position in the recorded pool: "
          + gained(summary.pool.value - recorded.value) + ", "
          + Figures.percent(summary.pool.value / recorded.value - 1, sign: true) + ".")
    }
    return (lines + (doubt.map { [$0] } ?? [])).joined(separator: "\n")
  }

  /// Whether the pool met far more flow than its part of the depth would have.
  var doubt: String? {
    guard let recorded = figures.recorded, recorded.depthShare > 0,
      setup.agents.flowShare > 3 * recorded.depthShare
    else { return nil }
    let part = Figures.short(recorded.depthShare, digits: 2)
    return
      "Its traders had \(Figures.short(setup.agents.flowShare)) of the recorded flow, though it is \(part) of the depth where they "
      + "traded:\nnobody would pay such slippage. --flow-share \(part) is its part."
  }

  private func gained(_ value: Double) -> String {
    "\(amount(abs(value))) A \(value < 0 ? "lost" : "earned")"
  }

  private var chart: String {
    LinesChart(
      figures.path.map {
        (
          Self.minute($0.time), 100 * ($0.pool.value / $0.held - 1),
          100 * ($0.product.value / $0.held - 1)
        )
      },
      title: "Worth against holding, %:  * tick pool   . constant product   @ both"
    ).text
  }
}
