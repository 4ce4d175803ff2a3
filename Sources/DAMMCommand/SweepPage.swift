import DAMM
import DAMMReplay

/// The page of a sweep.
struct SweepPage {
  let report: SweepReport

  init(_ report: SweepReport) { self.report = report }

  /// The most cells of which a page has a table.
  private static let mostRows = 1_000

  /// The whole document.
  var html: String {
    get throws {
      let maps = try report.wanted.maps.enumerated().map { try plot($1).html(id: "map\($0 + 1)") }
      return Page(
        title: "Sweep of \(report.files.joined(separator: ", "))", subtitle: subtitle,
        headlines: headlines,
        parts: [Page.row(maps)] + (front.map { [$0.html(id: "front")] } ?? []) + tables,
        footnote:
          "Every cell is a replay of the same flow. Amounts are in A, the numeraire. "
          + report.figures.map { "\($0.name): \($0.meaning)" }.joined(separator: " ")
      ).html
    }
  }

  private var subtitle: String {
    let axes = report.grid.axes.map { "\($0.name) (\($0.values.count))" }.joined(separator: ", ")
    let failed = report.failed
    return
      "\(report.rows.count) cells over \(axes); \(report.sweep.inputs.steps.count - 1) steps each."
      + (failed == 0 ? "" : " \(failed) of the cells cannot be.")
  }

  private var headlines: [Page.Headline] {
    report.wanted.objectives.compactMap { objective in
      guard let index = report.best(objective) else { return nil }
      return Page.Headline(
        label: "\(objective.better == .up ? "Most" : "Least") \(objective.column.name)",
        value: SweepReport.short(report.rows[index][objective.column.name]),
        note: report.grid.cell(index).key)
    }
  }

  private var tables: [String] {
    var tables: [String] = []
    if !report.pareto.front.isEmpty {
      tables.append(
        Page.table(
          "Beaten by no other cell", report.table(report.pareto.front, report.figures),
          caption:
            "By \(SweepReport.words(report.wanted.objectives)): no other cell is at least as "
            + "good in all and better in one. Of \(report.pareto.compared) that have them."))
    }
    let failed = report.rows.indices.filter { report.rows[$0].error != nil }
    if !failed.isEmpty {
      let rows = failed.prefix(Self.mostRows).map {
        report.settings($0) + [report.rows[$0].error ?? ""]
      }
      tables.append(
        Page.table("Cells that cannot be", [report.grid.axes.map(\.name) + ["error"]] + rows))
    }
    let shown = report.rows.indices.prefix(Self.mostRows)
    tables.append(
      Page.table(
        "All cells", report.table(shown, report.figures),
        caption: shown.count < report.rows.count
          ? "The first \(shown.count) of \(report.rows.count); the CSV has all." : ""))
    return tables
  }

  /// The cells that nobody beats, where two figures are compared.
  private var front: Plot? {
    let objectives = report.wanted.objectives
    guard objectives.count == 2, report.pareto.front.count > 1 else { return nil }
    let points = report.pareto.front.compactMap { index -> (x: Double, y: Double?)? in
      let row = report.rows[index]
      return row[objectives[0].column.name].real.map { ($0, row[objectives[1].column.name].real) }
    }
    return Plot(
      title: "What one costs the other",
      caption: "The cells that no other one beats by \(SweepReport.words(objectives)).",
      description: "\(points.count) cells.",
      x: .numbers(points.map(\.x), title: Self.title(objectives[0].column)),
      y: .numbers(points.compactMap(\.y), title: Self.title(objectives[1].column)),
      marks: [.dots("cells", .first, points)])
  }

  private static func title(_ column: SweepColumn) -> String {
    column.unit.isEmpty ? column.name : "\(column.name), \(column.unit)"
  }

  // MARK: Maps

  private func plot(_ map: SweepOutputOptions.Wanted.Map) throws -> Plot {
    let drawn = try report.wanted.map(map, report.grid, report.rows)
    let title = drawn.figure.name + report.others(of: drawn)
    guard let y = drawn.y else { return line(drawn, title) }
    let fields = drawn.values.enumerated().flatMap { up, values in
      values.enumerated().compactMap { across, value in
        value.map { value in
          HeatMap.Cell(
            left: Double(across), right: Double(across + 1), low: Double(up), high: Double(up + 1),
            value: value,
            label: drawn.x.values.count <= 12 ? Figures.short(value, digits: 3) : nil)
        }
      }
    }
    return Plot(
      title: title, caption: drawn.figure.meaning,
      description:
        "\(drawn.figure.name) over \(drawn.x.name) and \(y.name); the tables have the numbers.",
      x: .categories(drawn.x.values, title: drawn.x.name),
      y: .categories(y.values, title: y.name),
      marks: [
        .heat(
          HeatMap(
            cells: fields, title: Self.title(drawn.figure), zero: Self.zero(fields.map(\.value))))
      ])
  }

  /// What has no colour: zero, or the value nearest to it where all are on one side and far from it.
  private static func zero(_ values: [Double]) -> Double {
    guard let low = values.min(), let high = values.max() else { return 0 }
    if low > 0, low > high - low { return low }
    if high < 0, -high > high - low { return high }
    return 0
  }

  /// A figure over one axis.
  private func line(_ map: SweepMap, _ title: String) -> Plot {
    let places = map.x.values.indices.map { Double($0) + 0.5 }
    let values = map.values.first ?? []
    return Plot(
      title: title, caption: map.figure.meaning,
      description: "\(map.figure.name) over \(map.x.name); the tables have the numbers.",
      x: .categories(map.x.values, title: map.x.name),
      y: .numbers(values.compactMap { $0 }, title: Self.title(map.figure)),
      marks: [.dots(map.figure.name, .first, zip(places, values).map { (x: $0, y: $1) })])
  }
}
