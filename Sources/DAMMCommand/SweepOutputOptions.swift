import ArgumentParser
import DAMM
import DAMMReplay
import Foundation

/// What is told of a sweep, and where.
struct SweepOutputOptions: ParsableArguments {
  @Flag(
    help: "Print one JSON value: the grid, the columns, the rows, and which no other one beats.")
  var json = false

  @Option(help: ArgumentHelp("Also write all rows to a file, comma-separated.", valueName: "file"))
  var csv: String?

  @Option(
    help: ArgumentHelp(
      "Also write name, type, unit and meaning of the columns to a JSON file.", valueName: "file"))
  var schema: String?

  @Option(
    help: ArgumentHelp("Also write a page with maps and tables to a file.", valueName: "file"))
  var html: String?

  @Option(
    help: ArgumentHelp(
      "What cells are compared by; :up or :down behind a name where more or less of it is better.",
      valueName: "figures"))
  var pareto = "advantage,slippage_bps"

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A map of a figure over one axis or two; by default those of --pareto over the first two. May be repeated.",
      valueName: "x,y,figure"))
  var map: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "The value of an axis that a map is not over; by default the best counts. May be repeated.",
      valueName: "name=value"))
  var fix: [String] = []

  /// What is compared and which maps are drawn, checked before anything is computed.
  struct Wanted {
    /// A map: a figure over one axis or two.
    struct Map {
      let x: String
      let y: String?
      let figure: SweepObjective
    }

    let objectives: [SweepObjective]
    let maps: [Map]
    let fixed: [String: String]
  }

  /// What is asked for of a grid.
  func wanted(_ grid: SweepGrid) throws -> Wanted {
    let names = pareto.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    let objectives = try names.map { try SweepObjective($0) }
    for (index, objective) in objectives.enumerated()
    where objectives[..<index].contains(where: { $0.column == objective.column }) {
      throw SweepError.twice(name: objective.column.name, value: nil)
    }
    var fixed: [String: String] = [:]
    for text in fix {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, fixed.updateValue(parts[1], forKey: parts[0]) == nil else {
        throw Refusal(
          "--fix is \(Refusal.quoted(text)), but it must be an axis and one value, once.")
      }
    }
    let maps = try map.isEmpty ? Self.usual(grid, objectives, fixed) : map.map(Self.map)
    let wanted = Wanted(objectives: objectives, maps: maps, fixed: fixed)
    // of no rows, so that names and values are refused now
    for map in maps { _ = try wanted.map(map, grid, []) }
    return wanted
  }

  private static func map(_ text: String) throws -> Wanted.Map {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 || parts.count == 3 else {
      throw Refusal(
        "--map is \(Refusal.quoted(text)), but it must be one axis or two and a figure, as in "
          + "k,fee-bps,advantage.")
    }
    return .init(
      x: parts[0], y: parts.count == 3 ? parts[1] : nil,
      figure: try SweepObjective(parts[parts.count - 1]))
  }

  private static func usual(
    _ grid: SweepGrid, _ objectives: [SweepObjective], _ fixed: [String: String]
  ) -> [Wanted.Map] {
    let free = grid.axes.map(\.name).filter { fixed[$0] == nil }
    guard let x = free.first else { return [] }
    return objectives.map { .init(x: x, y: free.dropFirst().first, figure: $0) }
  }

  /// Writes everything that was asked for.
  func write(_ report: SweepReport) throws {
    if let csv {
      var file = try ByteWriter(creating: csv)
      for line in report.csvLines {
        file.write(line)
        try file.endRow()
      }
      try file.finish()
    }
    if let schema { try Self.write(SweepAnswer.schema() + "\n", to: schema) }
    if let html { try Self.write(try SweepPage(report).html, to: html) }
    if json { try SweepAnswer.write(report) } else { try Output.text(try report.text) }
  }

  private static func write(_ text: String, to path: String) throws {
    var file = try ByteWriter(creating: path)
    file.write(text)
    try file.finish()
  }
}

extension SweepOutputOptions.Wanted {
  /// A map of some rows.
  func map(_ map: Map, _ grid: SweepGrid, _ rows: [SweepRow]) throws(SweepError) -> SweepMap {
    try SweepMap(grid, rows, of: map.figure, x: map.x, y: map.y, fixed: fixed)
  }
}
