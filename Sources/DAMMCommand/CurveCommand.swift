import ArgumentParser
import DAMM

/// `damm curve`: what a curve looks like.
struct CurveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "curve",
    abstract: "Shows a curve: its figures, a depth chart, and the ticks around the position.",
    discussion: """
      EXAMPLES
        damm curve --price 100 --sigma 1 --reserve-a 1000 --reserve-b 10
        damm curve --price 3000 --iv 0.8 --horizon-days 30 \\
          --reserve-a 3e6 --reserve-b 1000 --tick-bps 10 --at 3100
        damm curve --price 100 --sigma 1 --reserve-a 1000 --reserve-b 10 \\
          --svg depth.svg
        damm curve --price 100 --sigma 1 --reserve-a 1000 --reserve-b 10 \\
          --ticks --json

      A tick's liquidity, a and b are what it offers when full of A or of B, in token units; its \
      price is its lower edge, A per B. The chart has colours on a terminal unless NO_COLOR is set.
      """)

  @OptionGroup var options: CurveOptions

  @Flag(help: "List every tick: tick, price, liquidity, a, b; numbers in full precision.")
  var ticks = false

  @Flag(help: "Print one JSON object; with --ticks it has an array 'ticks'.")
  var json = false

  @Option(help: ArgumentHelp("Also write the depth chart to an SVG file.", valueName: "file"))
  var svg: String?

  func run() throws {
    let curve = try options.curve()
    let figures = try CurveFigures(
      curve, reserves: options.reserves.reserves(),
      sigma: options.volatility.sigma ?? curve.table.relativeSigma * curve.oraclePrice,
      convention: options.volatility.usedConvention)
    if let svg {
      var file = try ByteWriter(creating: svg)
      try file.write(SVGChart(figures).text)
      try file.finish()
    }
    var output = ByteWriter()
    switch (json, ticks) {
    case (true, false): try output.writeCurve(figures)
    case (true, true): try output.writeCurveWithTicks(figures)
    case (false, true): try output.writeTicks(curve)
    case (false, false): try output.writeOverview(figures)
    }
    try output.finish()
  }
}

extension ByteWriter {
  /// Figures, chart and nearby ticks for a person.
  fileprivate mutating func writeOverview(_ figures: CurveFigures) throws {
    let (curve, columns) = (figures.curve, Terminal.columns)
    let chart = try TerminalChart(
      DepthProfile(curve, most: TerminalChart.barColumns(in: columns)), position: curve.price,
      oraclePrice: curve.oraclePrice, columns: columns, coloured: Terminal.coloured)
    let parts = try [figures.lines, ""] + chart.lines + [""] + figures.nearbyTicks()
    for part in parts {
      write(part)
      try endRow()
    }
  }

  /// The figures as one JSON object.
  fileprivate mutating func writeCurve(_ figures: CurveFigures) throws {
    write("{\n  ")
    writeJSONMembers(figures.record, separator: ",\n  ")
    write("\n}")
    try endRow()
  }

  /// The figures and all ticks as one JSON object.
  fileprivate mutating func writeCurveWithTicks(_ figures: CurveFigures) throws {
    write("{\n  ")
    writeJSONMembers(figures.record, separator: ",\n  ")
    write(",\n  \"ticks\": [")
    let (curve, table) = (figures.curve, figures.curve.table)
    for tick in table.lowestTick..<table.upperTick {
      if tick > table.lowestTick { write(",") }
      try endRow()
      let depth = try curve.depth(ofTick: tick)
      write("    ")
      writeJSONObject([
        ("tick", .integer(depth.tick)), ("price", .number(depth.price)),
        ("liquidity", .number(depth.liquidity)), ("a", .number(depth.a)), ("b", .number(depth.b)),
      ])
    }
    write("\n  ]\n}")
    try endRow()
  }

  /// All ticks in columns.
  fileprivate mutating func writeTicks(_ curve: Curve) throws {
    let width = 25
    for (title, column) in [("tick", 8), ("price", width), ("liquidity", width)] {
      write(String(repeating: " ", count: column - title.count) + title)
    }
    for title in ["a", "b"] { write(String(repeating: " ", count: width - 1) + title) }
    try endRow()
    for tick in curve.table.lowestTick..<curve.table.upperTick {
      let depth = try curve.depth(ofTick: tick)
      write(depth.tick, width: 8)
      write(depth.price, width: width)
      write(depth.liquidity, width: width)
      write(depth.a, width: width)
      write(depth.b, width: width)
      try endRow()
    }
  }
}
