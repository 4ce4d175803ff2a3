import DAMM
import DAMMReplay

/// A sweep that was run, for all forms in which it is told.
struct SweepReport {
  let files: [String]
  let sweep: Sweep
  let rows: [SweepRow]
  let wanted: SweepOutputOptions.Wanted
  let pareto: SweepPareto

  init(files: [String], sweep: Sweep, rows: [SweepRow], _ wanted: SweepOutputOptions.Wanted) {
    (self.files, self.sweep, self.rows, self.wanted) = (files, sweep, rows, wanted)
    pareto = SweepPareto(rows, wanted.objectives)
  }

  var grid: SweepGrid { sweep.identity.grid }

  /// How many cells have no figures.
  var failed: Int { rows.count { $0.error != nil } }

  /// The lines of the CSV.
  var csvLines: some Sequence<String> {
    [[SweepRow.csvHeader], rows.map(\.csv)].lazy.joined()
  }

  /// Name and value of every axis of a cell.
  func settings(_ index: Int) -> [String] { grid.cell(index).settings.map(\.value) }

  /// Cells as a table: their axes, and some figures.
  func table(_ cells: some Sequence<Int>, _ figures: [SweepColumn]) -> [[String]] {
    [grid.axes.map(\.name) + figures.map(\.name)]
      + cells.map { index in
        settings(index) + figures.map { Self.short(rows[index][$0.name]) }
      }
  }

  /// What the cells that nobody beats are told with: the objectives, and what people ask first.
  var figures: [SweepColumn] {
    let asked = wanted.objectives.map(\.column)
    let usual = ["advantage", "over_product", "fees", "lvr_measured", "slippage_bps", "reforms"]
    return asked
      + SweepColumn.all.filter { usual.contains($0.name) && !asked.contains($0) }
  }

  /// The best cell by an objective.
  func best(_ objective: SweepObjective) -> Int? {
    SweepPareto(rows, [objective]).front.first
  }

  /// A value for people.
  static func short(_ value: SweepValue) -> String {
    if case .number(let number) = value { return Figures.short(number, digits: 5) }
    return value == .none ? "-" : value.field
  }

  /// An objective in words.
  static func words(_ objectives: [SweepObjective]) -> String {
    objectives.map { "\($0.better == .up ? "more" : "less") \($0.column.name)" }
      .joined(separator: ", ")
  }
}

/// The text of `damm sweep`.
extension SweepReport {
  /// For people.
  var text: String {
    get throws {
      var parts = [head]
      if let map = wanted.maps.first, let drawn = try textMap(map) { parts.append(drawn) }
      if !pareto.front.isEmpty {
        let shown = pareto.front.prefix(20)
        parts.append(
          "Beaten by no other cell (\(Self.words(wanted.objectives))):\n"
            + Self.indented(Figures.table(table(shown, figures)))
            + (shown.count < pareto.front.count
              ? "\n  and \(pareto.front.count - shown.count) more" : ""))
      }
      if let (index, row) = rows.enumerated().first(where: { $0.element.error != nil }),
        let error = row.error
      {
        parts.append(
          (failed == 1 ? "1 cell has" : "\(failed) cells have") + " no figures; the first, "
            + "\(grid.cell(index).key):\n  \(error)")
      }
      return parts.joined(separator: "\n\n")
    }
  }

  private var head: String {
    Figures.lines(
      [
        ("files", files.joined(separator: ", ")),
        ("steps", "\(sweep.inputs.steps.count - 1)"),
        ("cells", "\(rows.count)"),
      ] + grid.axes.map { ($0.name, $0.values.joined(separator: ", ")) })
  }

  /// A map as a table, if it fits.
  private func textMap(_ map: SweepOutputOptions.Wanted.Map) throws -> String? {
    let drawn = try wanted.map(map, grid, rows)
    guard drawn.x.values.count <= 8, drawn.cells.count <= 24 else { return nil }
    let corner = drawn.y.map { "\($0.name) \\ \(drawn.x.name)" } ?? drawn.x.name
    let lines = drawn.values.enumerated().map { at, values in
      [drawn.y?.values[at] ?? drawn.figure.name]
        + values.map { $0.map { Figures.short($0, digits: 5) } ?? "-" }
    }
    return "\(drawn.figure.name)\(others(of: drawn)):\n"
      + Self.indented(Figures.table([[corner] + drawn.x.values] + lines))
  }

  /// How a map deals with the axes that it does not show.
  func others(of map: SweepMap) -> String {
    let others = grid.axes.filter { $0 != map.x && $0 != map.y }
    guard !others.isEmpty else { return "" }
    return ", "
      + others.map { axis in
        wanted.fixed[axis.name].map { "\(axis.name) \($0)" } ?? "best \(axis.name)"
      }
      .joined(separator: ", ")
  }

  private static func indented(_ text: String) -> String {
    text.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
  }
}
