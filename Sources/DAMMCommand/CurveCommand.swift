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
      convention: options.volatility.usedConvention, fees: options.fees.answer())
    if let svg {
      var file = try ByteWriter(creating: svg)
      try file.write(SVGChart(figures).text)
      try file.finish()
    }
    switch (json, ticks) {
    case (true, _): try Output.json(CurveAnswer(figures, listing: ticks), indented: !ticks)
    case (false, true): try writeTicks(curve)
    case (false, false): try Output.text(overview(figures))
    }
  }

  /// Figures, chart and nearby ticks for a person.
  private func overview(_ figures: CurveFigures) throws -> String {
    let (curve, columns) = (figures.curve, Terminal.columns)
    let chart = try TerminalChart(
      DepthProfile(curve, most: TerminalChart.barColumns(in: columns)), position: curve.price,
      oraclePrice: curve.oraclePrice, columns: columns, coloured: Terminal.coloured)
    let parts = try [figures.lines, ""] + chart.lines + [""] + figures.nearbyTicks()
    return parts.joined(separator: "\n")
  }

  /// All ticks in columns.
  private func writeTicks(_ curve: Curve) throws {
    let (narrow, wide) = (8, 25)
    var output = ByteWriter()
    output.write("tick".right(narrow))
    for title in ["price", "liquidity", "a", "b"] { output.write(title.right(wide)) }
    try output.endRow()
    for tick in curve.table.lowestTick..<curve.table.upperTick {
      let depth = try curve.depth(ofTick: tick)
      output.write("\(depth.tick)".right(narrow))
      for value in [depth.price, depth.liquidity, depth.a, depth.b] {
        output.write("\(value)".right(wide))
      }
      try output.endRow()
    }
    try output.finish()
  }
}
